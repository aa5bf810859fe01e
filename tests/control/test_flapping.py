"""A car that goes to and fro between B and C, and a car that does not like changes of the offer."""

import pytest

from control.flapping import MOST, OWN_MS, WINDOW_MS, Flapping

STOPS, ASKS = True, False
LONG_MS = 10000


def swap(flapping, times, since_change_ms=LONG_MS, offered=True):
    for turn in range(times):
        flapping.swap(since_change_ms, STOPS if turn % 2 else ASKS, offered)


def test_more_than_six_swaps_in_a_minute_are_too_many():
    flapping = Flapping()
    swap(flapping, MOST)
    assert not flapping.found()
    swap(flapping, 1)
    assert flapping.found()
    flapping.swaps.update(WINDOW_MS)
    assert not flapping.found()


def test_six_a_minute_for_ever_are_not():
    flapping = Flapping()
    for _ in range(100):
        swap(flapping, 1)
        flapping.swaps.update(WINDOW_MS // MOST)
        assert not flapping.found()


@pytest.mark.parametrize(("since_ms", "counts"), [(0, False), (OWN_MS - 1, False), (OWN_MS, True)])
def test_an_answer_to_our_own_change_does_not_count(since_ms, counts):
    flapping = Flapping()
    swap(flapping, MOST + 1, since_ms)
    assert flapping.found() == counts


def test_a_car_that_stops_while_nothing_is_offered_obeys():
    flapping = Flapping()
    for since_ms in (500, 1500, 6000):
        for _ in range(10):
            flapping.swap(since_ms, STOPS, False)
    assert flapping.swaps.count == 0
    assert not flapping.upset


def test_two_stops_right_after_a_change_show_a_car_that_dislikes_changes():
    flapping = Flapping()
    flapping.swap(500, ASKS, True)
    flapping.swap(500, STOPS, True)
    assert not flapping.upset
    flapping.swap(500, ASKS, True)
    assert not flapping.upset
    flapping.swap(500, STOPS, True)
    flapping.swap(500, STOPS, True)
    assert flapping.upset


def test_another_car_begins_anew():
    flapping = Flapping()
    told = [(flapping.found(), flapping.upset)]
    swap(flapping, MOST + 1)
    swap(flapping, 4, 500)
    told.append((flapping.found(), flapping.upset))
    flapping.forget()
    told.append((flapping.found(), flapping.upset))
    flapping.swap(500, STOPS, True)
    told.append((flapping.found(), flapping.upset))
    assert told == [(False, False), (True, True), (False, False), (False, False)]
