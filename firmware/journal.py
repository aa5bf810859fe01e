"""What must not be lost: the transaction log and the latest values.

A record is written into a sector that is already erased, which takes milliseconds; erasing takes half a
second and stops everything, so it happens ahead, in `prepare`, while no contactor is closed. A sector is
erased when the client has released all log records in it. What it holds of the latest values - the settings
are among them - is saved in a named file first: one save in many sectors, for a save holds everything up to
its day.

How much is kept free, `SESSION_BYTES`, for 24 hours without an erase on one connector:

    a meter reading and its answer, each minute     1,440 x (216 + 72)
    clock-aligned readings, each quarter hour          96 x (328 + 72)
    latest values, two a minute                     1,440 x (64 + 48)
    start, stop and their answers                   136 + 160 + 72 + 96     together 601 KiB

and the ends of sectors, too short for the next record, make it 632 KiB. A smaller store works the same way
with less.

What the server has not taken yet fills a store like this, however long there is no network. Of the sectors,
those that the log does not hold:

    from 8/16     every reading
    7/16          of a transaction one in a quarter of an hour, beside those at its begin and end
    6/16          one in an hour
    less          none: what is left is for 'start' and 'stop', of 136 + 160 bytes

With less than a 64th and two sectors erased no transaction begins (OSError, and people are told why), by plug
and charge neither; those that run come to their end.

In a MiB, of sessions of 45 minutes with a reading each minute, that is all 47 of each of the first 48, 5 of
each of the next 48, those at begin and end of 91 more, and 1,400 transactions without any. Whatever came
before, 6/16 are 384 KiB, 1,250 transactions. No reading is taken back that was taken.

Beside this a 16th of the store is kept erased: no reading, no note of a running transaction and nothing else
that one can do without (`remember`) goes into it. Latest values need room of their own, which comes back
whenever no contactor is closed.

Memory does not grow with the records: two small integers a sector, the latest values (at most `STATE_NAMES`,
none over `STATE_BYTES`), two positions of the reader, one small integer a connector, and one record at a
time.
"""

import json
from binascii import crc32

from firmware.records import MARK, STATE, record_bytes
from firmware.ring import ENOSPC, Ring

EIO = 5

SESSION_BYTES = 632 * 1024
"""Kept free beside the reserve, so that 24 hours pass without an erase."""
START_BYTES = 256
"""A transaction's number and its 'start', at most."""
STATE_NAMES = 128
"""What eight connectors have, every setting, and the pages of the authorisation cache."""
STATE_BYTES = 640
"""Of JSON, for one latest value: the longest setting (OCPP 1.6, CiString500Type) is one."""

SORTS = {"start": 1, "meter": 2, "stop": 3, "answered": 4, "data": 5}
"""Kinds of log records as they are numbered on flash: never give a number another meaning."""
KINDS = {sort: kind for kind, sort in SORTS.items()}

SNAPSHOT = "journal"

_SHARES = ((8, 0), (7, 900000), (6, 3600000))
"""Sixteenths of the sectors that the log leaves free, at least: ms between two readings of a transaction."""
_READINGS = ("meter", "data")
_KEPT = "the journal keeps what is left for starts and stops; %s"


