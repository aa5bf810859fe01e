"""Simulated time: what jumps, what ticks, what waits, and in which order."""

import asyncio
import contextlib
import itertools
import os
import signal
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator import pace
from simulator.kernel import Kernel, Manual, Paced, Stalled, Virtual, current, pace_of, run

DAY_S = 86_400


def test_a_month_of_sleep_takes_no_time():
    async def main():
        await asyncio.sleep(30 * DAY_S)
        return current().now_ms()

    assert run(main()) == 30 * DAY_S * 1000


def test_the_simulated_calendar_starts_where_it_is_told():
    async def main():
        await asyncio.sleep(1.5)
        return current().unix_ms()

    assert run(main()) == 1_767_225_601_500
    assert run(main(), start_unix_ms=1000) == 2500


def test_timers_of_one_instant_fire_in_the_order_they_were_set():
    async def main():
        fired: list = []
        for number in range(200):
            current().call_at(5.0 if number % 3 else 2.0, fired.append, number)
        await asyncio.sleep(6)
        return fired

    early = [number for number in range(200) if number % 3 == 0]
    assert run(main()) == early + [number for number in range(200) if number % 3]


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=50))
def test_timers_fire_at_their_microsecond_and_in_order(delays_us):
    async def main():
        fired: list = []

        def fire(number):
            fired.append((current().now_us(), number))

        for number, delay_us in enumerate(delays_us):
            current().call_later(delay_us / 1e6, fire, number)
        await asyncio.sleep(5.000001)
        return fired

    assert run(main()) == sorted((delay_us, number) for number, delay_us in enumerate(delays_us))


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


@given(st.integers(0, 400 * DAY_S), st.floats(1e-9, 10))
def test_a_deadline_is_reached_however_its_float_is_rounded(start_s, delay_s):
    """The loop "sleep what is left until the deadline" ends, after at most one correction."""

    async def main():
        await asyncio.sleep(start_s)
        deadline_s = current().time() + delay_s
        rounds = 0
        while current().time() < deadline_s:
            rounds += 1
            await asyncio.sleep(deadline_s - current().time())
        return rounds, current().time() - deadline_s

    rounds, late_s = run(main())
    assert rounds <= 2
    assert late_s < 2.1e-6


def test_cancelled_timers_stay_silent_and_time_outs_work():
    async def main():
        fired: list = []
        timers = [current().call_later(second, fired.append, second) for second in range(1, 301)]
        for timer in timers[1:]:
            timer.cancel()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 400)
        return fired, current().now_ms()

    assert run(main()) == ([1], 400_000)


def test_the_rest_is_cancelled_in_the_order_of_its_birth():
    farewells: list = []

    async def linger(number):
        try:
            await asyncio.sleep(DAY_S)
        finally:
            await asyncio.sleep(1)
            farewells.append((number, current().now_ms()))

    async def main():
        tasks = [asyncio.create_task(linger(number)) for number in range(50)]
        await asyncio.sleep(1)
        return len(tasks)

    run(main())
    assert farewells == [(number, 2000) for number in range(50)]


def test_a_failure_during_the_clean_up_is_reported():
    reports = []

    async def fail_late():
        try:
            await asyncio.sleep(DAY_S)
        finally:
            raise OSError("too late")

    async def main():
        current().set_exception_handler(lambda loop, context: reports.append(context["message"]))
        task = asyncio.create_task(fail_late(), name="late")
        await asyncio.sleep(0)
        return task

    run(main())
    assert len(reports) == 1
    assert "late (" in reports[0]


def test_a_deadlock_names_those_who_wait():
    async def wait_for_nobody():
        await asyncio.Event().wait()

    async def main():
        await asyncio.gather(asyncio.create_task(wait_for_nobody(), name="meter"), asyncio.sleep(7))

    with pytest.raises(Stalled, match=r"7000 ms: there is no timer.*meter \(.*wait_for_nobody\)"):
        run(main())


