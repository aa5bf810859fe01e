"""What StopTransaction tells again: both ends, a bounded choice between, and the same after a power cut."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.journal import Journal
from ocpp_client import transaction_data
from ocpp_client.timestamps import from_text
from ocpp_client.transaction_data import HOLD_RECORDS, VALUES
from ocpp_client.transactions import MOST_OPEN
from simulator.portable.flash import Flash
from tests.ocpp_client.backend import SILENCE, World
from tests.ocpp_client.ports_in_memory import NOON

REGISTER = "Energy.Active.Import.Register"
WIDEST = (
    "Energy.Active.Import.Register,Energy.Active.Import.Interval,Power.Active.Import,Current.Import,Voltage,"
    "Current.Offered,Power.Offered,Temperature,SoC,Frequency"
)
"""Every measurand: 17 values."""
DAY_S = 86400


def booted(**settings):
    world = World(settings=settings)
    world.run(1)
    return world


def stops(world):
    return [frame.payload for frame in world.backend.out("StopTransaction")]


def data(payload):
    """[(context, seconds since noon, values)] of a StopTransaction."""
    told = []
    for meter_value in payload.get("transactionData", ()):
        sampled = meter_value["sampledValue"]
        (context,) = {value["context"] for value in sampled}
        told.append((context, (from_text(meter_value["timestamp"]) - NOON) / 1000, sampled))
    return told


def contexts(payload):
    return [context for context, _, _ in data(payload)]


def charged(world, seconds):
    """A transaction of so many seconds, to its StopTransaction."""
    world.charger.begin()
    for _ in range(seconds // 60):
        world.run(60)
        world.charger.energy_wh += 60
    world.charger.end()
    world.run(5)
    return stops(world)[-1]


def test_nothing_is_told_again_unless_it_is_asked_for():
    world = booted(MeterValueSampleInterval="10")
    assert "transactionData" not in charged(world, 60)
    assert world.store.of_kind("data") == []


def test_begin_and_end_are_always_told_with_every_measurand_of_both_lists():
    world = booted(
        MeterValueSampleInterval="0", StopTxnSampledData=REGISTER, StopTxnAlignedData="Voltage.L1," + REGISTER
    )
    payload = charged(world, 120)
    assert [
        (context, at_s, [(value["measurand"], value["value"]) for value in sampled])
        for context, at_s, sampled in data(payload)
    ] == [
        ("Transaction.Begin", 1, [(REGISTER, str(payload_start(world))), ("Voltage", "230.0")]),
        ("Transaction.End", 121, [(REGISTER, str(payload["meterStop"])), ("Voltage", "230.0")]),
    ]


def payload_start(world):
    return world.backend.out("StartTransaction")[-1].payload["meterStart"]


def test_sampled_and_aligned_values_are_told_in_their_order():
    world = booted(
        MeterValueSampleInterval="40",
        ClockAlignedDataInterval="60",
        StopTxnSampledData="Voltage.L1",
        StopTxnAlignedData=REGISTER,
    )
    payload = charged(world, 120)
    assert [(context, at_s, len(sampled)) for context, at_s, sampled in data(payload)] == [
        ("Transaction.Begin", 1, 2),
        ("Sample.Periodic", 41, 1),
        ("Sample.Clock", 60, 1),
        ("Sample.Periodic", 81, 1),
        ("Sample.Clock", 120, 1),
        ("Sample.Periodic", 121, 1),
        ("Transaction.End", 121, 2),
    ]


def test_it_does_not_depend_on_what_meter_values_tell():
    world = booted(
        MeterValueSampleInterval="20",
        MeterValuesSampledData="",
        MeterValuesAlignedData="",
        StopTxnSampledData=REGISTER,
    )
    payload = charged(world, 60)
    assert world.backend.out("MeterValues") == []
    assert contexts(payload) == ["Transaction.Begin"] + ["Sample.Periodic"] * 3 + ["Transaction.End"]


def test_a_change_of_the_lists_counts_from_the_next_transaction_on():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    world.charger.begin()
    world.configuration.write("StopTxnSampledData", "")
    world.run(30)
    world.charger.end()
    world.run(1)
    assert len(data(stops(world)[0])) == 5
    assert "transactionData" not in charged(world, 60)


def test_a_day_and_a_week_make_no_longer_message_than_an_hour_and_hold_no_room():
    longest = 0
    for duration_s in (3600, DAY_S, 7 * DAY_S):
        world = booted(MeterValueSampleInterval="300", StopTxnSampledData=REGISTER)
        payload = charged(world, duration_s)
        told = data(payload)
        assert contexts(payload)[0] == "Transaction.Begin"
        assert contexts(payload)[-1] == "Transaction.End"
        assert VALUES // 2 <= len(told) - 2 <= VALUES
        between = [at_s for _, at_s, _ in told[1:-1]]
        gaps = {after - before for before, after in itertools.pairwise(between)}
        assert len(gaps) == 1, "what is left is evenly spread"
        longest = max(longest, len(json.dumps(payload)))
        assert len(world.store.of_kind("data")) < 150 + len(world.store.records) // 8
    assert longest < 4000


@pytest.mark.parametrize("sampled", ["", REGISTER])
def test_a_long_transaction_gives_room_back(sampled):
    """Also where nothing but what its stop will tell is written."""
    world = booted(MeterValueSampleInterval="10", MeterValuesSampledData=sampled, StopTxnSampledData=REGISTER)
    world.charger.begin()
    world.run(DAY_S // 4)
    assert len(world.store.records) > 2 * HOLD_RECORDS or not sampled
    assert len(world.store.records) - world.store.released < 2 * HOLD_RECORDS
    world.charger.end()
    world.run(5)
    assert len(world.store.records) - world.store.released < 5
    assert contexts(stops(world)[0])[0] == "Transaction.Begin"


def test_the_longest_message_there_is():
    world = booted(
        MeterValueSampleInterval="10",
        ClockAlignedDataInterval="10",
        StopTxnSampledData=WIDEST,
        StopTxnAlignedData=WIDEST,
    )
    world.charger.energy_wh = 10**9
    world.charger.signed = "5A" * 399
    payload = charged(world, 3600)
    sampled = [value for _, _, values in data(payload) for value in values]
    assert 2 * 17 + 2 < len(sampled) <= 2 * 17 + 2 + VALUES
    assert len(json.dumps(payload, separators=(",", ":"))) < 9 * 1024


@pytest.mark.parametrize("samples", [VALUES, VALUES + 1, 8 * VALUES])
def test_as_many_meter_values_as_the_key_tells_and_no_more(samples):
    world = booted(MeterValueSampleInterval="60", StopTxnSampledData="Voltage.L1")
    world.charger.signed = "5A"
    count = len(charged(world, 60 * samples)["transactionData"])
    most = world.configuration.get("StopTransactionMaxMeterValues")
    assert count <= most
    assert (count == most) == (samples != VALUES + 1)


def test_what_the_meter_signed_is_told_at_both_ends():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    world.charger.signed = "5A" * 300
    payload = charged(world, 60)
    signed = [
        (context, sampled[0]["value"])
        for context, _, sampled in data(payload)
        if sampled[0].get("format") == "SignedData"
    ]
    assert signed == [("Transaction.Begin", "5A" * 300), ("Transaction.End", "5A" * 300)]
    assert contexts(payload)[0] == "Transaction.Begin"
    assert contexts(payload)[-2:] == ["Transaction.End"] * 2


def test_of_a_silent_meter_the_registers_are_told():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=WIDEST)
    world.charger.meter_silent = True
    payload = charged(world, 60)
    assert [len(sampled) for _, _, sampled in data(payload)] == [2, 2]


def test_a_reading_without_any_of_it_is_left_out():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData="SoC")
    world.charger.begin()
    world.run(15)
    world.charger.soc_percent = None
    world.run(10)
    world.charger.end()
    world.run(1)
    assert contexts(stops(world)[0]) == ["Transaction.Begin", "Sample.Periodic"]


def test_measurands_that_nobody_knows_are_no_data():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData="SoC")
    world.charger.meter_silent = True
    payload = charged(world, 60)
    assert "transactionData" not in payload


# Power cuts.


def cut_off(world, tx, connector_id=1):
    """A power cut ends the transaction; the charger finds it again at boot, and ends it."""
    world.reboot()
    world.charger.running[connector_id] = tx
    world.charger.end("PowerLoss", "", connector_id)


def test_what_was_kept_survives_a_power_cut():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER + ",Voltage.L1")
    tx = world.charger.begin()
    world.run(35)
    cut_off(world, tx)
    world.run(5)
    (payload,) = stops(world)
    assert contexts(payload) == ["Transaction.Begin"] + ["Sample.Periodic"] * 3 + ["Transaction.End"]
    # What the meter tells by now is not of the end, except for its register.
    assert [len(sampled) for _, _, sampled in data(payload)] == [2, 2, 2, 2, 1]
    assert data(payload)[-1][2][0]["value"] == str(payload["meterStop"])


@pytest.mark.parametrize("offline", [False, True])
def test_behaviour_09_a_stop_with_data_is_the_same_message_when_it_is_sent_again(offline):
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER, TransactionMessageAttempts="9")
    world.network = not offline
    if offline:
        world.cut()
    world.charger.begin()
    world.run(4000)
    world.charger.end()
    world.backend.answers["StopTransaction"] = SILENCE
    world.network = True
    world.run(1000)
    first = stops(world)[0]
    assert len(first["transactionData"]) > VALUES // 2
    assert all(payload == first for payload in stops(world))
    world.reboot()
    world.run(1000)
    assert stops(world)[0] == first


@settings(max_examples=30, deadline=None)
@given(
    samples=st.integers(0, 400),
    measurands=st.sampled_from([REGISTER, "Voltage", REGISTER + ",Voltage", WIDEST]),
    cuts=st.sets(st.integers(0, 400), max_size=3),
)
def test_power_cuts_change_nothing_of_what_is_told(samples, measurands, cuts):
    """The client is rebuilt from the log; the charger's own transaction goes on, as it would not in life."""
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=measurands)
    world.charger.begin()
    world.run(0.5)
    for number in range(samples):
        world.run(10)
        if number in cuts:
            metering = world.client.metering
            world.cut()
            world.power()
            world.client.metering._outlets = metering._outlets
            world.run(0)
    world.charger.end()
    world.run(60)
    payload = stops(world)[-1]
    wide = len(data(payload)[0][2])
    stride = 1
    while samples // stride * wide > VALUES:
        stride *= 2
    expected = [1 + 10 * number for number in range(1, samples + 1) if number % stride == 0]
    assert [at_s for context, at_s, _ in data(payload) if context == "Sample.Periodic"] == expected
    assert contexts(payload)[0] == "Transaction.Begin"
    assert contexts(payload)[-1] == "Transaction.End"
    assert sum(len(sampled) for _, _, sampled in data(payload)[1:-1]) <= VALUES


