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


def test_moments_over_the_offer_with_long_pauses_between_them_are_forgiven():
    watch = Overcurrent()
    for _ in range(100):
        assert not draw(watch, 2000, 60000)
        assert not draw(watch, 5000, 16000)


def test_a_good_reading_now_and_then_hides_nothing():
    watch = Overcurrent()
    assert any(draw(watch, 6700, 60000) or draw(watch, 800, 10000) for _ in range(2))


def test_it_ends_with_its_cause():
    watch = Overcurrent()
    assert draw(watch, 7000, 20000)
    assert not draw(watch, 200, 0)


def test_each_reduction_gives_a_car_that_followed_the_one_before_seven_seconds():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    for drawn_ma, signalled_ma in ((32000, 20000), (20000, 16000), (16000, 10000), (10000, 6000), (6000, 0)):
        assert not draw(watch, 6900, drawn_ma, signalled_ma)
    assert draw(watch, 100, 6000, signalled_ma=0)


def test_a_car_that_follows_slowly_and_always_is_never_found():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    for _ in range(50):
        for drawn_ma, signalled_ma in ((32000, 16000), (16000, 6000), (6000, 32000)):
            assert not draw(watch, 5000, drawn_ma, signalled_ma)


def test_a_reduction_does_not_forgive_what_was_too_much_before_it():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    assert not draw(watch, 3000, 32000, signalled_ma=20000)
    assert not draw(watch, 3900, 32000, signalled_ma=16000)
    assert draw(watch, 100, 32000, signalled_ma=16000)


@pytest.mark.parametrize("every_ms", [100, 200, 3000, 6900])
def test_an_offer_that_falls_and_rises_by_little_hides_nothing(every_ms):
    watch = Overcurrent()
    passed_ms = 0
    while not watch.found:
        assert passed_ms < 7000
        draw(watch, every_ms, 14400, 10000 - passed_ms // every_ms % 2 * 100, age_ms=500)
        passed_ms += every_ms


def test_an_offer_that_falls_without_end_hides_nothing():
    watch = Overcurrent()
    offers_ma = range(16000, 15000, -1)
    assert any(draw(watch, STEP_MS, 18500, offer_ma, age_ms=700) for offer_ma in offers_ma[:80])


def test_a_rise_gives_nothing():
    watch = Overcurrent()
    draw(watch, 3000, 32000, signalled_ma=10000)
    assert draw(watch, 4000, 32000, signalled_ma=12000)


def test_a_reading_from_before_the_reduction_says_nothing_of_it():
    watch = Overcurrent()
    draw(watch, 10000, 32000, signalled_ma=32000)
    assert not draw(watch, 4000, 32000, age_ms=4500)  # taken before
    assert not draw(watch, 6900, 32000)
    assert draw(watch, 100, 32000)


def test_a_stale_reading_lets_the_count_stand():
    watch = Overcurrent()
    draw(watch, 6900, 20000)
    assert not draw(watch, 60000, 20000, fresh=STALE)
    assert not draw(watch, 60000, 0, fresh=STALE)
    assert draw(watch, 100, 20000)
    assert draw(watch, 60000, 0, fresh=STALE)
    assert not draw(watch, 200, 0)


def test_through_an_open_contactor_nothing_flows():
    watch = Overcurrent()
    assert draw(watch, 7000, 32000)
    watch.rest()
    assert not watch.found


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


def test_a_car_that_keeps_to_a_steady_offer_is_forgiven_with_old_readings_too():
    watch = Overcurrent()
    assert not draw(watch, 3000, 60000, age_ms=900)
    assert not draw(watch, 10000, 16000, age_ms=900)
    assert not draw(watch, 6800, 60000, age_ms=900)


def test_what_is_just_allowed_at_the_lower_offer_clears_nothing():
    watch = Overcurrent()
    draw(watch, 1000, 10000, 16000)
    draw(watch, 5000, 60000, 16000)
    draw(watch, STEP_MS, threshold_ma(10000), 10000)
    assert draw(watch, 2500, 60000, 10000)
