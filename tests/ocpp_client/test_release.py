"""What is kept of an open transaction when its records are answered: by what the log still tells, a restart
ends it no lower and no earlier than the server has heard."""

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from ocpp_client.measurands import register_wh
from tests.ocpp_client.backend import booted
from tests.ocpp_client.ports_in_memory import NOON

QUIET = {"MeterValueSampleInterval": "0"}


def told(world, tx, after=0):
    """(register in Wh, ms since boot) that the records of `tx` after a sequence number tell at the most."""
    records = [record for record in world.store.records[after:] if record["tx"] == tx]
    moments = [record.get("stamp") or record.get("seen") or [0, 0] for record in records]
    return max(map(register_wh, records), default=0), max([moment[1] for moment in moments], default=0)


def kept(world, tx):
    """The same of what is not released."""
    return told(world, tx, world.store.released)


def sampled(world, energy_wh, seconds):
    """The next samples tell this register."""
    world.charger.energy_wh = energy_wh
    world.run(seconds)


def test_the_last_sample_of_an_open_transaction_stays_after_its_answer():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    tx = world.charger.begin()
    for count in range(30):
        sampled(world, 2000 + count, 10)
        assert kept(world, tx) == told(world, tx) == (2000 + count, 1000 + count * 10000 + 10000)
    assert len(world.store.records) - world.store.released == 2
    world.charger.end()
    world.run(1)
    # All but what was answered last: that of the last values and that of the stop.
    assert [record["kind"] for record in world.store.records[world.store.released :]] == ["answered"] * 2


def test_the_register_is_known_from_values_that_do_not_tell_it():
    world = booted(settings={"MeterValueSampleInterval": "10", "MeterValuesSampledData": "Voltage"})
    tx = world.charger.begin()
    sampled(world, 5000, 25)
    assert kept(world, tx) == (5000, 21000)
    for frame in world.backend.out("MeterValues"):
        (meter_value,) = frame.payload["meterValue"]
        assert {value["measurand"] for value in meter_value["sampledValue"]} == {"Voltage"}


@pytest.mark.parametrize("rebooted", [False, True])
def test_a_quiet_transaction_is_written_again_with_all_that_is_known_of_it(rebooted):
    world = booted(connector_count=2, settings={"MeterValueSampleInterval": "1"})
    tx = world.charger.begin(connector_id=2)
    sampled(world, 7000, 5)
    last = told(world, tx)
    for name, value in QUIET.items():
        world.configuration.write(name, value)
    for count in range(100):
        world.charger.begin()
        world.charger.end()
        world.run(2)
        if rebooted and count % 7 == 0:
            world.reboot()
            world.charger.running[2] = tx
        assert kept(world, tx) == last
    assert len(world.store.records) - world.store.released < 150
    assert len([record for record in world.store.records if "seen" in record]) in (4, 5)


def test_nothing_is_made_up_of_a_record_that_is_gone():
    """An older firmware released the last one; and flash decays."""
    world = booted(connector_count=2, settings=QUIET)
    world.charger.begin(connector_id=2)
    world.run(1)
    store = world.store
    store.release = lambda sequence: setattr(store, "released", max(store.released, sequence))
    store.release(1)
    for _ in range(60):
        world.charger.begin()
        world.charger.end()
        world.run(2)
    assert [record for record in store.records if "seen" in record] == []
    assert len(store.records) - store.released < 150
    assert world.client.transactions.server_id(1) == 101
    transactions = world.client.transactions
    transactions._cursor += 100
    store.after = lambda sequence: None
    transactions._release()
    assert set(store.records[-1]) == {"kind", "upto", "tx", "server_tx", "base"}
    assert store.records[-1]["base"] == [1, NOON], "that was told when it began"


DEEDS = ["run"] * 3 + ["offline", "online", "full", "room", "silent", "heard", "interval", "data", "reboot"]


@example([("run", 1), ("run", 2), ("reboot", 1)])
@example([("run", 2), ("silent", 0), *[("run", 2)] * 40])
@example([("offline", 0), *[("run", 2)] * 20, ("online", 0), ("run", 2), ("run", 2)])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 2)), max_size=40))
def test_no_open_transaction_is_known_less_of_than_was_recorded(deeds):
    world = booted(connector_count=2, settings={"MeterValueSampleInterval": "5"})
    first, second = world.charger.begin(), world.charger.begin(connector_id=2)
    reading = world.charger.reading
    silent: list = []
    world.charger.reading = lambda connector_id: None if connector_id in silent else reading(connector_id)
    for deed, number in deeds:
        world.charger.energy_wh += 7
        if deed == "run":
            world.run((0.5, 7, 31)[number])
        elif deed in ("offline", "online"):
            world.network = deed == "online"
            if world.linked and not world.network:
                world.cut()
        elif deed in ("full", "room"):
            world.store.full = deed == "full"
        elif deed in ("silent", "heard"):
            silent[:] = [number] if deed == "silent" else []
        elif deed == "interval":
            world.configuration.write("MeterValueSampleInterval", ("0", "1", "60")[number])
        elif deed == "data":
            names = ("Voltage", "Energy.Active.Import.Register", "Current.Offered")
            world.configuration.write("MeterValuesSampledData", names[number])
        else:
            energy_wh = world.charger.energy_wh
            world.reboot()
            world.charger.energy_wh = energy_wh
            world.charger.running[1:] = [first, second]
            reading = world.charger.reading
            silent = []
        for tx in (first, second):
            assert kept(world, tx)[0] == told(world, tx)[0]