def test_two_connectors_keep_theirs_apart():
    world = World(
        connector_count=2, settings={"MeterValueSampleInterval": "10", "StopTxnSampledData": REGISTER}
    )
    world.run(1)
    world.charger.begin(connector_id=1)
    world.run(20)
    world.charger.begin(connector_id=2)
    world.run(3600)
    world.charger.end(connector_id=1)
    world.run(20)
    world.charger.end(connector_id=2)
    world.run(5)
    first, second = stops(world)
    assert first["transactionId"] == 101
    assert data(first)[0][1] == 1
    assert data(second)[0][1] == 21
    assert data(second)[-1][1] == 3641
    kept: Any = world.client.transactions._kept
    assert kept._of == {}


def test_a_transaction_that_lost_its_end_holds_nothing():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    for _ in range(20):
        world.charger.begin()
        world.run(15)
    kept: Any = world.client.transactions._kept
    assert len(kept._of) == MOST_OPEN
    assert len(world.store.records) - world.store.released < 3 * HOLD_RECORDS


# Dates.


def test_what_was_kept_before_the_date_was_known_is_dated_later():
    world = World(settings={"MeterValueSampleInterval": "60", "StopTxnSampledData": REGISTER})
    world.network = False
    world.run(100)
    payload_at_s = [100, 160, 220, 280, 340, 340]
    world.charger.begin()
    world.run(240)
    world.charger.end()
    world.network = True
    world.run(600)
    (payload,) = stops(world)
    assert [at_s for _, at_s, _ in data(payload)] == payload_at_s


