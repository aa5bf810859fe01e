"""Conditions that `wait` waits for: when they hold, and what is said of those that do not."""

import asyncio
import json
import re
from pathlib import Path

import pytest

import simulator.bench
from simulator.remote import conditions
from simulator.remote.commands import Commands
from tests.simulator.person import play

ROOT = Path(simulator.bench.__file__).parent.parent


def test_a_wait_ends_in_simulated_time_and_says_what_was_missing():
    async def story(person):
        reason = await person.is_refused({"do": "wait", "for": "Charging", "timeout_s": 90})
        assert reason == "'status=Charging' did not hold within 90 s: status is Available"
        assert person.bench.kernel.now_ms() == 91_000

    play(story)


def test_a_wait_hears_events_that_were_over_before_it():
    async def story(person):
        since_ms = (await person.gives({"do": "plug"}))["t_ms"]
        await asyncio.sleep(5)
        await person.waits("event=plugged level=B", since_ms=since_ms)
        late = await person.is_refused({"do": "wait", "for": "event=plugged", "timeout_s": 1})
        assert late.endswith("no event plugged")

    play(story)


def test_a_wait_hears_frames_in_both_directions():
    async def story(person):
        bench = person.bench
        for direction, action in (("out", "StopTransaction"), ("in", "RemoteStopTransaction")):
            bench.kernel.call_later(2, bench._overheard, direction, json.dumps([2, "1", action, {}]))
            await person.waits({"frame": action}, 3)

    play(story)


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ("status=Available", True),
        ("status!=Available", False),
        ("Available plugged=false", True),
        ("Available plugged", False),
        ({"status": "Available", "plugged": False}, True),
        ({"transaction": 0}, True),
        ({"world.voltage_mv": ">200000"}, True),
        ("world.voltage_mv>260000", False),
        ("voltage_mv<=260000 voltage_mv>=200000", True),
        ("session_wh<1", True),
        ("error_text!=x", True),
        ({"error": ""}, True),
        ("errors=false warnings=false latched=false", True),
        ("errors", False),
        ("RCD_TRIP", False),
        ("state=idle level=A", True),
        ("limit_reason!=load_balancing limit_reason=hardware", True),
        ({"limit_reason": "load balancing"}, False),
        ("limits.hardware=32000 limits.hardware>=32000", True),
        ("limits.load_balancing=0", False),
        ("limits.load_balancing<=99000", False),
        ("limits.load_balancing!=0", True),
        ("connection.fuse_ma=63000 connection.fuse_blown=false", True),
        ("phases=3 phases_in_use=3 cycles=0 idle_s<5 pause!=schedule", True),
        ("id_tag=1", False),
        ("status>1", False),
    ],
)
def test_conditions_hold_or_not(wanted, holds):
    async def story(person):
        await person.waits("metered")
        answer = await Commands(person.bench).perform({"do": "wait", "for": wanted, "timeout_s": 0})
        assert answer["ok"] is holds, answer

    play(story)


def test_nothing_that_happens_is_unknown_to_wait():
    """Every event that firmware and bench can publish has its place in the list, and no other has."""
    world = (ROOT / "simulator/bench.py", ROOT / "simulator/remote/commands.py")
    sources = [*ROOT.glob("firmware/*.py"), *ROOT.glob("ocpp_client/*.py"), *world]
    text = "\n".join(path.read_text() for path in sources)
    published = re.findall(r'(?:publish|note)\(\s*(?:"(?:world|charger)", )?"(\w+)"(?!, event)', text)
    published += re.findall(r'"event": "(\w+)"', text)
    published += conditions.windows.EVENT_NAMES[1:]
    assert set(published) == set(conditions.EVENTS)
