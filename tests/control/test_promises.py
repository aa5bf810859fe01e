"""Whatever people, cars and physics do, in whatever order: the promises hold."""

import functools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control.play import Play
from tests.control.repertoire import DURATIONS_MS, MENDED, SETUPS
from tests.control.station import NEAR_WRAP_MS

TICKS = 200_000
SOAK_TICKS = 10_000_000
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
    """Such a station, so many samples of noise later."""
    play = Play.again(charging(setup, start_ms))
    for _ in range(noise):
        play.station.outlet.line.noise.next()
    return play


def stories(setup):
    actions = SETUPS[setup].actions
    steps = [st.tuples(st.just(name), *map(st.sampled_from, actions[name])) for name in SETUPS[setup].names]
    story = st.lists(st.tuples(st.one_of(steps), st.sampled_from(DURATIONS_MS)), max_size=15)
    return st.tuples(st.just(setup), story)


@given(st.integers(0, NOISE - 1), st.sampled_from(STARTS_MS), st.sampled_from(list(SETUPS)).flatmap(stories))
def test_every_promise_holds(noise, start_ms, setup_and_story):
    setup, story = setup_and_story
    play = begin(setup, start_ms, noise)
    for step, duration_ms in story:
        play.act(*step)
        play.run(duration_ms)


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
def test_many_lives_keep_every_promise(setup, soak, record_property):
    """As many ticks as are promised for `make test` and `make soak`, in equal parts for each setup."""
    share = (SOAK_TICKS if soak else TICKS) // len(SETUPS)
    chance = random.Random(setup)
    ticks = long_life(setup, chance)
    while ticks < share:
        ticks += long_life(setup, chance) if chance.random() < 0.02 else short_life(setup, chance)
    record_property("ticks", ticks)
    assert ticks >= share


def test_the_shares_are_what_is_promised():
    assert TICKS >= 100_000
    assert SOAK_TICKS >= 10_000_000
    assert TICKS % len(SETUPS) == SOAK_TICKS % len(SETUPS) == 0
