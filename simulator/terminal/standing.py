"""How a simulated charger stands, in the words that people see, as a small table."""

from rich.text import Text

from control import faults
from firmware import errors
from simulator.terminal.lines import facts
from simulator.terminal.wording import amperes, clock, kwh, limit, pause

BADGES = {
    "Available": ("green", "Available", "Ready to charge. Connect a car to begin."),
    "Preparing": ("yellow", "Awaiting", "Waiting for authentication or vehicle response."),
    "Charging": ("blue", "Charging", "Active charging session in progress."),
    "SuspendedEV": ("yellow", "Awaiting", "Waiting for authentication or vehicle response."),
    "SuspendedEVSE": ("yellow", "Paused", "Charging is paused (e.g., by schedule or load balancing)."),
    "Finishing": ("green", "Finished", "The charge has ended. Disconnect the car."),
    "Reserved": ("yellow", "Reserved", "Kept for somebody's card."),
    "Unavailable": ("white", "Unavailable", "Taken out of service."),
    "Faulted": ("red", "Error", "A problem was detected."),
    None: ("red", "Offline", "Device is offline. Check power and WiFi connection."),
}
"""By OCPP status (None: the charger is off): colour, badge, and what it says."""


def table(everything, begun_ms):
    """rich's text of what the command `get` answers; `begun_ms`: when each transaction began, by number."""
    rows = []
    for connector in everything["connectors"]:
        if len(everything["connectors"]) > 1:
            rows.append(("Connector", str(connector["connector"])))
        begin_ms = begun_ms.get(connector["transaction"], everything["t_ms"])
        rows += _connector(connector, (everything["t_ms"] - begin_ms) // 1000)
    return facts([*rows, ("Backend", _backend(everything))])


def badge(connector):
    """The status of a connector as rich's text."""
    colour, word, sentence = BADGES[connector["status"]]
    reason = _reason(connector)
    return Text.assemble((word, f"bold {colour}"), f" - {sentence}", f" ({reason})" if reason else "")


def _reason(connector):
    """What the badge leaves open."""
    status = connector["status"]
    if status == "Preparing":
        if connector["pending_tag"]:
            return f"card {connector['pending_tag']} is accepted; connect the car"
        return "the vehicle" if connector["transaction"] else "a card"
    if status == "Finishing" and connector["held_for"]:
        return f"the plug is locked until card {connector['held_for']} comes"
    if status == "SuspendedEV":
        return "the vehicle"
    if status == "SuspendedEVSE":
        return pause(connector["pause"]) or "the charger is not ready yet"
    return connector["error_text"] if status == "Faulted" else ""


def _connector(connector, duration_s):
    yield "Status", badge(connector)
    if connector["status"] is not None:
        yield "Power", _power(connector)
        yield "Energy", _energy(connector)
        yield "Offer", f"{amperes(connector['offered_ma'])} now; limit {_limit(connector)}"
        yield "Limits", ", ".join(row["reason"] for row in connector["limits"])
        yield "Phases", f"{connector['phases']} joined, {connector['phases_in_use']} in use"
        yield "Transaction", _transaction(connector, duration_s)
        if connector["errors"]:
            yield "Errors", Text(_errors(connector), style="red")
    yield "Car", _car(connector["world"])
    broken = connector["world"]["faults"]
    if broken:
        yield "Broken", Text(", ".join(broken), style="red")


def _errors(connector):
    """All of them, the gravest first."""
    return ", ".join(_error(name, connector) for name in connector["errors"])


def _error(name, connector):
    kind = "warning" if name in connector["warnings"] else "error"
    return f"{_WORDING[name]} ({name}, {'lasting' if name in connector['latched'] else kind})"


_WORDING = {row.name: errors.named(row.code).wording for row in faults.ROWS}
"""By vendorErrorCode."""


def _power(connector):
    if not connector["metered"]:
        return "the meter does not answer"
    amperes_each = " / ".join(f"{current_ma / 1000:.1f}" for current_ma in connector["current_ma"])
    volts_each = " / ".join(f"{voltage_mv / 1000:.0f}" for voltage_mv in connector["voltage_mv"])
    return f"{connector['power_w'] / 1000:.2f} kW; {amperes_each} A; {volts_each} V (L1 / L2 / L3)"


def _energy(connector):
    ever = f"{kwh(connector['energy_wh'])} ever"
    return f"{kwh(connector['session_wh'])} since plug-in, {ever}" if connector["plugged"] else ever


def _limit(connector):
    return f"{amperes(connector['limit_ma'])}, {limit(connector['limit_reason'])}"


def _transaction(connector, duration_s):
    if not connector["transaction"]:
        return "none"
    note = f"; {connector['note']}" if connector["note"] else ""
    return f"{connector['transaction']} for {connector['id_tag']}, {clock(duration_s)} so far{note}"


def _car(world):
    if not world["plugged"]:
        return "none"
    percent = 100 * world["level_wh"] // world["battery_wh"]
    return f"plugged in, {'asks' if world['s2'] else 'does not ask'} for power; battery at {percent} %"


def _backend(everything):
    backend = everything["backend"]
    if "url" not in backend:
        return backend["state"]
    state = "connected" if everything["connected"] else backend["state"]
    cut = ", the network is cut" if everything["network"] == "cut" else ""
    where = "" if backend["url"] in state else f"; {backend['url']}"
    return f"{state}{cut}{where}"
