"""The recorded day, cut, booted and delivered: whatever moment the power went, the backend hears everything
in order, at least once, in the same words, and ends with exactly the day's transactions."""

import itertools
import json
import random

import pytest

from tests.firmware.cut_images import Image, Written, cuts, is_whole
from tests.firmware.recorded_day import SECTOR_BYTES, SECTORS, recorded
from tests.firmware.replay import Backend, Boot

RANDOM_CUTS = 500


class Case:
    """A cut: what is on the flash, and how many requests the backend has taken."""

    def __init__(self, image, written, heard):
        self.image = image.copy()
        self.written = written
        self.heard = heard


class Truth:
    """What the backend heard when nothing was cut, request by request."""

    def __init__(self, day):
        self.requests = []
        """(action, payload)."""
        self._saved = []
        backend = Backend()
        for kind, unix_ms, what in day.entries:
            backend.unix_ms = unix_ms
            if kind == "frame" and json.loads(what)[0] == 2:
                self._saved.append(backend.save())
                self.requests.append(tuple(json.loads(what)[2:]))
                backend.take(what)
        self._saved.append(backend.save())
        self.transactions = [facts(row) for row in backend.transactions()]
        self.messages = without_repeats(about_transactions(self.requests))
        self.last_ms = backend.unix_ms
        backend.close()

    def restore(self, backend, heard):
        """The backend as it was when it had taken so many requests."""
        backend.load(self._saved[heard])
        backend.unix_ms = self.last_ms


def facts(row):
    """What makes a transaction the one it is, without its dates."""
    return row.id, row.connector, row.id_tag, row.meter_start_wh


def about_transactions(requests):
    """StartTransaction, StopTransaction, and MeterValues of transactions."""
    return [
        (action, payload)
        for action, payload in requests
        if action == "StartTransaction" or "transactionId" in payload
    ]


def without_repeats(messages):
    """Without those that say the same as the one before: sent again."""
    return [message for at, message in enumerate(messages) if at == 0 or message != messages[at - 1]]


def without_dates(message):
    """For what boots recorded that did not know the date: a guess may be another after another cut."""
    action, payload = json.loads(json.dumps(message))
    for holder in [payload, *payload.get("meterValue", ())]:
        holder.pop("timestamp", None)
    return action, payload


def heard_before(day, place):
    """How many requests the backend had taken before an entry."""
    return len(day.frames(place))


def at_boundaries(day):
    """A cut after each change; the backend has heard nothing since it, or all that it could."""
    image, written = Image(SECTORS, SECTOR_BYTES), Written()
    changes = day.changes
    for number, (place, change) in enumerate(changes):
        image.change(change)
        written = written.with_change(change)
        until = changes[number + 1][0] if number + 1 < len(changes) else len(day.entries)
        for heard in sorted({heard_before(day, place), heard_before(day, until)}):
            yield Case(image, written, heard)


def at_random(day, count):
    """A cut anywhere in a change, and the backend has heard what it may have by then."""
    chance = random.Random(4)
    image, written, heard = Image(SECTORS, SECTOR_BYTES), Written(), 0
    chosen = set(chance.sample(range(sum(places(day))), count))
    number = 0
    for place, change in day.changes:
        after, heard_by_now = written.with_change(change), heard_before(day, place)
        for _ in cuts(image, change, chance):
            if number in chosen:
                whole = is_whole(image, change)
                yield Case(image, after if whole else written, chance.randint(heard, heard_by_now))
            number += 1
        written, heard = after, heard_by_now


def places(day):
    """In how many places each change can be cut."""
    image = Image(SECTORS, SECTOR_BYTES)
    return [sum(1 for _ in cuts(image, change, random.Random(1))) for _, change in day.changes]


def replay(case, truth, backend):
    """Boot and deliver, and compare with the truth."""
    truth.restore(backend, case.heard)
    boot = Boot(case.image)
    cut_off = {connector.number: connector.transaction for connector in boot.firmware.charger.connectors}
    boot.settle()
    sent = [tuple(json.loads(text)[2:]) for text in boot.talk(backend) if text.startswith("[2,")]
    before, after = about_transactions(truth.requests[: case.heard]), about_transactions(sent)
    for first, second in itertools.pairwise(after):
        # A restart between the two writes it again: the reading at the end is a record of its own.
        assert first != second or "Transaction.End" in json.dumps(first), "sent again over one link"
    check_order(case, truth, without_repeats(before + after))
    check_ends(case, cut_off, without_repeats(before + after))
    rows = backend.transactions()
    begun = len([1 for action, _ in case.written.messages() if action == "StartTransaction"])
    assert [facts(row) for row in rows] == truth.transactions[:begun]
    assert all(row.stopped_at and row.stopped_at >= row.started_at for row in rows)
    assert all(row.meter_stop_wh >= row.meter_start_wh for row in rows)


def check_order(case, truth, messages):
    """All that was recorded, in order, each in the same words; then only what ends what was cut off."""
    recorded_messages = case.written.messages()
    for (_, record), told, true in zip(recorded_messages, messages, truth.messages, strict=False):
        if record["stamp"][2] is None:
            told, true = without_dates(told), without_dates(true)
        assert told == true
    assert len(messages) >= len(recorded_messages)
    for _, payload in messages[len(recorded_messages) :]:
        assert "meterStop" in payload or "Transaction.End" in json.dumps(payload)


def check_ends(case, cut_off, messages):
    """What was cut off ends once, at or above all that was known of its register."""
    for connector, transaction in cut_off.items():
        begun = case.written.running().get(connector)
        assert (transaction and transaction.number) == (begun and begun["tx"])
        if transaction:
            stops = [
                payload
                for action, payload in messages
                if action == "StopTransaction" and payload["transactionId"] == transaction.number
            ]
            assert len(stops) == 1
            assert stops[0]["meterStop"] >= case.written.value("energy-%d" % connector, [0])[0]


@pytest.fixture(scope="module")
def truth():
    return Truth(recorded())


@pytest.fixture(scope="module")
def backend():
    backend = Backend()
    yield backend
    backend.close()


def test_the_backend_hears_all_of_the_day(truth):
    written = Written()
    for _, change in recorded().changes:
        written.change(change)
    assert [action for action, _ in written.messages()] == [action for action, _ in truth.messages]
    assert len(truth.transactions) == 9


def test_a_cut_at_each_record_boundary_ends_with_exactly_the_day_s_transactions(truth, backend):
    tried = 0
    for case in at_boundaries(recorded()):
        replay(case, truth, backend)
        tried += 1
    assert tried > 300


def test_a_cut_anywhere_ends_with_exactly_the_day_s_transactions(truth, backend, soak):
    tried = 0
    for case in at_random(recorded(), RANDOM_CUTS * (20 if soak else 1)):
        replay(case, truth, backend)
        tried += 1
    assert tried >= RANDOM_CUTS
