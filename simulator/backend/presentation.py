"""Events as lines for a terminal: plain text, without colours."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from simulator.backend.central import Event

SHOWN = {
    "Energy.Active.Import.Register": "energy",
    "Power.Active.Import": "power",
    "Current.Import": "current",
    "Current.Offered": "offered",
    "Voltage": "voltage",
    "Temperature": "temperature",
    "SoC": "battery",
}
"""Measurands in a line of meter values, in this order."""

LENGTH = 400
"""Characters of the longest line."""


def line(event: Event) -> str | None:
    """One line for an event, or None for those that only say that nothing happened."""
    write = LINES.get(event["event"])
    if write is None:
        return None
    subject = event.get("charger") or event.get("path", "")
    connector = f"/{event['connector']}" if event.get("connector") else ""
    return _plain(f"{subject}{connector}: {write(event)}")


def _status(event: Event) -> str:
    details = [event["vendor_error_code"], event["info"]]
    if event["error_code"] != "NoError":
        details.insert(0, event["error_code"])
    told = ", ".join(detail for detail in details if detail)
    return f"{event['status']} ({told})" if told else str(event["status"])


def _booted(event: Event) -> str:
    firmware = f", firmware {event['firmware']}" if event["firmware"] else ""
    return f"booted: {event['vendor']} {event['model']}{firmware}; registration {event['registration']}"


def _started(event: Event) -> str:
    verdict = event["authorisation"]
    refused = "" if verdict == "Accepted" else f", but the card is {verdict}"
    begin = f"transaction {event['transaction']} started with {event['id_tag']}"
    return f"{begin} at {_kwh(event['meter_start_wh'])}{refused}"


def _stopped(event: Event) -> str:
    duration = timedelta(seconds=event["duration_s"])
    end = f"transaction {event['transaction']} stopped ({event['reason']})"
    return f"{end}: {_kwh(event['energy_wh'])} in {duration}"


def _meter_values(event: Event) -> str:
    found: dict[str, list[str]] = {}
    for reading in event["readings"]:
        found.setdefault(reading["measurand"], []).append(_reading(reading))
    shown = [
        f"{name} {' '.join(found[measurand])}" for measurand, name in SHOWN.items() if measurand in found
    ]
    others = len([measurand for measurand in found if measurand not in SHOWN])
    return ", ".join(shown + ([f"{others} other measurands"] if others else []))


def _reading(reading: dict[str, str]) -> str:
    phase = f"{reading['phase']} " if reading["phase"] else ""
    unit = f" {reading['unit']}" if reading["unit"] else ""
    return f"{phase}{reading['value']}{unit}"


def _answered(event: Event) -> str:
    detail = f" ({event['detail']})" if event["detail"] else ""
    return f"{event['command']} -> {event['status']}{detail}"


def _sent(event: Event) -> str:
    told = ", ".join(f"{name}={value}" for name, value in event["request"].items() if value is not None)
    return f"{event['command']}({told})"


def _data_transfer(event: Event) -> str:
    return f"DataTransfer {event['vendor_id']} {event['message_id']}: {event['data']}"


def _plain(text: str) -> str:
    """What a charger says is shown, never obeyed: no control characters, and not without end."""
    shown = "".join(character if character.isprintable() else "?" for character in text[:LENGTH])
    return f"{shown}..." if len(text) > LENGTH else shown


def _kwh(energy_wh: int) -> str:
    return f"{energy_wh / 1000:.3f} kWh"


def _fill(template: str) -> Callable[[dict[str, Any]], str]:
    return template.format_map


LINES: dict[str, Callable[[Event], str]] = {
    "charger_connected": _fill("connected"),
    "charger_disconnected": _fill("disconnected ({reason})"),
    "charger_refused": _fill("refused with HTTP {status}: {reason}"),
    "booted": _booted,
    "status": _status,
    "authorised": _fill("card {id_tag} is {status}"),
    "transaction_started": _started,
    "transaction_stopped": _stopped,
    "transaction_resent": _fill("transaction {transaction} was reported again"),
    "transaction_unknown": _fill("transaction {transaction} stopped, but never started here"),
    "meter_values": _meter_values,
    "firmware_status": _fill("firmware update: {status}"),
    "diagnostics_status": _fill("diagnostics: {status}"),
    "data_transfer": _data_transfer,
    "command_sent": _sent,
    "command_answered": _answered,
    "call_refused": _fill("call refused: {text}"),
    "frame_dropped": _fill("frame dropped: {reason}"),
}
