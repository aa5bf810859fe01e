"""The bundled scenarios: they hold, they speak OCPP 1.6 to the letter, and they notice a broken charger."""

import datetime
import json

import pytest
from ocpp.messages import get_validator

from control import controller, faults, offer
from control.ticks import MASK
from firmware import authoriser, charger, clock, connector, transaction
from ocpp_client import timestamps
from ocpp_client.transactions import Transactions
from simulator import scenario, scenario_file
from simulator.patterns import Want
from simulator.portable.contactor import Contactor
from simulator.scenario import run
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


# Frames.


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


# What the command prints.


def arguments(path, as_json=False, seed=None):
    """The command line as argparse gives it."""
    return type("Arguments", (), {"scenario": str(path), "json": as_json, "seed": seed})()


def test_json_is_one_object_with_everything_in_it(capsys):
    assert run(arguments("first_charge", as_json=True)) == 0

    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["ok", "sim_s", "wall_s", "events", "frames", "summary"]
    assert told["ok"] is True
    assert 150 <= told["sim_s"] <= 160
    assert told["wall_s"] > 0
    assert all({"t_ms", "source", "event"} <= set(event) for event in told["events"])
    assert {event["source"] for event in told["events"]} == {"charger", "world", "backend"}
    assert all(set(frame) == {"t_ms", "direction", "frame"} for frame in told["frames"])
    assert told["summary"]["failures"] == []
    assert told["summary"]["transactions"][0]["reason"] == "Local"
    assert told["summary"]["connectors"][0]["cycles"] == 1
    assert told["summary"]["frames"]["StopTransaction"] == 1


def test_people_get_a_line_for_what_happens_and_a_verdict(capsys):
    assert run(arguments("first_charge")) == 0

    *lines, verdict = capsys.readouterr().out.splitlines()
    assert any("StartTransaction" in line for line in lines)
    assert verdict.startswith("first_charge: all holds (First charge; 15")


