"""What is sent twice is kept once, and what is sent late keeps its time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocpp.exceptions import PropertyConstraintViolationError
from ocpp.v16 import call

from simulator.backend.clock import from_text, to_text
from simulator.backend.store import IN_MEMORY, Sample, Start, Store
from tests.simulator.backend.peers import NOON, Backend, HandClock, charger

T0, T1 = "2026-03-01T11:00:00Z", "2026-03-01T11:30:00.500Z"


def values(*amounts, timestamp=T0, **more):
    return [{"timestamp": timestamp, "sampled_value": [{"value": str(a), **more} for a in amounts]}]


@pytest.mark.parametrize(
    ("card", "status"),
    [
        ({}, "Accepted"),
        ({"status": "Blocked"}, "Blocked"),
        ({"expires_at": NOON}, "Expired"),
        ({"expires_at": NOON + timedelta(seconds=1), "parent": "FLEET"}, "Accepted"),
    ],
)
def test_a_card_is_judged_by_its_record(run, card, status):
    async def story():
        backend = Backend()
        backend.store.cards.add("Card", **card)
        async with charger(backend) as point:
            info = (await point.call(call.Authorize("CARD"), suppress=False)).id_tag_info
        assert info["status"] == status
        assert info.get("parent_id_tag") == card.get("parent")
        expires_at = card.get("expires_at")
        assert info.get("expiry_date") == (expires_at and to_text(expires_at))

    run(story())


@pytest.mark.parametrize(("accepted", "status"), [(False, "Invalid"), (True, "Accepted")])
def test_unknown_cards_are_a_setting(run, accepted, status):
    async def story():
        backend = Backend(accept_unknown_cards=accepted)
        async with charger(backend) as point:
            assert (await point.begin(T0)).id_tag_info["status"] == status
        # The charger did start, so the transaction is kept either way.
        assert [row.authorisation for row in backend.store.transactions.all()] == [status]

    run(story())


def test_a_resent_start_and_stop_are_the_same_transaction(run, way):
    async def story():
        backend = Backend(accept_unknown_cards=True)
        async with charger(backend, way) as point:
            first = (await point.begin(T0)).transaction_id
            assert (await point.begin(T0)).transaction_id == first
            assert (await point.begin("2026-03-01T12:00:00+01:00")).transaction_id == first
            assert (await point.begin(T1)).transaction_id != first
            await point.finish(first, T1, 5100, reason="Remote", id_tag="CARD")
            backend.clock.advance(hours=1)
            await point.finish(first, T1, 5100, reason="Remote", id_tag="CARD")
        kept, other = backend.store.transactions.all("CP1")
        assert (kept.meter_stop_wh, kept.stop_reason, kept.stop_id_tag) == (5100, "Remote", "CARD")
        assert kept.stop_received_at == NOON
        assert [row.id for row in backend.store.transactions.all(running=True)] == [other.id]
        (stopped,) = backend.told("transaction_stopped")
        assert (stopped["energy_wh"], stopped["duration_s"]) == (5000, 1800)
        assert len(backend.told("transaction_resent")) == 3

    run(story())


def test_an_offline_transaction_keeps_its_own_times(run):
    async def story():
        backend = Backend(accept_unknown_cards=True)
        backend.clock.advance(hours=5)
        async with charger(backend) as point:
            number = (await point.begin(T0)).transaction_id
            await point.call(call.MeterValues(1, values(700), number), suppress=False)
            await point.finish(number, T1, 900)
        (kept,) = backend.store.transactions.all()
        assert (kept.started_at, kept.stopped_at) == (from_text(T0), from_text(T1))
        assert kept.start_received_at == kept.stop_received_at == backend.clock.now()
        (sample,) = backend.store.transactions.samples("CP1", number)
        assert (sample.measured_at, sample.received_at) == (from_text(T0), backend.clock.now())

    run(story())


def test_meter_values_are_kept_once_and_with_their_defaults(run):
    async def story():
        backend = Backend(accept_unknown_cards=True)
        async with charger(backend) as point:
            number = (await point.begin(T0)).transaction_id
            message = call.MeterValues(1, values(700), number)
            for _ in range(3):
                await point.call(message, suppress=False)
            amps = values(16, measurand="Current.Import", phase="L1")
            await point.finish(number, T1, 900, transaction_data=values(700) + amps)
        energy, current = backend.store.transactions.samples("CP1", number)
        assert (energy.measurand, energy.unit, energy.context) == (
            "Energy.Active.Import.Register",
            "Wh",
            "Sample.Periodic",
        )
        assert (current.measurand, current.unit, current.phase, current.value) == (
            "Current.Import",
            "",
            "L1",
            "16",
        )
        assert [event["new"] for event in backend.told("meter_values")] == [1, 0, 0]

    run(story())


@pytest.mark.parametrize("number", [-1, 0, 77, 2**40, -(2**70)])
def test_what_belongs_to_an_unknown_transaction_is_kept_without_one(run, number):
    async def story():
        backend = Backend()
        async with charger(backend) as point:
            await point.call(call.MeterValues(1, values(700), number), suppress=False)
            await point.finish(number, T1, 900)
        assert not backend.store.transactions.all()
        taken = backend.store.transactions.samples("CP1")
        assert [(row.transaction_id, row.context, row.value) for row in taken] == [
            (None, "Sample.Periodic", "700"),
            (None, "Transaction.End", "900"),
        ]
        assert backend.told("transaction_unknown")[0]["transaction"] == number

    run(story())


def test_no_charger_reaches_into_the_transaction_of_another(run):
    async def story():
        backend = Backend(accept_unknown_cards=True)
        async with charger(backend) as one, charger(backend, identity="CP2") as two:
            number = (await one.begin(T0)).transaction_id
            await two.finish(number, T1, 900)
            await two.call(call.MeterValues(1, values(700), number), suppress=False)
        (kept,) = backend.store.transactions.all()
        assert kept.stopped_at is None
        assert [row.transaction_id for row in backend.store.transactions.samples("CP2")] == [None, None]

    run(story())


@pytest.mark.parametrize(
    "request_",
    [
        call.StartTransaction(1, "CARD", 100, "yesterday"),
        call.StartTransaction(1, "CARD", 100, "0001-01-01T00:00:00+14:00"),
        call.StartTransaction(0, "CARD", 100, T0),
        call.StartTransaction(1, "CARD", 10**30, T0),
        call.StatusNotification(-1, "NoError", "Available"),
    ],
)
def test_fields_that_mean_nothing_are_refused_and_change_nothing(run, request_):
    async def story():
        backend = Backend()
        async with charger(backend) as point:
            with pytest.raises(PropertyConstraintViolationError):
                await point.call(request_, suppress=False)
            await point.call(call.Heartbeat(), suppress=False)
        assert not backend.store.transactions.all()
        assert not backend.store.chargers.status("CP1")

    run(story())


SAMPLES = st.builds(
    Sample,
    st.datetimes().map(lambda moment: moment.replace(tzinfo=NOON.tzinfo)),
    st.text(max_size=5).filter(str.isprintable),
    measurand=st.sampled_from(["Voltage", "Current.Import"]),
    phase=st.sampled_from(["", "L1"]),
)


@given(st.lists(st.lists(SAMPLES, max_size=4), max_size=4), st.randoms(use_true_random=False))
def test_resends_in_any_order_add_nothing(messages, random):
    store = Store(IN_MEMORY, HandClock())
    store.chargers.add("CP1")
    try:
        new = sum(store.transactions.add_samples("CP1", 1, None, message) for message in messages)
        resent = messages * 2
        random.shuffle(resent)
        assert sum(store.transactions.add_samples("CP1", 1, None, message) for message in resent) == 0
        kept = store.transactions.samples("CP1")
        assert len(kept) == new == len({sample.key for message in messages for sample in message})
        assert {row.measured_at for row in kept} == {s.measured_at for message in messages for s in message}
    finally:
        store.close()


@given(st.integers(0, 3), st.sampled_from(["A", "B"]), st.integers(-5, 5), st.integers(0, 5))
def test_only_the_same_start_is_the_same_transaction(connector, id_tag, seconds, meter_wh):
    store = Store(IN_MEMORY, HandClock())
    store.chargers.add("CP1")
    try:
        first = Start(1, "A", NOON, 0)
        other = Start(connector, id_tag, NOON + timedelta(seconds=seconds), meter_wh)
        known, _ = store.transactions.start("CP1", first, "Accepted")
        found, new = store.transactions.start("CP1", other, "Accepted")
        assert new == (other != first) == (found.id != known.id)
    finally:
        store.close()
