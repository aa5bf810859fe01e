"""When values are taken, what they say, and where they go."""

import itertools

import pytest

from ocpp_client.measurands import decimal, is_measurand, meter_value, register_wh, sample
from ocpp_client.reports import Reading
from ocpp_client.timestamps import from_text
from tests.ocpp_client.backend import SILENCE, Refusal, World

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


@pytest.mark.parametrize("moment", ["begun", "ending"])
def test_values_that_find_no_memory_cost_neither_a_start_nor_an_end(moment, monkeypatch):
    def starved(*args):
        raise MemoryError

    world = booted()
    told: list = []
    world.client.report = told.append
    monkeypatch.setattr(world.client.metering, moment, starved)
    world.charger.begin()
    world.run(60)
    world.charger.end()
    world.run(60)
    assert [event["name"] for event in told] == ["meter values"]
    assert [record["kind"] for record in world.store.records if record["kind"] in ("start", "stop")] == [
        "start",
        "stop",
    ]
    assert len(world.backend.out("StopTransaction")) == 1


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
    assert contexts(world)[4:] == ["Transaction.End"]


def test_what_is_told_is_what_was_asked_for():
    world = booted(
        MeterValueSampleInterval="10",
        MeterValuesSampledData="Voltage,Power.Active.Import.L2,Current.Offered,Power.Offered,SoC,Frequency",
    )
    world.charger.begin()
    world.run(1)
    _, sampled = values(world.backend.out("MeterValues")[0])
    assert [(v["measurand"], v.get("phase"), v["value"], v.get("unit")) for v in sampled] == [
        ("Voltage", "L1-N", "230.0", "V"),
        ("Voltage", "L2-N", "231.1", "V"),
        ("Voltage", "L3-N", "229.9", "V"),
        ("Power.Active.Import", "L2", "3680", "W"),
        ("Current.Offered", None, "16.000", "A"),
        ("Power.Offered", None, "11056", "W"),
        ("SoC", None, "48", "Percent"),
        ("Frequency", None, "49.985", None),
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


def test_of_a_silent_meter_only_the_registers_of_the_bill_are_told():
    world = booted(MeterValueSampleInterval="10", ClockAlignedDataInterval="10")
    world.charger.meter_silent = True
    world.charger.begin()
    world.run(60)
    world.charger.end()
    world.run(5)
    told = [values(frame)[1] for frame in world.backend.out("MeterValues")]
    assert [(v["context"], v["measurand"], v["value"]) for sampled in told for v in sampled] == [
        ("Transaction.Begin", "Energy.Active.Import.Register", "1000"),
        ("Transaction.End", "Energy.Active.Import.Register", "1500"),
    ]


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


@pytest.mark.parametrize(("late_s", "told"), [(9, "12:01:00"), (11, "12:01:11")])
def test_a_value_that_comes_a_little_late_stands_for_its_moment_and_a_later_one_for_itself(late_s, told):
    world = booted(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    world.run(30)
    world.clock.at_ms = (60 + late_s) * 1000
    world.run(0.1)
    assert [values(frame)[0][11:19] for frame in world.backend.out("MeterValues")] == [told]


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


def test_clock_aligned_values_end_when_nobody_wants_them_any_more():
    world = booted(ClockAlignedDataInterval="60", MeterValueSampleInterval="0")
    world.run(90)
    world.configuration.write("ClockAlignedDataInterval", "0")
    world.run(600)
    assert len(world.backend.out("MeterValues")) == 1
    world.configuration.write("ClockAlignedDataInterval", "300")
    world.run(600)
    assert len(world.backend.out("MeterValues")) == 3


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


EVERYTHING = [
    "Energy.Active.Import.Register",
    "Energy.Active.Import.Interval",
    "Power.Active.Import",
    "Current.Import",
    "Voltage",
    "Current.Offered",
    "Power.Offered",
    "Temperature",
    "SoC",
    "Frequency",
]


def told(reading, names):
    """(measurand, phase) of each value of a reading, in OCPP's words."""
    sampled = meter_value("Other", sample(reading, names), "")["sampledValue"]
    return [(value["measurand"], value.get("phase", "")) for value in sampled]


def test_unused_phases_and_unknown_values_are_left_out():
    reading = Reading(1, [100, 0, 0], [500, 0, 0], [230000, 0, 0], 6000)
    assert told(reading, EVERYTHING) == [
        ("Energy.Active.Import.Register", ""),
        ("Power.Active.Import", ""),
        ("Current.Import", "L1"),
        ("Voltage", "L1-N"),
        ("Current.Offered", ""),
    ]
    assert told(Reading(1), EVERYTHING) == [("Energy.Active.Import.Register", "")]


def test_a_dead_supply_shows_as_0_v():
    reading = Reading(1, [0, 0, 0], [0, 0, 0], [0, 0, 0], 0)
    assert told(reading, ["Voltage", "Voltage.L1", "Voltage.L2"]) == [("Voltage", "L1-N")]


def test_a_plain_name_means_every_phase_and_no_value_is_told_twice():
    reading = Reading(1, [1, 2, 3], [1, 2, 3], [230000] * 3, 6000)
    assert told(reading, ["Power.Active.Import.L3", "Power.Active.Import", "Power.Active.Import.L1"]) == [
        ("Power.Active.Import", "L3"),
        ("Power.Active.Import", ""),
        ("Power.Active.Import", "L1"),
        ("Power.Active.Import", "L2"),
    ]
    assert told(reading, ["Current.Import", "Current.Import.L2"]) == [
        ("Current.Import", "L1"),
        ("Current.Import", "L2"),
        ("Current.Import", "L3"),
    ]


def test_records_name_measurands_by_numbers_that_never_change():
    reading = Reading(7, [1, 2, 3], [4, 5, 6], [7000, 8000, 9000], 10000)
    reading.offered_w, reading.frequency_mhz, reading.temperature_dc = 11, 12000, 130
    reading.soc_percent, reading.interval_wh = 14, 15
    values = sample(reading, EVERYTHING)
    assert values == (
        "0:7 10:15 20:6 21:1 22:2 23:3 31:0.004 32:0.005 33:0.006 41:7.0 42:8.0 43:9.0 50:10.000 60:11 "
        "70:13.0 80:14 90:12.000"
    )
    assert register_wh({"values": values}) == 7
    assert register_wh({"values": "20:6 10:15"}) == register_wh({"values": ""}) == 0
    assert register_wh({"values": "", "meter_wh": 9}) == 9


@pytest.mark.parametrize("name", [*EVERYTHING, "Voltage.L1", "Power.Active.Import.L3"])
def test_a_measurand_or_one_phase_of_it_may_be_asked_for(name):
    assert is_measurand(name)


@pytest.mark.parametrize("name", ["", "voltage", "Voltage.L4", "Voltage.", "SoC.L1", "RPM"])
def test_nothing_else_may_be(name):
    assert not is_measurand(name)


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(16000, 1000, "16.000"), (7, 1000, "0.007"), (-35, 10, "-3.5"), (2300, 10, "230.0"), (0, 10, "0.0")],
)
def test_decimals_need_no_floats(value, scale, text):
    assert decimal(value, scale) == text


