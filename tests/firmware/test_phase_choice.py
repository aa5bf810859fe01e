"""One phase or three: what is chosen, and how rarely."""

import itertools

import hypothesis.strategies as st
from hypothesis import given

from firmware.phase_choice import (
    AUTO,
    DWELL_MS,
    HOLD_MS,
    ROOM_PERCENT,
    PhaseChoice,
)

MAINS_MV = (230000, 230000, 230000)
LEAST_3_W, LEAST_1_W = 4140, 1380
STEP_MS = 5000


def spend(choice, duration_ms, power_w, setting=AUTO, **known):
    """What is chosen, step by step."""
    return [
        choice.update(STEP_MS, setting, power_w, MAINS_MV, **known) for _ in range(duration_ms // STEP_MS)
    ]


def test_without_a_power_limit_all_phases():
    assert set(spend(PhaseChoice(), 3_600_000, None)) == {3}


def test_little_power_goes_to_one_phase_when_it_lasts():
    choice = PhaseChoice()
    assert set(spend(choice, HOLD_MS - STEP_MS, LEAST_3_W - 1)) == {3}
    assert spend(choice, STEP_MS, LEAST_3_W - 1) == [1]


def test_a_cloud_is_not_worth_a_change():
    choice = PhaseChoice()
    for _ in range(100):
        assert set(spend(choice, HOLD_MS - STEP_MS, 2000) + spend(choice, STEP_MS, 8000)) == {3}


def test_back_to_three_takes_room_and_time():
    choice = PhaseChoice()
    spend(choice, HOLD_MS, 2000)
    assert set(spend(choice, 2 * DWELL_MS, LEAST_3_W * (100 + ROOM_PERCENT) // 100 - 1)) == {1}
    assert spend(choice, HOLD_MS, LEAST_3_W * (100 + ROOM_PERCENT) // 100)[-1] == 3


def test_between_two_changes_ten_minutes_pass():
    choice = PhaseChoice()
    assert spend(choice, HOLD_MS, 2000)[-1] == 1
    assert set(spend(choice, DWELL_MS - STEP_MS, 11000)) == {1}
    assert spend(choice, STEP_MS, 11000) == [3]


def test_a_power_that_lets_nothing_flow_changes_nothing():
    for phases in (1, 3):
        choice = PhaseChoice()
        spend(choice, STEP_MS, None, setting=phases)
        assert set(spend(choice, 3_600_000, LEAST_1_W - 1)) == {phases}


def test_a_car_with_one_phase_is_left_alone():
    for phases in (1, 3):
        choice = PhaseChoice()
        spend(choice, STEP_MS, None, setting=phases)
        for power_w in (None, 2000, 11000):
            assert set(spend(choice, DWELL_MS * 2, power_w, car_phases=1)) == {phases}


def test_the_wish_of_a_person_counts_at_once():
    choice = PhaseChoice()
    assert spend(choice, STEP_MS, 11000, setting=1) == [1]
    assert spend(choice, STEP_MS, 2000, setting=3) == [3]
    assert set(spend(choice, DWELL_MS - STEP_MS, 2000)) == {3}, "and ours then waits"


def test_another_car_does_not_wait_for_what_the_one_before_was_given():
    choice = PhaseChoice()
    spend(choice, HOLD_MS, 2000)
    choice.begin()
    assert spend(choice, STEP_MS, 11000) == [3]


def test_one_wired_phase_is_what_there_is():
    choice = PhaseChoice(wired=1)
    for setting in (AUTO, 1, 3):
        assert set(spend(choice, DWELL_MS, 2000, setting=setting)) == {1}


@given(
    st.lists(st.tuples(st.integers(0, 25000) | st.none(), st.integers(1, 200)), min_size=1, max_size=60),
    st.integers(200000, 253000),
)
def test_never_two_changes_within_ten_minutes_and_none_without_cause(plan, voltage_mv):
    choice, now_ms, changed_ms, before = PhaseChoice(), 0, -DWELL_MS, 3
    least_w = voltage_mv // 1000 * 18
    for power_w, steps in plan:
        for _ in range(steps):
            now_ms += STEP_MS
            phases = choice.update(STEP_MS, AUTO, power_w, (voltage_mv,) * 3)
            if phases == before:
                continue
            assert now_ms - changed_ms >= DWELL_MS
            assert phases == (1 if power_w is not None and power_w < least_w else 3)
            before, changed_ms = phases, now_ms


@given(st.integers(0, 25000), st.sampled_from((1, 3)))
def test_a_steady_power_is_settled_with_one_change_at_most(power_w, begun):
    choice = PhaseChoice()
    spend(choice, STEP_MS, None, setting=begun)
    seen = spend(choice, 4 * DWELL_MS, power_w)
    assert sum(one != other for one, other in itertools.pairwise(seen)) <= 1
    if power_w >= LEAST_3_W * (100 + ROOM_PERCENT) // 100:
        assert seen[-1] == 3
    elif LEAST_1_W <= power_w < LEAST_3_W:
        assert seen[-1] == 1
