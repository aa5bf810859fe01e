"""The transaction log as the queue of transaction messages (OCPP 1.6, 3.7.1, 4.7, 4.8, 4.10; errata 3.18).

    charger:  start -> meter ... -> stop         appended, in order, whether there is a link or not
    here:     cursor ---------------> newest     one record after the other is sent and its answer appended

Messages of transactions are strictly in order and delivered at least once: the answer to a record is written
before the next one is sent. Memory is constant, however long the charger was offline: a cursor, the message
under way, the server's id of each open transaction, and the numbers of its 'data' records, which are no
messages of their own but part of its StopTransaction (`transaction_data`).

What is answered is released, but for the last record of each open transaction: should a restart cut that off,
it must not end below what the server was told, nor earlier.

A message that fails is tried TransactionMessageAttempts times. Tries are written down, so that they count
over restarts; one whose link went away is none.
"""

from ocpp_client import timestamps
from ocpp_client.dates import Dates
from ocpp_client.measurands import register_wh
from ocpp_client.payloads import NO_ID, RECORDS
from ocpp_client.source import FORGOTTEN, LOST, Source

REFRESH_RECORDS = 64
"""What is known of a long, quiet transaction is written again after this many records, so that it does not
hold back the room of all that came later."""
MOST_OPEN = 8
"""At least so many transactions whose ends are not told are known by their ids."""
LOSSES = 5
"""After so many links that were lost in the midst of one and the same message people are told of it."""


