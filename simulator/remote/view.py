"""How a simulated charger stands: what it believes itself and, beside it, what is true in its world."""

from control import limits, pilot, states
from simulator.portable import faults


def of_everything(bench):
    """Plain values of the whole of `bench`: time, supply, network, backend, settings and connectors.

    What only a running firmware can tell is None while the charger is off; the world's truth is always there.
    """
    numbers = [outlet.number for outlet in bench.world.connectors]
    return {
        **of_charger(bench),
        "backend": _backend(bench, _client(bench)),
        "settings": _settings(bench.firmware.settings) if bench.firmware else None,
        "connectors": [{**of_connector(bench, number), "world": truth(bench, number)} for number in numbers],
    }


def of_charger(bench):
    """What concerns the charger as a whole."""
    client = _client(bench)
    return {
        "t_ms": bench.kernel.now_ms(),
        "unix_ms": bench.kernel.unix_ms(),
        "powered": bench.world.mains.on,
        "network": "up" if bench.network.connected else "cut",
        "connected": bool(client and client.accepted),
        "lamp": bench.world.lamp.colour,
    }


def of_connector(bench, number):
    """What the charger believes of one connector."""
    values = dict.fromkeys(_CHARGER_VIEW)
    if bench.firmware:
        values.update(_charger_view(bench.firmware.charger.connector(number)))
    return {"connector": number, **values}


def truth(bench, number):
    """What is true of one connector."""
    outlet = bench.world.outlet(number)
    return {**outlet.snapshot(), "faults": faults.present(outlet)}


def _client(bench):
    return bench.firmware.client if bench.firmware else None


def _backend(bench, client):
    if not bench.firmware:
        return {"state": "off"}
    if not client:
        return {"state": "none is set"}
    return {"state": client.state, "url": client.address.url, "identity": client.address.identity}


def _settings(settings):
    rows = [settings.describe(key.name) for key in settings.rows()]
    return {row["key"]: row.get("value") for row in rows}


_CHARGER_VIEW = (
    "status",
    "error",
    "error_text",
    "state",
    "level",
    "plugged",
    "closed",
    "transaction",
    "id_tag",
    "pending_tag",
    "session",
    "session_wh",
    "offered_ma",
    "limit_ma",
    "limit_reason",
    "metered",
    "energy_wh",
    "power_w",
    "current_ma",
    "voltage_mv",
)
"""Energies in Wh: `energy_wh` over the charger's life, `session_wh` since the car was plugged in. `power_w`
is the sum of the phases, `current_ma` and `voltage_mv` are lists of three. `metered`: the meter's reading is
fresh; the measured values are None otherwise. `error` is the name of the gravest fault, "" when there is
none."""


def _charger_view(connector):
    snapshot, running = connector.snapshot, connector.transaction
    return {
        "status": connector.status.status,
        "error": connector.status.vendor_error_code,
        "error_text": connector.status.info,
        "state": states.NAMES[snapshot.state],
        "level": pilot.NAMES[snapshot.level],
        "plugged": snapshot.plugged,
        "closed": snapshot.closed,
        "transaction": running.number if running else 0,
        "id_tag": running.id_tag if running else "",
        "pending_tag": connector.pending_tag,
        "session": snapshot.session,
        "session_wh": snapshot.session_wh,
        "offered_ma": snapshot.offered_ma,
        "limit_ma": snapshot.limit_ma,
        "limit_reason": limits.NAMES[snapshot.reason],
        "energy_wh": snapshot.lifetime_wh,
        **_measured(connector.reading()),
    }


def _measured(reading):
    if not reading:
        return {"metered": False}
    return {
        "metered": True,
        "power_w": sum(reading.power_w),
        "current_ma": list(reading.current_ma),
        "voltage_mv": list(reading.voltage_mv),
    }
