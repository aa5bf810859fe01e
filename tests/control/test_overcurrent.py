"""Over-current: how much, for how long, since when, and by which readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.overcurrent import Overcurrent, threshold_ma

STEP_MS = 100
FRESH, STALE = True, False


def draw(watch, duration_ms, current_ma, signalled_ma=16000, age_ms=0, fresh=FRESH):
    """Let time pass under this current; whether it was found."""
    for _ in range(duration_ms // STEP_MS):
        watch.update(STEP_MS, signalled_ma, current_ma, age_ms, fresh)
    return watch.found


@pytest.mark.parametrize(
    ("signalled_ma", "most_ma"), [(0, 550), (6000, 7150), (16000, 18150), (32000, 35750), (80000, 88550)]
)
def test_a_tenth_and_half_an_ampere_more_is_allowed(signalled_ma, most_ma):
    assert threshold_ma(signalled_ma) == most_ma
    watch = Overcurrent()
    assert not draw(watch, 60000, most_ma, signalled_ma)
    assert not draw(watch, 6900, most_ma + 1, signalled_ma)
    assert draw(watch, 100, most_ma + 1, signalled_ma)


def test_the_seven_seconds_are_without_a_break():
    watch = Overcurrent()
    for _ in range(10):
        assert not draw(watch, 6900, 20000)
        assert not draw(watch, 100, 16000)


def test_it_ends_with_its_cause():
    watch = Overcurrent()
    assert draw(watch, 7000, 20000)
    assert not draw(watch, 100, 0)


def test_each_reduction_gives_the_car_seven_seconds():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    for signalled_ma in (20000, 16000, 10000, 6000, 0):
        assert not draw(watch, 6900, 32000, signalled_ma)
    assert draw(watch, 100, 32000, signalled_ma=0)


def test_a_rise_gives_nothing():
    watch = Overcurrent()
    draw(watch, 3000, 32000, signalled_ma=10000)
    assert draw(watch, 4000, 32000, signalled_ma=12000)


def test_a_reading_from_before_the_reduction_says_nothing_of_it():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    watch.update(STEP_MS, 16000, 32000, 0, FRESH)
    assert not draw(watch, 4000, 32000, age_ms=4500)  # taken before
    assert not draw(watch, 6800, 32000)
    assert draw(watch, 100, 32000)


def test_a_stale_reading_lets_the_count_stand():
    watch = Overcurrent()
    draw(watch, 6900, 20000)
    assert not draw(watch, 60000, 20000, fresh=STALE)
    assert not draw(watch, 60000, 0, fresh=STALE)
    assert draw(watch, 100, 20000)
    assert draw(watch, 60000, 0, fresh=STALE)
    assert not draw(watch, 100, 0)


def test_an_open_contactor_ends_the_count_whatever_the_last_reading_says():
    """A stop that the car did not follow opens at 6 s; the meter shows its current for another second."""
    watch = Overcurrent()
    draw(watch, 6900, 32000, signalled_ma=0)
    for age_ms in range(0, 5000, STEP_MS):
        watch.rest()
        assert not draw(watch, STEP_MS, 32000, signalled_ma=0, age_ms=age_ms)


@given(st.integers(0, 80000))
def test_the_threshold_is_rounded_towards_safety(signalled_ma):
    assert threshold_ma(signalled_ma) <= 1.1 * (signalled_ma + 500) + 1e-6 < threshold_ma(signalled_ma) + 1
