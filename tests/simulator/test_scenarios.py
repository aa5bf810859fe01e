"""The bundled scenarios: they hold, and they speak OCPP 1.6 to the letter."""

import datetime

import pytest
from ocpp.messages import get_validator

from control.ticks import MASK
from simulator.story import scenario_file
from tests.simulator.scenarios_played import NAMES, outcome

ASKED_FOR = {
    "first_charge",
    "plug_and_charge",
    "card",
    "remote_start_stop",
    "unplug_while_charging",
    "backend_away",
    "power_cut",
    "rcd_trip",
    "car_pauses",
    "limit_changed",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_scenario_holds(name):
    assert outcome(name).failures == []


def test_the_story_of_a_charger_is_complete():
    assert set(NAMES) >= ASKED_FOR


def test_in_half_of_the_scenarios_the_clock_wraps():
    wrapped = [name for name in NAMES if scenario_file.load(name).clock_ms + outcome(name).sim_ms > MASK]

    assert len(wrapped) >= len(NAMES) / 2


@pytest.mark.parametrize("name", NAMES)
def test_every_frame_keeps_the_official_schemas(name):
    asked = {}
    for entry in outcome(name).frames:
        kind, message_id, *rest = entry["frame"]
        if kind == 2:
            action, payload = rest
            asked[entry["direction"], message_id] = action
            get_validator(2, action, "1.6").validate(payload)
        elif kind == 3:
            action = asked.pop((_other(entry["direction"]), message_id))
            get_validator(3, action, "1.6").validate(rest[0])
        else:
            assert kind == 4
            assert asked.pop((_other(entry["direction"]), message_id)) == "RemoteStartTransaction"


@pytest.mark.parametrize("name", NAMES)
def test_no_message_id_comes_twice(name):
    sent = [entry["frame"][1] for entry in outcome(name).frames if entry["direction"] == "out"]
    asked = [entry["frame"][1] for entry in outcome(name).frames if entry["frame"][0] == 2]

    assert len(asked) == len(set(asked))
    assert len(sent) == len(set(sent))


@pytest.mark.parametrize("name", NAMES)
def test_every_timestamp_lies_within_the_simulated_time(name):
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    end = start + datetime.timedelta(milliseconds=outcome(name).sim_ms)
    # The charger's clock is late by what the answer to its BootNotification took on the way.
    start -= datetime.timedelta(milliseconds=sum(scenario_file.load(name).network.values()))
    told = list(_timestamps([entry["frame"] for entry in outcome(name).frames]))

    assert told
    assert all(start <= datetime.datetime.fromisoformat(text) <= end for text in told)


def _other(direction):
    return {"out": "in", "in": "out"}[direction]


def _timestamps(value):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        if name in ("timestamp", "currentTime"):
            yield item
        else:
            yield from _timestamps(item)
