"""When values are taken, what they say, and where they go."""

import pytest

from ocpp_client.measurands import decimal, is_measurand, sample
from ocpp_client.reports import Reading
from tests.ocpp_client.backend import SILENCE, World

SAMPLED = "MeterValuesSampledData"


def booted(**settings):
    world = World(settings=settings)
    world.run(1)
    return world


def values(frame):
    (meter_value,) = frame.payload["meterValue"]
    return meter_value["timestamp"], meter_value["sampledValue"]


def contexts(world):
    return [values(frame)[1][0]["context"] for frame in world.backend.out("MeterValues")]


def test_a_transaction_is_sampled_from_its_begin_at_its_interval():
    world = booted(MeterValueSampleInterval="10")
    world.charger.begin()
    world.run(35)
    frames = world.backend.out("MeterValues")
    assert contexts(world) == ["Transaction.Begin"] + ["Sample.Periodic"] * 3
    assert [frame.at_ms for frame in frames] == [1000, 11000, 21000, 31000]
    assert {frame.payload["transactionId"] for frame in frames} == {101}
    world.charger.end()
    world.run(60)
    assert len(world.backend.out("MeterValues")) == 4


def test_what_is_told_is_what_was_asked_for():
    world = booted(
        MeterValueSampleInterval="10",
        MeterValuesSampledData="Voltage,Power.Active.Import.L2,Current.Offered,SoC",
    )
    world.charger.begin()
    world.run(1)
    _, sampled = values(world.backend.out("MeterValues")[0])
    assert [(v["measurand"], v.get("phase"), v["value"], v["unit"]) for v in sampled] == [
        ("Voltage", "L1-N", "230.0", "V"),
        ("Voltage", "L2-N", "231.1", "V"),
        ("Voltage", "L3-N", "229.9", "V"),
        ("Power.Active.Import", "L2", "3680", "W"),
        ("Current.Offered", None, "16.000", "A"),
        ("SoC", None, "48", "Percent"),
    ]


def test_a_changed_interval_counts_at_once_and_0_stops_sampling():
    world = booted(MeterValueSampleInterval="600")
    world.charger.begin()
    world.run(30)
    world.ask("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "10"})
    world.run(20)
    count = len(world.backend.out("MeterValues"))
    assert count == 4
    world.ask("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "0"})
    world.run(600)
    assert len(world.backend.out("MeterValues")) == count


def test_a_silent_meter_makes_no_values():
    world = booted(MeterValueSampleInterval="10")
    world.charger.meter_silent = True
    world.charger.begin()
    world.run(60)
    assert world.backend.out("MeterValues") == []


def test_what_was_missed_is_made_up_for_by_one_value():
    world = booted(MeterValueSampleInterval="10")
    world.charger.begin()
    world.run(5)
    world.clock.at_ms += 3600000
    world.run(12)
    assert contexts(world) == ["Transaction.Begin"] + ["Sample.Periodic"] * 2


def test_clock_aligned_values_come_on_the_quarter_hour():
    world = booted(ClockAlignedDataInterval="900", MeterValueSampleInterval="0")
    world.run(3600)
    moments = [values(frame)[0] for frame in world.backend.out("MeterValues")]
    assert moments == ["2026-03-01T12:%02d:00.000Z" % m for m in (15, 30, 45)] + ["2026-03-01T13:00:00.000Z"]
    assert set(contexts(world)) == {"Sample.Clock"}
    assert "transactionId" not in world.backend.out("MeterValues")[0].payload


def test_the_grid_starts_at_midnight():
    world = booted(ClockAlignedDataInterval="50000", MeterValueSampleInterval="0")
    world.run(86400)
    moments = [values(frame)[0] for frame in world.backend.out("MeterValues")]
    assert moments == ["2026-03-01T13:53:20.000Z", "2026-03-02T00:00:00.000Z"]


def test_aligned_values_of_a_transaction_wait_for_the_link_and_others_are_dropped():
    world = booted(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    world.network = False
    world.cut()
    world.run(300)
    world.charger.begin()
    world.run(300)
    world.charger.end()
    world.run(300)
    world.network = True
    world.run(600)
    frames = [frame for frame in world.backend.out("MeterValues") if "transactionId" in frame.payload]
    assert [values(frame)[0] for frame in frames] == ["2026-03-01T12:%02d:00.000Z" % m for m in range(6, 11)]
    others = [frame for frame in world.backend.out("MeterValues") if "transactionId" not in frame.payload]
    assert values(others[0])[0] >= "2026-03-01T12:15:00"


def test_a_clock_set_back_a_little_serves_no_moment_twice():
    world = booted(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    world.run(60)
    world.clock.unix_at_boot_ms -= 5000
    world.run(10)
    assert len(world.backend.out("MeterValues")) == 1
    world.run(60)
    assert len(world.backend.out("MeterValues")) == 2


def test_a_clock_set_back_far_only_moves_the_grid():
    world = booted(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    world.clock.unix_at_boot_ms -= 86400000
    world.run(0.1)
    world.run(65)
    assert len(world.backend.out("MeterValues")) == 1


def test_a_value_outside_a_transaction_that_cannot_be_sent_is_dropped_with_the_link():
    world = booted(ClockAlignedDataInterval="600", MeterValueSampleInterval="0", WebSocketPingInterval="0")
    world.run(597)
    world.backend.answers["Authorize"] = SILENCE
    world.client.authorise("CARD1", lambda status: None)
    world.run(4)
    world.cut()
    world.backend.be_good()
    world.run(60)
    assert world.client.accepted
    assert world.backend.out("MeterValues") == []


def test_unused_phases_and_unknown_values_are_left_out():
    reading = Reading(1, [100, 0, 0], [500, 0, 0], [230000, 0, 0], 6000)
    names = ["Energy.Active.Import.Register", "Power.Active.Import", "Current.Import", "Voltage"]
    names += ["Current.Offered", "Temperature", "SoC"]
    told = [value[:2] for value in sample(reading, names)]
    assert told == [
        ["Energy.Active.Import.Register", ""],
        ["Power.Active.Import", ""],
        ["Current.Import", "L1"],
        ["Voltage", "L1-N"],
        ["Current.Offered", ""],
    ]


@pytest.mark.parametrize("name", ["Voltage", "SoC", "Voltage.L1", "Power.Active.Import.L3"])
def test_a_measurand_or_one_phase_of_it_may_be_asked_for(name):
    assert is_measurand(name)


@pytest.mark.parametrize("name", ["", "voltage", "Voltage.L4", "Voltage.", "SoC.L1", "Frequency"])
def test_nothing_else_may_be(name):
    assert not is_measurand(name)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(16000, 1000, "16.000"), (7, 1000, "0.007"), (-35, 10, "-3.5"), (2300, 10, "230.0"), (0, 10, "0.0")],
)
def test_decimals_need_no_floats(value, scale, text):
    assert decimal(value, scale) == text
