"""Whatever people, cars and physics do, in whatever order: the promises hold."""

import functools
import random
import secrets

import pytest
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from control.ticks import diff
from tests.control.play import Play
from tests.control.repertoire import DURATIONS_MS, MENDED, MOMENTS, SETUPS
from tests.control.station import NEAR_WRAP_MS

TICKS = 100_000
"""Driven by hypothesis in `make test`, every promise checked after each; as many again in longer lives."""
SOAK_TICKS = 10_000_000
"""Driven by hypothesis in `make soak` ..."""
SOAK_LONG_TICKS = 2_000_000
"""... and in longer lives."""
LONG_TICKS = 10_000
"""Of a life in which what one accident leaves behind meets the next."""
STARTS_MS = (5000, NEAR_WRAP_MS)
NOISE = 1024


@functools.cache
def charging(setup, start_ms):
    """A station of this setup whose car charges."""
    play = Play(1, start_ms, setup)
    play.mend()
    return play.kept()


def begin(setup, start_ms, noise):
    """Such a station, so many samples of noise later. Every second one has a timer that keeps its beat."""
    play = Play.again(charging(setup, start_ms))
    play.steady = noise % 2 == 1
    for _ in range(noise):
        play.station.outlet.line.noise.next()
    return play


def share(ticks):
    """What each setup takes of so many."""
    return ticks // len(SETUPS)


class Life(RuleBasedStateMachine):
    """A station, its car and its world. Every rule is one of `repertoire.ACTIONS`, and time for what follows;
    the oracle looks at every tick of both."""

    setup = ""
    ticks = 0
    """Driven so far, by all lives of this setup."""

    @initialize(start_ms=st.sampled_from(STARTS_MS), noise=st.integers(0, NOISE - 1))
    def begin(self, start_ms, noise):
        self.play = begin(self.setup, start_ms, noise)
        self.begun = self.play.lived

    def teardown(self):
        if hasattr(self, "play"):
            type(self).ticks += self.play.lived - self.begun


def acting(name, choices):
    """The rule that plays the action `name`, with any of its values."""

    def act(self, values, duration_ms):
        self.play.act(name, *values)
        self.play.run(duration_ms)

    act.__name__ = name
    return rule(values=st.tuples(*map(st.sampled_from, choices)), duration_ms=st.sampled_from(DURATIONS_MS))(
        act
    )


def lives(setup):
    """The machine of this setup: what may happen often has several rules."""
    actions, names = SETUPS[setup].actions, SETUPS[setup].names
    rules = {"%s_%d" % (name, turn): acting(name, actions[name]) for turn, name in enumerate(names)}
    return type("Life", (Life,), {"setup": setup, **rules})


@pytest.mark.parametrize("setup", SETUPS)
def test_every_promise_holds_in_any_life(setup, soak):
    """The same lives in each `make test`, others in each `make soak`."""
    life = lives(setup) if soak else seed(setup)(lives(setup))
    tries = settings(max_examples=50 if soak else 20, stateful_step_count=50 if soak else 12)
    run_state_machine_as_test(life, settings=tries)
    while soak and life.ticks < share(SOAK_TICKS):
        run_state_machine_as_test(life, settings=tries)
    print(life.ticks, "ticks")
    assert life.ticks >= share(SOAK_TICKS if soak else TICKS)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("setup", SETUPS)
def test_an_accident_meets_its_moment(setup, moment):
    play = begin(setup, NEAR_WRAP_MS, 0)
    began_ms = play.oracle.now_ms
    play.meet(moment, 7, ("leak", 0))
    at_ms = play.station.outlet.residual.tripped_at_ms
    assert diff(play.station.now_ms, at_ms) == 0
    assert play.oracle.now_ms < began_ms + 20000


def short_life(setup, chance):
    """A few accidents on a sound station. Ticks in which it only waits do not count."""
    play = begin(setup, chance.choice(STARTS_MS), chance.randrange(NOISE))
    begun = play.lived
    for _ in range(chance.randrange(1, 9)):
        step, duration_ms = SETUPS[setup].step(chance)
        play.act(*step)
        play.run(duration_ms)
    return play.lived - begun


def long_life(setup, chance):
    """One accident after the other, and somebody who mends what they leave behind."""
    play = begin(setup, NEAR_WRAP_MS, 0)
    begun = play.lived
    while play.lived - begun < LONG_TICKS:
        step, duration_ms = SETUPS[setup].step(chance)
        if chance.randrange(100) < MENDED:
            step = ("mend", chance.random() < 0.8)
        play.act(*step)
        play.run(duration_ms)
    return play.lived - begun


@pytest.mark.parametrize("setup", SETUPS)
def test_long_lives_keep_every_promise(setup, soak):
    number = secrets.randbelow(2**32) if soak else 0
    print("seed", number)
    chance = random.Random("%s %d" % (setup, number))
    ticks = long_life(setup, chance)
    while ticks < share(SOAK_LONG_TICKS if soak else TICKS):
        ticks += long_life(setup, chance) if chance.random() < 0.02 else short_life(setup, chance)


def test_as_many_ticks_are_driven_as_are_promised():
    assert share(TICKS) * len(SETUPS) >= 100_000
    assert share(SOAK_TICKS) * len(SETUPS) >= 10_000_000
