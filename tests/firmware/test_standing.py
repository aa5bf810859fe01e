"""What clients read of a connector: status and reason, warnings, limits, session, and what outlives a cut."""

import pytest

from control import faults, limits, states
from firmware import views
from firmware.standing import limit_text
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

FAST = {"max_a": 32, "ramp_a_s": 80}


def row(stage, name):
    return next(row for row in stage.charger.limits(1) if row["source"] == name)


# Warnings: charging goes on.


def test_a_hot_charger_goes_on_with_less_and_says_so_l18():
    async def story(stage):
        await stage.charge(**FAST)
        stage.world.fault("hot")
        await stage.until(lambda: stage.connector.status.error_code == "HighTemperature", 1)
        status = stage.charger.status(1)
        assert (status.status, status.vendor_error_code, status.info) == (
            "Charging",
            "HIGH_TEMPERATURE",
            "Device getting hot",
        )
        (error,) = stage.charger.errors(1)
        assert (error.warns, error.wording) == (True, "Device getting hot")
        await stage.wait(20)
        assert 6000 <= stage.outlet.car.current_ma < 30000
        assert row(stage, "temperature")["least"]
        assert stage.charger.connectors[0].can_start() == "a transaction is running"
        stage.world.clear("hot")
        await stage.until(lambda: stage.connector.status.error_code == "NoError", 1)
        await stage.wait(1)
        assert stage.words() == ["Preparing", "Charging", "Charging", "Charging"]
        sent = [frame["frame"][3] for frame in stage.bench.frames if "StatusNotification" in frame["frame"]]
        mine = [(one["status"], one["errorCode"]) for one in sent if one["connectorId"] == 1]
        assert mine[-3:] == [
            ("Charging", "NoError"),
            ("Charging", "HighTemperature"),
            ("Charging", "NoError"),
        ]

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_a_warning_lets_a_charge_begin():
    async def story(stage):
        stage.world.fault("hot")
        await stage.wait(2)
        assert (stage.status, stage.connector.status.error_code) == ("Available", "HighTemperature")
        await stage.charge()

    play(story, settings=PLUG_AND_CHARGE)


def test_a_silent_meter_leaves_six_amperes_and_a_warning_l24():
    async def story(stage):
        await stage.charge(**FAST)
        stage.world.fault("meter_silent")
        await stage.until(lambda: stage.connector.status.error_code == "PowerMeterFailure", 8)
        assert (stage.status, stage.connector.status.vendor_error_code) == ("Charging", "METER_COMM")
        await stage.wait(10)
        assert 5900 <= stage.outlet.car.current_ma <= 6000
        assert row(stage, "meter")["reason"] == "meter 6 A"
        stage.charger.settings.write("MeterFallbackCurrent", "10")
        await stage.until(lambda: stage.outlet.car.current_ma > 9900, 15)
        stage.world.clear("meter_silent")
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 15)
        assert stage.connector.status.error_code == "NoError"

    play(story, settings=PLUG_AND_CHARGE)


def test_where_somebody_pays_a_silent_meter_stops_the_current_l24():
    async def story(stage):
        await stage.charge(**FAST)
        stage.world.fault("meter_silent")
        await stage.until(lambda: stage.status == "Faulted", 8)
        assert stage.connector.status.vendor_error_code == "METER_COMM"
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 7)
        stage.world.clear("meter_silent")
        await stage.until(lambda: stage.status == "Charging", 60)
        assert not stage.stops()

    play(story, settings={**PLUG_AND_CHARGE, "Billing": "true"})


# Pauses.


def test_a_car_that_is_being_woken_pauses_by_itself_l6():
    async def story(stage):
        stage.outlet.plug(charge=0)
        await stage.until(lambda: stage.connector.snapshot.state == states.WAKING, 60)
        await stage.wait(100)
        assert stage.words() == ["Preparing", "SuspendedEV"]

    play(story, settings=PLUG_AND_CHARGE)


