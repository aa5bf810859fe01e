"""The values that StopTransaction tells again (OCPP 1.6, 3.16 and 4.10; errata 3.14 and 3.91).

They are 'data' records of the log, written while the transaction runs, so that they outlive a power cut; the
memory knows their numbers alone. The values at the beginning and at the end are always kept. Of those between
there are at most `VALUES`, counted as what they would be if all were as wide as the widest; where more come,
every second one is let go, so that the rest stay evenly spread, and from then on only every second, fourth,
eighth... is written at all. A week in the car park costs some hundred records, and no longer message than an
hour. So a StopTransaction has at most `VALUES` sampled values, and twice those of one reading (17 at the
most, and what the meter signed): 9 KiB.

Loaded with the first transaction of which anything is to be kept.
"""

from ocpp_client.measurands import meter_value, sample

VALUES = 24
HOLD_RECORDS = 256
"""A record of a long transaction is written again after this many others, so that it does not hold back the
room of all that came later."""

_VALUE_BYTES = 120  # of JSON, for one sampled value
# The `nth` of what is never let go; those between are counted from 1.
_SIGNED_BEGIN, _BEGIN = -1, 0
_END, _SIGNED_END = 1 << 20, (1 << 20) + 1


class Keeper:
    """Writes what is to be told of the transaction of one connector. The measurands are those of when it
    began."""

    def __init__(self, store, tx, sampled, aligned):
        self.sampled = sampled
        """Measurands of what is sampled, and of what is clock-aligned."""
        self.aligned = aligned
        self._store = store
        self._tx = tx
        self._count = 0
        self._stride = 1
        self._widest = 1

    def begin(self, reading, context, stamp, signed):
        """Write what is known at the beginning. False: there is no room for it."""
        return self._write_edge(reading, context, stamp, signed, _BEGIN, _SIGNED_BEGIN)

    def add(self, reading, names, context, stamp):
        """Write what is known in between, where its turn comes."""
        values = sample(reading, names)
        if not values:
            return
        self._count += 1
        self._widest = max(self._widest, values.count(":"))
        while self._count // self._stride * self._widest > VALUES:
            self._stride *= 2
        if self._count % self._stride == 0:
            self._write(context, stamp, values, "", self._count)

    def end(self, reading, context, stamp, signed):
        """Write what is known at the end. False: there is no room for it."""
        return self._write_edge(reading, context, stamp, signed, _END, _SIGNED_END)

    def _write_edge(self, reading, context, stamp, signed, nth, signed_nth):
        written = self._write(context, stamp, sample(reading, self.sampled + self.aligned), "", nth)
        return self._write(context, stamp, "", signed, signed_nth) and written

    def _write(self, context, stamp, values, signed, nth):
        record = {
            "kind": "data",
            "tx": self._tx,
            "context": context,
            "stamp": stamp,
            "values": values,
            "nth": nth,
            "stride": self._stride,
        }
        if signed:
            record["signed"] = signed
        try:
            if values or signed:
                self._store.append(record)
            return True
        except OSError:
            return False


class Kept:
    """Finds the records again."""

    def __init__(self, store):
        self._store = store
        self._of = {}  # transaction: [stride, {nth: sequence number}]

    def note(self, sequence, record):
        """A 'data' record of an open transaction."""
        entry = self._of.setdefault(record["tx"], [1, {}])
        entry[0] = stride = max(entry[0], record["stride"])
        entry[1][record["nth"]] = sequence
        for nth in list(entry[1]):
            if _BEGIN < nth < _END and nth % stride:
                entry[1].pop(nth)

    def forget(self, tx):
        """Its stop is done with."""
        self._of.pop(tx, None)

    def oldest(self, otherwise):
        """The least number of a record that is still needed, or `otherwise`."""
        for _, records in self._of.values():
            otherwise = min(otherwise, *records.values())
        return otherwise

    def renew(self, cursor):
        """Write again what has lagged far behind. One record at a time, for each may take 5 ms."""
        oldest = self.oldest(cursor)
        if cursor - oldest <= HOLD_RECORDS:
            return
        for stride, records in self._of.values():
            for nth in list(records):
                if records[nth] == oldest:
                    records[nth] = self._write_again(oldest, stride)

    def _write_again(self, sequence, stride):
        record = self._store.after(sequence - 1)[1]
        # Those that were let go are not written again, and the others alone do not tell how many there were.
        record["stride"] = stride
        try:
            return self._store.append(record)
        except OSError:
            return sequence  # no room: the old one stays

    def tell(self, tx, date):
        """`transactionData`, or nothing; `date(stamp)` makes a timestamp. Where the heap has no room to send
        it all, only what is known at both ends is told, or none of it: a stop without data is better than
        none."""
        if tx not in self._of:
            return []
        found = self._of[tx][1]
        every = sorted(found)
        for chosen in (every, [nth for nth in every if not _BEGIN < nth < _END]):
            try:
                return self._tell(found, chosen, date)
            except MemoryError:
                pass
        return []

    def _tell(self, found, chosen, date):
        told = []
        size = 0
        for nth in chosen:
            record = self._store.after(found[nth] - 1)[1]
            signed = record.get("signed", "")
            told.append(meter_value(record["context"], record["values"], date(record["stamp"]), signed))
            size += _VALUE_BYTES * record["values"].count(":") + len(signed)
        _try_room(size)
        return told


def _try_room(size):
    """MemoryError unless there is room for so many bytes on their way out: as text, as UTF-8, in a frame."""
    return [bytearray(size) for _ in range(3)]
