"""Single wires between a pin and the world."""


class Input:
    """A wire that the circuit drives, into the chip."""

    def __init__(self, node, level):
        self._node = node
        self.level = level
        node.feed_level(level)

    def say(self, level):
        """Drive `level`."""
        if level != self.level:
            self.level = level
            self._node.feed_level(level)


class Sensed(Input):
    """A wire that is at `level` while `truth()` is, and at the other one while it is not."""

    def __init__(self, node, level, truth):
        Input.__init__(self, node, level if truth() else 1 - level)
        self._true = level
        self._truth = truth

    def look(self):
        """Show how it is."""
        self.say(self._true if self._truth() else 1 - self._true)


def output(circuit, pin, rest, told):
    """A wire that the chip drives: `told(level)` at each change, once the world has come to that moment. A
    resistor holds it at `rest` while the chip lets go. Returns the pin's node."""
    node = circuit.chip.pin(pin)

    def changed(level, now_us):
        circuit.catch_up()
        told(level)

    node.feed_level(rest)
    node.watch(changed)
    return node
