"""What a run of a station came to: the truth of each connector, the backend's transactions, the frames."""

from control.ticks import diff
from simulator.portable.car import offer_ma
from simulator.remote import view

LOOK_S = 0.1
"""How often to look: with every contactor's release in between, no opening is missed."""
CONNECTOR = (
    "connector",
    "status",
    "transaction",
    "offered_ma_max",
    "current_ma_max",
    "energy_wh",
    "cycles",
    "live_after_s2_ms",
    "live_after_trip_ms",
)
"""Names in a connector's row. `status` and `transaction` are the charger's own, None while it is off; the
rest is the truth: the highest current offered on the pilot and drawn from a phase; the meter's register; how
often the contactor closed; and for how long at most its contacts were closed after the car opened S2 or left,
and after the residual-current device tripped."""

TRANSACTION = (
    "connector",
    "id_tag",
    "authorisation",
    "reason",
    "stop_id_tag",
    "meter_start_wh",
    "meter_stop_wh",
    "energy_wh",
    "started_s",
    "stopped_s",
    "start_received_s",
    "stop_received_s",
)
"""Names in a transaction's row; moments are seconds since the simulation began. None: it runs still."""


class Watch:
    """Looks at the outlets of a world each `LOOK_S`, and keeps the extremes of what was true."""

    def __init__(self, world):
        self._extremes = [_Extremes(outlet) for outlet in world.connectors]

    def look(self):
        """Look at the present moment."""
        for extremes in self._extremes:
            extremes.look()

    def row(self, number):
        """The extremes of a connector, by the names of `CONNECTOR`."""
        return self._extremes[number - 1].row()


class _Extremes:
    """Those of one outlet; the moments of its changes are exact, however seldom it is looked at."""

    def __init__(self, outlet):
        self._outlet = outlet
        self._offered_ma = self._current_ma = self._after_s2_ms = self._after_trip_ms = 0

    def look(self):
        outlet = self._outlet
        self._offered_ma = max(self._offered_ma, offer_ma(outlet.line.seen_bp))
        self._current_ma = max(self._current_ma, *outlet.energy.current_ma)
        if not outlet.car.s2:
            self._after_s2_ms = max(self._after_s2_ms, self._live_since_ms(outlet.car.s2_at_ms))
        if outlet.residual.latched:
            self._after_trip_ms = max(self._after_trip_ms, self._live_since_ms(outlet.residual.tripped_at_ms))

    def row(self):
        self.look()
        return {
            "offered_ma_max": self._offered_ma,
            "current_ma_max": self._current_ma,
            "energy_wh": self._outlet.energy.energy_wh,
            "cycles": self._outlet.contactor.cycles,
            "live_after_s2_ms": self._after_s2_ms,
            "live_after_trip_ms": self._after_trip_ms,
        }

    def _live_since_ms(self, at_ms):
        """How long the contacts were, or are, closed after `at_ms`; not positive when they were open then."""
        contactor = self._outlet.contactor
        return diff(contactor.now_ms if contactor.contacts_closed else contactor.contacts_at_ms, at_ms)


def of_station(station, watch):
    """The summary of a run that is over: connectors, transactions, and frames by action."""
    bench = station.bench
    return {
        "connectors": [_connector(bench, watch, outlet.number) for outlet in bench.world.connectors],
        "transactions": [_transaction(row, station) for row in station.store.transactions.all()],
        "frames": _counts(bench.frames),
    }


def _connector(bench, watch, number):
    values = {**view.of_connector(bench, number), **watch.row(number), "connector": number}
    return {name: values[name] for name in CONNECTOR}


def _transaction(row, station):
    values = {**vars(row), "reason": row.stop_reason, "energy_wh": None}
    if row.meter_stop_wh is not None:
        values["energy_wh"] = row.meter_stop_wh - row.meter_start_wh
    moments = {
        "started_s": row.started_at,
        "stopped_s": row.stopped_at,
        "start_received_s": row.start_received_at,
        "stop_received_s": row.stop_received_at,
    }
    values |= {name: moment and station.seconds_at(moment) for name, moment in moments.items()}
    return {name: values[name] for name in TRANSACTION}


def calls(frames, direction=None):
    """The entries of `frames` that are calls, in one direction or both; a backend may send anything else."""
    return [
        entry
        for entry in frames
        if direction in (None, entry["direction"])
        and isinstance(entry["frame"], list)
        and len(entry["frame"]) == 4
        and entry["frame"][0] == 2
        and isinstance(entry["frame"][2], str)
        and isinstance(entry["frame"][3], dict)
    ]


def _counts(frames):
    """How many calls there were, by action."""
    counts: dict[str, int] = {}
    for entry in calls(frames):
        counts[entry["frame"][2]] = counts.get(entry["frame"][2], 0) + 1
    return dict(sorted(counts.items()))