def test_the_reason_of_a_pause_is_told_until_it_is_over_l9():
    async def story(stage):
        await stage.charge(**FAST)
        stage.charger.limit(limits.BACKEND, 0)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 1)
        assert stage.events("status")[-1]["reason"] == "backend"
        stage.charger.limit(limits.SCHEDULE, 0)
        await stage.wait(1)
        stage.charger.limit(limits.BACKEND, limits.NO_LIMIT_MA)
        await stage.wait(1)
        assert stage.connector.status.info == "schedule"
        stage.charger.limit(limits.SCHEDULE, limits.NO_LIMIT_MA)
        await stage.wait(0.2)
        for _ in range(9):
            assert (stage.status, stage.connector.status.info) == (
                "SuspendedEVSE",
                "waiting 10 s after schedule",
            )
            await stage.wait(1)
        await stage.until(lambda: stage.status == "Charging", 5)
        assert stage.connector.status.info == ""

    play(story, settings=PLUG_AND_CHARGE)


def test_a_limit_that_nobody_saw_falling_is_still_named():
    async def story(stage):
        await stage.charge(**FAST)
        stage.charger.limit(limits.LOAD_BALANCING, 0, 40, limits.NO_LIMIT_MA)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 1)
        assert stage.connector.snapshot.limit_ma >= 6000
        assert stage.connector.status.info == "waiting 10 s after load balancing"
        assert stage.events("status")[-1]["reason"] == "waiting 10 s after load balancing"

    play(story, settings=PLUG_AND_CHARGE)


def test_who_was_never_offered_anything_waits_for_nothing_when_the_limit_rises():
    async def story(stage):
        stage.charger.limit(limits.SCHEDULE, 0)
        stage.outlet.plug()
        await stage.until(lambda: stage.connector.status.info == "schedule", 15)
        assert stage.connector.snapshot.paused_by == limits.SCHEDULE
        stage.charger.limit(limits.SCHEDULE, limits.NO_LIMIT_MA)
        await stage.until(lambda: stage.status == "Charging", 5)
        assert stage.connector.snapshot.paused_by == -1

    play(story, settings=PLUG_AND_CHARGE)


def test_a_car_that_dislikes_changes_waits_for_its_minute_and_is_told_so():
    async def story(stage):
        await stage.charge(**FAST)
        await stage.wait(5)
        stage.connector.controller.protection.flapping.upset = True
        stage.charger.limit(limits.SCHEDULE, 0)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 1)
        stage.charger.limit(limits.SCHEDULE, limits.NO_LIMIT_MA)
        await stage.wait(12)
        assert (stage.status, stage.connector.status.info) == ("SuspendedEVSE", "few changes for this car")
        await stage.until(lambda: stage.status == "Charging", 60)

    play(story, settings=PLUG_AND_CHARGE)


def test_beside_a_weld_on_another_connector_the_car_is_told_why_it_gets_nothing_l16():
    async def story(stage):
        await stage.charge(**FAST)
        stage.world.fault("relay_welded", 2)
        stage.world.outlet(2).contactor.contacts_closed = True
        await stage.until(lambda: stage.status == "SuspendedEVSE", 1)
        assert stage.connector.status.info == "relay failure on another connector"
        assert stage.charger.status(2).vendor_error_code == "RELAY_WELDED"

    play(story, board="simulated_two", settings=PLUG_AND_CHARGE)


