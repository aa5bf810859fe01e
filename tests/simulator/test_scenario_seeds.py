"""Every bundled scenario holds whatever chance decides: its bands are the physics', not those of a seed."""

import pytest

from simulator import scenario
from simulator.story import scenario_file
from tests.simulator.scenarios_played import NAMES, outcome

FIRST = 1000
FEW, MANY = 4, 16
ENOUGH_S = 500
"""Of simulated time for one scenario: a long one is played with fewer seeds."""
DECIDED_BY_CHANCE = {"noisy_pilot": 4}
"""How many times as many seeds: here it is noise that decides when the contactor opens."""


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_with_any_seed(name, soak):
    few = max(1, min(FEW, int(ENOUGH_S * 1000 / outcome(name).sim_ms)))
    count = (MANY if soak else few) * DECIDED_BY_CHANCE.get(name, 1)
    story = scenario_file.load(name)

    failures = {seed: scenario.play(story, seed).failures for seed in range(FIRST, FIRST + count)}

    assert {seed: failure for seed, failure in failures.items() if failure} == {}
