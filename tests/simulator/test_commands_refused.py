"""Commands that cannot be: refused in one sentence with a way out, and nothing is changed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.remote.commands import NAMES, Commands
from simulator.story.rehearsal import Rehearsal
from simulator.wires.network import Network
from tests.simulator.person import play

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
    ({"do": "swipe", "id_tag": "A", "connector": 2}, "choose from 1 to 1"),
    ({"do": "press", "connector": "1"}, "whole number from 1 to 1"),
    ({"do": "pulse", "ms": 250}, "no car; plug one in first"),
    ({"do": "pulse"}, "needs the field 'ms'"),
    ({"do": "pulse", "ms": 0}, "1 to 60000 ms"),
    ({"do": "pulse", "ms": 2.5}, "whole number of ms"),
    ({"do": "pulse", "ms": "250"}, "1 to 60000 ms"),
    ({"do": "charge"}, "needs the field 'id_tag'"),
    ({"do": "charge", "id_tag": "CARD", "power_w": -1}, "0 to 100000 W"),
    ({"do": "charge", "id_tag": "CARD", "energy_wh": 1e9}, "0 to 1000000 Wh"),
    ({"do": "charge", "id_tag": "CARD", "duration_s": 0.5}, "whole number of s"),
    ({"do": "charge", "id_tag": "NOBODY"}, "the charger refuses: "),
    ({"do": "set", "key": "AllowedCurrent"}, "needs the field 'value'"),
    ({"do": "set", "key": "Colour", "value": "red"}, "docs/configuration.md"),
    ({"do": "set", "key": "", "value": "red"}, "key is a text of 1 to 50 characters"),
    ({"do": "set", "key": "AllowedCurrent", "value": 5}, "AllowedCurrent lies between 6 and 80"),
    ({"do": "set", "key": "AllowedCurrent", "value": 10.5}, "a whole number, true or false"),
    ({"do": "set", "key": "NumberOfConnectors", "value": 2}, "says what this charger is"),
    ({"do": "world"}, "needs the field 'world'"),
    ({"do": "world", "world": {}}, "world is an object"),
    ({"do": "world", "world": [1]}, "world is an object"),
    ({"do": "world", "world": {"moon": 1}}, "it has: ambient_dc, fuse_ma"),
    ({"do": "world", "world": {"house_ma": "much"}}, "-100000 to 100000"),
    ({"do": "world", "world": {"house_ma": [1, 2]}}, "-100000 to 100000"),
    ({"do": "world", "world": {"place_dc": [1, 2, 3]}}, "-400 to 1250"),
    ({"do": "world", "world": {"house_ma": 1, "fuse_ma": 0}}, "6000 to 250000"),
    ({"do": "fault", "name": "gremlins"}, "rcd_trip"),
    ({"do": "clear", "name": "gremlins"}, "rcd_trip"),
    ({"do": "fault", "name": {}}, "rcd_trip"),
    ({"do": "clear"}, "needs the field 'name'"),
    ({"do": "guide"}, "needs the field 'error'"),
    ({"do": "guide", "error": 5}, "1 to 50 characters"),
    ({"do": "guide", "error": "GREMLINS"}, "there are: CP_DIODE"),
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
    ({"do": "wait", "for": "error=RCD_TRIPP"}, "RCD_REPEATED"),
    ({"do": "wait", "for": "state=walking"}, "waking"),
    ({"do": "wait", "for": "level=X"}, "illegal"),
    ({"do": "wait", "for": {"limit_reason": "the moon"}}, "load_balancing"),
    ({"do": "wait", "for": "limits.moon=0"}, "limits.schedule"),
    ({"do": "wait", "for": "connection.moon"}, "connection.fuse_percent"),
    ({"do": "wait", "for": "world.faults=gremlins"}, "rcd_trip"),
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


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            {"do": "swipe", "id_tag": "CARD"},
            "the charger has one card reader for all connectors; leave connector out",
        ),
        ({"do": "press"}, "the charger has one button for all connectors; leave connector out"),
    ],
    ids=str,
)
def test_reader_and_button_belong_to_no_connector(command, sentence):
    async def story(person):
        assert await person.is_refused({**command, "connector": 2}) == sentence
        assert not [entry for entry in person.bench.events if entry["source"] == "world"]
        await person.gives({**command, "connector": 1})

    play(story, board="simulated_two")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


FIELDS = st.sampled_from(
    ["connector", "ev", "world", "ms", "id_tag", "power_w", "name", "to", "s", "for", "timeout_s", "max_a"]
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
