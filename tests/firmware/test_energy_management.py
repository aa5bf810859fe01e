"""What hours and waits let a car have: from the settings to the current that flows."""

import datetime

from control import limits
from firmware.settings import keys
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

MONDAY = int(datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC).timestamp())
FAST = {"max_a": 32, "ramp_a_s": 80}


def at(stage, hours, minutes=0, seconds=0):
    """It is Monday, so late (UTC)."""
    stage.firmware.clock.set_unix_ms((MONDAY + hours * 3600 + minutes * 60 + seconds) * 1000)


def row(stage, name):
    return next(row for row in stage.charger.limits(1) if row["source"] == name)


def pause(stage):
    return stage.connector.status.info if stage.status == "SuspendedEVSE" else ""


# Hours.


def test_the_hours_pause_a_charge_and_let_it_go_on_l9():
    async def story(stage):
        at(stage, 6, 55)
        await stage.charge(**FAST)
        await stage.until(lambda: pause(stage) == "schedule", 400)
        assert stage.firmware.clock.stamp()[2] // 1000 - MONDAY - 7 * 3600 in (0, 1)
        assert row(stage, "schedule")["limit_ma"] == 0
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 7)
        await stage.until(lambda: stage.status == "Charging", 3700)
        assert 8 * 3600 <= stage.firmware.clock.stamp()[2] // 1000 - MONDAY <= 8 * 3600 + 25
        assert stage.charger.transaction(1) == 1

    play(story, settings={**PLUG_AND_CHARGE, "Schedule": "daily 07:00-08:00 pause"})


def test_the_hours_are_those_of_the_place():
    async def story(stage):
        at(stage, 6, 30)
        await stage.charge(**FAST)
        await stage.wait(20)
        assert 15900 <= stage.outlet.car.current_ma <= 16000
        assert row(stage, "schedule")["reason"] == "schedule 16 A"
        assert stage.charger.settings.write("TimeZone", "UTC0") == "Accepted"
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 20)
        assert row(stage, "schedule")["limit_ma"] is None

    settings = {"Schedule": "daily 07:00-08:00 16A", "TimeZone": "CET-1CEST,M3.5.0,M10.5.0/3"}
    play(story, settings={**PLUG_AND_CHARGE, **settings})


def test_without_a_date_the_least_of_the_hours_holds_until_one_is_known():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.until(lambda: pause(stage) == "schedule", 15)
        at(stage, 12)
        await stage.until(lambda: stage.status == "Charging", 30)

    play(story, settings={**PLUG_AND_CHARGE, "Schedule": "daily 07:00-08:00 pause"})


def test_a_clock_that_is_set_counts_within_ten_seconds_and_hours_that_are_taken_away_at_once():
    async def story(stage):
        at(stage, 12)
        await stage.charge(**FAST)
        stage.firmware.clock._know((MONDAY + 7 * 3600) * 1000 - stage.firmware.clock.now_ms(), "ocpp")
        await stage.until(lambda: pause(stage) == "schedule", 11)
        stage.charger.settings.write("Schedule", "")
        assert stage.connector.controller.mailbox.limit_ma[0][limits.SCHEDULE] == limits.NO_LIMIT_MA
        await stage.until(lambda: stage.status == "Charging", 30)

    play(story, settings={**PLUG_AND_CHARGE, "Schedule": "daily 07:00-08:00 pause"})


def test_when_nobody_keeps_the_hours_the_least_of_them_holds():
    async def story(stage):
        at(stage, 7, 59)
        stage.firmware.services.energy.look = lambda now_ms: None
        await stage.charge(**FAST)
        await stage.wait(20)
        assert 19900 <= stage.outlet.car.current_ma <= 20000
        await stage.until(lambda: row(stage, "schedule")["limit_ma"] == 10000, 200)

    hours = "daily 07:00-08:00 20A; daily 22:00-23:00 10A"

    async def begin(stage):
        at(stage, 7, 58)
        await stage.wait(11)
        await story(stage)

    play(begin, settings={**PLUG_AND_CHARGE, "Schedule": hours})


