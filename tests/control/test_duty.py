"""The duty says to the car what it may draw, and never more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import duty


def heard_ma(duty_bp):
    """What a car reads from a duty (IEC 61851-1, table A.8), written down anew."""
    if duty_bp < 300 or duty_bp > 9700 or 700 < duty_bp < 800:
        return 0
    if duty_bp <= 700:
        raise AssertionError("3-7 % asks for digital communication")
    if duty_bp <= 1000:
        return 6000
    if duty_bp <= 8500:
        return duty_bp * 6
    return 80000 if duty_bp > 9600 else (duty_bp - 6400) * 25


@pytest.mark.parametrize(
    ("limit_ma", "duty_bp"),
    [
        (-1, 10000),
        (0, 10000),
        (5999, 10000),
        (6000, 1000),
        (10000, 1666),
        (13000, 2166),
        (16000, 2666),
        (20000, 3333),
        (32000, 5333),
        (48000, 8000),
        (51000, 8500),
        (60000, 8800),
        (63000, 8920),
        (70000, 9200),
        (80000, 9600),
        (1000000, 9600),
    ],
)
def test_the_table(limit_ma, duty_bp):
    assert duty.offer_bp(limit_ma) == duty_bp


@given(st.integers(-10000, 1000000) | st.integers(50900, 52600))
def test_the_wire_never_offers_more_than_the_limit_and_never_what_is_reserved(limit_ma):
    duty_bp = duty.offer_bp(limit_ma)
    assert duty_bp == 10000 or 1000 <= duty_bp <= 9600
    assert heard_ma(duty_bp) <= max(limit_ma, 0)


@given(st.integers(6000, 80000))
def test_rounding_costs_next_to_nothing(limit_ma):
    lost_ma = limit_ma - heard_ma(duty.offer_bp(limit_ma))
    # Between 51 and 52.5 A the two lines of the table do not meet: the lower one is spoken.
    assert lost_ma < (1500 if 51000 < limit_ma < 52500 else 25)


def test_only_a_square_wave_has_two_plateaus():
    assert [duty.carries_signal(duty_bp) for duty_bp in (0, 1000, 9600, 10000)] == [False, True, True, False]
