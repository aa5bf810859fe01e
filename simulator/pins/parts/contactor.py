"""The main contactor's coil: driven by a line that is the lease itself, or through a monostable of 100 ms."""

from simulator.pins.parts.lines import Sensed, output

NOTICES_US = 100
"""What a coil does not notice (a renewal takes its line away for a few us)."""


class Held:
    """The coil carries current while the line is at its level: whoever drives it keeps the lease (PIO)."""

    def __init__(self, circuit, facts, outlet):
        self._circuit = circuit
        self._level = facts.contactor_level
        self._contactor = contactor = outlet.contactor
        self._node = output(circuit, facts.pins["contactor"], 1 - self._level, self._drive)
        self._mirror = Sensed(
            circuit.chip.pin(facts.pins["mirror"]), facts.mirror_level, lambda: contactor.contacts_closed
        )

    def _drive(self, level):
        if level == self._level:
            self._contactor.renew(self._circuit.now_ms)
        else:
            self._contactor.drop()

    def look(self):
        """The contacts' own life, as the mirror contact shows it."""
        if self._node.level == self._level:
            self._contactor.renew(self._circuit.now_ms)
        self._mirror.look()


class Timed(Held):
    """A retriggerable monostable of 100 ms (74HC123): an edge to the level starts it anew, and away from it
    the coil is off."""

    def _drive(self, level):
        if level == self._level:
            self._contactor.renew(self._circuit.now_ms)
        else:
            chip = self._circuit.chip
            chip.at(chip.now_us + NOTICES_US, self._end)

    def _end(self):
        if self._node.level != self._level:
            self._circuit.catch_up()
            self._contactor.drop()

    def look(self):
        """The same; the monostable ends by itself, as the world's contactor does."""
        self._mirror.look()


KINDS = {"gpio.monostable": Timed}


def of(circuit, facts, outlet):
    """The coil's circuit that belongs to the driver."""
    return KINDS.get(facts.drivers["contactor"], Held)(circuit, facts, outlet)
