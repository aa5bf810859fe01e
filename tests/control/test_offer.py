"""The offer goes down at once, and up with pauses."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from control.offer import RESUME_MS, SLOW_RISE_MS, Offer

TICK_MS = 20


def follow(offer, wanted_ma, duration_ms=TICK_MS, slow=False):
    for _ in range(duration_ms // TICK_MS):
        offer.update(TICK_MS, wanted_ma, slow)
    return offer.value_ma


def limit(offer, least_ma, duration_ms=TICK_MS):
    """Limits that offer what they allow, unless it pauses; whether it does."""
    for _ in range(duration_ms // TICK_MS):
        offer.judge(TICK_MS, least_ma)
        offer.update(TICK_MS, 0 if offer.pausing else least_ma)
    return offer.pausing


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


def test_for_a_car_that_dislikes_changes_rises_are_a_minute_apart_and_falls_are_not():
    offer = Offer()
    assert follow(offer, 10000, slow=True) == 10000
    assert follow(offer, 16000, SLOW_RISE_MS - TICK_MS, slow=True) == 10000
    assert follow(offer, 16000, slow=True) == 16000
    assert follow(offer, 8000, slow=True) == 8000
    assert follow(offer, 0, slow=True) == 0


def test_limits_that_took_the_offer_away_must_allow_it_for_ten_seconds():
    offer = Offer()
    limit(offer, 16000)
    assert limit(offer, 5999)
    assert offer.value_ma == 0
    assert limit(offer, 6000, RESUME_MS - TICK_MS)
    assert not limit(offer, 6000)
    assert offer.value_ma == 6000


def test_a_limit_that_falls_again_begins_the_ten_seconds_anew():
    offer = Offer()
    limit(offer, 16000)
    limit(offer, 0)
    for _ in range(5):
        assert limit(offer, 16000, RESUME_MS - TICK_MS)
        assert limit(offer, 5999)


def test_where_nothing_was_offered_nothing_pauses():
    offer = Offer()
    assert not limit(offer, 0, 60000)
    assert not limit(offer, 16000)
    assert offer.value_ma == 16000


def test_another_car_does_not_wait_for_the_pause_of_the_last():
    offer = Offer()
    limit(offer, 16000, 10000)
    assert limit(offer, 0)
    offer.forget()
    assert not limit(offer, 16000)