# Energy of an interval.


def intervals(world):
    """Of each message: its context and the energy since the one before."""
    return [
        (value["context"], int(value["value"]))
        for frame in world.backend.out("MeterValues")
        for value in values(frame)[1]
        if value["measurand"] == "Energy.Active.Import.Interval"
    ]


def charge(world, seconds, watts=3600):
    """Let energy flow."""
    for _ in range(seconds):
        world.charger.energy_wh += watts // 3600
        world.run(1)


INTERVAL = "Energy.Active.Import.Interval"


def test_the_energy_of_an_interval_is_what_came_since_the_sample_before():
    world = booted(MeterValueSampleInterval="10", MeterValuesSampledData=INTERVAL)
    world.charger.begin()
    charge(world, 25)
    world.charger.end()
    world.run(5)
    assert intervals(world) == [
        ("Transaction.Begin", 0),
        ("Sample.Periodic", 10),
        ("Sample.Periodic", 10),
        ("Transaction.End", 5 + 500),
    ]


def test_clock_aligned_intervals_go_on_over_a_transaction_and_the_first_one_is_not_known():
    world = booted(
        ClockAlignedDataInterval="60", MeterValueSampleInterval="0", MeterValuesAlignedData=INTERVAL
    )
    charge(world, 90)
    world.charger.begin()
    charge(world, 90)
    world.charger.end()
    charge(world, 60)
    assert intervals(world) == [("Sample.Clock", 60), ("Sample.Clock", 60), ("Sample.Clock", 560)]