def test_an_opening_by_the_charger_is_the_charger_s_pause_and_not_the_car_s():
    """The car asks all the while; the charger lets five seconds pass before it closes again."""

    async def story(stage):
        await stage.charge(**FAST)
        contactor = stage.outlet.contactor
        contactor.chattering = True
        await stage.until(lambda: not contactor.driven, 2)
        contactor.chattering = False
        await stage.wait(0.2)
        for _ in range(4):
            assert (stage.status, stage.connector.status.info) == ("SuspendedEVSE", "reclosing pause")
            assert stage.outlet.car.s2
            await stage.wait(1)
        await stage.until(lambda: stage.status == "Charging", 3)
        assert "SuspendedEV" not in stage.words()

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize("fault", ["over_current", "over_voltage"])
def test_after_a_recovery_nothing_is_blamed_that_does_not_pause(fault):
    async def story(stage):
        await stage.charge(**FAST)
        stage.world.fault(fault)
        await stage.until(lambda: stage.status == "Faulted", 20)
        stage.world.clear(fault)
        await stage.until(lambda: stage.status == "Charging", 90)
        assert stage.words() == ["Preparing", "Charging", "Faulted", "SuspendedEV", "Charging"]

    play(story, settings=PLUG_AND_CHARGE)


def test_a_plug_that_nothing_holds_pauses_and_is_named():
    async def story(stage):
        await stage.charge(**FAST)
        stage.outlet.lock.holds, stage.outlet.lock.stuck = False, True
        await stage.until(lambda: stage.status == "SuspendedEVSE", 0.5)
        assert stage.connector.status.info == "plug not locked"
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 4)
        await stage.until(lambda: stage.status == "Faulted", 5)
        assert stage.connector.status.vendor_error_code == "LOCK_FAILED"

    play(story, board="simulated_two", settings=PLUG_AND_CHARGE)


def test_a_car_that_goes_on_by_itself_goes_straight_from_its_pause_to_charging():
    async def story(stage):
        await stage.charge(**FAST)
        stage.outlet.car.set(charge=0)
        await stage.until(lambda: stage.status == "SuspendedEV", 10)
        await stage.wait(20)
        stage.outlet.car.set(charge=1)
        await stage.until(lambda: stage.status == "Charging", 10)
        assert stage.words() == ["Preparing", "Charging", "SuspendedEV", "Charging"]

    play(story, settings=PLUG_AND_CHARGE)


def test_a_car_that_changes_its_mind_at_once_waits_for_the_contactor():
    async def story(stage):
        await stage.charge(**FAST)
        stage.outlet.car.set(charge=0)
        await stage.until(lambda: stage.status == "SuspendedEV", 10)
        stage.outlet.car.set(charge=1)
        await stage.until(lambda: stage.status == "Charging", 10)
        assert stage.words() == ["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Charging"]

    play(story, settings=PLUG_AND_CHARGE)


def test_who_may_not_draw_any_more_is_told_why():
    async def story(stage):
        await stage.charge()
        stage.charger.settings.write("StopTransactionOnInvalidId", "false")
        stage.charger.verdict(1, "Blocked")
        await stage.until(lambda: stage.status == "SuspendedEVSE", 1)
        assert stage.connector.status.info == "not authorised"

    play(story, settings=PLUG_AND_CHARGE)


def test_a_contactor_that_closed_too_often_rests_and_the_car_is_not_blamed():
    async def story(stage):
        await stage.charge()
        for _ in range(3):
            stage.outlet.car.set(charge=0)
            await stage.until(lambda: not stage.outlet.contactor.contacts_closed)
            await stage.wait(20)
            stage.outlet.car.set(charge=1)
            await stage.wait(20)
        assert (stage.status, stage.connector.status.info) == ("SuspendedEVSE", "contactor rests")
        await stage.until(lambda: stage.status == "Charging", 600)

    play(story, settings=PLUG_AND_CHARGE)


# Limits and session.


@pytest.mark.parametrize(
    ("source", "limit_ma", "text"),
    [
        (limits.CABLE, 20000, "cable 20 A"),
        (limits.LOAD_BALANCING, 7550, "load balancing 7.5 A"),
        (limits.SCHEDULE, 0, "schedule"),
        (limits.TEMPERATURE, 5999, "temperature"),
        (limits.START_DELAY, 0, "start delay"),
    ],
)
def test_a_limit_as_people_read_it(source, limit_ma, text):
    assert limit_text(source, limit_ma) == text