class Transactions(Source):
    """Sends the 'start', 'meter' and 'stop' records of a store in order."""

    def __init__(self, charger, store, clock, configuration, learn):
        """`learn(id_tag, info)` hears of each IdTagInfo."""
        self._charger = charger
        self._learn = learn
        self._store = store
        self._clock = clock
        self._configuration = configuration
        self._cursor = 0  # sequence number of the last record that is answered or given up
        self._skipped = 0  # records up to here need no message
        self._ids = {}  # open transaction -> (the server's id, sequence number of the last record to keep)
        self._current = ()  # type: tuple  # (sequence, record, Unix ms) of what is being sent
        self._attempts = 0
        self._losses = 0  # links that ended before its answer
        self._retry_at_ms = 0
        self._stopped = []  # type: list  # the last transactions whose stops are done with
        self._kept = None  # `transaction_data.Kept`, once there is a 'data' record
        self._dates = Dates(charger, store, clock)
        self._restore()

    def transaction(self, server_tx):
        """The number of the open transaction that the server calls `server_tx`, or None. -1 is none in
        particular."""
        for tx, (known, _) in self._ids.items():
            if known == server_tx != NO_ID:
                return tx
        return None

    def server_id(self, tx):
        """The server's id of the open transaction `tx`, or None while its start is not answered."""
        entry = self._ids.get(tx)
        return entry[0] if entry else None

    def is_drained(self):
        """Whether everything that there is so far was answered or given up."""
        return not self._current and not self._following()

    def blame(self):
        """What to add to the reason of a lost link: the message at which one link after the other ends. It
        stays where it is, for a lost link is no answer. Empty as long as that may be chance."""
        if self._losses < LOSSES:
            return ""
        record = self._current[1]
        what = (LOSSES, record["kind"], record["tx"])
        return "; %d links or more have ended at the %s message of transaction %d, which waits" % what

    @property
    def subject(self):
        return self._current[0] if self._current else 0

    def next_call(self, now_ms):
        if now_ms < self._retry_at_ms:
            return None
        if not self._current:
            self._current = self._next()
        return self._message() if self._current else None

    def wait_ms(self, now_ms):
        return self._retry_at_ms - now_ms if self._retry_at_ms > now_ms else None

    def answered(self, payload, now_ms):
        record = self._current[1]
        kind, tx = record["kind"], record["tx"]
        info = payload.get("idTagInfo") if kind != "meter" else None
        if info:
            # First: a power cut in between has the message sent, and the same said, again.
            self._learn(record["id_tag"], info)
        if kind == "start":
            if info:
                # Before it is done with, for a refusal must not be lost.
                self._charger.verdict(tx, info["status"], info.get("parentIdTag"))
            self._finish(payload["transactionId"])
        else:
            self._finish(None if kind == "stop" else self.server_id(tx))

    def failed(self, cause, now_ms):
        if cause == LOST:
            self._losses += 1
        if cause in (LOST, FORGOTTEN):
            return
        self._attempts += 1
        if self._attempts >= self._configuration.get("TransactionMessageAttempts"):
            self._give_up()
            return
        self._wait(now_ms)
        try:
            self._store.append({"kind": "answered", "upto": self._cursor, "tries": self._attempts})
        except OSError:
            pass  # no room: it counts until the next restart

    def _wait(self, now_ms):
        interval_s = self._configuration.get("TransactionMessageRetryInterval")
        self._retry_at_ms = now_ms + interval_s * 1000 * self._attempts

    def _give_up(self):
        kind, tx = self._current[1]["kind"], self._current[1]["tx"]
        self._finish({"start": NO_ID, "stop": None}.get(kind, self.server_id(tx)))

    def _finish(self, server_tx):
        """The current record is done with; `server_tx` is its transaction's id from now on, None at its
        end."""
        sequence, record, unix_ms = self._current
        self._cursor = sequence
        self._current = ()
        self._attempts = self._losses = self._retry_at_ms = 0
        if server_tx is not None:
            # Before the next look at the log: what belongs to an open transaction is known by this.
            self._ids.setdefault(record["tx"], (server_tx, sequence))
            self._dates.begun(record["tx"], record["stamp"], unix_ms)
        self._note(record["tx"], server_tx, record["stamp"])
        self._release()

    def _note(self, tx, server_tx, stamp, known=()):
        """Write down how far the server has answered, and what it calls `tx`; with what else is `known`.
        `stamp` is that of its last record, None where that is lost."""
        record = {"kind": "answered", "upto": self._cursor, "tx": tx, "server_tx": server_tx}
        record.update(known)
        if server_tx is not None:
            record.update(self._dates.base(tx, stamp))
        if self._shapes_dates(server_tx):
            # What the next ones are told to be must not change with a power cut before their answers.
            record.update(self._dates.state())
        try:
            last = _last(self._store.append(record), record)
        except OSError:
            # No room: the message may be sent again after a restart, which 'at least once' allows.
            last = self._ids[tx][1] if tx in self._ids else self._cursor
        self._remember(tx, server_tx, last)

    def _shapes_dates(self, server_tx):
        """Whether later records are dated by what was told until now."""
        if server_tx is None or self._dates.guesses:
            return True
        following = self._following()
        return following is not None and not self._dates.is_known(following[1])

    def _remember(self, tx, server_tx, last):
        if server_tx is None:
            self._forget(tx)
            # A store that refuses a record may keep it all the same: the charger then writes it once more.
            self._stopped = self._stopped[1 - 2 * self._charger.connector_count :] + [tx]
            return
        self._ids[tx] = (server_tx, last)
        # A connector has one open transaction, and one more ends while it begins. Others have lost their end,
        # which a restart makes up for: so many are known until then, and no more fill the memory.
        while len(self._ids) > max(MOST_OPEN, 2 * self._charger.connector_count):
            self._forget(min(self._ids))

    def _forget(self, tx):
        self._ids.pop(tx, None)
        self._dates.ended(tx)
        if self._kept:
            self._kept.forget(tx)

    def _release(self):
        for tx, (server_tx, last) in list(self._ids.items()):
            if self._cursor - last > REFRESH_RECORDS:
                known = self._known(tx, last)
                self._note(tx, server_tx, known.get("seen"), known)
        oldest = self._cursor
        for _, last in self._ids.values():
            oldest = min(oldest, last - 1)
        if self._kept:
            self._kept.renew(self._cursor)
            oldest = self._kept.oldest(oldest + 1) - 1
        self._store.release(oldest)

    def _known(self, tx, last):
        """What its last record tells of `tx`, as fields of an 'answered' record; none when it is lost."""
        entry = self._store.after(last - 1)
        record = entry[1] if entry else {}
        seen = record.get("stamp") or record.get("seen")
        return {"meter_wh": register_wh(record), "seen": seen} if seen and record["tx"] == tx else {}

    def _restore(self):
        """Read the log: how far the server had answered, and what is known of the transactions still open."""
        has_data = False
        for sequence, record in self._records():
            has_data = has_data or record["kind"] == "data"
            if record["kind"] == "answered":
                self._cursor = record["upto"]
                self._attempts = record.get("tries", 0)
                if "tx" in record:
                    self._remember(record["tx"], record["server_tx"], _last(sequence, record))
                    self._dates.restore(record)
        for tx, (_, last) in self._ids.items():
            seen = self._known(tx, last).get("seen")
            if seen:
                self._dates.begun(tx, seen, self._clock.unix_ms(seen))
        if has_data and self._ids:
            for sequence, record in self._records():
                self._keep(sequence, record)
        if self._attempts:
            self._wait(self._clock.now_ms())

    def _records(self):
        entry = self._store.after(0)
        while entry:
            yield entry
            entry = self._store.after(entry[0])

    def _keep(self, sequence, record):
        """Remember where a 'data' record of an open transaction is."""
        if record["kind"] != "data" or record["tx"] not in self._ids:
            return
        if not self._kept:
            from ocpp_client.transaction_data import Kept

            self._kept = Kept(self._store)
        self._kept.note(sequence, record)

    def _next(self):
        """The next record that is a message, with its number and date; an empty tuple when there is none."""
        following = self._following()
        if not following:
            if self._skipped - self._cursor > REFRESH_RECORDS:
                # Nothing but 'data' for long, and its room is to be given back too.
                self._cursor = self._skipped
                self._release()
            return ()
        sequence, record = following
        if not self._ids and self._dates.is_known(record):
            self._dates.forget()
        unix_ms = self._dates.tell(sequence, record)
        return () if unix_ms is None else (sequence, record, unix_ms)

    def _message(self):
        """(action, payload) of the current record; the same whenever it is made."""
        _, record, unix_ms = self._current
        tx = record["tx"]
        server_tx = self.server_id(tx)
        build = RECORDS[record["kind"]]
        action, payload = build(
            record, NO_ID if server_tx is None else server_tx, timestamps.to_text(unix_ms)
        )
        if self._kept and record["kind"] == "stop":
            data = self._kept.tell(tx, lambda stamp: timestamps.to_text(self._dates.of(tx, stamp, unix_ms)))
            if data:
                payload["transactionData"] = data
        return action, payload

    def _following(self):
        """(sequence, record) of the next record that is a message, or None."""
        entry = self._store.after(max(self._cursor, self._skipped))
        while entry and not self._is_message(entry[1]):
            self._skipped = entry[0]
            self._keep(*entry)
            entry = self._store.after(self._skipped)
        return entry

    def _is_message(self, record):
        kind = record["kind"]
        return kind in RECORDS and not (kind == "stop" and record["tx"] in self._stopped)


def _last(sequence, answered):
    """The number of the last record to keep of the transaction that an 'answered' record is about: that one
    itself where it repeats what is known, else the one that was answered."""
    return sequence if "seen" in answered else answered["upto"]
