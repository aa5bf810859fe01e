"""The commands of the control socket, on a whole charger in virtual time."""

import json

import pytest

from simulator.portable import faults
from simulator.portable.car import RANGES
from tests.simulator.person import CARD, play


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


def test_a_fault_that_is_there_or_is_not_there_already_is_said_so():
    async def story(person):
        clear, fault = ({"do": do, "name": "cp_diode"} for do in ("clear", "fault"))
        assert (await person.gives(clear))["note"] == "fault cp_diode was not there"
        assert "note" not in await person.gives(fault)
        assert (await person.gives(fault))["note"] == "fault cp_diode is there already"
        assert "note" not in await person.gives(clear)
        told = [entry["event"] for entry in person.bench.events if entry["source"] == "world"]
        assert told == ["fault", "clear"]

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