# What the meter signed.


def signed(world):
    """(context, value) of what was signed."""
    found = []
    for frame in world.backend.out("MeterValues"):
        for value in values(frame)[1]:
            if value.get("format") == "SignedData":
                assert value["measurand"] == "Energy.Active.Import.Register"
                found.append((value["context"], value["value"]))
    return found


def test_a_signed_register_is_passed_through_at_begin_and_end():
    world = booted(MeterValueSampleInterval="10")
    world.charger.signed = 'OCMF|{"FV":"1.0"}|' + "5A" * 300
    world.charger.begin()
    begun = world.charger.signed
    world.run(30)
    world.charger.signed = "A5" * 380
    world.charger.end()
    world.run(5)
    assert signed(world) == [("Transaction.Begin", begun), ("Transaction.End", "A5" * 380)]


def test_a_signed_register_that_is_too_long_is_left_out_whole():
    world = booted(MeterValueSampleInterval="10")
    world.charger.signed = "5" * 799
    world.charger.begin()
    world.run(1)
    assert signed(world) == []
    assert contexts(world) == ["Transaction.Begin"]


def test_nothing_is_signed_where_the_register_is_not_asked_for():
    world = booted(MeterValueSampleInterval="10", MeterValuesSampledData="Voltage")
    world.charger.signed = "5A" * 100
    world.charger.begin()
    world.run(1)
    assert signed(world) == []


# Pauses.


def test_a_pause_is_told_when_it_comes_and_when_it_goes():
    world = booted(MeterValueSampleInterval="60")
    world.charger.begin()
    world.charger.show(1, "SuspendedEV")
    world.run(3)
    world.charger.show(1, "Charging")
    world.run(3)
    assert contexts(world) == ["Transaction.Begin"]
    world.charger.show(1, "SuspendedEVSE")
    world.run(1)
    world.charger.show(1, "SuspendedEV")
    world.run(1)
    world.charger.show(1, "Charging")
    world.run(1)
    assert contexts(world) == ["Transaction.Begin", "Interruption.Begin", "Interruption.End"]


def test_a_car_that_cannot_make_up_its_mind_fills_no_log():
    world = booted(MeterValueSampleInterval="60")
    world.charger.begin()
    for _ in range(100):
        world.charger.show(1, "Charging")
        world.run(1)
        world.charger.show(1, "SuspendedEV")
        world.run(1)
    expected = ["Interruption.Begin", "Interruption.End", "Sample.Periodic"] * 4
    assert contexts(world) == ["Transaction.Begin", *expected[:11]]


def test_without_sampling_no_pause_is_told_and_neither_is_that_of_a_silent_meter():
    world = booted(MeterValueSampleInterval="0")
    world.charger.begin()
    for word in ("Charging", "SuspendedEV"):
        world.charger.show(1, word)
        world.run(1)
    world.charger.end()
    world.configuration.write("MeterValueSampleInterval", "60")
    world.charger.meter_silent = True
    world.charger.begin()
    for word in ("Charging", "SuspendedEV"):
        world.charger.show(1, word)
        world.run(1)
    assert contexts(world) == ["Transaction.Begin"]


# What is ending, or never began.


def test_what_is_ending_is_no_longer_sampled_and_aligned_values_belong_to_nobody():
    world = booted(MeterValueSampleInterval="10", ClockAlignedDataInterval="60")
    world.run(30)
    world.charger.begin()
    world.run(15)
    world.charger.show(1, "Finishing")
    world.run(30)
    assert contexts(world) == ["Transaction.Begin", "Sample.Periodic", "Sample.Clock"]
    assert "transactionId" not in world.backend.out("MeterValues")[-1].payload


def test_an_end_is_told_once_however_often_it_is_written():
    world = booted(MeterValueSampleInterval="10")
    tx = world.charger.begin()
    world.run(5)
    world.charger.end()
    world.charger.running[1] = tx
    world.charger.end()
    world.run(5)
    assert contexts(world) == ["Transaction.Begin", "Transaction.End"]


