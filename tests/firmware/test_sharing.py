"""Load balancing and phase switching: from the mains meter, and limits in W, to the current that flows."""

import pytest

from control import limits
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

FAST = {"max_a": 32, "ramp_a_s": 80}


def row(stage, name):
    return next(row for row in stage.charger.limits(1) if row["source"] == name)


def pause(stage):
    return stage.connector.status.info if stage.status == "SuspendedEVSE" else ""


# The house.

SHARED = {"FuseCurrent": "25"}


def test_the_car_leaves_the_fuse_to_the_house_and_takes_what_it_leaves():
    async def story(stage):
        await stage.charge(**FAST)
        await stage.wait(200)
        assert 23000 <= stage.outlet.car.current_ma <= 25000
        stage.world.set(house_ma=10000)
        await stage.wait(10)
        connection = stage.world.connection
        assert max(connection.current_ma) <= 25000
        assert row(stage, "load balancing")["least"]
        assert row(stage, "load balancing")["reason"].startswith("load balancing 1")
        stage.world.set(house_ma=22000)
        await stage.until(lambda: pause(stage) == "load balancing", 10)
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 7)
        stage.world.set(house_ma=2000)
        await stage.until(lambda: stage.status == "Charging", 120)
        await stage.wait(300)
        assert 21000 <= stage.outlet.car.current_ma <= 23000
        assert not connection.fuse_blown

    play(story, settings={**PLUG_AND_CHARGE, **SHARED})


@pytest.mark.parametrize(("fallback", "flows_ma"), [("6", 6000), ("0", 0), ("10", 10000)])
def test_a_silent_mains_meter_leaves_the_fallback(fallback, flows_ma):
    async def story(stage):
        await stage.charge(**FAST)
        await stage.wait(60)
        assert stage.outlet.car.current_ma > 12000
        stage.world.fault("mains_meter_silent")
        await stage.until(lambda: row(stage, "load balancing")["limit_ma"] == flows_ma, 8)
        await stage.wait(15)
        assert flows_ma - 10 <= stage.outlet.car.current_ma <= flows_ma
        assert [entry["silent"] for entry in stage.events("mains_meter")] == [True]
        stage.world.clear("mains_meter_silent")
        await stage.until(lambda: stage.outlet.car.current_ma > 12000, 300)
        assert [entry["silent"] for entry in stage.events("mains_meter")] == [True, False]

    play(story, settings={**PLUG_AND_CHARGE, **SHARED, "MainsFallbackCurrent": fallback})


def test_before_the_first_reading_and_without_a_meter_the_fallback_holds():
    async def story(stage):
        stage.world.fault("mains_meter_silent")
        await stage.bench.restart("software")
        stage.outlet.plug(**FAST)
        await stage.wait(60)
        assert 5990 <= stage.outlet.car.current_ma <= 6000
        stage.charger.settings.write("FuseCurrent", "0")
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 30)

    play(story, settings={**PLUG_AND_CHARGE, **SHARED})


def test_a_car_on_one_phase_counts_on_the_phase_it_is_wired_to():
    """Its L1 is the house's L2: what the house takes from its own L1 is no concern, once it is known that the
    car has no other phase."""

    async def story(stage):
        stage.world.set(rotation=1, house_ma=[20000, 0, 0])
        await stage.charge(phases=1, **FAST)
        await stage.wait(250)
        assert stage.outlet.car.current_ma > 20000
        assert stage.world.connection.current_ma[1] > 20000
        stage.world.set(house_ma=[0, 20000, 0])
        await stage.until(lambda: pause(stage) == "load balancing", 10)

    known = {"ConnectorPhaseRotation": "1.STR", "Vehicles": "PLUGANDCHARGE 60s 1ph"}
    play(story, settings={**PLUG_AND_CHARGE, **SHARED, **known})


def test_two_cars_share():
    async def story(stage):
        for number in (1, 2):
            stage.world.outlet(number).plug(cable_a=32, **FAST)
        await stage.wait(400)
        for number in (1, 2):
            assert 11000 <= stage.world.outlet(number).car.current_ma <= 12500
        assert max(stage.world.connection.current_ma) <= 25000

    play(story, board="simulated_two", settings={**PLUG_AND_CHARGE, **SHARED})


# Phases.


async def offer_w(stage, power_w):
    for connector in stage.charger.connectors:
        connector.controller.mailbox.set_power(limits.BACKEND, power_w)


def test_little_power_is_used_on_one_phase_and_more_on_three():
    async def story(stage):
        await offer_w(stage, 3000)
        stage.outlet.plug(**FAST)
        await stage.until(lambda: stage.outlet.car.current_ma > 12000, 240)
        assert stage.outlet.phase_switch.joined == 1
        await offer_w(stage, 11000)
        await stage.wait(300)
        assert stage.outlet.phase_switch.joined == 1  # changes are rare
        await stage.until(lambda: stage.outlet.phase_switch.joined == 3, 700)
        assert pause(stage) == "phase switching"
        await stage.until(lambda: stage.outlet.car.current_ma > 14000, 120)
        assert stage.outlet.phase_switch.live_moves == 0
        assert stage.charger.transaction(1) == 1

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize(("setting", "joined"), [("1", 1), ("3", 3)])
def test_a_person_chooses_the_phases(setting, joined):
    async def story(stage):
        await stage.charge(**FAST)
        stage.charger.settings.write("PhaseSwitching", setting)
        await offer_w(stage, 3000)
        await stage.wait(200)
        assert stage.outlet.phase_switch.joined == joined
        assert (stage.outlet.car.current_ma > 12000) == (joined == 1)

    play(story, settings=PLUG_AND_CHARGE)


def test_a_car_with_one_phase_is_not_switched():
    async def story(stage):
        await stage.charge(phases=1, **FAST)
        await stage.wait(20)
        await offer_w(stage, 3000)
        await stage.wait(300)
        assert stage.outlet.phase_switch.moves == 0
        assert 12000 < stage.outlet.car.current_ma < 13500

    play(story, settings=PLUG_AND_CHARGE)


def test_what_is_known_of_a_car_comes_with_its_card():
    async def story(stage):
        mailbox = stage.connector.controller.mailbox
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.present(OWN_CARD)
        assert (mailbox.phase_wait_ms, mailbox.car_phases) == (120000, 1)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.present("04D4E5F6")
        assert (mailbox.phase_wait_ms, mailbox.car_phases) == (90000, 0)

    vehicles = {"Vehicles": "04a1b2c3 120s 1ph", "PhaseSwitchWait": "90"}
    play(story, settings={**CARDS, **vehicles})