# Waits.


def test_a_charge_begins_after_a_random_wait_and_another_after_another_one():
    async def story(stage):
        waits = set()
        for _ in range(4):
            stage.outlet.plug(**FAST)
            await stage.until("transaction_started")
            left_ms = 0
            await stage.wait(0.1)
            left_ms = row(stage, "start delay")["left_ms"]
            assert 0 <= left_ms <= 600000
            waits.add(left_ms)
            begun_ms = stage.kernel.now_ms()
            await stage.until(lambda: stage.outlet.car.current_ma > 6000, 640)
            assert stage.kernel.now_ms() - begun_ms >= left_ms
            stage.outlet.unplug()
            await stage.until("transaction_stopped")
        assert len(waits) == 4

    play(story, settings={**PLUG_AND_CHARGE, "StartDelayMax": "600"})


def test_the_owner_calls_the_wait_off():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.until(lambda: pause(stage) == "start delay", 15)
        stage.charger.skip_waits(1)
        await stage.until(lambda: stage.status == "Charging", 15)
        # For this plug-in: who goes on after it waits no more.
        await stage.charger.present("PLUGANDCHARGE")
        await stage.until("transaction_stopped")
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 15)

    play(story, settings={**PLUG_AND_CHARGE, **CARDS, "StartDelayMax": "1800"}, seed=3)


def test_a_street_does_not_begin_with_the_hour():
    async def story(stage):
        at(stage, 7, 59)
        stage.outlet.plug(**FAST)
        await stage.until(lambda: pause(stage) == "schedule", 15)
        stage.charger.settings.write("StartDelayMax", "600")
        await stage.until(lambda: pause(stage) == "start delay", 70)
        left_ms = row(stage, "start delay")["left_ms"]
        assert 1000 < left_ms <= 600000
        await stage.wait(left_ms / 1000 - 1)
        assert stage.outlet.contactor.cycles == 0
        await stage.until(lambda: stage.status == "Charging", 30)

    play(story, settings={**PLUG_AND_CHARGE, "Schedule": "daily 07:00-08:00 pause"})


def test_the_supply_comes_back_to_a_wait_that_is_drawn_each_time():
    async def story(stage):
        await stage.charge(**FAST)
        waits = set()
        for _ in range(3):
            stage.world.fault("under_voltage")
            await stage.until(lambda: stage.status == "Faulted", 15)
            stage.world.clear("under_voltage")
            await stage.until(lambda: stage.status != "Faulted", 60)
            left_ms = row(stage, "voltage")["left_ms"]
            assert 0 < left_ms <= 600000
            waits.add(left_ms // 1000)
            await stage.wait(1)
            assert pause(stage) == "voltage"
            stage.charger.skip_waits(1)
            await stage.until(lambda: row(stage, "voltage")["limit_ma"] is None, 1)
            await stage.wait(650)
        assert len(waits) == 3

    play(story, settings={**PLUG_AND_CHARGE, "ReturnDelayMax": "600"})


def test_who_limits_nothing_loads_nothing():
    async def story(stage):
        await stage.charge()
        assert stage.firmware.services.energy is None
        stage.charger.skip_waits(1)  # and nothing to call off

    play(story, settings=PLUG_AND_CHARGE)


# Places.


def test_great_britain_asks_for_hours_and_waits():
    defaults = {key.name: key.default for key in keys("UK")}
    usual = {key.name: key.default for key in keys("EU")}
    changed = {name for name in usual if usual[name] != defaults[name]}
    assert changed == {"Schedule", "TimeZone", "StartDelayMax", "ReturnDelayMax"}
    assert (defaults["StartDelayMax"], usual["StartDelayMax"]) == ("600", "0")
    for key in keys("UK"):
        key.parse(key.default)
