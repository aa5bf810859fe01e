"""What was under way when the charger restarts: waits, tests, counts, and a car under full load."""

import pytest

from control import faults, residual
from control.recent import PARTS
from firmware.restart import OPEN_MS, WAIT_MS
from tests.firmware.stage import PLUG_AND_CHARGE, play

IDLE_MA = 1000


async def _hard_reset(stage):
    assert stage.charger.reset("Hard")
    await stage.until("restart", 9)
    await stage.bench.quiet()


async def _power_cut(stage):
    await stage.bench.power(False)
    await stage.wait(1)
    await stage.bench.power(True)


RESTARTS = pytest.mark.parametrize("restart", [_hard_reset, _power_cut])


# Loads.


@pytest.mark.parametrize(
    ("reaction_ms", "kind"), [(500, "Hard"), (1000, "Hard"), (3000, "Hard"), (3000, "Soft")]
)
def test_a_reset_opens_no_contactor_under_the_load_of_a_car_that_lets_go(reaction_ms, kind):
    async def story(stage):
        await stage.charge(max_a=32, reaction_ms=reaction_ms)
        begun_ms = stage.kernel.now_ms()
        assert stage.charger.reset(kind)
        await stage.until("restart", 20)
        assert stage.kernel.now_ms() - begun_ms <= (OPEN_MS + 1000 if kind == "Hard" else 12000)
        assert stage.outlet.contactor.opened_ma < IDLE_MA

    play(story, settings=PLUG_AND_CHARGE)


def test_a_hard_reset_waits_no_longer_than_control_does_for_a_car_that_never_lets_go():
    async def story(stage):
        await stage.charge()
        stage.outlet.car.hear = lambda seen_bp, now_ms: None
        begun_ms = stage.kernel.now_ms()
        assert stage.charger.reset("Hard")
        await stage.until("restart", 9)
        assert WAIT_MS < stage.kernel.now_ms() - begun_ms <= OPEN_MS + 200
        assert stage.outlet.contactor.opened_ma > IDLE_MA

    play(story, settings=PLUG_AND_CHARGE)


def test_a_hard_reset_of_an_idle_charger_waits_for_nothing_but_its_answer():
    async def story(stage):
        begun_ms = stage.kernel.now_ms()
        await _hard_reset(stage)
        assert stage.kernel.now_ms() - begun_ms <= WAIT_MS + 200

    play(story)


# Phases.


@RESTARTS
@pytest.mark.parametrize(("first", "then"), [("1", "3"), ("3", "1")])
@pytest.mark.parametrize("after_s", [0, 2, 40])
def test_the_wait_after_phases_were_switched_outlives_a_restart(restart, first, then, after_s):
    async def story(stage):
        await stage.wait(70)
        await stage.charge(phase_wait_s=60)
        stage.charger.settings.write("PhaseSwitching", then)
        switch, contactor = stage.outlet.phase_switch, stage.outlet.contactor
        await stage.until(lambda: switch.joined == int(then), 30)
        moved_ms, cycles = stage.kernel.now_ms(), contactor.cycles
        await stage.wait(after_s)
        await restart(stage)
        await stage.until(lambda: contactor.cycles > cycles, 300)
        assert stage.kernel.now_ms() - moved_ms >= 60000
        await stage.wait(3)
        assert not stage.outlet.car.confused

    play(story, settings={**PLUG_AND_CHARGE, "PhaseSwitching": first, "PhaseSwitchWait": "60"})


@RESTARTS
def test_a_lost_phase_is_still_lost_after_a_restart(restart):
    async def story(stage):
        await stage.charge()
        stage.world.fault("phase_lost")
        await stage.until(lambda: stage.status == "Faulted", 15)
        await stage.wait(1)
        cycles = stage.outlet.contactor.cycles
        for _ in range(2):
            await restart(stage)
            await stage.wait(90)
        assert stage.connector.status.vendor_error_code == "UNDER_VOLTAGE"
        assert stage.outlet.contactor.cycles == cycles
        stage.world.clear("phase_lost")
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 60)

    play(story, settings=PLUG_AND_CHARGE)


# The RCD.


@pytest.mark.parametrize("after_ms", [0, 20, 50])
def test_a_reset_in_the_test_of_the_rcd_is_no_trip(after_ms):
    async def story(stage):
        stage.outlet.plug()
        machine = stage.connector.controller.protection.rcd
        await stage.until(lambda: machine.state == residual.TESTING, 5)
        await stage.wait(after_ms / 1000)
        stage.firmware.guard.open()
        stage.connector.latches.look()
        await stage.bench.restart("software")
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 30)
        assert stage.connector.snapshot.trips == 0
        assert not [event for event in stage.events("fault") if event.get("fault") == "RCD_TRIP"]

    play(story, settings=PLUG_AND_CHARGE)


@RESTARTS
def test_the_age_of_a_trip_is_kept_over_restarts(restart):
    async def story(stage):
        await stage.charge()
        stage.world.fault("rcd_trip")
        await stage.until(lambda: stage.status == "Faulted", 0.3)
        stage.world.clear("rcd_trip")
        await stage.wait(1)
        stage.outlet.unplug()
        for parts in (PARTS, PARTS - 1):
            assert stage.connector.snapshot.trips >> 14 == parts
            await restart(stage)
            await stage.wait(3)
            assert stage.connector.snapshot.trips >> 14 == parts
            await stage.wait(15 * 60)
        assert stage.firmware.journal.get("latches-1")[4] == PARTS - 2 << 14

    play(story, settings=PLUG_AND_CHARGE)


# State F.


def test_a_weld_that_a_technician_has_cleared_leaves_nobody_authorised():
    async def story(stage):
        await stage.charge()
        stage.world.fault("relay_welded")
        stage.charger.stop_all("Local")
        await stage.until(lambda: stage.status == "Faulted", 10)
        await stage.until("transaction_stopped", 20)
        session = stage.connector.snapshot.session
        stage.world.clear("relay_welded")
        stage.outlet.unplug()
        await stage.wait(2)
        stage.outlet.plug()
        stage.connector.controller.mailbox.clear(1 << faults.RELAY_WELDED)
        await stage.until(lambda: stage.connector.snapshot.session > session, 2)
        await stage.until("transaction_started", 60)

    play(story, settings=PLUG_AND_CHARGE)
