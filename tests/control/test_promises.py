"""Whatever people, cars and physics do, in whatever order: the promises hold.

The oracle reads the world alone; that it sees a broken promise is tested too."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import limits
from hal.contract import LEASE_MS
from tests.control.oracle import Broken
from tests.control.play import ACTIONS, DURATIONS_MS, Play
from tests.control.station import NEAR_WRAP_MS

# What ends a charge is soon followed by somebody who mends it: most time is spent charging.
NAMES = [*ACTIONS, *["mend"] * 5]

steps = st.one_of([st.tuples(st.just(name), *map(st.sampled_from, ACTIONS[name])) for name in NAMES])


@given(
    st.integers(0, 10**6),
    st.sampled_from([5000, NEAR_WRAP_MS]),
    st.lists(st.tuples(steps, st.sampled_from(DURATIONS_MS)), max_size=15),
)
def test_every_promise_holds(seed, start_ms, story):
    play = Play(seed, start_ms)
    play.mend()
    for step, duration_ms in story:
        play.act(*step)
        play.run(duration_ms)


def test_a_long_life_keeps_every_promise(soak):
    """What one accident leaves behind meets the next."""
    closings = 0
    for seed in range(50 if soak else 4):
        play, chance = Play(seed, NEAR_WRAP_MS), random.Random(seed)
        while play.oracle.ticks < (100000 if soak else 15000):
            name = chance.choice(NAMES)
            play.act(name, *map(chance.choice, ACTIONS[name]))
            play.run(chance.choice(DURATIONS_MS))
        closings += play.oracle.closings
    assert closings > 10


@pytest.fixture
def charging():
    play = Play(1, NEAR_WRAP_MS)
    play.mend()
    play.run(1000)
    return play


def deaf(play, what, value):
    """The firmware reads `value` from now on, whatever its part says."""
    part = getattr(play.station.lane.parts, what[0])
    part.sample = lambda now_ms: setattr(part, what[1], value)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_the_car(charging):
    deaf(charging, ("pilot", "high_mv"), 6000)
    charging.station.outlet.unplug()
    with pytest.raises(Broken, match="after the car let go"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_a_short(charging):
    deaf(charging, ("pilot", "high_mv"), 6000)
    charging.fault("cp_short")
    with pytest.raises(Broken, match="into a short"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_the_diode(charging):
    deaf(charging, ("pilot", "low_mv"), -12000)
    charging.fault("cp_diode")
    with pytest.raises(Broken, match="bad diode"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_a_trip(charging):
    deaf(charging, ("rcd", "tripped"), False)
    charging.leak(3)
    with pytest.raises(Broken, match="tripped RCD"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_a_weld(charging):
    deaf(charging, ("contactor", "closed"), False)
    charging.fault("relay_welded")
    charging.charge(0)
    with pytest.raises(Broken, match="no state F"):
        charging.run(5000)


def test_the_oracle_sees_an_offer_above_the_limit(charging):
    charging.oracle.grants.limit(limits.OWNER, 31000, None, 0)
    with pytest.raises(Broken, match="offered, 31000 allowed"):
        charging.run(20)


def test_the_oracle_sees_two_rises_too_close(charging):
    charging.limit(limits.OWNER, 10000, 0, 0)
    charging.run(1000)
    charging.limit(limits.OWNER, 16000, 0, 0)
    charging.run(1000)
    charging.limit(limits.OWNER, 20000, 0, 0)
    charging.station.controller._offer._since_rise_ms = 5000
    with pytest.raises(Broken, match="after the last rise"):
        charging.run(5000)


def test_the_oracle_sees_a_contactor_that_closes_without_leave(charging):
    charging.withdraw()
    charging.run(8000)
    charging.station.authorise()
    with pytest.raises(Broken):
        charging.run(8000)


def test_the_oracle_sees_a_contactor_that_outlives_its_lease(charging):
    charging.station.outlet.contactor.release_ms = 10 * LEASE_MS
    with pytest.raises(Broken, match="after the last tick"):
        charging.miss(400)


def test_the_oracle_sees_a_car_that_is_not_let_go(charging):
    charging.station.outlet.contactor.release_ms = 120
    charging.charge(0)
    with pytest.raises(Broken, match="after the car let go"):
        charging.run(5000)
