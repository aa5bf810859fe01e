"""Supervision of the protective earth: one line of a circuit that tells."""

from hal.contract import Earth
from hal.gpio.lines import line_in


class EarthLine(Earth):
    """A broken wire reads as no earth."""

    def __init__(self, facts):
        self.present = False
        self._level = facts.earth_level
        self._line = line_in(facts.pins["earth"], 1 - self._level)
        self.sample(0)

    def sample(self, now_ms):
        self.present = self._line.value() == self._level


def make(facts, number, parts):
    """The supervision of the connector with these facts."""
    return EarthLine(facts)
