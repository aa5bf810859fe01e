"""Tasks of a kernel: how they end with it, and what is said of those that never will."""

import asyncio

import pytest

from simulator.clockwork import pace
from simulator.clockwork.kernel import Manual, Stalled, current, run

DAY_S = 86_400


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
