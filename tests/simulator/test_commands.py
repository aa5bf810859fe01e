"""The commands of the control socket, on a whole charger in virtual time."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator.bench
from simulator import conditions, kernel
from simulator.bench import Bench
from simulator.commands import NAMES, Commands
from simulator.network import Network
from simulator.portable import faults
from simulator.portable.car import RANGES
from simulator.rehearsal import Rehearsal

ROOT = Path(simulator.bench.__file__).parent.parent
CARD = {"do": "swipe", "id_tag": "CARD"}


class Person:
    """Somebody who gives commands and sees the answers."""

    def __init__(self, bench):
        self.bench = bench
        self._commands = Commands(bench)

    async def gives(self, command):
        """The answer to a command that is done."""
        answer = await self._commands.perform(command)
        assert answer["ok"], answer
        return answer

    async def is_refused(self, command):
        """Why a command is not done."""
        answer = await self._commands.perform(command)
        assert answer["ok"] is False
        assert set(answer) == {"ok", "error"}
        return answer["error"]

    async def waits(self, wanted, timeout_s=30, **more):
        """When the condition held."""
        command = {"do": "wait", "for": wanted, "timeout_s": timeout_s, **more}
        return (await self.gives(command))["t_ms"]

    async def sees(self, connector=1):
        """The connector in the snapshot."""
        return (await self.gives({"do": "get"}))["connectors"][connector - 1]


def play(story, **options):
    """Run `story(person)` beside a charger that knows one card."""

    async def main():
        settings = {"LocalCards": "CARD", **options.pop("settings", {})}
        bench = Bench(kernel.current(), Network(), seed=3, settings=settings, **options)
        await bench.start()
        await asyncio.sleep(1)
        try:
            await story(Person(bench))
        finally:
            await bench.stop()

    kernel.run(main())


def test_a_charge_from_plug_to_unplug():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"max_a": 16}})
        await person.gives(CARD)
        await person.waits("Charging")
        await person.waits("session_wh>=100", 120)
        seen = await person.sees()
        assert seen["offered_ma"] == seen["limit_ma"] == 32000
        assert seen["limit_reason"] == "hardware"
        assert seen["transaction"] == 1
        assert seen["id_tag"] == "CARD"
        assert seen["current_ma"] == [16000, 16000, 16000]
        assert seen["world"]["contacts"] is True
        await person.gives({"do": "unplug"})
        await person.waits("event=transaction_stopped status=Available transaction=0")

    play(story)


def test_the_button_ends_a_charge():
    async def story(person):
        await person.gives({"do": "plug"})
        await person.gives(CARD)
        await person.waits("Charging")
        await person.gives({"do": "press"})
        await person.waits("status=Finishing transaction=false world.contacts=false")

    play(story)


def test_a_car_changes_its_mind():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"charge": False}})
        await person.gives(CARD)
        await person.waits("SuspendedEV")
        await person.gives({"do": "ev", "ev": {"charge": True, "phases": 1}})
        await person.waits("power_w>1000")
        await person.waits("current_ma>15000")
        assert (await person.sees())["current_ma"] == [16000, 0, 0]

    play(story)


def test_battery_and_level_are_for_people():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"battery": 77.4, "level": 50}})
        assert (await person.sees())["world"]["battery_wh"] == 77400
        assert (await person.sees())["world"]["level_wh"] == 38700
        await person.gives({"do": "ev", "ev": {"level": 10}})
        assert (await person.sees())["world"]["level_wh"] == 7740
        await person.gives({"do": "ev", "ev": {"max_a": 20.0}})

    play(story)


def test_every_trait_of_a_car_can_be_told():
    async def story(person):
        for name, (least, most) in RANGES.items():
            await person.gives({"do": "plug", "ev": {name: most}})
            await person.gives({"do": "ev", "ev": {name: least}})
            await person.gives({"do": "unplug"})

    play(story)


@pytest.mark.parametrize("name", sorted(faults.CAUSES))
def test_every_fault_comes_and_goes(name):
    async def story(person):
        await person.gives({"do": "fault", "name": name})
        assert (await person.sees())["world"]["faults"] == [name]
        await person.gives({"do": "clear", "name": name})
        assert (await person.sees())["world"]["faults"] == []

    play(story)


def test_a_fault_is_told_and_seen_on_its_connector_alone():
    async def story(person):
        await person.gives({"do": "fault", "name": "rcd_trip", "connector": 2})
        await person.waits("status=Faulted error=RCD_TRIP event=fault", connector=2, since_ms=0)
        assert (await person.sees(1))["status"] == "Available"

    play(story, board="simulated_two")


def test_the_power_goes_and_comes():
    async def story(person):
        await person.gives({"do": "plug"})
        await person.gives(CARD)
        await person.waits("Charging")
        await person.gives({"do": "power", "to": "off"})
        seen = await person.gives({"do": "get"})
        assert seen["powered"] is False
        assert seen["backend"] == {"state": "off"}
        assert seen["connectors"][0]["status"] is None
        assert seen["connectors"][0]["world"]["plugged"] is True
        assert "power" in await person.is_refused(CARD)
        assert "power" in await person.is_refused({"do": "press"})
        await person.gives({"do": "power", "to": "off"})
        await person.gives({"do": "power", "to": "on"})
        await person.waits("event=transaction_stopped")

    play(story)


def test_the_network_is_cut_and_restored():
    async def story(person):
        await person.gives({"do": "network", "to": "cut"})
        assert (await person.gives({"do": "get"}))["network"] == "cut"
        await person.gives({"do": "network", "to": "restore"})
        await person.waits("network=up")

    play(story)


def test_what_is_done_to_the_world_stands_in_the_log():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"level": 50}})
        await person.gives(CARD)
        await person.is_refused({"do": "plug"})
        world = [entry for entry in person.bench.events if entry["source"] == "world"]
        assert world == [
            {"t_ms": 1000, "source": "world", "event": "plug", "connector": 1, "level_wh": 30000},
            {"t_ms": 1000, "source": "world", "event": "swipe", "id_tag": "CARD"},
        ]

    play(story)


def test_a_plug_in_a_locked_socket_stays():
    async def story(person):
        await person.gives({"do": "plug"})
        await person.gives(CARD)
        await person.waits("status=Charging world.locked")
        assert "locked" in await person.is_refused({"do": "unplug"})
        await person.gives({"do": "press"})
        await person.waits("world.locked=false")
        await person.gives({"do": "unplug"})

    play(story, board="simulated_two")


def test_the_snapshot_tells_no_password():
    async def story(person):
        told = json.dumps(await person.gives({"do": "get"}))
        assert "tell-nobody" not in told
        assert '"MeterValueSampleInterval": "60"' in told

    play(story, settings={"AuthorizationKey": "tell-nobody"})


def test_time_that_moves_by_itself_is_not_advanced():
    async def story(person):
        assert "speed 0" in await person.is_refused({"do": "advance", "s": 1})

    play(story)


BAD: tuple = (
    (None, "object"),
    ([], "object"),
    ("plug", "object"),
    ({}, "'do' is one of: plug, unplug"),
    ({"do": 7}, "'do' is one of: plug, unplug"),
    ({"do": "dance"}, "'dance' is no command"),
    ({"do": "plug", "car": {}}, "no field 'car'; it has: connector, ev"),
    ({"do": "plug", "ev": []}, "ev is an object"),
    ({"do": "plug", "ev": {"wings": 2}}, "max_a"),
    ({"do": "plug", "ev": {"max_a": 5}}, "6 to 80"),
    ({"do": "plug", "ev": {"max_a": "16"}}, "6 to 80"),
    ({"do": "plug", "ev": {"battery": 60000}}, "1 to 200 kWh"),
    ({"do": "plug", "ev": {"level": True}}, "0 to 100 %"),
    ({"do": "plug", "ev": {"battery": float("nan")}}, "1 to 200 kWh"),
    ({"do": "plug", "connector": 2}, "choose from 1 to 1"),
    ({"do": "plug", "connector": "1"}, "whole number from 1 to 1"),
    ({"do": "get", "connector": True}, "whole number from 1 to 1"),
    ({"do": "ev", "ev": {"max_a": 10}}, "no car; plug one in first"),
    ({"do": "ev"}, "needs the field 'ev'"),
    ({"do": "unplug"}, "no car; plug one in first"),
    ({"do": "swipe"}, "needs the field 'id_tag'"),
    ({"do": "swipe", "id_tag": "x" * 21}, "1 to 20 characters"),
    ({"do": "swipe", "id_tag": 5}, "1 to 20 characters"),
    ({"do": "fault", "name": "gremlins"}, "rcd_trip"),
    ({"do": "fault", "name": {}}, "rcd_trip"),
    ({"do": "clear"}, "needs the field 'name'"),
    ({"do": "power", "to": "maybe"}, "off or on"),
    ({"do": "network", "to": ["cut"]}, "cut or restore"),
    ({"do": "advance", "s": -1}, "number of seconds"),
    ({"do": "advance", "s": "1"}, "number of seconds"),
    ({"do": "advance", "s": float("inf")}, "number of seconds"),
    ({"do": "wait"}, "needs the field 'for'"),
    ({"do": "wait", "for": ""}, "a condition is text"),
    ({"do": "wait", "for": 5}, "a condition is text"),
    ({"do": "wait", "for": {}}, "a condition is text"),
    ({"do": "wait", "for": "status=Charming"}, "SuspendedEVSE"),
    ({"do": "wait", "for": "moon=full"}, "offered_ma"),
    ({"do": "wait", "for": "event=eclipse"}, "transaction_started"),
    ({"do": "wait", "for": {"frame": "Eclipse"}}, "StopTransaction"),
    ({"do": "wait", "for": "power_w>lots"}, "compares numbers"),
    ({"do": "wait", "for": "power_w>"}, "is no condition"),
    ({"do": "wait", "for": "Charging", "timeout_s": None}, "number of seconds"),
    ({"do": "wait", "for": "Charging", "since_ms": "now"}, "time in ms"),
)


@pytest.mark.parametrize(("command", "hint"), BAD, ids=lambda value: str(value)[:40])
def test_bad_input_is_refused_with_a_way_out_and_changes_nothing(command, hint):
    async def story(person):
        reason = await person.is_refused(command)
        assert hint in reason
        assert "\n" not in reason
        assert person.bench.world.outlet(1).car.plugged is False
        assert not [entry for entry in person.bench.events if entry["source"] == "world"]

    play(story)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["connector", "ev", "id_tag", "name", "to", "s", "for", "timeout_s", "since_ms", "max_a", "battery"]
)


@given(st.fixed_dictionaries({"do": st.sampled_from(NAMES)}), st.dictionaries(FIELDS, JSON), JSON)
def test_no_json_raises(command, fields, anything):
    # Without firmware, and without the two that take time: hundreds of examples are done in a moment.
    async def main():
        commands = Commands(Rehearsal(Bench(kernel.current(), Network())))
        for given_command in ({**fields, **command}, {**command, "ev": fields}, anything):
            if not isinstance(given_command, dict) or given_command.get("do") != "wait":
                json.dumps(await commands.perform(given_command))

    kernel.run(main())


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
    sources = [*ROOT.glob("firmware/*.py"), ROOT / "simulator/bench.py", ROOT / "simulator/commands.py"]
    text = "\n".join(path.read_text() for path in sources)
    published = re.findall(r'(?:publish|note)\(\s*(?:"(?:world|charger)", )?"(\w+)"(?!, event)', text)
    published += re.findall(r'"event": "(\w+)"', text)
    published += conditions.windows.EVENT_NAMES[1:]
    assert set(published) == set(conditions.EVENTS)
