"""Commands about what surrounds a charger, and about what its owner asks of it."""

import json

import pytest

from simulator.portable.surroundings import RANGES
from tests.simulator.person import CARD, play


@pytest.mark.parametrize("name", sorted(RANGES))
def test_everything_around_a_charger_can_be_told(name):
    async def story(person):
        for value in RANGES[name]:
            await person.gives({"do": "world", "world": {name: value}})
        told = [entry for entry in person.bench.events if entry["event"] == "world"]
        assert [entry[name] for entry in told] == list(RANGES[name])

    play(story)


def test_loads_and_voltages_are_told_by_phase_or_for_all():
    async def story(person):
        world = {"house_ma": [9000, 0, -500.0], "mains_mv": 240_000}
        await person.gives({"do": "world", "world": world})
        await person.waits("connection.current_ma=9000 voltage_mv=240000")
        connection = (await person.gives({"do": "get"}))["connection"]
        assert connection["current_ma"] == [9000, 0, -500]
        assert connection["voltage_mv"] == [240_000] * 3

    play(story)


def test_what_is_refused_changes_nothing_of_it():
    async def story(person):
        await person.is_refused({"do": "world", "world": {"house_ma": 5000, "fuse_ma": 1}})
        assert person.bench.world.connection.house_ma == [0, 0, 0]

    play(story)


def test_a_place_is_hot_at_its_connector_alone():
    async def story(person):
        await person.gives({"do": "world", "connector": 2, "world": {"place_dc": 720}})
        await person.waits("OVERTEMP_STOP", connector=2)
        assert (await person.sees(1))["errors"] == []

    play(story, board="simulated_two")


def test_a_pulse_shows_another_state_for_so_long():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"charge": False}})
        await person.waits("level=B")
        begin_ms = (await person.gives({"do": "pulse", "ms": 250}))["t_ms"]
        there_ms = await person.waits("level=C")
        over_ms = await person.waits("level=B")
        assert there_ms - begin_ms <= 100
        assert 250 <= over_ms - begin_ms <= 400

    play(story)


def test_the_owner_asks_for_an_energy():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"max_a": 16}})
        await person.gives({"do": "charge", "id_tag": "CARD", "energy_wh": 50})
        await person.waits("Charging")
        await person.waits("transaction=0", 60)
        assert 50 <= (await person.sees())["session_wh"] <= 70

    play(story)


def test_the_owner_asks_for_a_power_and_sees_it_as_a_limit():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"max_a": 32}})
        await person.gives({"do": "charge", "id_tag": "CARD", "power_w": 6900})
        await person.waits("Charging limit_reason=session_power")
        row = next(row for row in (await person.sees())["limits"] if row["least"])
        assert row["source"] == "session power"
        assert row["power_w"] == 6900
        assert 9_500 <= row["limit_ma"] <= 10_500

    play(story)


def test_the_owner_calls_off_the_delay():
    async def story(person):
        await person.gives({"do": "plug"})
        await person.gives(CARD)
        await person.waits("limit_reason=start_delay limits.start_delay=0")
        await person.gives({"do": "skip"})
        await person.waits("Charging")

    play(story, settings={"StartDelayMax": "1800"})


def test_the_owner_changes_a_setting():
    async def story(person):
        assert "note" not in await person.gives({"do": "set", "key": "allowedcurrent", "value": 10})
        await person.waits("limit_ma=10000 limit_reason=owner")
        await person.gives({"do": "set", "key": "PlugAndCharge", "value": True})
        answer = await person.gives({"do": "set", "key": "backendurl", "value": "ws://elsewhere/"})
        assert answer["note"] == "BackendUrl counts from the next start on"
        await person.gives({"do": "set", "key": "AuthorizationKey", "value": "tell-nobody"})
        everything = await person.gives({"do": "get"})
        assert everything["settings"]["AllowedCurrent"] == "10"
        assert everything["settings"]["BackendUrl"] == "ws://elsewhere/"
        assert "tell-nobody" not in json.dumps([everything, person.bench.events])

    play(story)


def test_a_charger_without_power_is_asked_nothing():
    async def story(person):
        await person.gives({"do": "power", "to": "off"})
        assert "power" in await person.is_refused({"do": "skip"})
        assert "power" in await person.is_refused({"do": "charge", "id_tag": "CARD"})
        assert "power" in await person.is_refused({"do": "set", "key": "Billing", "value": "true"})
        await person.gives({"do": "world", "world": {"ambient_dc": -200}})
        seen = await person.gives({"do": "get"})
        assert seen["connectors"][0]["limits"] == []
        assert seen["connection"]["fuse_blown"] is False
        await person.is_refused({"do": "wait", "for": "limits.hardware=32000 errors", "timeout_s": 1})

    play(story)


def test_the_snapshot_tells_every_limit_that_limits_and_its_reason():
    async def story(person):
        seen = await person.sees()
        assert [(row["source"], row["reason"]) for row in seen["limits"]] == [
            ("hardware", "hardware 32 A"),
            ("installation", "installation 80 A"),
            ("cable", "cable 32 A"),
            ("owner", "owner 10 A"),
        ]
        assert [row["source"] for row in seen["limits"] if row["least"]] == ["owner"]

    play(story, settings={"AllowedCurrent": "10"})


def test_the_snapshot_tells_warnings_errors_and_what_lasts():
    async def story(person):
        await person.gives({"do": "fault", "name": "hot"})
        await person.waits("warnings=HIGH_TEMPERATURE")
        await person.gives({"do": "plug"})
        await person.waits("plugged")
        await person.gives({"do": "fault", "name": "rcd_trip"})
        await person.waits("latched=RCD_TRIP")
        seen = await person.sees()
        assert seen["errors"] == ["RCD_TRIP", "HIGH_TEMPERATURE"]
        assert seen["warnings"] == ["HIGH_TEMPERATURE"]
        assert seen["error_text"] == "Residual current detected"

    play(story)


def test_the_snapshot_tells_phases_and_idleness():
    async def story(person):
        await person.gives({"do": "plug", "ev": {"phases": 1}})
        await person.gives(CARD)
        await person.waits("phases=3 phases_in_use=1 cycles=1 idle_s=0", 40)
        await person.gives({"do": "ev", "ev": {"charge": False}})
        await person.waits("idle_s>=10 session_s>=20", 60)

    play(story)
