"""Proximity pilot: what a loose cable may carry (IEC 61851-1, table B.2)."""

from control.suspicion import Suspicion

OPEN_OHM = 2200
"""Above this no cable is in the socket."""

# (below this resistance in ohm, three-phase mA, one-phase mA)
_RATINGS = (
    (150, 63000, 70000),
    (330, 32000, 32000),
    (1000, 20000, 20000),
    (2201, 13000, 13000),
)
_LEAST_OHM = 75
SURE_MS = 100
"""A reading of another kind must stay for so long: one bad sample is neither a short nor another cable."""


def is_invalid(resistance_ohm):
    """A short is no rating: some chargers read it as 63 A."""
    return resistance_ohm < _LEAST_OHM


def rating_ma(resistance_ohm, phases):
    """Current the cable may carry (mA); 0 for a short or an open line."""
    if resistance_ohm < _LEAST_OHM:
        return 0
    for below_ohm, three_ma, one_ma in _RATINGS:
        if resistance_ohm < below_ohm:
            return one_ma if phases == 1 else three_ma
    return 0


class Proximity:
    """The filtered proximity line of one socket."""

    def __init__(self):
        self.ohm = OPEN_OHM + 1
        """What counts; an open line until something else was seen for long enough."""
        self._differs = Suspicion(SURE_MS)
        self._seen_ohm = self.ohm

    def update(self, elapsed_ms, ohm):
        """Take one reading, `elapsed_ms` after the one before."""
        agrees = is_invalid(ohm) == is_invalid(self.ohm) and rating_ma(ohm, 3) == rating_ma(self.ohm, 3)
        self._differs.update(elapsed_ms, agrees)
        if not agrees:
            self._seen_ohm = ohm
        if self._differs.certain():
            self.ohm = self._seen_ohm
            self._differs.clear()
