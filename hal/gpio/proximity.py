"""Proximity pilot: the resistor in a plug, below a pull-up to the supply (IEC 61851-1, B.2)."""

from hal.contract import Proximity
from hal.gpio.analogue import analogue


class ProximityLine(Proximity):
    """Resistance only; what it means is `control.cable`'s to say."""

    def __init__(self, facts, source):
        self.resistance_ohm = self.OPEN_OHM
        self._pull_ohm = facts.proximity_pull_ohm
        self._supply_mv = facts.supply_mv
        self._source = source

    def sample(self, now_ms):
        line_mv = self._source.read_mv()
        drop_mv = self._supply_mv - line_mv
        if drop_mv <= 0:
            # At its end the converter tells nothing but that the line is high.
            self.resistance_ohm = self.OPEN_OHM
        else:
            self.resistance_ohm = min(self._pull_ohm * line_mv // drop_mv, self.OPEN_OHM)


def make(facts, number, parts):
    """The proximity pilot of the connector with these facts."""
    return ProximityLine(facts, analogue(facts.pins["proximity"], parts, facts.supply_mv))
