"""What control's events mean to people."""

from control import limits, pilot, states, windows
from firmware import errors


def _fault(code):
    error = errors.named(code)
    return {"name": error.vendor_code, "wording": error.wording, "warns": error.warns}


_DETAILS = {
    windows.PLUGGED: lambda a, b: {"session": a},
    windows.UNPLUGGED: lambda a, b: {"session": a},
    windows.STATE: lambda a, b: {"from": states.NAMES[a], "to": states.NAMES[b]},
    windows.LEVEL: lambda a, b: {"from": pilot.NAMES[a], "to": pilot.NAMES[b]},
    windows.FAULT: lambda a, b: _fault(a),
    windows.FAULT_END: lambda a, b: {"name": errors.named(a).vendor_code},
    windows.OFFER: lambda a, b: {"offered_ma": a, "reason": limits.NAMES[b]},
    windows.CONTACTOR: lambda a, b: {"close": bool(a)},
}
"""By event code: what its two numbers mean."""


def narrated(event):
    """The event that people get for one of `control.windows.Events`: (ms, code, two numbers)."""
    at_tick_ms, code, a, b = event
    told = _DETAILS[code](a, b)
    told["event"] = windows.EVENT_NAMES[code]
    told["at_tick_ms"] = at_tick_ms
    return told
