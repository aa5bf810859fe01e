"""What playing a scenario prints, for programs and for people."""

import json

from simulator.scenario import run


def arguments(path, as_json=False, seed=None):
    """The command line as argparse gives it."""
    return type("Arguments", (), {"scenario": str(path), "json": as_json, "seed": seed, "board": None})()


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
