"""The transaction log as the queue of transaction messages (OCPP 1.6, 3.7.1, 4.7, 4.8, 4.10; errata 3.18).

    charger:  start -> meter ... -> stop         appended, in order, whether there is a link or not
    here:     cursor ---------------> newest     one record after the other is sent and its answer appended

Messages of transactions are strictly in order and delivered at least once: the answer to a record is written
before the next one is sent. Memory is constant, however long the charger was offline: a cursor, the message
under way and the server's id of each open transaction.

What is answered is released, but for the last record of each open transaction: should a restart cut that off,
it must not end below what the server was told, nor earlier.
"""

from ocpp_client import timestamps
from ocpp_client.dates import Dates
from ocpp_client.measurands import register_wh
from ocpp_client.source import LOST, Source

NO_ID = -1
"""The id in messages of a transaction whose start could not be delivered (errata 3.18)."""

REFRESH_RECORDS = 64
"""What is known of a long, quiet transaction is written again after this many records, so that it does not
hold back the room of all that came later."""


class Transactions(Source):
    """Sends the 'start', 'meter' and 'stop' records of a store in order."""

    def __init__(self, charger, store, clock, configuration):
        self._charger = charger
        self._store = store
        self._clock = clock
        self._configuration = configuration
        self._cursor = 0  # sequence number of the last record that is answered or given up
        self._skipped = 0  # records up to here need no message
        self._ids = {}  # open transaction -> (the server's id, sequence number of the last record to keep)
        self._current = ()  # type: tuple  # (sequence, record, action, payload) that is being sent
        self._attempts = 0
        self._retry_at_ms = 0
        self._stopped = []  # type: list  # the last transactions whose stops are done with
        self._dates = Dates(charger, store, clock)
        self._restore()

    def transaction(self, server_tx):
        """The number of the open transaction that the server calls `server_tx`, or None."""
        for tx, (known, _) in self._ids.items():
            if known == server_tx:
                return tx
        return None

    def server_id(self, tx):
        """The server's id of the open transaction `tx`, or None while its start is not answered."""
        entry = self._ids.get(tx)
        return entry[0] if entry else None

    def next_call(self, now_ms):
        if now_ms < self._retry_at_ms:
            return None
        if not self._current:
            self._current = self._next()
        return self._current[2:] or None

    def wait_ms(self, now_ms):
        return self._retry_at_ms - now_ms if self._retry_at_ms > now_ms else None

    def answered(self, payload, now_ms):
        kind, tx = self._current[1]["kind"], self._current[1]["tx"]
        if kind == "start":
            self._finish(payload["transactionId"])
            self._charger.verdict(tx, payload["idTagInfo"]["status"])
        else:
            self._finish(None if kind == "stop" else self.server_id(tx))

    def failed(self, cause, now_ms):
        if cause == LOST:
            return
        self._attempts += 1
        if self._attempts >= self._configuration.get("TransactionMessageAttempts"):
            self._give_up()
        else:
            interval_ms = self._configuration.get("TransactionMessageRetryInterval") * 1000
            self._retry_at_ms = now_ms + interval_ms * self._attempts

    def _give_up(self):
        kind, tx = self._current[1]["kind"], self._current[1]["tx"]
        self._finish({"start": NO_ID, "stop": None}.get(kind, self.server_id(tx)))

    def _finish(self, server_tx):
        """The current record is done with; `server_tx` is its transaction's id from now on, None at its
        end."""
        sequence, record = self._current[:2]
        self._cursor = sequence
        self._current = ()
        self._attempts = 0
        self._retry_at_ms = 0
        self._note(record["tx"], server_tx)
        self._release()

    def _note(self, tx, server_tx, known=()):
        """Write down how far the server has answered, and what it calls `tx`; with what else is `known`."""
        record = {"kind": "answered", "upto": self._cursor, "tx": tx, "server_tx": server_tx}
        record.update(known)
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
            self._ids.pop(tx, None)
            # A store that refuses a record may keep it all the same: the charger then writes it once more.
            self._stopped = self._stopped[1 - 2 * self._charger.connector_count :] + [tx]
            return
        self._ids[tx] = (server_tx, last)
        # A connector has one open transaction. One more each is room for those that end while others begin;
        # what is older lost its end, and must not fill the memory.
        while len(self._ids) > 2 * self._charger.connector_count:
            self._ids.pop(min(self._ids))

    def _release(self):
        for tx, (server_tx, last) in list(self._ids.items()):
            if self._cursor - last > REFRESH_RECORDS:
                self._note(tx, server_tx, self._known(tx, last))
        oldest = self._cursor
        for _, last in self._ids.values():
            oldest = min(oldest, last - 1)
        self._store.release(oldest)

    def _known(self, tx, last):
        """What its last record tells of `tx`, as fields of an 'answered' record; none when it is lost."""
        entry = self._store.after(last - 1)
        record = entry[1] if entry else {}
        seen = record.get("stamp") or record.get("seen")
        return {"meter_wh": register_wh(record), "seen": seen} if seen and record["tx"] == tx else ()

    def _restore(self):
        """Read the log once: how far the server had answered, and the ids of the transactions still open."""
        entry = self._store.after(0)
        while entry:
            sequence, record = entry
            if record["kind"] == "answered":
                self._cursor = record["upto"]
                self._dates.restore(record)
                self._remember(record["tx"], record["server_tx"], _last(sequence, record))
            entry = self._store.after(sequence)

    def _next(self):
        """The next record that is a message, with its message; an empty tuple when there is none."""
        following = self._following()
        if not following:
            return ()
        sequence, record = following
        server_tx = self.server_id(record["tx"])
        if not self._ids and self._dates.is_known(record):
            self._dates.forget()
        unix_ms = self._dates.tell(sequence, record)
        if unix_ms is None:
            return ()
        timestamp = timestamps.to_text(unix_ms)
        build = _MESSAGES[record["kind"]]
        action, payload = build(record, NO_ID if server_tx is None else server_tx, timestamp)
        return sequence, record, action, payload

    def _following(self):
        """(sequence, record) of the next record that is a message, or None."""
        entry = self._store.after(max(self._cursor, self._skipped))
        while entry and not self._is_message(entry[1]):
            self._skipped = entry[0]
            entry = self._store.after(self._skipped)
        return entry

    def _is_message(self, record):
        kind = record["kind"]
        return kind in _MESSAGES and not (kind == "stop" and record["tx"] in self._stopped)