class Journal:
    """Append-only log and latest values over a `hal.contract.Store`; keeps the port
    `ocpp_client.ports.Store`.

    Recovers from whatever a power cut left. Call `prepare` until it returns False before the first write.
    """

    def __init__(self, store):
        self._store = store
        self.may_stop = lambda: True
        """Whether the tick may be held up now: no contactor is closed."""
        self._saves = 0
        self._unread = []  # type: list  # files that have decayed
        self._state = {}  # name: (sequence, JSON)
        self._read_ms = {}  # connector: ms since boot of its last reading
        snapshot = self.load(SNAPSHOT) or {"upto": 0, "released": 0, "values": {}}
        # Values that have decayed since they were written, until each is written anew; '': one of any name.
        self._lost = snapshot.get("lost", [])
        self._saved_upto = snapshot["upto"]  # later values than this are in the ring only
        for name, value in snapshot["values"].items():
            self._state[name] = (self._saved_upto, _encode(value))
        self._ring = Ring(store, self._saved_upto + 1, snapshot["released"], self._visit)
        if self._ring.decayed > self._saved_upto:
            self._lost.append("")

    @property
    def damaged(self):
        """Names of files that are there and cannot be trusted; 'journal' too for a latest value that has
        decayed, until it is written anew: it may be a setting of the installation, or a latch."""
        lost = [SNAPSHOT] if self._lost and SNAPSHOT not in self._unread else []
        return lost + self._unread

    def append(self, record):
        """Write a record of the transaction log and return its sequence number.

        Durable on return, within 5 ms; never erases. OSError: no room (ENOSPC), longer than
        `firmware.ring.RECORD_BYTES` (EFBIG), or the store refused; the record may then be found later, but
        never under the number of another. KeyError: no such kind.
        """
        kind = record["kind"]
        payload = _encode({name: value for name, value in record.items() if name != "kind"})
        self._check_room(record, record_bytes(len(payload)))
        sequence = self._ring.write(SORTS[kind], payload)
        if kind == "meter":
            self._read_ms[record.get("connector")] = _ms(record)
        return sequence

    def check_start(self):
        """OSError, with the reason, where there is no room for a transaction: to be asked before anything is
        written for one."""
        self._check_room({"kind": "start"}, START_BYTES)

    def after(self, sequence):
        """(sequence, record) of the first log record after `sequence` that is not released, or None. Going
        on from the last answer, or asking for it again, takes one read."""
        walk = self._ring.after(max(sequence, self._ring.released), KINDS)
        if walk is None:
            return None
        record = json.loads(walk.payload)
        record["kind"] = KINDS[walk.sort]
        return walk.sequence, record

    def release(self, sequence):
        """Log records up to `sequence` are no longer needed. Durable with the next record: a power cut
        before that brings them back."""
        self._ring.release(sequence)

    def put(self, name, value):
        """Write the latest value of `name` (JSON); durable on return, within 5 ms. The same value again costs
        nothing. OSError: as in `append`. ValueError: over `STATE_NAMES` names, or `STATE_BYTES` of JSON."""
        text = _encode(value)
        if self._is_news(name, text):
            self._state[name] = (self._ring.write(STATE, name.encode() + b"\0" + text), text)
            self._found(name)

    def keep(self, name, value):
        """As `put`, for what people choose: it leaves the reserve alone, and is taken without room too.

        Then it is saved in the file at once, which may take 0.5 s and stop the tick: only where that
        `may_stop`, else OSError.
        """
        try:
            self.remember(name, value)
        except OSError:
            if not self.may_stop():
                raise
            text = _encode(value)
            if self._is_news(name, text):
                self._save_values({name: value})
                self._state[name] = (self._saved_upto, text)
                self._found(name)

    def remember(self, name, value):
        """As `put`, for what one can do without: OSError too where it might take of the reserve."""
        if self.room() - self._store.sector_bytes < self._reserve():
            raise OSError(ENOSPC, _KEPT % ("'%s' waits" % name))
        self.put(name, value)

    def get(self, name, default=None):
        """The latest value of `name`, or `default`."""
        known = self._state.get(name)
        return json.loads(known[1]) if known else default

    def load(self, name):
        """The dict saved under `name`, or None: there is none, or it is `damaged`."""
        saved = self._store.load(name)
        if saved is None:
            return None
        text = saved[8:]
        if saved[:8] != _checksum(text):
            self._unread = [name] + [other for other in self._unread if other != name]
            return None
        return json.loads(text)

    def save(self, name, values):
        """Replace the dict under `name`: after a power cut either the old or the new. May take 0.5 s. The
        name 'journal' is the journal's own. OSError: the store refused."""
        text = _encode(values)
        self._saves += 1
        self._store.save(name, _checksum(text) + text)
        self._unread = [other for other in self._unread if other != name]

    @property
    def last(self):
        """The number that was given last, whether or not the store took the record."""
        return self._ring.sequence - 1

    @property
    def written(self):
        """A number that changes with every record, latest value and file that is written."""
        return self._ring.sequence + self._saves

    def room(self):
        """Bytes that can be written before the next erase."""
        return self._ring.room()

    def prepare(self):
        """Erase at most one sector ahead. True: call again; False: enough is free, or nothing may be erased.

        Takes up to 1.5 s and may stop the tick: only with every contactor open. OSError: the store refused;
        nothing is lost, and the next call tries another sector.
        """
        if self.room() >= SESSION_BYTES + self._reserve():
            return False
        if not self._ring.to_erase:
            strip = self._ring.find_unneeded()
            if not strip:
                return False
            self._save_state(strip.first[1])
            self._ring.retire(strip)
        self._ring.erase()
        return True

    def _is_news(self, name, text):
        known = self._state.get(name)
        if len(text) > STATE_BYTES or (known is None and len(self._state) >= STATE_NAMES):
            raise ValueError(
                "'%s' is too long or one latest value too many; save it in a file instead" % name
            )
        return known is None or known[1] != text or name in self._lost

    def _found(self, name):
        self._lost = [other for other in self._lost if other != name]

    @property
    def _bytes(self):
        return self._store.sectors * self._store.sector_bytes

    def _reserve(self):
        return self._bytes // 16

    def _check_room(self, record, size):
        """OSError where the room that is left is for something else."""
        kind, room = record["kind"], self.room() - size
        if kind in _READINGS and (room < self._reserve() or not self._has_share(record)):
            raise OSError(ENOSPC, _KEPT % "this reading is not kept")
        if kind == "start" and room < 2 * self._store.sector_bytes + self._bytes // 64:
            raise OSError(ENOSPC, "the journal has no room for a transaction until the server takes some")

    def _has_share(self, record):
        """Whether a reading is one of those that are kept while the log leaves as much free as it does."""
        sectors = self._store.sectors
        free = 16 * (sectors - self._ring.held()) // sectors
        is_edge = record["kind"] == "data" or record.get("context", "").startswith("Transaction")
        known_ms = self._read_ms.get(record.get("connector"))
        for least, pause_ms in _SHARES:
            if free >= least:
                return is_edge or known_ms is None or _ms(record) - known_ms >= pause_ms
        return False

    def _save_state(self, before):
        """Save the latest values if one written before the sequence number `before` is in the ring only; and
        how far the log is released, so that a transaction never comes back with its beginning erased.

        Also where each has a later one: half an erase must not look as if one had decayed."""
        if self._saved_upto < before - 1 or self._ring.durable != self._ring.released:
            self._save_values({})

    def _save_values(self, others):
        """Save all latest values and, in the place of what they were, `others`. OSError while the file has
        decayed: to write what is left of them would make defaults of the rest, and nobody would know."""
        if SNAPSHOT in self._unread:
            raise OSError(EIO, "the file of latest values is damaged; a technician must look at the settings")
        upto = self._ring.sequence - 1
        values = {name: json.loads(text) for name, (_, text) in self._state.items()}
        values.update(others)
        snapshot = {"upto": upto, "released": self._ring.released, "values": values}
        lost = [name for name in self._lost if name not in others]
        if lost:
            snapshot["lost"] = lost
        self.save(SNAPSHOT, snapshot)
        self._saved_upto = upto
        self._ring.durable = self._ring.released

    def _visit(self, walk):
        if walk.sort == STATE and walk.sequence > self._saved_upto:
            if walk.sequence > self._saved_upto + 1:
                self._lost += [_legible_name(payload) for payload in walk.skipped]
            end = walk.payload.find(b"\0")
            name = walk.payload[:end].decode()
            self._state[name] = (walk.sequence, walk.payload[end + 1 :])
            self._found(name)


def _ms(record):
    return record["stamp"][1] if "stamp" in record else 0


def _legible_name(payload):
    """The name of a value that has decayed; '' where it cannot be read, or more than one was in it."""
    end = payload.find(b"\0")
    try:
        return "" if end < 0 or bytes((MARK,)) in payload else payload[:end].decode()
    except UnicodeError:
        return ""


def _encode(value):
    return json.dumps(value, separators=(",", ":")).encode()


def _checksum(text):
    """Eight digits before the text of a file: what decays in years must not become another setting."""
    return ("%08x" % (crc32(text) & 0xFFFFFFFF)).encode()
