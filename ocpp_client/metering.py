"""When meter values are taken, and where they go (OCPP 1.6, 3.16 and 4.7; errata 3.13-3.16)."""

from ocpp_client import timestamps
from ocpp_client.measurands import register_wh, sample
from ocpp_client.source import Source
from ocpp_client.transactions import meter_values

BEGIN, PERIODIC, ALIGNED = "Transaction.Begin", "Sample.Periodic", "Sample.Clock"

_DAY_S = 86400
_PUNCTUAL_MS = (
    10000  # ms; a value taken so soon after an aligned moment stands for it, a later one for itself
)
_NO_WAIT = 3600000  # ms: nothing is due for an hour, and it is looked at again long before


class Metering(Source):
    """Samples in a transaction, and at clock-aligned moments always.

    In a transaction values are appended to the store, where they keep their order and time. Outside,
    clock-aligned ones are sent while there is a link (`linked()`), else dropped: nobody waits for them.
    Whatever was missed (the charger was busy or its clock jumped) is made up for by one value, never by a
    burst.
    """

    def __init__(self, charger, store, clock, configuration, linked):
        self._charger = charger
        self._store = store
        self._clock = clock
        self._configuration = configuration
        self._linked = linked
        count = charger.connector_count + 1
        self._transactions = [0] * count
        self._sampled_ms = [0] * count  # when the last sample of each connector was due
        self._grid = (None, 0)  # type: tuple  # (Unix time of the last aligned moment, interval), both in s
        self._pending = [None] * count  # type: list  # payloads outside transactions; the newest of each

    def poll(self, now_ms):
        """Take what is due."""
        aligned_late_ms = self._aligned_late_ms()
        for connector_id in range(1, len(self._transactions)):
            tx = self._charger.transaction(connector_id)
            if tx != self._transactions[connector_id]:
                self._transactions[connector_id] = tx
                self._begin(connector_id, tx, now_ms)
            elif tx:
                self._sample(connector_id, tx, now_ms)
            if aligned_late_ms is not None:
                self._align(connector_id, tx, aligned_late_ms)

    def due_ms(self, now_ms):
        """Milliseconds until `poll` has something to take."""
        wait_ms = self._until_aligned_ms()
        interval_ms = self._configuration.get("MeterValueSampleInterval") * 1000
        for connector_id in range(1, len(self._transactions)):
            if interval_ms and self._transactions[connector_id]:
                wait_ms = min(wait_ms, self._sampled_ms[connector_id] + interval_ms - now_ms)
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

    def _begin(self, connector_id, tx, now_ms):
        self._sampled_ms[connector_id] = now_ms
        if tx and self._configuration.get("MeterValueSampleInterval"):
            self._record(connector_id, tx, BEGIN, "MeterValuesSampledData", self._clock.stamp())

    def _sample(self, connector_id, tx, now_ms):
        interval_ms = self._configuration.get("MeterValueSampleInterval") * 1000
        late_ms = now_ms - self._sampled_ms[connector_id] - interval_ms
        if not interval_ms or late_ms < 0:
            return
        # The grid of samples stays where the transaction began, also after a sample that came late.
        self._sampled_ms[connector_id] = now_ms - late_ms % interval_ms
        self._record(connector_id, tx, PERIODIC, "MeterValuesSampledData", self._clock.stamp())

    def _align(self, connector_id, tx, late_ms):
        stamp = list(self._clock.stamp())
        if late_ms <= _PUNCTUAL_MS and stamp[2] is not None:
            stamp[1] -= late_ms
            stamp[2] -= late_ms
        if tx:
            self._record(connector_id, tx, ALIGNED, "MeterValuesAlignedData", stamp)
        elif self._linked():
            self._deliver(connector_id, stamp)

    def _record(self, connector_id, tx, context, key, stamp):
        reading, values = self._values(connector_id, key)
        if not values:
            return
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
        try:
            self._store.append(record)
        except OSError:
            pass  # no room: a transaction's start and end matter more than what lies between

    def _deliver(self, connector_id, stamp):
        _, values = self._values(connector_id, "MeterValuesAlignedData")
        unix_ms = self._clock.unix_ms(stamp)
        if values and unix_ms is not None:
            timestamp = timestamps.to_text(unix_ms)
            self._pending[connector_id] = meter_values(connector_id, ALIGNED, values, timestamp)

    def _values(self, connector_id, key):
        reading = self._charger.reading(connector_id)
        return reading, sample(reading, self._configuration.get(key)) if reading else ()

    def _aligned_late_ms(self):
        """How long ago an aligned moment passed that is still to be served, or None."""
        interval_s = self._configuration.get("ClockAlignedDataInterval")
        unix_ms = self._unix_ms()
        if not interval_s or unix_ms is None:
            self._grid = (None, 0)
            return None
        aligned_s = _aligned(unix_ms // 1000, interval_s)
        last_s, last_interval_s = self._grid
        # The first look, another interval and a clock set far back only tell where the grid is now. A clock
        # set back a little must not serve the same moment twice.
        if last_interval_s == interval_s and last_s - interval_s <= aligned_s <= last_s:
            return None
        served = last_interval_s != interval_s or aligned_s < last_s
        self._grid = (aligned_s, interval_s)
        return None if served else unix_ms - aligned_s * 1000

    def _until_aligned_ms(self):
        interval_s = self._configuration.get("ClockAlignedDataInterval")
        unix_ms = self._unix_ms()
        if not interval_s or unix_ms is None:
            return _NO_WAIT
        aligned_s = _aligned(unix_ms // 1000, interval_s)
        midnight_s = (unix_ms // 1000 // _DAY_S + 1) * _DAY_S
        return min(aligned_s + interval_s, midnight_s) * 1000 - unix_ms

    def _unix_ms(self):
        return self._clock.unix_ms(self._clock.stamp())


def _aligned(unix_s, interval_s):
    """The last moment of the grid that starts at each midnight (UTC)."""
    midnight_s = unix_s // _DAY_S * _DAY_S
    return midnight_s + (unix_s - midnight_s) // interval_s * interval_s
