"""Proximity pilot: what a loose cable may carry (IEC 61851-1, table B.2)."""

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
