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

and the ends of sectors, too short for the next record, make it 632 KiB. Of a MiB (256 sectors of 4 KiB)
328 KiB remain, beside this and the reserve below, for what the server has not taken yet: 1,000 transactions
of 136 + 160 bytes are 289 KiB. A smaller store works the same way with less.

When the store fills, readings give way first: a 'meter' record is refused while less than a sixteenth of the
store is free. 'start', 'stop', 'answered' and latest values may use that reserve; in a MiB it holds 140
transactions. Only then are they refused too, with OSError: a charger does not start what it cannot write
down.

Memory does not grow with the records: two small integers a sector, the latest values (at most `STATE_NAMES`,
none over `STATE_BYTES`), two positions of the reader, and one record at a time.
"""

import json
from binascii import crc32

from firmware.records import STATE, record_bytes
from firmware.ring import ENOSPC, Ring

EIO = 5

SESSION_BYTES = 632 * 1024
"""Kept free beside the reserve, so that 24 hours pass without an erase."""
STATE_NAMES = 96
"""What eight connectors have, and every setting."""
STATE_BYTES = 640
"""Of JSON, for one latest value: the longest setting (OCPP 1.6, CiString500Type) is one."""

SORTS = {"start": 1, "meter": 2, "stop": 3, "answered": 4}
"""Kinds of log records as they are numbered on flash: never give a number another meaning."""
KINDS = {sort: kind for kind, sort in SORTS.items()}

SNAPSHOT = "journal"


class Journal:
    """Append-only log and latest values over a `hal.contract.Store`; keeps the port
    `ocpp_client.ports.Store`.

    Recovers from whatever a power cut left. Call `prepare` until it returns False before the first write.
    """

    def __init__(self, store):
        self._store = store
        self.damaged = []
        """Names of files that are there and cannot be trusted."""
        self._state = {}  # name: (sequence, JSON)
        snapshot = self.load(SNAPSHOT) or {"upto": 0, "released": 0, "values": {}}
        self._saved_upto = snapshot["upto"]  # later values than this are in the ring only
        for name, value in snapshot["values"].items():
            self._state[name] = (self._saved_upto, _encode(value))
        self._ring = Ring(store, self._saved_upto + 1, snapshot["released"], self._visit)

    def append(self, record):
        """Write a record of the transaction log and return its sequence number.

        Durable on return, within 5 ms; never erases. OSError: no room (ENOSPC), longer than
        `firmware.ring.RECORD_BYTES` (EFBIG), or the store refused; the record may then be found later, but
        never under the number of another. KeyError: no such kind.
        """
        kind = record["kind"]
        payload = _encode({name: value for name, value in record.items() if name != "kind"})
        if kind == "meter" and self.room() - record_bytes(len(payload)) < self._reserve():
            raise OSError(ENOSPC, "the journal keeps what is left for starts and stops; no reading is kept")
        return self._ring.write(SORTS[kind], payload)

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

    def keep(self, name, value):
        """As `put`, for what people choose: it leaves the reserve alone, and is taken without room too.

        Then it is saved in the file at once, which may take 0.5 s and stop the tick: where nothing can be
        written down nothing new starts, and a charge that still goes on pauses.
        """
        text = _encode(value)
        if self.room() - record_bytes(len(name) + 1 + len(text)) >= self._reserve():
            self.put(name, value)
        elif self._is_news(name, text):
            self._save_values({name: value})
            self._state[name] = (self._saved_upto, text)

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
            self.damaged = [name] + [other for other in self.damaged if other != name]
            return None
        return json.loads(text)

    def save(self, name, values):
        """Replace the dict under `name`: after a power cut either the old or the new. May take 0.5 s. The
        name 'journal' is the journal's own. OSError: the store refused."""
        text = _encode(values)
        self._store.save(name, _checksum(text) + text)
        self.damaged = [other for other in self.damaged if other != name]

    @property
    def last(self):
        """The number that was given last, whether or not the store took the record."""
        return self._ring.sequence - 1

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
            index = self._ring.find_unneeded()
            if index is None:
                return False
            self._save_state(self._ring.first[index + 1])
            self._ring.retire(index)
        self._ring.erase()
        return True

    def _is_news(self, name, text):
        known = self._state.get(name)
        if len(text) > STATE_BYTES or (known is None and len(self._state) >= STATE_NAMES):
            raise ValueError(
                "'%s' is too long or one latest value too many; save it in a file instead" % name
            )
        return known is None or known[1] != text

    def _reserve(self):
        return self._store.sectors * self._store.sector_bytes // 16

    def _save_state(self, before):
        """Save the latest values if one written before the sequence number `before` is in the ring only; and
        how far the log is released, so that a transaction never comes back with its beginning erased."""
        at_risk = [self._saved_upto < sequence < before for sequence, _ in self._state.values()]
        if any(at_risk) or self._ring.durable != self._ring.released:
            self._save_values({})

    def _save_values(self, others):
        """Save all latest values and, in the place of what they were, `others`. OSError while the file is
        damaged: to write what is left of them would make defaults of the rest, and nobody would know."""
        if SNAPSHOT in self.damaged:
            raise OSError(EIO, "the file of latest values is damaged; a technician must look at the settings")
        upto = self._ring.sequence - 1
        values = {name: json.loads(text) for name, (_, text) in self._state.items()}
        values.update(others)
        self.save(SNAPSHOT, {"upto": upto, "released": self._ring.released, "values": values})
        self._saved_upto = upto
        self._ring.durable = self._ring.released

    def _visit(self, walk):
        if walk.sort == STATE and walk.sequence > self._saved_upto:
            end = walk.payload.find(b"\0")
            self._state[walk.payload[:end].decode()] = (walk.sequence, walk.payload[end + 1 :])


def _encode(value):
    return json.dumps(value, separators=(",", ":")).encode()


def _checksum(text):
    """Eight digits before the text of a file: what decays in years must not become another setting."""
    return ("%08x" % (crc32(text) & 0xFFFFFFFF)).encode()
