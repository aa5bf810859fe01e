"""Waking a sleeping car: when, how, and how often."""

from control.wakeup import AFTER_MS, WakeUp

TICK_MS = 20
ASLEEP, READY = False, True


def wait(wakeup, duration_ms, ready=ASLEEP):
    """An offer stands; whether something is due."""
    due = False
    for _ in range(duration_ms // TICK_MS):
        due = wakeup.due(TICK_MS, ready)
    return due


def lasts_ms(wakeup):
    """How long the try that is begun now takes."""
    wakeup.begin()
    passed_ms = TICK_MS
    while not wakeup.over(TICK_MS):
        passed_ms += TICK_MS
    return passed_ms


def test_first_state_f_for_four_seconds_then_the_pilot_apart_for_thirty_and_no_more():
    wakeup = WakeUp()
    for expected_ms, apart in ((4000, False), (30000, True)):
        assert not wait(wakeup, AFTER_MS - TICK_MS)
        assert wait(wakeup, TICK_MS)
        assert lasts_ms(wakeup) == expected_ms
        assert wakeup.apart == apart
    assert not wait(wakeup, 10 * AFTER_MS)


def test_a_car_that_took_the_offer_is_awake():
    wakeup = WakeUp()
    wait(wakeup, AFTER_MS - TICK_MS)
    assert not wakeup.due(TICK_MS, READY)
    assert not wait(wakeup, 10 * AFTER_MS)


def test_a_new_offer_may_be_missed_anew():
    wakeup = WakeUp()
    wait(wakeup, 1000, READY)
    wakeup.rest()
    assert not wait(wakeup, AFTER_MS - TICK_MS)
    assert wait(wakeup, TICK_MS)


def test_an_offer_that_was_withdrawn_in_between_begins_the_wait_anew():
    wakeup = WakeUp()
    for _ in range(5):
        assert not wait(wakeup, AFTER_MS - TICK_MS)
        wakeup.rest()


def test_what_was_tried_counts_until_another_car_comes():
    wakeup = WakeUp()
    for _ in range(2):
        wait(wakeup, AFTER_MS)
        wakeup.begin()
    wakeup.rest()
    assert not wait(wakeup, 2 * AFTER_MS)
    wakeup.forget()
    assert not wait(wakeup, AFTER_MS - TICK_MS)
    assert wait(wakeup, TICK_MS)
    wakeup.begin()
    assert not wakeup.apart
