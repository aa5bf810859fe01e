"""Every bundled scenario, played once for all tests that look at what became of it."""

import functools

from simulator import scenario
from simulator.story import scenario_file

NAMES = scenario_file.bundled()


@functools.cache
def outcome(name):
    """What came of a bundled scenario with its own seed. To be looked at only."""
    return scenario.play(scenario_file.load(name))