def _last(sequence, answered):
    """The number of the last record to keep of the transaction that an 'answered' record is about: that one
    itself where it repeats what is known, else the one that was answered."""
    return sequence if "seen" in answered else answered["upto"]


def _start(record, server_tx, timestamp):
    payload = {
        "connectorId": record["connector"],
        "idTag": record["id_tag"][:20],
        "meterStart": record["meter_wh"],
        "timestamp": timestamp,
    }
    return "StartTransaction", payload


def _meter(record, server_tx, timestamp):
    return "MeterValues", meter_values(
        record["connector"], record["context"], record["values"], timestamp, server_tx
    )


def _stop(record, server_tx, timestamp):
    payload = {"transactionId": server_tx, "meterStop": record["meter_wh"], "timestamp": timestamp}
    if record["reason"]:
        payload["reason"] = record["reason"]
    if record["id_tag"]:
        payload["idTag"] = record["id_tag"][:20]
    return "StopTransaction", payload


_MESSAGES = {"start": _start, "meter": _meter, "stop": _stop}


def meter_values(connector_id, context, values, timestamp, server_tx=None):
    """The payload of a MeterValues request; `values` as `ports.Store` keeps them."""
    sampled = []
    for measurand, phase, unit, text in values:
        value = {"value": text, "context": context, "measurand": measurand, "unit": unit}
        if phase:
            value["phase"] = phase
        sampled.append(value)
    payload = {"connectorId": connector_id, "meterValue": [{"timestamp": timestamp, "sampledValue": sampled}]}
    if server_tx is not None:
        payload["transactionId"] = server_tx
    return payload
