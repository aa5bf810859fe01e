"""Power in current: live voltages, and the phases that the car uses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.power import DECIDE_MS, IN_USE_MA, PhasesInUse, limit_ma
from control.windows import MOST_W

STEP_MS = 100


@pytest.mark.parametrize(
    ("power_w", "voltage_mv", "phases", "expected_ma"),
    [
        (11040, [230000] * 3, 3, 16000),
        (3680, [230000] * 3, 1, 16000),
        (3680, [230000, 0, 0], 1, 16000),
        (7360, [230000] * 3, 2, 16000),
        (11040, [240000, 230000, 220000], 3, 16000),
        (1380, [230000] * 3, 1, 6000),
        (1379, [230000] * 3, 1, 5995),
        (11040, [230000, 230000, 0], 3, 24000),  # a dead phase gives no power
        (11040, [99999, 0, 0], 1, 0),
        (11040, [0, 0, 0], 3, 0),
        (1, [230000] * 3, 3, 1),
    ],
)
def test_watts_become_milliamperes(power_w, voltage_mv, phases, expected_ma):
    assert limit_ma(power_w, voltage_mv, phases) == expected_ma


@given(st.integers(1, MOST_W), st.lists(st.integers(0, 2**30 - 1), min_size=3, max_size=3), st.integers(1, 3))
def test_never_more_power_than_asked_for_and_never_a_large_integer(power_w, voltage_mv, phases):
    current_ma = limit_ma(power_w, voltage_mv, phases)
    assert 0 <= current_ma < 2**30
    assert power_w * 10000 < 2**30
    assert sum(current_ma * (mv // 100) for mv in voltage_mv[:phases]) <= power_w * 10000


def draw(used, duration_ms, current_ma, phases=3):
    for _ in range(duration_ms // STEP_MS):
        used.update(STEP_MS, current_ma, phases)
    return used.count


@pytest.mark.parametrize(
    ("current_ma", "count"),
    [([16000, 0, 0], 1), ([16000, 16000, 0], 2), ([16000] * 3, 3), ([0, 16000, 0], 2), ([0, 0, 1000], 3)],
)
def test_a_car_shows_its_phases_in_ten_seconds(current_ma, count):
    used = PhasesInUse(3)
    assert draw(used, DECIDE_MS - STEP_MS, current_ma) == 3
    assert draw(used, STEP_MS, current_ma) == count


@pytest.mark.parametrize("current_ma", [[0] * 3, [IN_USE_MA - 1] * 3])
def test_a_car_that_draws_nothing_shows_nothing(current_ma):
    assert draw(PhasesInUse(3), 600000, current_ma) == 3


def test_a_phase_that_begins_to_flow_counts_at_once():
    used = PhasesInUse(3)
    draw(used, DECIDE_MS, [16000, 0, 0])
    assert draw(used, STEP_MS, [16000, 0, IN_USE_MA]) == 3


def test_a_phase_that_stops_for_a_moment_still_counts():
    used = PhasesInUse(3)
    for _ in range(10):
        assert draw(used, DECIDE_MS - STEP_MS, [16000, 0, 0]) == 3
        assert draw(used, STEP_MS, [16000] * 3) == 3


def test_another_car_begins_anew():
    used = PhasesInUse(3)
    draw(used, DECIDE_MS, [16000, 0, 0])
    used.begin(3)
    assert draw(used, DECIDE_MS - STEP_MS, [16000, 0, 0]) == 3


def test_phases_that_are_not_joined_do_not_count():
    used = PhasesInUse(1)
    assert draw(used, 600000, [16000, 16000, 16000], phases=1) == 1
