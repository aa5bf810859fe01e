"""Words and figures as people read them, the same wherever they stand."""

LIMITS = {
    "hardware": "the rating of the charger",
    "installation": "what the circuit carries",
    "cable": "the rating of the cable",
    "owner": "the owner's limit",
    "backend": "the operator's limit",
    "session power": "the power asked for",
    "session energy": "the energy asked for, which has flowed",
    "session time": "the time asked for, which is over",
    "schedule": "the owner's hours",
    "load balancing": "what the house leaves",
    "temperature": "the temperature",
    "voltage": "the wait after the voltage was out of range",
    "meter": "the silent meter",
    "simple car": "a car with a simplified pilot",
    "start delay": "the random delay of the start",
    "reconnecting": "the way to the operator, which this charger opens with nothing closed",
}
"""The reasons of `control.limits`."""


PAUSES = {
    "out of service": "the charger is out of service",
    "not authorised": "the card is not accepted",
    "phase switching": "the phases are switched",
    "contactor rests": "the contactor has closed too often",
    "plug not locked": "the lock does not hold the plug",
    "reclosing pause": "the contactor has just opened",
    "few changes for this car": "a car that dislikes changes gets few",
    "relay failure on another connector": "a relay failure on another connector",
}
"""Why nothing flows, beside the limits: the reasons of `firmware.pause`."""
AFTER = " after "
"""In a wait for a limit that has risen: between how long, and which one."""


def limit(reason):
    """What a current is limited by."""
    return LIMITS.get(reason, reason)


def pause(reason):
    """Why nothing flows."""
    wait, after, row = reason.partition(AFTER)
    if after:
        return f"{wait}{after}{limit(row)} allowed it again"
    return PAUSES.get(reason) or limit(reason)


def amperes(current_ma):
    """A current."""
    return f"{current_ma / 1000:.1f} A"


def kwh(energy_wh):
    """An energy."""
    return f"{energy_wh / 1000:.3f} kWh"


def clock(duration_s):
    """A duration as hours, minutes and seconds."""
    return f"{duration_s // 3600}:{duration_s // 60 % 60:02d}:{duration_s % 60:02d}"