def test_a_scenario_that_does_not_hold_says_what_was_expected_and_what_was_seen(tmp_path, capsys):
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG)

    assert run(arguments(path)) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED: ")]
    assert failed[:6] == [f"FAILED: {sentence}" for sentence in WRONG_STEPS]
    assert [line.removeprefix("FAILED: ").partition(":")[0] for line in failed[6:]] == WRONG_AT_THE_END

    assert run(arguments(path, as_json=True)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert [f"FAILED: {sentence}" for sentence in told["summary"]["failures"]] == failed
    assert told["frames"]


WRONG = """
title = "Nearly everything is wrong"
cards = ["DRIVER"]

[[step]]
at = 2
do = "remote_start"
id_tag = "DRIVER"
answer = "Rejected"

[[step]]
expect = "Charging"
within = 3

[[step]]
at = 4
do = "plug"

[[step]]
hold = "transaction=0"
during = 10

[[step]]
at = 20
do = "network"
to = "cut"

[[step]]
do = "remote_stop"
transaction = 1

[[step]]
expect = "Faulted"

[expect]
events = ["plugged", "status status=Faulted"]
sent = ["StopTransaction"]
never = ["world.plugged"]
frames = { StartTransaction = 2 }
transactions = []
connectors = [{ cycles = 2 }]
"""
WRONG_STEPS = [
    "step 1 (remote_start) at 2 s was to be answered Rejected, and was answered Accepted",
    "step 2 (expect) at 5 s expected 'status=Charging' within 3 s, but status is Preparing",
    "step 3 (plug) at 5 s was to come at 4 s, but the one before it took until now",
    "step 4 (hold) at 5.1 s expected 'transaction=0' for 10 s, but after 0.1 s transaction is 1",
    "step 6 (remote_stop) at 50 s was to be answered with yes, and was answered TimedOut (no answer in 30 s)",
    "step 7 (expect) at 50 s expected 'status=Faulted' now, but status is Charging",
]
WRONG_AT_THE_END = ["never 1", "event 2", "sent 1", "frames", "transactions", "connector 1"]


# Expectations that are changed do not hold any more.


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_at_the_end_counts(name):
    """Each value that is expected, changed into another, is missed."""
    played = outcome(name)
    for expect, change in _changes(name):
        assert expect.failures(played.events, played.frames, played.summary), change


def _changes(name):
    """The expectations of a scenario, each time with one of them made wrong."""
    patterns = [
        (kind, at) for kind in ("events", "sent", "transactions", "connectors") for at in _places(name, kind)
    ]
    for kind, at in patterns:
        for field in getattr(scenario_file.load(name).expect, kind)[at].wants:
            expect = scenario_file.load(name).expect
            getattr(expect, kind)[at].wants[field] = Want("something else")
            yield expect, f"{kind} {at + 1}: {field}"
    for kind in ("events", "sent"):
        if _places(name, kind):
            expect = scenario_file.load(name).expect
            getattr(expect, kind).reverse()
            yield expect, f"{kind} in reverse"
    for action in scenario_file.load(name).expect.frames:
        expect = scenario_file.load(name).expect
        expect.frames[action] = Want(1000)
        yield expect, f"frames: {action}"
    expect = scenario_file.load(name).expect
    expect.transactions.append(expect.transactions[0])
    yield expect, "one transaction more"


def _places(name, kind):
    return range(len(getattr(scenario_file.load(name).expect, kind)))


# A charger that is broken does not hold any more.


async def _anybody(self, id_tag):
    return authoriser.ACCEPTED, "nobody asked"


def _stop_at_start(self, meter_wh):
    return {**_STOP_RECORD(self, meter_wh), "meter_wh": self.meter_wh}


def _stop_for_another_reason(self, reason, id_tag=""):
    return _STOP(self, "Local", id_tag)


def _now(self, stamp):
    return _UNIX_MS(self, self.stamp())


def _present_time(self, stamp):
    return timestamps.to_text(self._clock.unix_ms(self._clock.stamp()))


def _quick_row(row):
    return faults.Row(row.code, row.name, good_ms=1000, tries=3, unplug=True)


def _recover_from_restart(self, cause):
    _RECOVER(self, "software")


_STOP_RECORD = transaction.Transaction.stop_record
_STOP = connector.Connector.stop
_UNIX_MS = clock.Clock.unix_ms
_RECOVER = charger.Charger.recover

BROKEN = {
    "first_charge": ("the bill is zero", transaction.Transaction, "stop_record", _stop_at_start),
    "plug_and_charge": ("every stop is called Local", connector.Connector, "stop", _stop_for_another_reason),
    "card": ("anybody may charge", authoriser.Authoriser, "ask", _anybody),
    "remote_start_stop": ("a remote stop is promised only", charger.Charger, "remote_stop", lambda *_: True),
    "unplug_while_charging": (
        "the contactor waits for its lease to end",
        Contactor,
        "drop",
        lambda self: None,
    ),
    "backend_away": ("everything is stamped when it is sent", clock.Clock, "unix_ms", _now),
    "power_cut": ("a cut is called a restart", charger.Charger, "recover", _recover_from_restart),
    "rcd_trip": ("a trip ends by itself", faults, "ROWS", tuple(map(_quick_row, faults.ROWS))),
    "car_pauses": (
        "a pause is called charging",
        connector.Connector,
        "_judge_transaction",
        lambda self, now_ms: "Finishing" if self.transaction.ending() else "Charging",
    ),
    "limit_changed": ("the offer rises at any time", offer, "RISE_EVERY_MS", 0),
    "two_connectors": (
        "everybody gets the first connector",
        charger.Charger,
        "_choose",
        lambda self, number: self.connectors[0],
    ),
    "noisy_pilot": ("no level is illegal", controller.Controller, "_pilot_causes", lambda self, level: 0),
    "mobile_network": ("an end is stamped when it is sent", Transactions, "_timestamp", _present_time),
    "welded_contactor": ("a weld is forgotten without power", faults, "LASTING", 0),
}
"""By scenario: what is broken, and what is put in whose place."""


def test_every_scenario_has_its_defect():
    assert set(BROKEN) == set(NAMES)


@pytest.mark.parametrize("name", BROKEN)
def test_the_scenario_notices_a_broken_charger(name, monkeypatch):
    monkeypatch.setattr(*BROKEN[name][1:])

    assert scenario.play(scenario_file.load(name)).failures
