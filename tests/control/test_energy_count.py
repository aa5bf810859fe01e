"""Energy is what the meter's register gained, and never goes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.session import ODD_READINGS, Energy


def test_a_new_charger_takes_over_the_count_of_its_meter():
    energy = Energy()
    energy.update(5000)
    assert (energy.lifetime_wh, energy.session_wh) == (5000, 0)
    energy.update(5100)
    assert (energy.lifetime_wh, energy.session_wh) == (5100, 100)


def test_a_session_begins_at_zero():
    energy = Energy()
    energy.update(5000)
    energy.update(5100)
    energy.begin()
    assert energy.session_wh == 0
    energy.update(5107)
    assert (energy.lifetime_wh, energy.session_wh) == (5107, 7)


def test_another_meter_is_counted_on_from_where_it_stands():
    energy = Energy()
    energy.update(5000)
    for _ in range(ODD_READINGS):
        energy.update(12)
        assert (energy.lifetime_wh, energy.session_wh) == (5000, 0)
    energy.update(20)
    assert (energy.lifetime_wh, energy.session_wh) == (5008, 8)


@pytest.mark.parametrize("odd", [1, ODD_READINGS - 1])
def test_a_meter_that_starts_with_zeros_adds_nothing(odd):
    energy = Energy()
    energy.update(5000)
    for _ in range(odd):
        energy.update(0)
    energy.update(5003)
    assert (energy.lifetime_wh, energy.session_wh) == (5003, 3)


@pytest.mark.parametrize("zeros", [1, ODD_READINGS - 1])
def test_zeros_after_a_power_cut_hide_nothing_that_was_ours(zeros):
    energy = Energy()
    energy.restore(90000, 5000)
    for _ in range(zeros):
        energy.update(0)
    energy.update(6000)
    assert (energy.lifetime_wh, energy.session_wh) == (91000, 1000)


def test_a_meter_that_shows_zeros_for_long_after_a_power_cut_does_not_give_its_whole_count():
    energy = Energy()
    energy.restore(90000, 5000)
    for _ in range(ODD_READINGS):
        energy.update(0)
    for _ in range(ODD_READINGS):
        energy.update(500000)
    assert (energy.lifetime_wh, energy.session_wh) == (90000, 0)
    energy.update(500005)
    assert (energy.lifetime_wh, energy.session_wh) == (90005, 5)


@pytest.mark.parametrize(("gap_ms", "most_wh"), [(1000, 120), (60000, 1300), (3600000, 72100)])
def test_a_register_gains_no_more_than_a_charger_passes(gap_ms, most_wh):
    energy = Energy()
    energy.update(5000)
    energy.update(5001 + most_wh, gap_ms)
    assert energy.session_wh == 0
    energy.update(5000 + most_wh, gap_ms)
    assert energy.session_wh == most_wh


def test_one_sound_reading_begins_the_count_of_odd_ones_anew():
    energy = Energy()
    energy.update(5000)
    for _ in range(3):
        for _ in range(ODD_READINGS - 1):
            energy.update(900000)
        energy.update(5000)
    assert (energy.lifetime_wh, energy.session_wh) == (5000, 0)


def test_a_reading_that_gains_nothing_is_sound():
    energy = Energy()
    energy.update(5000)
    for _ in range(10):
        energy.update(900000)
        energy.update(5000)
        for _ in range(ODD_READINGS - 2):
            energy.update(900000)
        assert energy.register_wh == 5000
        energy.update(5000)


def test_after_another_meter_was_taken_on_all_odd_readings_are_asked_for_again():
    energy = Energy()
    energy.update(5000)
    for register_wh in (900000, 100):
        for _ in range(ODD_READINGS - 1):
            energy.update(register_wh)
            assert energy.register_wh != register_wh
        energy.update(register_wh)
        assert energy.register_wh == register_wh


def test_only_the_first_gain_after_a_power_cut_may_be_any():
    energy = Energy()
    energy.restore(90000, 5000)
    energy.update(25000)
    energy.update(45000)
    assert energy.lifetime_wh == 110000


def test_what_the_register_gained_in_a_power_cut_was_ours():
    energy = Energy()
    energy.restore(90000, 5000)
    energy.update(5030)
    assert (energy.lifetime_wh, energy.session_wh) == (90030, 30)


def test_an_unknown_register_after_a_power_cut_gains_nothing():
    energy = Energy()
    energy.restore(90000, -1)
    energy.update(5030)
    assert (energy.lifetime_wh, energy.session_wh) == (90000, 0)
    energy.update(5031)
    assert (energy.lifetime_wh, energy.session_wh) == (90001, 1)


def test_a_first_reading_that_comes_while_somebody_pays_is_only_where_counting_begins():
    energy = Energy()
    energy.begin()
    energy.update(500000, billed=True)
    assert (energy.lifetime_wh, energy.session_wh) == (0, 0)
    energy.update(500101, billed=True)
    assert (energy.lifetime_wh, energy.session_wh) == (101, 101)


def test_the_count_of_a_life_stops_before_it_leaves_a_small_integer():
    energy = Energy()
    energy.restore(2**30 - 100, 2**29)
    energy.update(2**29 + 1000)
    assert (energy.lifetime_wh, energy.session_wh) == (2**30 - 1, 1000)
    energy.update(2**30 - 1, 2**29 - 1)
    assert energy.lifetime_wh == 2**30 - 1
    assert energy.session_wh < 2**30


@given(
    st.sampled_from([-1, 0, 5000]),
    st.lists(st.sampled_from([0, 12, 5000, 5100]) | st.integers(0, 2**30 - 1), min_size=1, max_size=60),
)
def test_the_count_of_a_life_never_goes_back(restored_wh, registers_wh):
    energy = Energy()
    energy.restore(0, restored_wh)
    before_wh = 0
    for register_wh in registers_wh:
        energy.update(register_wh)
        assert before_wh <= energy.lifetime_wh < 2**30
        assert 0 <= energy.session_wh < 2**30
        before_wh = energy.lifetime_wh
