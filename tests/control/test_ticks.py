"""Milliseconds wrap at 2^30, and nobody notices."""

from hypothesis import given
from hypothesis import strategies as st

from control.ticks import MASK, add, diff

moments = st.integers(0, MASK)
delays = st.integers(0, 2**29 - 1)


@given(moments, delays)
def test_a_moment_lies_as_far_ahead_as_was_added(now_ms, delay_ms):
    later_ms = add(now_ms, delay_ms)
    assert 0 <= later_ms <= MASK
    assert later_ms == (now_ms + delay_ms) % 2**30
    assert diff(later_ms, now_ms) == delay_ms
    assert diff(now_ms, later_ms) == -delay_ms


@given(moments, moments)
def test_a_difference_is_the_shorter_way_round(one_ms, other_ms):
    gap_ms = diff(one_ms, other_ms)
    assert -(2**29) <= gap_ms < 2**29
    assert (other_ms + gap_ms) % 2**30 == one_ms


def test_the_wrap_itself():
    assert add(MASK, 1) == 0
    assert diff(0, MASK) == 1
    assert diff(MASK, 0) == -1
    assert add(MASK - 10, 20) == 9
