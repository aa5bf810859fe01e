"""Good and bad readings mixed: whatever is bad often enough comes to its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.suspicion import DOUBT_MS, Suspicion

TICK_MS = 20
ENOUGH_MS = 100


def certain_after(readings):
    """Readings until it is certain, or None."""
    suspicion = Suspicion(ENOUGH_MS)
    for count, good in enumerate(readings, 1):
        suspicion.update(TICK_MS, good)
        assert 0 <= suspicion.ms <= ENOUGH_MS
        if suspicion.certain():
            return count
    return None


def test_what_is_bad_throughout_is_certain_after_its_time():
    assert certain_after([False] * 10) == 5


def test_what_is_good_is_never_suspect():
    assert certain_after([True] * 1000) is None


@given(st.integers(1, 20), st.integers(0, 20))
def test_a_pattern_comes_to_its_end_where_a_third_is_bad(bad, good):
    after = certain_after(([False] * bad + [True] * good) * 40)
    if 3 * bad >= bad + good:
        assert after is not None
        assert after * TICK_MS <= 260
    if 2 * bad >= bad + good:
        assert after * TICK_MS <= 160


@given(st.integers(6, 50))
def test_one_glitch_in_six_is_forgiven_for_ever(every):
    assert certain_after(([False] + [True] * (every - 1)) * 200) is None


@given(st.lists(st.booleans(), min_size=20, max_size=20).filter(lambda good: good.count(False) >= 10))
def test_half_of_any_twenty_readings_is_enough(readings):
    assert certain_after(readings) is not None


@pytest.mark.parametrize("elapsed_ms", [0, 1, 99, 2**29 - 1])
def test_no_time_leads_out_of_a_small_integer(elapsed_ms):
    suspicion = Suspicion(ENOUGH_MS)
    for good in (False, True, False, True, True, True):
        suspicion.update(elapsed_ms, good)
        assert 0 <= suspicion.ms <= ENOUGH_MS


def test_it_can_begin_anew():
    suspicion = Suspicion(ENOUGH_MS)
    suspicion.update(ENOUGH_MS, False)
    assert suspicion.certain()
    suspicion.clear()
    assert not suspicion.certain()
    suspicion.update(TICK_MS, True)
    assert suspicion.ms == TICK_MS  # the first good reading proves nothing yet
    suspicion.update(TICK_MS, True)
    suspicion.update(TICK_MS, True)
    assert suspicion.ms == 0


def test_a_stall_that_a_good_reading_ends_was_not_bad():
    watch = Suspicion(300)
    watch.update(10000, True)
    assert watch.ms == DOUBT_MS
    watch.clear()
    watch.update(100, False)
    watch.update(10000, True)
    assert watch.ms == 100 + DOUBT_MS
    watch.update(200, False)
    assert watch.certain()
