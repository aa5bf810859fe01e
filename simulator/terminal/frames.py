"""OCPP frames as lines for people: they may come from anybody, and nothing about their shape is taken for
granted."""

from collections.abc import Callable

from simulator.terminal.wording import kwh


def told(entry):
    """(who sent it, what it says or None) of an entry of a bench's frames."""
    who = "-> backend" if entry["direction"] == "out" else "<- backend"
    frame = entry["frame"]
    try:
        kind, *rest = frame
        return who, _KINDS[kind](*rest)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return who, f"no OCPP frame: {frame}"


def _call(_, action, payload):
    words = _ACTIONS.get(action, _any_payload)(payload)
    return f"{action}: {words}" if words else str(action)


def _answer(_, payload):
    """Who asked knows what for; empty answers and times of day are not worth a line."""
    info = payload.get("idTagInfo")
    shown = {**payload, **(info if isinstance(info, dict) else {})}
    words = _any_payload({name: value for name, value in shown.items() if name != "currentTime"})
    return f"answer: {words}" if words else None


def _error(_, code, description="", details=None):
    return f"error {code}" + (f": {description}" if description else "")


_KINDS: dict[int, Callable] = {2: _call, 3: _answer, 4: _error}


def _any_payload(payload):
    """The plain fields of a payload."""
    return ", ".join(
        f"{name} {value}" for name, value in payload.items() if not isinstance(value, dict | list)
    )


def _status_notification(payload):
    error = payload["errorCode"]
    words = f"connector {payload['connectorId']} {payload['status']}"
    return words if error == "NoError" else f"{words}, {error} {payload.get('vendorErrorCode', '')}".rstrip()


def _start(payload):
    return f"connector {payload['connectorId']}, idTag {payload['idTag']}, at {kwh(payload['meterStart'])}"


def _stop(payload):
    reason = payload.get("reason", "Local")
    return f"transaction {payload['transactionId']}, {reason}, at {kwh(payload['meterStop'])}"


def _meter_values(payload):
    """Each measurand once: of all phases together where that is told, else the phases side by side."""
    measured: dict[tuple, list[tuple]] = {}
    for sample in payload["meterValue"]:
        for value in sample["sampledValue"]:
            name = str(value.get("measurand", "Energy.Active.Import.Register"))
            figure, unit = _sampled(value["value"], value.get("unit", "Wh"))
            measured.setdefault((_SHORT.get(name, name), unit), []).append((value.get("phase"), figure))
    words = [f"{name} {'/'.join(_shown(figures))} {unit}" for (name, unit), figures in measured.items()]
    return f"connector {payload['connectorId']}, {', '.join(words)}"


def _shown(figures):
    return [figure for phase, figure in figures if not phase] or [figure for _, figure in figures]


def _sampled(text, unit):
    divisor, decimals, shown = _UNITS.get(unit, (None, 0, str(unit)))
    return (f"{float(text) / divisor:.{decimals}f}" if divisor else str(text)), shown


_SHORT = {
    "Energy.Active.Import.Register": "register",
    "Power.Active.Import": "power",
    "Current.Import": "current",
    "Current.Offered": "offered",
    "Voltage": "voltage",
}
_UNITS = {
    "Wh": (1000, 3, "kWh"),
    "W": (1000, 2, "kW"),
    "A": (1, 1, "A"),
    "V": (1, 0, "V"),
}
"""By OCPP's unit: divisor, decimals, and the unit that people read."""

_ACTIONS: dict[str, Callable] = {
    "StatusNotification": _status_notification,
    "StartTransaction": _start,
    "StopTransaction": _stop,
    "MeterValues": _meter_values,
    "BootNotification": lambda payload: (
        f"{payload['chargePointVendor']} {payload['chargePointModel']}, firmware {payload['firmwareVersion']}"
    ),
}
