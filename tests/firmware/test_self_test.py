"""The self-test finds each defect by its cause in the world, hurts nobody, and leaves all as it was."""

import asyncio
import copy

import pytest

from control import states
from firmware.self_test import FAIL, PASS, SKIP, UNSEEN, Probe
from hal.contract import STATE_F_BP, STEADY_BP
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

NAMES = [
    "pilot +12 V",
    "pilot -12 V",
    "RCD test",
    "contactor open",
    "meter",
    "supply L1",
    "supply L2",
    "supply L3",
]
TETHERED = [*NAMES, "temperature"]
SOCKET = [*NAMES[:4], "lock", *NAMES[4:], "temperature"]


def checks_of(story=None, **options):
    """The checks of a self-test on demand, by (check, connector), after `story(stage)`."""

    async def told(stage):
        if story:
            await story(stage)
        rows = await stage.charger.self_test()
        (event,) = stage.events("self_test")
        assert event["checks"] == rows
        return {(row["check"], row["connector"]): row for row in rows}

    return play(told, **options)


def failed(rows):
    return [check for (check, _), row in rows.items() if row["verdict"] == FAIL]


@pytest.mark.parametrize(
    ("board", "checks"),
    [
        ("simulated", [(name, 1) for name in TETHERED]),
        ("simulated_two", [(name, number) for number in (1, 2) for name in SOCKET]),
    ],
)
def test_a_sound_charger_passes_every_check(board, checks):
    rows = checks_of(board=board)
    assert list(rows) == [*checks, ("store", 0)]
    assert {row["verdict"] for row in rows.values()} == {PASS}
    for row in rows.values():
        assert row["low"] <= row["value"] <= row["high"]
        assert row["unit"] in ("mV", "ms", "closed", "dC", "moves", "bytes")
    assert rows["RCD test", 1]["value"] in (40, 60)
    assert abs(rows["pilot -12 V", 1]["value"] + 12000) < 200


def cause(name):
    async def story(stage):
        stage.world.fault(name)
        await stage.wait(0.1)

    return story


@pytest.mark.parametrize(
    ("name", "checks"),
    [
        ("pilot_dead", ["pilot -12 V"]),
        ("rcd_dead", ["RCD test"]),
        ("store_full", ["store"]),
        ("store_decayed", ["store"]),
    ],
)
def test_a_defect_that_nothing_shows_yet_is_found(name, checks):
    rows = checks_of(cause(name))
    assert failed(rows) == checks


def test_what_a_reason_has_is_told_with_it():
    assert "the store is full" in checks_of(cause("store_full"))["store", 0]["reason"]


def test_a_silent_meter_is_found_and_the_supply_is_not_guessed():
    async def story(stage):
        stage.world.fault("meter_silent")
        await stage.wait(6)

    rows = checks_of(story)
    assert failed(rows) == ["meter"]
    assert [rows[f"supply L{phase}", 1]["verdict"] for phase in (1, 2, 3)] == [SKIP] * 3


def test_a_supply_that_is_out_of_its_range_is_found_before_it_is_an_error():
    async def story(stage):
        stage.world.set(mains_mv=(230000, 260000, 200000))
        await stage.wait(2.5)

    rows = checks_of(story)
    assert failed(rows) == ["supply L2", "supply L3"]
    assert rows["supply L2", 1]["high"] == 253000


def test_a_stuck_lock_is_found():
    async def story(stage):
        stage.world.fault("lock_stuck")

    rows = checks_of(story, board="simulated_two")
    assert failed(rows) == ["lock"]
    assert rows["lock", 2]["verdict"] == PASS


def test_a_lock_does_not_close_on_a_cable_that_lies_in_the_socket():
    async def story(stage):
        stage.outlet.cable.fit(32)
        await stage.wait(0.2)

    rows = checks_of(story, board="simulated_two")
    assert (rows["lock", 1]["verdict"], rows["lock", 1]["reason"]) == (SKIP, "a cable is in the socket")


