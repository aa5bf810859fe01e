"""The processor is held up: no tick, no task; what the hardware then does by itself."""

import asyncio

import pytest

from tests.simulator.person import CARD, play


async def charges(person):
    await person.gives({"do": "plug"})
    await person.gives(CARD)
    await person.waits("Charging world.contacts")


def test_the_contactor_opens_by_itself_when_its_lease_ends():
    async def story(person):
        await charges(person)
        outlet = person.bench.world.outlet(1)
        begin_ms = (await person.gives({"do": "stall", "ms": 1000}))["t_ms"]
        open_ms = await person.waits("world.contacts=false", 0.3)
        assert open_ms - begin_ms <= 200
        assert not outlet.contactor.driven
        await asyncio.sleep(0.6)
        assert person.bench.events[-1]["event"] == "stall"  # nothing of the firmware runs
        await person.waits("event=contactor", 0.3)
        await person.waits("Charging world.contacts", 8)
        assert 1000 <= person.bench.firmware.guard.longest_gap_ms <= 1020

    play(story)


def test_no_task_of_the_firmware_wakes_meanwhile():
    async def story(person):
        await person.gives({"do": "plug"})
        await person.waits("Preparing")
        await person.gives({"do": "stall", "ms": 3000})
        await person.gives(CARD)
        swiped_ms = person.bench.kernel.now_ms()
        assert await person.waits("event=authorised", 5) - swiped_ms >= 3000

    play(story)


def test_longer_than_the_watchdog_bears_is_a_restart_and_the_end_of_it():
    async def story(person):
        begin_ms = (await person.gives({"do": "stall", "ms": 60_000}))["t_ms"]
        restart_ms = await person.waits("event=restart", 20)
        assert 8000 <= restart_ms - begin_ms <= 8200
        assert await person.waits("Available", 2) - restart_ms <= 1000
        assert person.bench.world.watchdog.cause == "watchdog"

    play(story)


def test_a_power_cut_ends_it():
    async def story(person):
        await person.gives({"do": "stall", "ms": 60_000})
        await person.gives({"do": "power", "to": "off"})
        await person.gives({"do": "power", "to": "on"})
        await person.waits("Available", 2)

    play(story)


def test_a_shorter_one_does_not_end_a_longer():
    async def story(person):
        begin_ms = (await person.gives({"do": "stall", "ms": 2000}))["t_ms"]
        await person.gives({"do": "stall", "ms": 100})
        await person.gives(CARD)
        assert await person.waits("event=authorised", 5) - begin_ms >= 2000

    play(story)


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ({"ms": 0}, "1 to 60000 ms"),
        ({"ms": 60_001}, "1 to 60000 ms"),
        ({}, "needs the field 'ms'"),
        ({"ms": 5, "connector": 2}, "the charger has one processor for all connectors"),
    ],
)
def test_what_is_no_stall(command, hint):
    async def story(person):
        assert hint in await person.is_refused({"do": "stall", **command})

    play(story, board="simulated_two")


def test_a_dead_processor_is_held_up_by_nothing():
    async def story(person):
        await person.gives({"do": "power", "to": "off"})
        assert "the processor is dead while the power is off" in await person.is_refused(
            {"do": "stall", "ms": 100}
        )

    play(story)
