"""What people see and touch: the lamp's three outputs and the button."""

from simulator.pins.parts.lines import Input, output

COLOURS = (("red", 16), ("green", 8), ("blue", 0))
PRESS_US = 150000
DARK_MS = 700
"""Dark for longer is out; what is out for less blinks."""


class LampCircuit:
    """Colours as the eye mixes them, and remembers them while it blinks."""

    def __init__(self, circuit, pins, lamp):
        self._circuit = circuit
        self._lamp = lamp
        self._changed = False
        self._steady_ms = 0
        self._nodes = []
        for name, shift in COLOURS:
            if name in pins:
                self._nodes.append((output(circuit, pins[name], 0, self._change), shift))

    def look(self):
        """What it shows by now."""
        if self._changed:
            self._changed = False
            colour = self._colour()
            if colour:
                self._lamp.show(colour, colour == self._lamp.colour and self._steady_ms > 0)
            self._steady_ms = 0
        elif self._steady_ms < DARK_MS:
            self._steady_ms += self._circuit.STEP_US // 1000
            if self._steady_ms >= DARK_MS:
                self._lamp.show(self._colour(), False)

    def _change(self, level):
        self._changed = True

    def _colour(self):
        colour = 0
        for node, shift in self._nodes:
            waveform = node.waveform
            if waveform and waveform.period_ns:
                colour |= min(waveform.high_ns * 255 // waveform.period_ns, 255) << shift
        return colour


class ButtonCircuit:
    """From its pin to ground; the pull-up is the chip's own."""

    def __init__(self, circuit, pins, button):
        self._chip = circuit.chip
        self._button = button
        self._line = Input(circuit.chip.pin(pins["button"]), None)

    def look(self):
        """Whoever wanted to press it does."""
        if self._line.level is None and self._button.pressed():
            self._line.say(0)
            self._chip.at(self._chip.now_us + PRESS_US, self._let_go)

    def _let_go(self):
        self._line.say(None)
