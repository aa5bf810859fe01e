"""What a loose cable may carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import cable

# (least ohm, most ohm, three-phase mA, one-phase mA)
TABLE = [
    (0, 74, 0, 0),
    (75, 149, 63000, 70000),
    (150, 329, 32000, 32000),
    (330, 999, 20000, 20000),
    (1000, 2200, 13000, 13000),
    (2201, 1000000, 0, 0),
]


@pytest.mark.parametrize(("least_ohm", "most_ohm", "three_ma", "one_ma"), TABLE)
def test_the_table(least_ohm, most_ohm, three_ma, one_ma):
    for ohm in (least_ohm, (least_ohm + most_ohm) // 2, most_ohm):
        assert cable.rating_ma(ohm, 3) == three_ma
        assert cable.rating_ma(ohm, 1) == one_ma


@pytest.mark.parametrize(("ohm", "rating_ma"), [(100, 63000), (220, 32000), (680, 20000), (1500, 13000)])
def test_the_resistors_of_the_standard_with_ten_percent_of_tolerance(ohm, rating_ma):
    assert {cable.rating_ma(ohm * percent // 100, 3) for percent in range(90, 111)} == {rating_ma}


def test_only_a_short_is_an_error_an_open_line_is_no_cable():
    invalid = [cable.is_invalid(ohm) for ohm in (0, 74, 75, cable.OPEN_OHM, 1000000)]
    assert invalid == [True, True, False, False, False]


@given(st.integers(75, 2200), st.integers(75, 2200), st.sampled_from([1, 3]))
def test_more_resistance_never_allows_more_current(one_ohm, other_ohm, phases):
    least_ohm, most_ohm = sorted((one_ohm, other_ohm))
    assert cable.rating_ma(least_ohm, phases) >= cable.rating_ma(most_ohm, phases)
