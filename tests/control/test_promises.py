"""Whatever people, cars and physics do, in whatever order: the promises hold.

The oracle reads the world alone; that it sees a broken promise is tested too."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import limits
from hal.contract import LEASE_MS
from tests.control.play import ACTIONS, DURATIONS_MS, ON_A_SOCKET, Play
from tests.control.station import NEAR_WRAP_MS
from tests.control.watching import Broken

# What ends a charge is soon followed by somebody who mends it: most time is spent charging.
NAMES = [*ACTIONS, *["mend"] * 15]
BOARDS = {"simulated": ACTIONS, "simulated_two": ON_A_SOCKET}


def stories(actions):
    steps = [st.tuples(st.just(name), *map(st.sampled_from, actions[name])) for name in NAMES]
    return st.lists(st.tuples(st.one_of(steps), st.sampled_from(DURATIONS_MS)), max_size=15)


boards = st.sampled_from(list(BOARDS)).flatmap(
    lambda board: st.tuples(st.just(board), stories(BOARDS[board]))
)


@given(
    st.integers(0, 10**6),
    st.sampled_from([5000, NEAR_WRAP_MS]),
    boards,
)
def test_every_promise_holds(seed, start_ms, board_and_story):
    board, story = board_and_story
    play = Play(seed, start_ms, board)
    play.mend()
    for step, duration_ms in story:
        play.act(*step)
        play.run(duration_ms)


@pytest.mark.parametrize("board", BOARDS)
def test_a_long_life_keeps_every_promise(board, soak):
    """What one accident leaves behind meets the next."""
    closings, actions = 0, BOARDS[board]
    for seed in range(50 if soak else 3):
        play, chance = Play(seed, NEAR_WRAP_MS, board), random.Random(seed)
        while play.oracle.ticks < (100000 if soak else 15000):
            name = chance.choice(NAMES)
            play.act(name, *map(chance.choice, actions[name]))
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
    with pytest.raises(Broken, match="after the command ended"):
        charging.run(5000)


def test_the_oracle_sees_a_restart_without_its_pause(charging):
    charging.restart()
    charging.authorise()
    charging.station.controller._pause_ms = 0
    with pytest.raises(Broken, match="closed again"):
        charging.run(4000)


def test_the_oracle_sees_late_ticks_that_wait_for_a_second_one(charging):
    charging.station.controller.pilot.update = lambda elapsed_ms, high_mv, valid: None
    with pytest.raises(Broken, match="driven in tick 1 after the car let go"):
        charging.late(60, 1, 2740)


@pytest.mark.parametrize("cause", ["shorted", "lost"])
def test_the_oracle_sees_a_firmware_that_forgives_what_comes_and_goes(charging, cause):
    controller = charging.station.controller
    controller.pilot._unsound.certain = controller._diode._suspicion.certain = lambda: False
    charging.loosen(cause, 2, 2)
    with pytest.raises(Broken, match="half of the pilot's readings"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_forgives_a_diode_that_comes_and_goes(charging):
    charging.station.controller._diode._suspicion.certain = lambda: False
    charging.loosen("diode_shorted", 2, 2)
    with pytest.raises(Broken, match="bad half of the time"):
        charging.run(1000)


def test_the_oracle_sees_a_firmware_that_trusts_a_disturbed_line(charging):
    charging.station.controller.pilot.update = lambda elapsed_ms, high_mv, valid: None
    charging.fault("cp_noise")
    with pytest.raises(Broken):
        charging.run(1000)


def test_the_oracle_sees_a_contactor_that_is_driven_on_after_it_dropped(charging):
    deaf(charging, ("contactor", "closed"), True)
    with pytest.raises(Broken, match="opened by themselves"):
        charging.starve(200)


def test_the_oracle_sees_a_test_over_a_live_car(charging):
    charging.station.outlet.residual.test(True)
    with pytest.raises(Broken, match="a test over a live car"):
        charging.run(20)


def test_the_oracle_sees_a_contactor_that_closes_before_the_diode_was_seen(charging):
    charging.charge(0)
    charging.run(8000)
    charging.fault("cp_diode")
    charging.oracle._diode_seen = False
    charging.station.controller._diode.update = lambda elapsed_ms, low_mv: None
    charging.charge(1)
    with pytest.raises(Broken, match="before the diode was seen"):
        charging.run(8000)


def test_the_oracle_sees_a_weld_that_a_restart_forgets(charging):
    charging.fault("relay_welded")
    charging.charge(0)
    charging.run(5000)
    charging.station.boot()
    charging.oracle.restarted()
    with pytest.raises(Broken, match="no state F"):
        charging.run(20)


@pytest.fixture
def on_a_socket():
    play = Play(1, NEAR_WRAP_MS, "simulated_two")
    play.mend()
    play.run(1000)
    return play


def test_the_oracle_sees_a_live_plug_that_is_not_locked(on_a_socket):
    on_a_socket.station.outlet.lock.holds = False
    with pytest.raises(Broken, match="not locked"):
        on_a_socket.run(20)


def test_the_oracle_sees_a_firmware_that_is_deaf_to_the_cable(on_a_socket):
    deaf(on_a_socket, ("proximity", "resistance_ohm"), 220)
    on_a_socket.fault("pp_short")
    with pytest.raises(Broken):
        on_a_socket.run(20)


def test_the_oracle_sees_more_offered_than_the_cable_carries(on_a_socket):
    deaf(on_a_socket, ("proximity", "resistance_ohm"), 220)
    on_a_socket.station.outlet.cable.fit(20)
    with pytest.raises(Broken, match="offered, 20000 allowed"):
        on_a_socket.run(20)
