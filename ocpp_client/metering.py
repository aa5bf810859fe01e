"""When meter values are taken, and where they go (OCPP 1.6, 3.16 and 4.7; errata 3.13-3.16)."""

import json

from ocpp_client import timestamps
from ocpp_client.measurands import REGISTER, register_wh, sample
from ocpp_client.outlet import Outlet
from ocpp_client.payloads import meter_values
from ocpp_client.reports import Reading
from ocpp_client.source import Source

BEGIN, END = "Transaction.Begin", "Transaction.End"
PERIODIC, ALIGNED = "Sample.Periodic", "Sample.Clock"

_PUNCTUAL_MS = 10000  # a value taken so soon after an aligned moment stands for it, a later one for itself
_NO_WAIT = 3600000  # ms: nothing is due for an hour, and it is looked at again long before
_SIGNED_BYTES = 800  # of JSON: what the meter signed is no use in part, and must fit into a record


class Metering(Source):
    """Samples in a transaction, and at clock-aligned moments always.

    In a transaction values are appended to the store, where they keep their order and time. Where it has no
    room left they are sent as those outside of a transaction are, clock-aligned ones: while there is a link
    (`linked()`), else dropped, for nobody waits for them. Whatever was missed (the charger was busy or its
    clock jumped) is made up for by one value, never by a burst.
    """

    def __init__(self, charger, store, clock, configuration, transactions, linked):
        self._charger = charger
        self._store = store
        self._clock = clock
        self._configuration = configuration
        self._transactions = transactions
        self._linked = linked
        self._outlets = [Outlet() for _ in range(charger.connector_count + 1)]
        self._grid = None  # `grid.Grid`, once clock-aligned values are asked for
        self._pending = [None] * len(self._outlets)  # type: list  # what has no record; the newest of each

    def begun(self, record, now_ms):
        """The 'start' record of a transaction is written."""
        outlet = self._outlets[record["connector"]]
        outlet.follow(record["tx"], now_ms)
        outlet.begun = record["tx"]
        reading = self._edge(record)
        outlet.sampled_wh = reading.energy_wh
        outlet.sample(reading)
        self._tell_edge(record, BEGIN, reading)
        outlet.keeper = self._make_keeper(record["tx"])
        if outlet.keeper:
            outlet.keeper.begin(reading, BEGIN, record["stamp"], self._signed(reading))

    def ending(self, record):
        """The 'stop' record of a transaction is about to be written, perhaps not for the first time."""
        tx, connector_id = record["tx"], record["connector"]
        outlet = self._outlets[connector_id]
        # What only its records tell of never ran.
        if tx == outlet.ended or tx != self._charger.transaction(connector_id):
            return
        reading = self._edge(record)
        if outlet.begun == tx:
            outlet.sample(reading)
        else:
            # A restart has cut it off: the meter tells of another time, except by its register.
            reading, signed = Reading(record["meter_wh"]), reading.signed
            reading.signed = signed
            outlet.keeper = self._make_keeper(tx)
        self._tell_edge(record, END, reading)
        # What is not sent by now would come behind the end.
        self._pending[connector_id] = None
        keeper = outlet.keeper
        if keeper and not keeper.end(reading, END, record["stamp"], self._signed(reading)):
            return  # there will be another try
        outlet.ended = tx
        outlet.keeper = None

    def poll(self, now_ms):
        """Take what is due."""
        aligned_late_ms = self._aligned_late_ms()
        interval_ms = self._interval_ms()
        for connector_id in range(1, len(self._outlets)):
            outlet = self._outlets[connector_id]
            word = self._charger.status(connector_id).status
            # One that is ending runs no more; its last value is taken when it has ended.
            tx = self._charger.transaction(connector_id) if word != "Finishing" else 0
            if tx != outlet.tx:
                outlet.follow(tx, now_ms)
            elif tx and interval_ms:
                self._sample(connector_id, outlet, now_ms, interval_ms)
                self._watch(connector_id, outlet, word)
            if aligned_late_ms is not None:
                self._align(connector_id, outlet, aligned_late_ms)

    def due_ms(self, now_ms):
        """Milliseconds until `poll` has something to take."""
        wait_ms = _NO_WAIT
        if self._grid:
            interval_s = self._configuration.get("ClockAlignedDataInterval")
            wait_ms = self._grid.wait_ms(self._unix_ms(), interval_s, wait_ms)
        interval_ms = self._interval_ms()
        for outlet in self._outlets:
            if interval_ms and outlet.tx:
                wait_ms = min(wait_ms, outlet.sampled_ms + interval_ms - now_ms)
        return wait_ms

    def next_call(self, now_ms):
        for connector_id in range(1, len(self._pending)):
            payload, self._pending[connector_id] = self._pending[connector_id], None
            if payload:
                return "MeterValues", payload
        return None

    def drop(self):
        """The link is gone, and what was to be sent with it."""
        self._pending = [None] * len(self._pending)

    def _sample(self, connector_id, outlet, now_ms, interval_ms):
        late_ms = now_ms - outlet.sampled_ms - interval_ms
        if late_ms < 0:
            return
        # The grid of samples stays where the transaction began, also after a sample that came late.
        outlet.sampled_ms = now_ms - late_ms % interval_ms
        outlet.interruption.sampled()
        reading = self._charger.reading(connector_id)
        if reading:
            outlet.sample(reading)
            self._take(connector_id, outlet, PERIODIC, reading, self._clock.stamp())

    def _watch(self, connector_id, outlet, word):
        context = outlet.interruption.context(word)
        reading = self._charger.reading(connector_id) if context else None
        if reading:
            self._take(connector_id, outlet, context, reading, self._clock.stamp())

    def _align(self, connector_id, outlet, late_ms):
        reading = self._charger.reading(connector_id)
        if not reading:
            return
        outlet.align(reading)
        stamp = list(self._clock.stamp())
        if late_ms <= _PUNCTUAL_MS and stamp[2] is not None:
            stamp[1] -= late_ms
            stamp[2] -= late_ms
        if outlet.tx:
            self._take(connector_id, outlet, ALIGNED, reading, stamp)
        elif self._linked():
            names = self._configuration.get("MeterValuesAlignedData")
            self._deliver(connector_id, ALIGNED, sample(reading, names), stamp)

    def _take(self, connector_id, outlet, context, reading, stamp):
        """A value in a transaction."""
        aligned = context == ALIGNED
        names = self._configuration.get("MeterValuesAlignedData" if aligned else "MeterValuesSampledData")
        has_room = self._record(connector_id, outlet.tx, context, stamp, reading, sample(reading, names))
        keeper = outlet.keeper
        # A transaction's start and end need what is left of the room more than what lies between.
        if has_room and keeper:
            keeper.add(reading, keeper.aligned if aligned else keeper.sampled, context, stamp)

    def _tell_edge(self, record, context, reading):
        """MeterValues of a beginning or an end."""
        if not self._interval_ms():
            return
        names = self._configuration.get("MeterValuesSampledData")
        where = (record["connector"], record["tx"], context, record["stamp"], reading)
        self._record(*where, sample(reading, names))
        signed = self._signed(reading)
        if signed and REGISTER in names:
            self._record(*where, "", signed)

    def _record(self, connector_id, tx, context, stamp, reading, values, signed=""):
        """Whether the store has room for them."""
        record = {
            "kind": "meter",
            "tx": tx,
            "connector": connector_id,
            "context": context,
            "stamp": stamp,
            "values": values,
        }
        if not register_wh(record):
            # What ends the transaction after a power cut.
            record["meter_wh"] = reading.energy_wh
        if signed:
            record["signed"] = signed
        try:
            if values or signed:
                self._store.append(record)
            return True
        except OSError:
            # In order, and only of a transaction that the server knows.
            server_tx = self._transactions.server_id(tx)
            if self._linked() and server_tx is not None and self._transactions.is_drained():
                self._deliver(connector_id, context, values, stamp, server_tx)
            return False

    def _deliver(self, connector_id, context, values, stamp, server_tx=None):
        unix_ms = self._clock.unix_ms(stamp)
        if values and unix_ms is not None:
            timestamp = timestamps.to_text(unix_ms)
            self._pending[connector_id] = meter_values(connector_id, context, values, timestamp, server_tx)

    def _edge(self, record):
        """A reading with the register of a 'start' or 'stop' record; all that is known where the meter is
        silent."""
        reading = self._charger.reading(record["connector"]) or Reading(0)
        reading.energy_wh = record["meter_wh"]
        return reading

    def _make_keeper(self, tx):
        sampled = self._configuration.get("StopTxnSampledData")
        aligned = self._configuration.get("StopTxnAlignedData")
        if not sampled and not aligned:
            return None
        from ocpp_client.transaction_data import Keeper

        return Keeper(self._store, tx, sampled, aligned)

    def _signed(self, reading):
        return reading.signed if len(json.dumps(reading.signed)) <= _SIGNED_BYTES else ""

    def _aligned_late_ms(self):
        """How long ago an aligned moment passed that is still to be served, or None."""
        interval_s = self._configuration.get("ClockAlignedDataInterval")
        if not interval_s and not self._grid:
            return None
        if not self._grid:
            from ocpp_client.grid import Grid

            self._grid = Grid()
        return self._grid.late_ms(self._unix_ms(), interval_s)

    def _interval_ms(self):
        return self._configuration.get("MeterValueSampleInterval") * 1000

    def _unix_ms(self):
        return self._clock.unix_ms(self._clock.stamp())