def test_a_start_that_never_ran_has_no_end_value():
    """As when the store refused the record and holds it all the same."""
    world = booted(MeterValueSampleInterval="10")
    record = {"tx": 9, "connector": 1, "id_tag": "CARD1", "meter_wh": 1, "stamp": world.clock.stamp()}
    world.store.append({"kind": "start", **record})
    world.client.log({"kind": "stop", "reason": "Other", **record})
    world.run(5)
    assert contexts(world) == []
    assert len(world.backend.out("StopTransaction")) == 1


# What energy managers rely on.


@pytest.mark.parametrize("interval_s", [1, 2, 5, 10])
@pytest.mark.parametrize("offline", [False, True])
def test_short_intervals_hold_their_cadence(interval_s, offline):
    world = booted(MeterValueSampleInterval=str(interval_s))
    world.network = not offline
    if offline:
        world.cut()
    world.charger.begin()
    world.run(600)
    world.charger.end()
    world.network = True
    world.run(600)
    moments = [from_text(values(frame)[0]) for frame in world.backend.out("MeterValues")]
    assert len(moments) == 600 // interval_s + 2
    assert {after - before for before, after in itertools.pairwise(moments[:-1])} == {interval_s * 1000}


def test_a_slow_server_costs_no_sample():
    """Each answer takes longer than the interval."""
    world = booted(MeterValueSampleInterval="1")
    world.backend.answers["MeterValues"] = SILENCE
    world.charger.begin()
    for _ in range(60):
        world.run(1.5)
        world.backend.send([3, world.backend.open_call.message_id, {}])
        world.backend.open_call = None
    world.backend.be_good()
    world.charger.end()
    world.run(60)
    moments = [from_text(values(frame)[0]) for frame in world.backend.out("MeterValues")]
    assert len(moments) == 92
    assert {after - before for before, after in itertools.pairwise(moments[:-1])} == {1000}


def test_the_offer_that_is_told_follows_every_limit():
    world = booted(MeterValueSampleInterval="1", MeterValuesSampledData="Current.Offered,Power.Offered")
    world.charger.begin()
    offers = [32000, 16000, 6000, 0, 7300]
    for offered_ma in offers:
        world.charger.offered_ma = offered_ma
        world.run(1)
    told = [[value["value"] for value in values(frame)[1]] for frame in world.backend.out("MeterValues")]
    assert told[1:] == [
        ["32.000", "22112"],
        ["16.000", "11056"],
        ["6.000", "4146"],
        ["0.000", "0"],
        ["7.300", "5044"],
    ]


# A store without room.


def test_where_the_store_is_full_samples_are_sent_while_there_is_a_link():
    world = booted(MeterValueSampleInterval="10")
    world.charger.begin()
    world.run(15)
    world.store.full = True
    world.run(30)
    frames = world.backend.out("MeterValues")
    assert contexts(world) == ["Transaction.Begin"] + ["Sample.Periodic"] * 4
    assert [frame.payload["transactionId"] for frame in frames] == [101] * 5
    world.network = False
    world.cut()
    world.run(30)
    world.network = True
    world.store.full = False
    world.charger.end()
    world.run(300)
    assert contexts(world)[5:] == ["Transaction.End"]


def test_where_the_store_is_full_no_sample_overtakes_what_waits_in_it():
    world = booted(MeterValueSampleInterval="10")
    world.backend.answers["MeterValues"] = Refusal()
    world.charger.begin()
    world.run(5)
    world.store.full = True
    world.run(30)
    assert contexts(world) == ["Transaction.Begin"]


def test_where_the_store_is_full_nothing_is_told_of_a_transaction_after_its_end():
    world = booted(MeterValueSampleInterval="10")
    tx = world.charger.begin()
    world.run(5)
    world.store.full = True
    record = {"tx": tx, "connector": 1, "id_tag": "CARD1", "meter_wh": 1500, "stamp": world.clock.stamp()}
    with pytest.raises(OSError, match="no room"):
        world.client.log({"kind": "stop", "reason": "Local", **record})
    world.run(1)
    assert contexts(world) == ["Transaction.Begin"]