def test_a_tick_alone_does_not_run_for_ever(monkeypatch):
    monkeypatch.setattr(pace, "TICK_ALONE_S", 60)

    async def main():
        current().every(1000, lambda now_ms: None)
        await asyncio.sleep(1000)
        await asyncio.Event().wait()

    with pytest.raises(Stalled, match=r"106\d000 ms: nothing but the tick .*main"):
        run(main())


def test_a_task_that_never_waits_is_found_out(monkeypatch):
    monkeypatch.setattr(pace, "ROUNDS_AT_ONE_INSTANT", 1000)

    async def main():
        await asyncio.sleep(5)
        while True:
            await asyncio.sleep(0)

    with pytest.raises(Stalled, match="never waits"):
        run(main())


def test_virtual_time_waits_for_a_thread_and_a_file_when_nothing_else_can_happen():
    async def main():
        release, arrived = threading.Event(), asyncio.Event()
        worker = current().run_in_executor(None, release.wait, 10)
        receive, send = os.pipe()
        current().add_reader(receive, arrived.set)
        os.write(send, b"x")
        await arrived.wait()
        current().remove_reader(receive)
        os.close(receive)
        os.close(send)
        release.set()
        return await worker

    assert run(main()) is True


def test_only_a_kernel_is_current():
    async def main():
        current()

    with pytest.raises(RuntimeError, match="wall clock"):
        asyncio.run(main())


@pytest.mark.parametrize("pace_class", [Virtual, Paced, Manual])
def test_signals_are_heard_in_every_pace(pace_class):
    async def main():
        heard = asyncio.Event()
        current().add_signal_handler(signal.SIGUSR1, heard.set)
        current().every(20, lambda now_ms: None)
        os.kill(os.getpid(), signal.SIGUSR1)
        await heard.wait()
        return current().remove_signal_handler(signal.SIGUSR1)

    assert run(main(), pace_class())


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


async def echo(reader, writer):
    """A peer on a real socket, in a loop and a thread of its own, that answers after a little real time."""
    with contextlib.closing(writer):
        while line := await reader.readline():
            await asyncio.sleep(0.02)
            writer.write(line)


class EchoServer:
    """`echo` on a loopback port, on the wall clock."""

    def __enter__(self):
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            self._started.set()
            await self._end.wait()


