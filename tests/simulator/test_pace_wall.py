"""Time that follows the wall clock at its speed."""

import asyncio
import itertools
import time

import pytest

from simulator.clockwork.kernel import Kernel, Paced, Virtual, current, run
from tests.simulator.echoes import EchoServer


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
    for speed in (-1, 0, float("nan"), 1e9):
        with pytest.raises(ValueError, match="speed"):
            Paced(speed)
