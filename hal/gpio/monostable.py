"""Main contactor behind an external monostable of 100 ms, the dead-man where a processor has none of its own.

The line goes to the reset input of a retriggerable monostable whose other inputs are tied for it (74HC123: A
low, B high, the line at CLR): away from `contactor_level` the output is off, and each edge to it starts 100
ms anew. So `drop` opens at once, and a processor that stalls with the line at either level opens after 100 ms
at the latest. To start anew the line leaves its level for a few us, which no coil notices.
"""

from hal.gpio.leased import Leased
from hal.gpio.lines import line_out


class Monostable(Leased):
    """Each renewal is one pair of edges."""

    def __init__(self, facts):
        Leased.__init__(self, facts)
        self._on = facts.contactor_level
        self._line = line_out(facts.pins["contactor"], 1 - self._on)

    def extend(self):
        self._line.value(1 - self._on)
        self._line.value(self._on)

    def drop(self):
        self._line.value(1 - self._on)


def make(facts, number, parts):
    """The contactor of the connector with these facts."""
    return Monostable(facts)