class Caller:
    """Sends a line each 10 s and waits for the answer; `awaited` is what it waits for."""

    awaited: str | None = "connection"

    def __init__(self):
        self.answers = []

    async def call(self, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while True:
                self.awaited = None
                await asyncio.sleep(10)
                self.awaited = f"line {len(self.answers)}"
                writer.write(b"%d\n" % current().now_ms())
                line = await asyncio.wait_for(reader.readline(), 30)
                self.answers.append((int(line), current().now_ms()))
        finally:
            writer.close()


def test_manual_time_stands_still_while_a_real_answer_is_on_its_way():
    async def main(port):
        caller = Caller()
        task = asyncio.create_task(caller.call(port))
        current().every(20, lambda now_ms: None)
        current().hold_while(lambda: caller.awaited)
        for seconds in (9.5, 10.5, 30.5):
            await current().advance(seconds)
        return current().now_ms(), caller.answers, task.done()

    with EchoServer() as server:
        now_ms, answers, ended = run(main(server.port), Manual(grace_s=10))
    assert now_ms == 50_500
    assert answers == [(sent_ms, sent_ms) for sent_ms in range(10_000, 60_000, 10_000)]
    assert not ended


def test_manual_time_that_stands_waits_for_real_sockets():
    async def main(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            writer.write(b"hello\n")
            return await reader.readline(), current().now_us()

    with EchoServer() as server:
        assert run(main(server.port), Manual()) == (b"hello\n", 0)


def test_manual_time_moves_on_after_the_grace_so_that_time_outs_can_happen():
    async def main():
        current().hold_while(lambda: "CALL 1")
        waiter = asyncio.create_task(asyncio.wait_for(asyncio.Event().wait(), 30))
        await asyncio.sleep(0)
        began_s = time.monotonic()
        await current().advance(29)
        assert not waiter.done()
        await current().advance(1)
        with pytest.raises(TimeoutError):
            await waiter
        return time.monotonic() - began_s

    assert run(main(), Manual(grace_s=0.05)) >= 0.05


def test_manual_time_moves_timer_by_timer_and_only_by_advance():
    async def main():
        seen: list = []
        current().every(400, lambda now_ms: seen.append(f"tick {now_ms}"))
        for second in (2, 1, 3):
            current().call_later(second, lambda: seen.append(f"timer {current().now_ms()}"))
        for _ in range(100):
            await asyncio.sleep(0)
        assert current().now_ms() == 0
        await asyncio.gather(current().advance(1), current().advance(0), current().advance(1.25))
        return current().now_ms(), seen

    now_ms, seen = run(main(), Manual())
    assert now_ms == 2250
    assert seen == ["tick 400", "tick 800", "timer 1000", "tick 1200", "tick 1600", "tick 2000", "timer 2000"]


def test_an_advance_that_is_cancelled_is_forgotten():
    async def main():
        current().hold_while(lambda: "CALL")
        with pytest.raises(ValueError, match="cannot advance by -1"):
            await current().advance(-1)
        lost = asyncio.create_task(current().advance(1000))
        await asyncio.sleep(0)
        lost.cancel()
        await current().advance(1)
        return current().now_ms()

    assert run(main(), Manual(grace_s=0)) <= 2000


def test_clean_up_may_wait_although_nobody_advances():
    async def linger(farewells):
        try:
            await asyncio.sleep(1)
        finally:
            await asyncio.sleep(0.01)
            farewells.append("bye")

    async def main(farewells):
        task = asyncio.create_task(linger(farewells))
        await asyncio.sleep(0)
        return task

    farewells: list = []
    run(main(farewells), Manual())
    assert farewells == ["bye"]


def test_only_manual_time_can_be_advanced():
    async def main():
        await current().advance(1)

    with pytest.raises(RuntimeError, match="speed 0"):
        run(main(), Virtual())


def test_paced_time_runs_at_its_speed_and_serves_real_sockets():
    async def main(port):
        ticks: list = []
        current().every(20, ticks.append)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        before_ms, wall_ms = current().unix_ms(), time.time_ns() // 1_000_000
        await asyncio.sleep(10)
        writer.close()
        return before_ms, wall_ms, current().unix_ms() - before_ms, ticks

    began_s = time.monotonic()
    with EchoServer() as server:
        before_ms, wall_ms, slept_ms, ticks = run(main(server.port), Paced(50))
    assert slept_ms >= 10_000
    assert time.monotonic() - began_s >= 0.2
    assert before_ms >= wall_ms - 60_000
    assert ticks == sorted(set(ticks))


@pytest.mark.parametrize("pace_class", [Virtual, lambda: Paced(1000)])
def test_time_never_goes_back_when_it_follows_the_wall_clock(pace_class):
    kernel = Kernel(pace_class())
    kernel.run_until_complete(asyncio.sleep(5))
    kernel.follow_wall_clock()
    assert kernel.now_us() >= 5_000_000
    kernel.close()


def test_a_late_tick_runs_once_with_the_real_time_and_the_gap_is_known():
    async def main():
        ticks = [current().now_ms()]
        current().every(20, ticks.append)
        await asyncio.sleep(0.1)
        before = len(ticks)
        time.sleep(0.05)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return ticks, len(ticks) - before, current().tick_gap_max_ms

    ticks, at_once, gap_ms = run(main(), Paced(10))
    assert 1 <= at_once <= 3
    assert gap_ms >= 500
    assert max(after - before for before, after in itertools.pairwise(ticks)) in (
        gap_ms,
        gap_ms + 1,
    )


def test_speeds_that_make_no_sense_are_refused():
    for speed in (-1, float("nan"), 1e9):
        with pytest.raises(ValueError, match="speed"):
            pace_of(speed)
    assert isinstance(pace_of(0), Manual)
    assert isinstance(pace_of(2.5), Paced)