def test_nothing_is_left_of_it():
    async def story(stage):
        before = copy.copy(vars(stage.connector.snapshot))
        residual, line = stage.outlet.residual, stage.outlet.line
        edges, trips = stage.outlet.contactor.edges, residual.trips
        seen: list = []
        driving = line.drive

        def drive(duty_bp):
            seen.append(duty_bp)
            driving(duty_bp)

        line.drive = drive
        await stage.charger.self_test()
        await stage.wait(0.5)
        assert seen[0] == STATE_F_BP
        assert seen[-1] == line.duty_bp == STEADY_BP
        assert (residual.trips, residual.latched, stage.outlet.contactor.edges) == (trips + 1, False, edges)
        after = vars(stage.connector.snapshot)
        for name in (
            "state",
            "level",
            "session",
            "faults",
            "latched",
            "trips",
            "cycles",
            "closings",
            "spent",
        ):
            assert after[name] == before[name], name
        assert not stage.events("fault")
        # And a car charges as ever, with the device tested for it.
        stage.charger.settings.write("PlugAndCharge", "true")
        await stage.charge()
        assert residual.trips == trips + 2

    play(story)


def refused(story, **options):
    async def told(stage):
        await story(stage)
        edges = stage.outlet.contactor.edges
        duty_bp = stage.outlet.line.duty_bp
        with pytest.raises(ValueError, match="connector 1 cannot be tested") as caught:
            await stage.charger.self_test()
        assert (stage.outlet.contactor.edges, stage.outlet.line.duty_bp) == (edges, duty_bp)
        assert not stage.events("self_test")
        return str(caught.value)

    return play(told, **options)


def test_nobody_tests_under_a_car():
    async def charging(stage):
        await stage.charge()

    async def plugged(stage):
        stage.outlet.plug()
        await stage.wait(1)

    sentence = "connector 1 cannot be tested: a car is plugged in"
    assert refused(charging, settings=PLUG_AND_CHARGE) == refused(plugged) == sentence


def test_nobody_tests_what_an_error_keeps_open():
    async def welded(stage):
        await stage.charge()
        stage.world.fault("relay_welded")
        stage.outlet.unplug()
        await stage.wait(30)

    assert refused(welded, settings=PLUG_AND_CHARGE) == "connector 1 cannot be tested: an error is active"


def test_nobody_tests_before_the_pilot_is_known_or_during_a_restart():
    async def early(stage):
        await stage.bench.start()
        await stage.wait(0.05)

    async def late(stage):
        stage.charger.reset("Soft")

    assert refused(early, begin=False) == "connector 1 cannot be tested: it has not seen its pilot yet"
    assert refused(late) == "connector 1 cannot be tested: the charger is restarting"


def test_there_is_one_at_a_time():
    async def story(stage):
        first = asyncio.create_task(stage.charger.self_test())
        await stage.wait(0.2)
        with pytest.raises(ValueError, match="a self-test is running"):
            await stage.charger.self_test()
        await first
        assert await stage.charger.self_test()

    play(story)


@pytest.mark.parametrize("after_ms", range(0, 1000, 60))
def test_a_car_that_comes_in_the_midst_of_it_is_served(after_ms):
    async def story(stage):
        testing = asyncio.create_task(stage.charger.self_test())
        await stage.wait(after_ms / 1000)
        stage.outlet.plug()
        await stage.wait(0.02)
        edges = stage.outlet.contactor.edges
        rows = await testing
        assert stage.outlet.contactor.edges == edges
        assert FAIL not in {row["verdict"] for row in rows if row["check"] != "pilot -12 V"}
        await stage.until(lambda: stage.outlet.car.current_ma > 6000)
        assert not stage.events("fault")

    play(story, settings=PLUG_AND_CHARGE)


def test_a_trip_in_the_midst_of_it_is_none_of_the_test_s():
    async def story(stage):
        testing = asyncio.create_task(stage.charger.self_test())
        await stage.wait(0.2)
        stage.world.fault("rcd_trip")
        rows = await testing
        (row,) = [row for row in rows if row["check"] == "RCD test"]
        assert (row["verdict"], row["value"]) == (FAIL, None)
        assert stage.outlet.residual.latched
        await stage.wait(1)
        assert [event["name"] for event in stage.events("fault")] == ["RCD_TRIP"]

    play(story)