def test_what_an_undated_boot_kept_keeps_its_distances():
    world = World(settings={"MeterValueSampleInterval": "60", "StopTxnSampledData": REGISTER})
    world.network = False
    world.clock.at_ms = 5000
    tx = world.charger.begin()
    world.run(150)
    world.reboot()
    world.clock.at_ms = 1000
    world.charger.running[1] = tx
    former_boot = [1, 155000, None]
    stop = {"kind": "stop", "tx": tx, "connector": 1, "id_tag": "", "meter_wh": 1500, "reason": "PowerLoss"}
    world.client.log({**stop, "stamp": former_boot})
    world.charger.running[1] = 0
    world.network = True
    world.run(600)
    (payload,) = stops(world)
    told = [at_s for _, at_s, _ in data(payload)]
    assert [at_s - told[0] for at_s in told] == [0, 60, 120, 150]
    assert (from_text(payload["timestamp"]) - NOON) / 1000 == told[-1]


def test_what_nobody_can_date_any_more_has_the_date_of_the_end():
    world = World(settings={"MeterValueSampleInterval": "0", "StopTxnSampledData": REGISTER})
    world.run(1)
    tx = world.charger.begin()
    world.run(1)
    world.store.append(
        {
            "kind": "data",
            "tx": tx,
            "context": "Other",
            "stamp": [77, 5, None],
            "values": "0:1",
            "nth": 1,
            "stride": 1,
        }
    )
    world.charger.end()
    world.run(1)
    assert [at_s for _, at_s, _ in data(stops(world)[0])] == [1, 2, 2]


