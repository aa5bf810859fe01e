"""Tasks that fail are told of and started again; nothing of this touches the tick."""

import asyncio

from firmware.supervisor import LONGEST_PAUSE_MS, Supervisor
from simulator.clockwork import kernel
from simulator.portable.rig import Clock
from tests.firmware.stage import PLUG_AND_CHARGE, play


class Guarded:
    def __init__(self):
        self.seen_ms = []

    def tasks_live(self, now_ms):
        self.seen_ms.append(now_ms)


def supervise(work, for_s, name="work", alive=lambda: True):
    """What is reported while `work()` is kept running, with the moments of its starts in s."""
    reports: list = []
    starts: list = []
    guard = Guarded()

    async def main():
        loop = kernel.current()

        async def sleep_ms(duration_ms):
            await asyncio.sleep(duration_ms / 1000)

        clock = Clock(loop.now_ms, sleep_ms, bytes, (1 << 30) - 90000)
        supervisor = Supervisor(clock, guard, reports.append, alive)

        async def counted():
            starts.append(loop.now_ms() // 1000)
            await work(len(starts))

        supervisor.start(name, counted)
        supervisor.start("beat", supervisor.beat)
        await asyncio.sleep(for_s)
        await supervisor.stop()
        await asyncio.sleep(100)
        return reports, starts, guard.seen_ms

    return kernel.run(main())


def test_a_task_that_raises_is_told_and_started_again_ever_more_slowly():
    async def fail(_):
        raise ValueError("no luck")

    reports, starts, _ = supervise(fail, 200)
    assert starts == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert reports == [{"event": "task_failed", "task": "work", "reason": "ValueError: no luck"}] * len(
        starts
    )


def test_a_task_that_worked_for_long_is_started_again_soon():
    async def fail_late(count):
        if count > 5:
            await asyncio.sleep(LONGEST_PAUSE_MS / 1000)
        raise ValueError("once an hour")

    _, starts, _ = supervise(fail_late, 200)
    assert starts == [0, 1, 3, 7, 15, 31, 92, 153]


def test_a_task_that_ends_is_started_again_and_nothing_is_told():
    async def end(_):
        pass

    reports, starts, _ = supervise(end, 5)
    assert (reports, starts) == ([], [0, 1, 3])


def test_stopped_tasks_are_gone():
    async def live(_):
        await asyncio.sleep(10**6)

    _, starts, seen_ms = supervise(live, 10)
    assert starts == [0]
    assert len(seen_ms) == 10


def test_nobody_is_vouched_for_while_the_work_does_not_go_on():
    async def live(_):
        await asyncio.sleep(10**6)

    turns: list = []

    def alive():
        turns.append(len(turns))
        return 3 <= turns[-1] < 7

    _, _, seen_ms = supervise(live, 10, alive=alive)
    assert len(turns) == 10
    assert len(seen_ms) == 4


def test_a_failing_task_disturbs_neither_tick_nor_charge():
    async def story(stage):
        def broken(now_ms):
            raise RuntimeError("the driver has a bug")

        await stage.charge()
        ticks = stage.connector.snapshot.ticks
        meter = stage.firmware.guard.lanes[0].parts.meter
        meter.poll = broken
        await stage.wait(100)
        assert stage.connector.snapshot.ticks == ticks + 5000
        assert stage.status == "Charging"
        assert {entry["task"] for entry in stage.events("task_failed")} == {"meter"}
        assert 5 <= len(stage.events("task_failed")) <= 8
        del meter.poll
        await stage.wait(70)
        assert stage.charger.reading(1)

    play(story, settings=PLUG_AND_CHARGE)
