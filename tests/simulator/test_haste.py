"""Hastened time: faster than the wall clock, and not one tick is lost."""

import asyncio
import itertools
import time

import pytest

from simulator.clockwork import haste, kernel
from simulator.clockwork.kernel import Manual, Paced


def test_no_tick_is_lost_when_the_host_is_busy():
    async def main():
        ticks: list[int] = []
        kernel.current().every(20, ticks.append)
        for _ in range(5):
            time.sleep(0.01)  # the host is busy: ten simulated seconds go by at this speed
            await asyncio.sleep(3)
        kernel.current().cancel_tick()
        return ticks

    ticks = kernel.run(main(), haste.pace(1000))
    assert ticks[0] == 20
    assert len(ticks) >= 15_000 / 20
    assert {later - earlier for earlier, later in itertools.pairwise(ticks)} == {20}


def test_time_never_runs_ahead_of_the_wall_clock():
    async def main():
        began_s = time.monotonic()
        await asyncio.sleep(10)
        return time.monotonic() - began_s

    assert kernel.run(main(), haste.pace(100)) >= 0.1


def test_timers_fire_at_their_instant():
    async def main():
        fired = []
        for delay_ms in (700, 5, 300):
            kernel.current().call_later(delay_ms / 1000, lambda: fired.append(kernel.current().now_ms()))
        await asyncio.sleep(1)
        return fired

    assert kernel.run(main(), haste.pace(500)) == [5, 300, 700]


def test_real_sockets_are_served_meanwhile():
    async def main():
        async def echo(reader, writer):
            writer.write(await reader.readline())
            writer.close()

        kernel.current().every(20, lambda now_ms: None)
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"still there?\n")
        answer = await asyncio.wait_for(reader.read(), 3600)
        writer.close()
        server.close()
        return answer

    assert kernel.run(main(), haste.pace(200)) == b"still there?\n"


def test_the_clock_is_the_hosts():
    async def main():
        return kernel.current().unix_ms()

    assert kernel.run(main(), haste.pace(2)) == pytest.approx(time.time() * 1000, abs=60_000)


def test_the_speed_chooses_the_pace():
    assert isinstance(haste.pace(0), Manual)
    assert isinstance(haste.pace(1), Paced)
    assert isinstance(haste.pace(0.5), haste.Hastened)
    for impossible in (-1, 1e9, float("nan")):
        with pytest.raises(ValueError, match="not possible"):
            haste.pace(impossible)
