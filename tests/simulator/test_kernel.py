"""Simulated time: what jumps, what waits, and in which order."""

import asyncio
import os
import signal
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clockwork.kernel import Manual, Paced, Virtual, current, run

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
