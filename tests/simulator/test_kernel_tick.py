"""The tick of simulated time: on its grid, before the timers of its instant, until it is ended."""

import asyncio

import pytest

from simulator.clockwork.kernel import Kernel, current, run

DAY_S = 86_400


def test_ticks_come_on_the_grid_and_before_the_timers_of_their_instant():
    async def main():
        seen: list = []
        current().every(20, lambda now_ms: seen.append(("tick", now_ms, current().now_ms())))
        current().call_later(0.020, lambda: seen.append(("timer", current().now_ms())))
        current().call_later(0.0305, lambda: seen.append(("timer", current().now_us())))
        await asyncio.sleep(0.059999)
        return seen

    ticks_and_timers = [("tick", 20, 20), ("timer", 20), ("timer", 30_500), ("tick", 40, 40)]
    assert run(main()) == ticks_and_timers


def test_work_that_a_tick_makes_is_done_before_time_moves():
    async def main():
        woken, seen = asyncio.Event(), []
        current().every(10, lambda now_ms: woken.set() if now_ms % 30 == 0 else None)
        for _ in range(3):
            await woken.wait()
            woken.clear()
            seen.append(current().now_ms())
        return seen

    assert run(main()) == [30, 60, 90]


def test_a_timer_that_a_tick_sets_is_not_jumped_over():
    async def main():
        seen: list = []

        def tick(now_ms):
            if now_ms == 100:
                current().call_later(0.015, lambda: seen.append(current().now_us()))

        current().every(10, tick)
        await asyncio.sleep(3600)
        return seen

    assert run(main()) == [115_000]


def test_a_tick_can_end_itself_and_another_take_its_place():
    async def main():
        seen: list = []

        def first(now_ms):
            seen.append(("first", now_ms))
            if now_ms == 40:
                current().cancel_tick()
                current().every(100, lambda now_ms: seen.append(("second", now_ms)))

        current().every(20, first)
        with pytest.raises(RuntimeError, match="cancel_tick"):
            current().every(20, first)
        await asyncio.sleep(0.250)
        current().cancel_tick()
        await asyncio.sleep(10)
        return seen

    assert run(main()) == [("first", 20), ("first", 40), ("second", 140), ("second", 240)]


def test_a_tick_that_fails_is_heard_of():
    async def main():
        current().every(20, lambda now_ms: 1 // (100 - now_ms))
        await asyncio.sleep(3600)

    with pytest.raises(ZeroDivisionError):
        run(main())


def test_a_tick_period_is_whole_and_positive():
    async def main():
        current().every(0, print)

    with pytest.raises(ValueError, match="period"):
        run(main())


def test_a_week_of_odd_sleeps_does_not_drift():
    async def main():
        ticks = 0

        def tick(now_ms):
            nonlocal ticks
            ticks += 1
            assert now_ms == ticks * 1000

        current().every(1000, tick)
        for count in range(1, 70_001):
            await asyncio.sleep(8.64)
            assert current().now_us() == count * 8_640_000
        return ticks

    assert run(main()) == 7 * DAY_S


def test_stop_is_obeyed_inside_the_tick():
    kernel = Kernel()
    try:
        kernel.every(20, lambda now_ms: kernel.stop() if now_ms == 200 else None)
        kernel.run_forever()
        assert kernel.now_ms() == 200
    finally:
        kernel.close()
    with pytest.raises(RuntimeError, match="closed"):
        kernel.call_later(1, print)
