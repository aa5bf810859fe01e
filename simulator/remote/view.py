"""How a simulated charger stands: what it believes itself and, beside it, what is true in its world."""

from control import limits, pilot, states
from firmware.standing import standing
from simulator.portable import faults as causes


def of_everything(bench):
    """Plain values of the whole of `bench`: time, supply, network, backend, settings and connectors.

    What only a running firmware can tell is None while the charger is off; the world's truth is always there.
    """
    numbers = [outlet.number for outlet in bench.world.connectors]
    return {
        **of_charger(bench),
        "backend": _backend(bench, _client(bench)),
        "settings": _settings(bench.firmware.settings) if bench.firmware else None,
        "connection": connection(bench),
        "connectors": [_whole_connector(bench, number) for number in numbers],
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
        values.update(_charger_view(bench.firmware, number))
    return {"connector": number, **values}


def of_limits(bench, number):
    """The limit of each row in mA a phase, by its name with _ for blanks; None: it does not limit."""
    if not bench.firmware:
        return dict.fromkeys(map(underscored, limits.NAMES))
    rows = bench.firmware.charger.limits(number)
    return {underscored(row["source"]): row["limit_ma"] for row in rows}


def truth(bench, number):
    """What is true of one connector."""
    outlet = bench.world.outlet(number)
    return {**outlet.snapshot(), "faults": causes.present(outlet)}


def connection(bench):
    """What is true where the house and the charger meet."""
    return bench.world.connection.snapshot()


def underscored(name):
    """A name or a value of several words as the one word that it is in a condition."""
    return name.replace(" ", "_")


def _whole_connector(bench, number):
    values = of_connector(bench, number)
    rows = bench.firmware.charger.limits(number) if bench.firmware else []
    values["limits"] = [row for row in rows if row["limit_ma"] is not None]
    return {**values, "world": truth(bench, number)}


def _client(bench):
    return bench.firmware.client if bench.firmware else None


def _backend(bench, client):
    if not bench.firmware:
        return {"state": "off"}
    if not client:
        return {"state": "none is set"}
    return {"state": client.state, "url": client.address.url, "identity": client.address.identity}


def _settings(settings):
    rows = [settings.describe(name) for name in settings.names()]
    return {row["key"]: row.get("value") for row in rows}


_CHARGER_VIEW = (
    "status",
    "pause",
    "error",
    "error_text",
    "errors",
    "warnings",
    "latched",
    "state",
    "level",
    "plugged",
    "closed",
    "transaction",
    "id_tag",
    "pending_tag",
    "held_for",
    "operative",
    "note",
    "session",
    "session_wh",
    "session_s",
    "idle_s",
    "offered_ma",
    "limit_ma",
    "limit_reason",
    "phases",
    "phases_in_use",
    "cycles",
    "metered",
    "energy_wh",
    "power_w",
    "current_ma",
    "voltage_mv",
)
"""`pause`: why nothing flows, as far as it is the charger's doing. `error` is the name of the gravest fault
that people were told of, "" when there is none, `error_text` what they read of it; `errors` are the names of
all that there are now, the gravest first, `warnings` of those with which charging goes on, `latched` of those
that time alone will not end. `operative`: the operator has it in service, perhaps until what runs has ended.
`note`: what was written on the transaction.

Energies in Wh: `energy_wh` over the charger's life, `session_wh` since the car was plugged in. `session_s`:
seconds since then, `idle_s`: since current last flowed. `phases`: so many are joined, `phases_in_use`: so
many the car uses. `cycles`: closings of the contactor. `power_w` is the sum of the phases, `current_ma` and
`voltage_mv` are lists of three. `metered`: the meter's reading is fresh; the measured values are None
otherwise. `held_for`: the card that frees the plug, which is locked until it comes."""


def _charger_view(firmware, number):
    charger = firmware.charger
    connector = charger.connector(number)
    snapshot, running = connector.snapshot, connector.transaction
    return {
        "status": connector.status.status,
        "pause": standing(connector, firmware.clock.now_ms())[2],
        **_disturbed(connector, charger.errors(number) if snapshot.faults else ()),
        "state": states.NAMES[snapshot.state],
        "level": pilot.NAMES[snapshot.level],
        "plugged": snapshot.plugged,
        "closed": snapshot.closed,
        "transaction": running.number if running else 0,
        "id_tag": running.id_tag if running else "",
        "pending_tag": connector.pending_tag,
        "held_for": connector.hold.id_tag if connector.hold and not running else "",
        "operative": connector.operative,
        "note": running.note if running else "",
        "session": snapshot.session,
        "session_wh": snapshot.session_wh,
        "session_s": snapshot.session_s,
        "idle_s": snapshot.idle_s,
        "offered_ma": snapshot.offered_ma,
        "limit_ma": snapshot.limit_ma,
        "limit_reason": limits.NAMES[snapshot.reason],
        "phases": snapshot.phases,
        "phases_in_use": snapshot.phases_in_use,
        "cycles": snapshot.cycles,
        "energy_wh": snapshot.lifetime_wh,
        **_measured(connector.reading()),
    }


def _disturbed(connector, active):
    """What is wrong; `active`: the `firmware.errors.Error`s that are."""
    latched = connector.snapshot.latched
    return {
        "error": connector.status.vendor_error_code,
        "error_text": active[0].wording if active else "",
        "errors": [error.vendor_code for error in active],
        "warnings": [error.vendor_code for error in active if error.warns],
        "latched": [error.vendor_code for error in active if latched >> error.code & 1],
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