def test_every_limit_has_value_time_and_reason_l2():
    async def story(stage):
        stage.outlet.plug(cable_a=20)
        await stage.wait(3)
        stage.charger.settings.write("AllowedCurrent", "25")
        stage.charger.limit(limits.BACKEND, 10000, 60000, 6000)
        await stage.wait(0.1)
        rows = stage.charger.limits(1)
        assert [row["source"] for row in rows] == list(limits.NAMES)
        assert [row["source"] for row in rows if row["least"]] == ["backend"]
        told = {row["source"]: (row["limit_ma"], row["reason"]) for row in rows}
        assert told["cable"] == (20000, "cable 20 A")
        assert told["owner"] == (25000, "owner 25 A")
        assert told["schedule"] == (None, "")
        assert 59000 < row(stage, "backend")["left_ms"] <= 60000
        await stage.wait(61)
        assert (row(stage, "backend")["limit_ma"], row(stage, "backend")["left_ms"]) == (6000, 0)

    play(story, board="simulated_two")


def test_the_session_with_its_idle_time_t3():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.wait(3)
        await stage.charger.start(OWN_CARD, power_w=11000, energy_wh=20000, duration_s=7200)
        await stage.until(lambda: stage.status == "Charging")
        await stage.wait(60)
        told = views.session(stage.connector)
        assert told["idle_s"] == 0
        assert told["session_s"] >= 60
        assert told["session_wh"] > 100
        assert (told["transaction"], told["id_tag"], told["phases"]) == (1, OWN_CARD, 3)
        assert (told["power_w"], told["energy_wh"], told["duration_s"]) == (11000, 20000, 7200)
        stage.outlet.car.set(charge=0)
        await stage.wait(120)
        assert 110 <= views.session(stage.connector)["idle_s"] <= 120
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(1)
        told = views.session(stage.connector)
        assert (told["plugged"], told["transaction"], told["power_w"]) == (False, 0, 0)

    play(story, settings=CARDS)


# What outlives a power cut.


async def cut(stage):
    await stage.bench.power(False)
    await stage.bench.power(True)
    await stage.wait(2)


def test_the_contactor_s_life_and_its_rest_outlive_a_power_cut():
    async def story(stage):
        for number in (1, 2, 3):
            await stage.charge()
            stage.outlet.unplug()
            await stage.until("transaction_stopped")
            await cut(stage)
            assert stage.connector.snapshot.cycles == number == stage.outlet.contactor.cycles
        stage.outlet.plug()
        await stage.wait(60)
        assert stage.outlet.contactor.cycles == 3
        await stage.until(lambda: stage.status == "Charging", 600)

    play(story, settings=PLUG_AND_CHARGE)


def test_the_third_trip_of_a_day_is_the_last_over_power_cuts_too():
    async def story(stage):
        for _ in range(3):
            await stage.charge()
            stage.world.fault("rcd_trip")
            await stage.until(lambda: stage.status == "Faulted", 1)
            stage.world.clear("rcd_trip")
            await stage.wait(1)
            stage.outlet.unplug()
            await stage.wait(60)
            await cut(stage)
        await stage.wait(30)
        assert stage.connector.snapshot.faults & faults.ROWS[faults.RCD_REPEATED].bit
        assert stage.connector.status.vendor_error_code == "RCD_REPEATED"

    play(story, settings=PLUG_AND_CHARGE)


def test_protective_earth_that_is_lost_opens_and_ends_the_charge():
    async def story(stage):
        await stage.charge()
        stage.world.fault("earth_lost")
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 0.2)
        await stage.until("transaction_stopped", 10)
        status = stage.charger.status(1)
        assert (status.error_code, status.vendor_error_code) == ("GroundFailure", "PE_LOST")
        assert stage.stops()[0]["reason"] == "Other"
        assert stage.events("stopping")[0]["cause"] == "Protective earth lost"

    play(story, settings=PLUG_AND_CHARGE)