def at_boot(story=None, cause_name="", **options):
    """The checks of the boot of a board whose parts are its own."""

    async def told(stage):
        stage.bench.board = board = copy.copy(stage.bench.board)
        board.simulated = False
        if cause_name:
            stage.world.fault(cause_name)
        if story:
            await story(stage)
        await stage.bench.start()
        event = await stage.until("self_test", 20)
        rows = {(row["check"], row["connector"]): row for row in event["checks"]}
        await stage.bench.stop()
        return rows, event

    return play(told, begin=False, **options)


def test_a_board_with_parts_of_its_own_is_tested_at_boot():
    rows, event = at_boot()
    assert list(rows) == [*((name, 1) for name in TETHERED), ("store", 0)]
    assert {row["verdict"] for row in rows.values()} == {PASS}
    assert (event["verdict"], event["failed"]) == (PASS, [])


def test_a_simulated_board_is_not():
    async def story(stage):
        await stage.wait(30)
        assert not stage.events("self_test")

    play(story)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("relay_welded", "contactor open"),
        ("rcd_dead", "RCD test"),
        ("temperature_sensor", "temperature"),
        ("meter_silent", "meter"),
    ],
)
def test_a_boot_tells_what_is_broken(name, check):
    async def story(stage):
        if name == "relay_welded":
            contactor = stage.outlet.contactor
            contactor.contacts_closed = contactor.closed = True

    rows, event = at_boot(story, name)
    assert event["verdict"] == FAIL
    assert f"{check}, connector 1" in event["failed"]
    assert rows[check, 1]["verdict"] == FAIL


def test_a_boot_under_a_car_leaves_it_alone():
    async def story(stage):
        stage.outlet.plug()

    rows, event = at_boot(story)
    assert event["verdict"] == PASS
    for name in ("pilot +12 V", "pilot -12 V", "RCD test"):
        assert (rows[name, 1]["verdict"], rows[name, 1]["reason"]) == (SKIP, "a car is plugged in")


class Inputs:
    high_mv, pilot_valid, closed, rcd_tripped, locked = 12000, True, False, False, False


class Outputs:
    close = True


@pytest.mark.parametrize("start_ms", [0, (1 << 30) - 100])
def test_a_pilot_without_a_plateau_is_a_failed_check_and_no_car(start_ms):
    probe, inputs, outputs = Probe(False), Inputs(), Outputs()
    inputs.pilot_valid = False
    now_ms, ticks = start_ms, 0
    while probe.step(now_ms, inputs, outputs):
        now_ms = (now_ms + 20) & ((1 << 30) - 1)
        ticks += 1
        assert ticks < 100
    assert (probe.high_mv, probe.low_mv, probe.trip_ms) == (UNSEEN, UNSEEN, UNSEEN)
    assert not probe.met
    assert ticks * 20 >= 100 + 300 + 100 + 300


def test_a_charger_that_does_not_tick_says_so():
    async def story(stage):
        stage.kernel.cancel_tick()
        rows = await stage.charger.self_test()
        return rows[0]["check"], rows[0]["verdict"]

    assert play(story) == ("tick", FAIL)


def test_the_connector_is_idle_and_available_throughout():
    async def story(stage):
        testing = asyncio.create_task(stage.charger.self_test())
        while not testing.done():
            assert (stage.status, stage.connector.snapshot.state) == ("Available", states.IDLE)
            await stage.wait(0.05)

    play(story, settings=CARDS)


def test_a_card_that_is_presented_meanwhile_waits_for_its_car():
    async def story(stage):
        testing = asyncio.create_task(stage.charger.self_test())
        await stage.wait(0.3)
        assert (await stage.charger.present(OWN_CARD))[0] == "waiting"
        await testing
        stage.outlet.plug()
        await stage.until(lambda: stage.outlet.car.current_ma > 6000)

    play(story, settings=CARDS)
