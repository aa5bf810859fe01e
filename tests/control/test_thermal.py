"""Temperature: the derating curve, the stop, the way back, and a lost sensor."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.thermal import CRITICAL_MS, RISE_EVERY_MS, SENSOR_MS, Derating

STEP_MS = 100
LOST = None


def feel(derating, duration_ms, temperature_dc):
    """Let time pass at this temperature; the limit."""
    for _ in range(duration_ms // STEP_MS):
        derating.update(STEP_MS, temperature_dc or 0, temperature_dc is not LOST)
    return derating.limit_ma


def verdict(derating):
    return derating.hot, derating.critical, derating.lost


@pytest.mark.parametrize(
    ("temperature_dc", "limit_ma", "hot", "critical"),
    [
        (-400, 32000, False, False),
        (-1, 32000, False, False),
        (250, 32000, False, False),
        (649, 32000, False, False),
        (650, 32000, True, False),
        (651, 31567, True, False),
        (680, 19000, True, False),
        (709, 6434, True, False),
        (710, 6000, True, True),
        (1250, 6000, True, True),
    ],
)
def test_the_curve(temperature_dc, limit_ma, hot, critical):
    derating = Derating(32000)
    assert feel(derating, STEP_MS, temperature_dc) == limit_ma
    assert verdict(derating) == (hot, False, False)
    feel(derating, CRITICAL_MS - STEP_MS, temperature_dc)
    assert verdict(derating) == (hot, critical, False)


def test_a_bad_sample_or_two_stop_no_charge():
    derating = Derating(32000)
    for _ in range(10):
        feel(derating, 2 * STEP_MS, 850)
        feel(derating, 1000, 400)
        assert not derating.critical


@given(st.integers(6000, 80000), st.integers(-400, 1250), st.integers(-400, 1250))
def test_never_below_six_amperes_and_never_more_when_it_is_hotter(rated_ma, one_dc, other_dc):
    cool_dc, hot_dc = sorted((one_dc, other_dc))
    cool_ma = feel(Derating(rated_ma), STEP_MS, cool_dc)
    hot_ma = feel(Derating(rated_ma), STEP_MS, hot_dc)
    assert 6000 <= hot_ma <= cool_ma <= rated_ma


def test_down_at_once_and_up_by_an_ampere_every_half_minute_once_it_is_cool():
    derating = Derating(32000)
    assert feel(derating, STEP_MS, 680) == 19000
    assert feel(derating, STEP_MS, 690) == 14667
    assert feel(derating, 600000, 660) == 14667  # less hot is still hot
    assert feel(derating, 600000, 620) == 14667
    assert verdict(derating) == (True, False, False)
    assert feel(derating, RISE_EVERY_MS - STEP_MS, 619) == 14667
    assert verdict(derating) == (False, False, False)
    assert feel(derating, STEP_MS, 619) == 15667
    rises_ma = [feel(derating, RISE_EVERY_MS, 619) for _ in range(20)]
    assert rises_ma[:2] == [16667, 17667]
    assert rises_ma[-1] == 32000
    assert all(later_ma - earlier_ma <= 1000 for earlier_ma, later_ma in itertools.pairwise(rises_ma))


def test_what_gets_hot_again_on_the_way_up_waits_again():
    derating = Derating(32000)
    feel(derating, STEP_MS, 690)
    for _ in range(10):
        assert feel(derating, RISE_EVERY_MS - STEP_MS, 610) == 14667
        assert feel(derating, STEP_MS, 650) == 14667


def test_too_hot_lasts_until_it_has_cooled_well_down():
    derating = Derating(32000)
    feel(derating, CRITICAL_MS, 710)
    for temperature_dc in (709, 650, 600, 550):
        feel(derating, 60000, temperature_dc)
        assert derating.critical
    feel(derating, STEP_MS, 549)
    assert not derating.critical
    feel(derating, 60000, 709)
    assert not derating.critical


def test_a_silent_sensor_is_lost_after_a_second():
    derating = Derating(32000)
    feel(derating, 60000, 300)
    feel(derating, SENSOR_MS - STEP_MS, LOST)
    assert not derating.lost
    feel(derating, STEP_MS, LOST)
    assert derating.lost


def test_a_bad_sample_now_and_then_is_forgiven():
    derating = Derating(32000)
    for _ in range(100):
        feel(derating, SENSOR_MS - STEP_MS, LOST)
        feel(derating, STEP_MS, 300)
    assert not derating.lost


def test_a_sensor_that_comes_back_must_say_that_it_is_cool():
    derating = Derating(32000)
    feel(derating, SENSOR_MS, LOST)
    feel(derating, 60000, 550)
    assert derating.lost
    feel(derating, STEP_MS, 549)
    assert not derating.lost


def test_while_the_sensor_is_silent_nothing_rises_and_no_verdict_ends():
    derating = Derating(32000)
    feel(derating, STEP_MS, 690)
    feel(derating, RISE_EVERY_MS - STEP_MS, 600)
    assert feel(derating, 600000, LOST) == 14667
    assert feel(derating, RISE_EVERY_MS - STEP_MS, 500) == 14667
    feel(derating, CRITICAL_MS, 720)
    feel(derating, 600000, LOST)
    assert verdict(derating) == (True, True, True)
