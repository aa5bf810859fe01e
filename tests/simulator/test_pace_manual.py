"""Manual time moves only by `advance`, and stands still while a real answer is on its way."""

import asyncio
import contextlib
import time
from types import SimpleNamespace

import pytest

from simulator.clockwork.kernel import Manual, Virtual, current, run
from tests.simulator.echoes import EchoServer


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
        now_ms, answers, ended = run(main(server.port), Manual(patience_s=10))
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


def test_manual_time_moves_on_after_the_patience_so_that_time_outs_can_happen():
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

    assert run(main(), Manual(patience_s=0.05)) >= 0.05


def test_the_usual_patience_is_half_a_minute_of_the_wall_clock(monkeypatch):
    """By a wall clock of the test's: each look at the sockets takes as long as it may."""
    wall_s = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: wall_s[0], monotonic_ns=time.monotonic_ns)
    monkeypatch.setattr("simulator.clockwork.pace.time", clock)
    pace = Manual()

    async def main():
        poll = pace.gate.poll

        def poll_at_once(timeout_s):
            wall_s[0] += timeout_s
            return poll(0)

        monkeypatch.setattr(pace.gate, "poll", poll_at_once)
        current().hold_while(lambda: "CALL 1")
        await current().advance(1)
        monkeypatch.undo()
        return current().now_ms()

    assert run(main(), pace) == 1000
    assert wall_s[0] == 1030


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

    assert run(main(), Manual(patience_s=0)) <= 2000


def test_only_manual_time_can_be_advanced():
    async def main():
        await current().advance(1)

    with pytest.raises(RuntimeError, match="speed 0"):
        run(main(), Virtual())
