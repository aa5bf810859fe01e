"""One seed, one story: the same events and frames, byte for byte, in any process and under any hash seed."""

import json
import os
import subprocess
import sys

import pytest

from simulator import scenario
from simulator.story import scenario_file
from tests.runtimes import ROOT
from tests.simulator.scenarios_played import NAMES, outcome

WAIT_S = 120
OTHER_SEED = 61851
COMPARED = NAMES if os.environ.get("MODE3_SOAK") else NAMES[::3]
"""A process each takes its time."""


def command(name, hash_seed, *options):
    """What `python -m simulator run` prints of a scenario, without the time by the clock on the wall."""
    process = subprocess.run(
        [sys.executable, "-m", "simulator", "run", name, "--json", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=True,
    )
    told = json.loads(process.stdout)
    del told["wall_s"]
    return json.dumps(told)


@pytest.mark.parametrize("name", ["first_charge", "mobile_network"])
def test_two_processes_tell_the_same(name):
    first = command(name, 0)

    assert first == command(name, 4242)
    assert first != command(name, 0, "--seed", str(OTHER_SEED))


@pytest.mark.parametrize("name", COMPARED)
def test_another_process_tells_what_this_one_tells(name):
    """This one has its own hash seed, and has played other scenarios before."""
    told = json.loads(command(name, 1))
    played = outcome(name)

    for part in ("events", "frames"):
        assert json.dumps(told[part]) == json.dumps(getattr(played, part)), part
    assert told["summary"] == json.loads(json.dumps(told["summary"] | played.summary))


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_tells_another_story_with_the_same_end(name):
    other = scenario.play(scenario_file.load(name), OTHER_SEED)

    assert other.failures == []
    assert other.frames != outcome(name).frames


def test_the_noise_depends_on_the_seed():
    """Not only the ids: what the world did differs as well."""
    other = scenario.play(scenario_file.load("noisy_pilot"), OTHER_SEED)

    assert other.events != outcome("noisy_pilot").events


def test_the_seed_of_the_command_line_counts():
    scenario_of_file = scenario_file.load("first_charge")

    assert scenario.play(scenario_of_file, 5).frames == scenario.play(scenario_of_file, 5).frames
    assert scenario.play(scenario_of_file, 5).frames != scenario.play(scenario_of_file, 6).frames
