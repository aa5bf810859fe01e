"""Current offered to the car and the duty cycle that says so (IEC 61851-1, table A.7).

Duty is in basis points (bp, 1/100 %). Results are rounded down, so the wire never offers more than the limit.
"""

STEADY_BP = 10000
"""Steady +12 V: connected, nothing offered. The pilot stays measurable, which 0 % would not be."""
STATE_F_BP = 0
"""Steady -12 V: not available."""

LEAST_MA = 6000
"""The standard has no way to offer less; less means no offer."""
_KNEE_MA = 51000
_MOST_MA = 80000


def offer_bp(limit_ma):
    """Duty for `limit_ma` (mA): `STEADY_BP` below 6 A, 10-96 % above; 80 A is the most that can be said."""
    if limit_ma < LEAST_MA:
        return STEADY_BP
    if limit_ma <= _KNEE_MA:
        return limit_ma // 6
    return min(limit_ma, _MOST_MA) // 25 + 6400


def carries_signal(duty_bp):
    """Whether this duty is a square wave, with two plateaus to measure."""
    return STATE_F_BP < duty_bp < STEADY_BP
