"""Rules for messages of transactions (OCPP 1.6, 3.7.1, 4.7, 4.8 and 4.10; errata 3.18).

Their order is told by the register: whoever uses these rules lets the meter of his charger run without a
pause, and one for all connectors, so that what happened later has the greater value.
"""

import datetime
import sys
from typing import Any

from tests.ocpp_client.wire import LOST, Rule, expect

NO_ID = -1
LONGEST_DELAY_MS = 60_000
"""A clock that was set by a late answer is behind by so much at most."""
LATE_CALLS = 4
"""The charger remembers so many of its calls that timed out."""
STARTS, VALUES, STOPS = "StartTransaction", "MeterValues", "StopTransaction"
REGISTER = "Energy.Active.Import.Register"


class Event:
    """A transaction truly began or ended."""

    def __init__(self, action, tx, facts, at_ms, boots):
        self.action = action
        self.tx = tx
        self.facts = facts
        self.at_ms = at_ms
        self.boots = boots
        """In which starts of the charger the date of this is known."""


class Message:
    """A message that is neither answered nor given up."""

    def __init__(self, call, tx):
        self.action = call.action
        self.payload = call.payload
        self.tx = tx
        self.tries = 0
        self.not_before_ms = 0
        self.timed_out: list[str] = []
        """The ids of its last calls whose answers, should they come after all, count."""


class Story(Rule):
    """What happened, and how far the server knows of it. Told of everything after the rules."""

    def __init__(self, wire):
        super().__init__(wire)
        self.happened: list[Event] = []
        self.done = 0
        """So many of these are answered or given up."""
        self.ids: dict[int, int] = {}
        """What the server calls the transactions that it knows as open."""
        self.connectors: dict[int, int] = {}
        self.message: Any = None
        """The `Message` that is under way, or waits to be sent again; None where there is none."""
        self.register = 0
        self.boot = 1
        self.dated = False

    def add(self, action, tx, facts, earlier):
        """A transaction began or ended just now, or before the last restart."""
        boots = range(self.boot, sys.maxsize if self.dated else self.boot + 1)
        self.happened.append(Event(action, tx, facts, self.wire.at_ms, () if earlier else boots))
        if action == STARTS:
            self.connectors[tx] = facts["connectorId"]

    @property
    def next(self):
        """The next event that the server is to be told, or None."""
        return self.happened[self.done] if self.done < len(self.happened) else None

    def transaction(self, payload):
        """The open transaction that a MeterValues names, or None."""
        for tx, known in self.ids.items():
            if (known, self.connectors[tx]) == (payload["transactionId"], payload["connectorId"]):
                return tx
        return None

    def called(self, call):
        if not is_queued(call):
            return
        if not self.message:
            self.register = register(call)
            event = self.next
            self.message = Message(
                call, self.transaction(call.payload) if call.action == VALUES else event.tx
            )

    def answered(self, call, payload):
        if call.action in ("BootNotification", "Heartbeat") and isinstance(payload, dict):
            self.dated = self.dated or (payload.get("status") != "Rejected" and "currentTime" in payload)
        # Without a message, a late answer has made an end of it while this call was open.
        if not is_queued(call) or not self.message:
            return
        if payload is None or not self._is_answer(payload):
            self._fail(self.wire.at_ms)
        else:
            self._conclude(server_id(payload))

    def answered_late(self, message_id, payload):
        """There is an answer to a CALL that is not open."""
        if self.message and message_id in self.message.timed_out and self._is_answer(payload):
            self._conclude(server_id(payload))

    def failed(self, call, cause, at_ms):
        if is_queued(call) and self.message and cause != LOST:
            self.message.timed_out = [*self.message.timed_out[1 - LATE_CALLS :], call.message_id]
            self._fail(at_ms)

    def _is_answer(self, payload):
        return self.message.action != STARTS or type(server_id(payload)) is int

    def restarted(self):
        self.boot += 1
        self.dated = False
        if self.message:
            self.message.timed_out = []
            self.message.not_before_ms = self.wire.at_ms + self._pause_ms()

    def _pause_ms(self):
        return self.wire.ms("TransactionMessageRetryInterval") * self.message.tries

    def _fail(self, at_ms):
        self.message.tries += 1
        if self.message.tries >= self.wire.settings["TransactionMessageAttempts"]:
            self._conclude(NO_ID)
        else:
            self.message.not_before_ms = at_ms + self._pause_ms()

    def _conclude(self, server_id):
        message, self.message = self.message, None
        if message.action == VALUES:
            return
        self.done += 1
        if message.action == STARTS:
            self.ids[message.tx] = server_id
        else:
            del self.ids[message.tx]


def server_id(payload):
    """The server's id for a transaction in the answer to its start, or None."""
    return payload.get("transactionId") if isinstance(payload, dict) else None


class StoryRule(Rule):
    """A rule that looks at the story."""

    story: Story


