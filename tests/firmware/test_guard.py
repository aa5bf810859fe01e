"""The tick among drivers: what opens the contactor when it stops, and who is vouched for to the watchdog."""

import asyncio

import pytest

from control.ticks import MASK, add
from firmware.charger import WORKING_MS
from firmware.guard import LIVELY_MS, Guard
from hal.contract import LEASE_MS
from simulator.clockwork import kernel
from simulator.portable.parts import STARVES_MS
from tests.firmware.stage import BELOW_WRAP_MS, PLUG_AND_CHARGE, play


@pytest.mark.parametrize("period_ms", [1, 7, 20])
def test_when_the_tick_stops_the_contacts_open_within_the_lease(period_ms):
    """The world goes on alone; nobody drops the contactor."""

    async def story(stage):
        await stage.charge()
        stage.kernel.cancel_tick()
        contactor = stage.outlet.contactor
        begun_ms = stage.bench.clock.now_ms()
        stopped_ms = 0
        while contactor.contacts_closed:
            stopped_ms += period_ms
            assert stopped_ms <= LEASE_MS + contactor.release_ms + period_ms
            stage.world.step(add(begun_ms, stopped_ms))
        opened_ms = (contactor.contacts_at_ms - begun_ms) & MASK
        assert opened_ms <= LEASE_MS + contactor.release_ms

    play(story, settings=PLUG_AND_CHARGE)


def test_the_watchdog_restarts_a_firmware_whose_tasks_show_no_life():
    async def story(stage):
        await stage.charge()
        first = stage.firmware
        first.guard.tasks_live = lambda now_ms: None
        begun_ms = stage.kernel.now_ms()
        restart = await stage.until("restart", 20)
        assert restart["cause"] == "watchdog"
        longest_ms = LIVELY_MS + STARVES_MS
        assert longest_ms - 1200 <= stage.kernel.now_ms() - begun_ms <= longest_ms + 200
        assert stage.firmware is not first
        await stage.until("transaction_stopped")
        assert [stop["reason"] for stop in stage.stops()] == ["Reboot"]
        await stage.wait(60)
        assert len(stage.events("restart")) == 1
        assert stage.status == "Charging"

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize("trouble", ["hangs", "fails"])
def test_the_watchdog_restarts_a_firmware_whose_charger_task(trouble):
    """The tick and the sign of life go on."""

    async def story(stage):
        await stage.charge()
        working = stage.connector.work

        def fail(now_ms):
            if trouble == "fails":
                raise RuntimeError("a bug")
            stage.firmware.clock.sleep_ms = lambda duration_ms: asyncio.sleep(3600)
            working(now_ms)

        stage.connector.work = fail
        begun_ms = stage.kernel.now_ms()
        restart = await stage.until("restart", 25)
        assert restart["cause"] == "watchdog"
        assert stage.kernel.now_ms() - begun_ms <= WORKING_MS + 1000 + LIVELY_MS + STARVES_MS + 200
        await stage.until(lambda: stage.status == "Charging", 60)
        await stage.wait(60)
        assert len(stage.events("restart")) == 1

    play(story, settings=PLUG_AND_CHARGE)


def test_a_charger_task_that_fails_once_is_forgiven():
    async def story(stage):
        await stage.charge()
        working = stage.connector.work

        def fail_once(now_ms):
            stage.connector.work = working
            raise RuntimeError("a rare bug")

        stage.connector.work = fail_once
        await stage.until("task_failed")
        await stage.wait(60)
        assert stage.status == "Charging"
        assert not stage.events("restart")

    play(story, settings=PLUG_AND_CHARGE)


def test_a_tick_that_stops_starves_the_watchdog():
    async def story(stage):
        await stage.charge()
        stage.kernel.cancel_tick()
        stage.kernel.every(20, lambda now_ms: stage.world.step(stage.bench.clock.now_ms()))
        await stage.until("restart", 10)
        assert not stage.outlet.contactor.contacts_closed

    play(story, settings=PLUG_AND_CHARGE)


def test_the_longest_gap_is_remembered_over_the_wrap():
    async def story(stage):
        guard = stage.firmware.guard
        assert guard.longest_gap_ms == 20
        await stage.wait(30)
        assert guard.longest_gap_ms == 20
        now_ms = stage.bench.clock.now_ms()
        guard.tick(add(now_ms, 75))
        assert guard.longest_gap_ms == 75

    play(story, start_ms=BELOW_WRAP_MS)


class Clock:
    """The board's clock where the tick is a task: each turn takes as long as `delays_ms` says."""

    def __init__(self, delays_ms):
        self.delays_ms = list(delays_ms)
        self.raw_ms = MASK - 30

    def now_ms(self):
        return self.raw_ms

    async def sleep_ms(self, duration_ms):
        if not self.delays_ms:
            raise asyncio.CancelledError
        self.raw_ms = add(self.raw_ms, duration_ms + self.delays_ms.pop(0))


class Ticks(Guard):
    def __init__(self):
        Guard.__init__(self, [], None)
        self.at_ms = []

    def tick(self, now_ms):
        self.at_ms.append((now_ms - (MASK - 30)) & MASK)


@pytest.mark.parametrize(
    ("delays_ms", "at_ms"),
    [
        ((0, 0, 0, 0), [0, 20, 40, 60, 80]),
        ((3, 0, 19, 0), [0, 23, 40, 79, 80]),
        ((20, 0, 65, 0), [0, 40, 60, 145, 160]),
    ],
)
def test_a_late_tick_does_not_move_the_schedule_and_a_missed_one_is_gone(delays_ms, at_ms):
    async def main():
        guard = Ticks()
        with pytest.raises(asyncio.CancelledError):
            await guard.run(Clock(delays_ms), 20)
        return guard.at_ms

    assert kernel.run(main()) == at_ms


def test_a_silent_meter_s_age_is_counted_past_the_wrap_of_the_clock():
    async def story(stage):
        lane = stage.firmware.guard.lanes[0]
        assert 0 <= lane.meter_age_ms() < 1200
        stage.world.fault("meter_silent")
        await stage.wait(30)
        assert 30000 <= lane.meter_age_ms() <= 31300
        # Longer than the clock takes to wrap, in steps that it can tell.
        now_ms = stage.bench.clock.now_ms()
        for _ in range(4):
            now_ms = add(now_ms, 1 << 28)
            lane._read_meter(now_ms, lane.parts.meter)
        assert lane.meter_age_ms() == 0x1FFFFFFF

    play(story)


def test_a_lock_that_held_through_a_power_cut_lets_go_of_its_plug():
    async def story(stage):
        await stage.charge()
        assert stage.outlet.lock.holds
        await stage.bench.power(False)
        assert stage.outlet.lock.holds
        await stage.bench.power(True)
        stage.charger.settings.write("PlugAndCharge", "false")
        await stage.until("transaction_stopped")
        await stage.wait(2)
        stage.charger.stop_all("Local")
        await stage.wait(10)
        assert not stage.outlet.lock.holds
        stage.outlet.unplug()

    play(story, board="simulated_two", settings=PLUG_AND_CHARGE)
