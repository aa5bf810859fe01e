"""The offer goes down at once, and up with pauses."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from control.offer import Offer

TICK_MS = 20


def follow(offer, wanted_ma, duration_ms=TICK_MS):
    for _ in range(duration_ms // TICK_MS):
        offer.update(TICK_MS, wanted_ma)
    return offer.value_ma


def test_the_first_offer_comes_at_once():
    assert follow(Offer(), 16000) == 16000


def test_down_at_once_and_up_five_seconds_after_the_last_rise():
    offer = Offer()
    follow(offer, 16000)
    assert follow(offer, 10000) == 10000
    assert follow(offer, 16000, 4960) == 10000
    assert follow(offer, 16000) == 16000
    assert follow(offer, 20000, 4980) == 16000
    assert follow(offer, 20000) == 20000


def test_less_than_six_amperes_is_no_offer():
    offer = Offer()
    assert follow(offer, 5999) == 0
    assert follow(offer, 6000) == 6000
    assert follow(offer, 5999) == 0
    assert follow(offer, 6000, 4960) == 0
    assert follow(offer, 6000) == 6000


@given(st.lists(st.tuples(st.integers(0, 80000), st.sampled_from([20, 40, 200, 6000])), max_size=50))
def test_never_above_what_is_wanted_and_never_two_rises_within_five_seconds(wishes):
    offer, now_ms, rises_ms = Offer(), 0, []
    for wanted_ma, elapsed_ms in wishes:
        before_ma, now_ms = offer.value_ma, now_ms + elapsed_ms
        offer.update(elapsed_ms, wanted_ma)
        assert offer.value_ma <= wanted_ma
        assert offer.value_ma == 0 or offer.value_ma >= 6000
        if offer.value_ma > before_ma:
            rises_ms.append(now_ms)
    assert all(later_ms - earlier_ms >= 5000 for earlier_ms, later_ms in itertools.pairwise(rises_ms))