# A store without room.


def test_a_full_store_keeps_what_it_has_and_asks_again_for_the_end():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    tx = world.charger.begin()
    world.run(25)
    world.store.full = True
    world.run(600)
    stop = {"kind": "stop", "tx": tx, "connector": 1, "id_tag": "", "meter_wh": 1500, "reason": "Local"}
    for _ in range(3):
        with pytest.raises(OSError, match="no room"):
            world.client.log({**stop, "stamp": world.clock.stamp()})
        world.run(3)
    world.store.full = False
    world.client.log({**stop, "stamp": world.clock.stamp()})
    world.charger.running[1] = 0
    world.run(5)
    (payload,) = stops(world)
    assert contexts(payload) == ["Transaction.Begin"] + ["Sample.Periodic"] * 2 + ["Transaction.End"]


def test_a_journal_that_is_nearly_full_lets_go_the_data_and_never_the_stop():
    """Begin and end are readings too, and what is left is for starts and stops."""
    journal = Journal(Flash())
    while journal.prepare():
        pass
    world = World(store=journal, settings={"MeterValueSampleInterval": "10", "StopTxnSampledData": REGISTER})
    world.run(1)
    told = charged(world, 60)
    assert len(told["transactionData"]) == 8
    while journal.room() > 64 * 1024:
        journal.append({"kind": "answered", "upto": 0, "tries": 0, "text": "x" * 900})
    told = charged(world, 60)
    assert "transactionData" not in told
    assert told["meterStop"] == world.charger.energy_wh
    assert world.client.transactions.is_drained()


def test_a_full_store_from_the_beginning_on_stops_nothing():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    append = world.store.append

    def selective(record):
        if record["kind"] in ("data", "meter"):
            raise OSError("no room")
        return append(record)

    world.store.append = selective
    world.charger.begin()
    world.run(1000)
    world.store.append = append
    world.charger.end()
    world.run(5)
    assert contexts(stops(world)[0]) == ["Transaction.End"]


def test_a_record_that_cannot_be_written_again_stays_where_it_is():
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    world.charger.begin()
    append = world.store.append

    def selective(record):
        if record["kind"] == "data" and record["context"] == "Transaction.Begin":
            raise OSError("no room")
        return append(record)

    world.store.append = selective
    world.run(10000)
    assert len(world.store.records) - world.store.released > 2 * HOLD_RECORDS
    world.charger.end()
    world.run(5)
    assert contexts(stops(world)[0])[0] == "Transaction.Begin"


# A heap without room.


@pytest.mark.parametrize(("most", "expected"), [(10000, 2 + VALUES // 2), (1000, 2), (100, 0)])
def test_where_the_heap_has_no_room_for_all_the_ends_are_told_or_nothing(monkeypatch, most, expected):
    def room(size):
        if size > most:
            raise MemoryError

    monkeypatch.setattr(transaction_data, "_try_room", room)
    world = booted(MeterValueSampleInterval="10", StopTxnSampledData=REGISTER)
    world.charger.begin()
    world.run(10 * VALUES + 15)
    world.charger.end()
    world.run(5)
    assert len(data(stops(world)[0])) == expected