class Queue(StoryRule):
    """In the order in which things happened, each until it is answered or was tried often enough, the same
    whenever it is sent, and with the id of the answer to its start, or -1."""

    def called(self, call):
        if not is_queued(call):
            return
        message = self.story.message
        if message:
            same = (call.action, call.payload) == (message.action, message.payload)
            expect(same, f"{message.action} {message.payload} is not done, or is not sent again as it was")
            return
        expect(register(call) >= self.story.register, f"{call.action} tells of what was before")
        if call.action == VALUES:
            self._check_values(call)
        else:
            self._check_event(call)

    def finish(self):
        left = self.story.happened[self.story.done :]
        expect(not left, f"nobody was told of {[(event.action, event.tx) for event in left]}")
        expect(not self.story.message, "a message of a transaction was never done with")

    def _check_values(self, call):
        expect(
            self.story.transaction(call.payload) is not None, f"no such transaction is open: {call.payload}"
        )
        event = self.story.next
        in_order = not event or register(call) <= event.facts.get("meterStart", event.facts.get("meterStop"))
        expect(in_order, f"MeterValues overtakes {event and event.action}")

    def _check_event(self, call):
        event = self.story.next
        expect(event and event.action == call.action, f"{call.action} is not what happened next")
        told = {name: call.payload.get(name) for name in event.facts}
        expect(told == event.facts, f"{call.payload} is to tell of {event.facts}")
        if call.action == STOPS:
            known = self.story.ids[event.tx]
            expect(call.payload["transactionId"] == known, f"the server calls the transaction {known}")
        if self.story.boot in event.boots:
            told_ms = unix_ms(call.payload["timestamp"])
            off_ms = abs(told_ms - START_UNIX_MS - event.at_ms)
            expect(off_ms <= LONGEST_DELAY_MS, f"it happened at {event.at_ms} ms")


class Promptness(StoryRule):
    """A message is sent as soon as it may be, and again neither sooner nor later than
    TransactionMessageRetryInterval times the tries that have failed; a lost link is none."""

    def called(self, call):
        message = self.story.message
        if message and is_queued(call):
            expect(self.wire.at_ms >= message.not_before_ms, f"{call.action} is sent again too soon")

    def quiet(self):
        if not self.wire.idle:
            return
        message = self.story.message
        if message:
            expect(self.wire.at_ms < message.not_before_ms, f"{message.action} is not sent again")
        else:
            event = self.story.next
            expect(not event, f"{event and event.action} is held back")


class Samples(StoryRule):
    """MeterValues at the beginning, at the end, and every MeterValueSampleInterval between; for
    transactions in which neither a restart nor a change of the interval came (OCPP 1.6, 4.7)."""

    def __init__(self, wire):
        super().__init__(wire)
        self._seen: dict[int, dict[str, set]] = {}
        self._intervals: dict[int, int] = {}

    def called(self, call):
        if call.action == VALUES and is_queued(call):
            (value,) = call.payload["meterValue"]
            seen = self._seen.setdefault(self.story.transaction(call.payload), {})
            seen.setdefault(context(value), set()).add(register(call))

    def restarted(self):
        for tx in self._running():
            self._intervals[tx] = -1

    def quiet(self):
        for tx in self._running():
            now = self.wire.settings["MeterValueSampleInterval"]
            if self._intervals.setdefault(tx, now) != now:
                self._intervals[tx] = -1

    def finish(self):
        times: dict[int, list] = {}
        for event in self.story.happened:
            times.setdefault(event.tx, []).append(event.at_ms)
        for tx, interval_s in self._intervals.items():
            if interval_s > 0 and len(times[tx]) == 2:
                self._check(tx, (times[tx][1] - times[tx][0]) / (interval_s * 1000))

    def _check(self, tx, intervals):
        counts = {name: len(values) for name, values in self._seen.get(tx, {}).items()}
        edges = (counts.get("Transaction.Begin"), counts.get("Transaction.End"))
        expect(edges == (1, 1), f"transaction {tx} has other values at its edges: {counts}")
        sampled = counts.get("Sample.Periodic", 0)
        expect(
            abs(sampled - intervals) <= 1, f"transaction {tx} has {sampled} samples in {intervals} intervals"
        )

    def _running(self):
        begun = {event.tx for event in self.story.happened if event.action == STARTS}
        return begun - {event.tx for event in self.story.happened if event.action == STOPS}


START_UNIX_MS = 1_772_366_400_000
"""2026-03-01T12:00:00Z: the date at 0 ms."""


def unix_ms(text):
    """Of a timestamp on the wire."""
    return round(datetime.datetime.fromisoformat(text).timestamp() * 1000)


def is_queued(call):
    """Whether a CALL is a message of a transaction that keeps its place; what was triggered may overtake."""
    if call.action != VALUES:
        return call.action in (STARTS, STOPS)
    return "transactionId" in call.payload and context(call.payload["meterValue"][0]) != "Trigger"


def context(value):
    """Why a meter value was taken."""
    return value["sampledValue"][0]["context"]


def register(call):
    """Wh that a message of a transaction tells."""
    for name in ("meterStart", "meterStop"):
        if name in call.payload:
            return call.payload[name]
    for value in call.payload["meterValue"][0]["sampledValue"]:
        if value["measurand"] == REGISTER:
            return int(value["value"])
    return 0
