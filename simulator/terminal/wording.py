"""Words and figures as people read them, the same wherever they stand."""

LIMITS = {
    "hardware": "the rating of the charger",
    "installation": "what the circuit carries",
    "cable": "the rating of the cable",
    "owner": "the owner's limit",
    "backend": "the operator's limit",
}
"""The reasons of `control.limits`."""


def limit(reason):
    """What a current is limited by."""
    return LIMITS.get(reason, reason)


def amperes(current_ma):
    """A current."""
    return f"{current_ma / 1000:.1f} A"


def kwh(energy_wh):
    """An energy."""
    return f"{energy_wh / 1000:.3f} kWh"


def clock(duration_s):
    """A duration as hours, minutes and seconds."""
    return f"{duration_s // 3600}:{duration_s // 60 % 60:02d}:{duration_s % 60:02d}"
