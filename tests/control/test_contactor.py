"""Main contactor: feedback that does not follow the command."""

import pytest

from control.contactor import LEASE_MS, Supervision
from hal import contract

TICK_MS = 20
OPEN, CLOSED = False, True


def watch(supervision, ticks, commanded, closed):
    for _ in range(ticks):
        supervision.update(TICK_MS, commanded, closed)


@pytest.fixture
def closed():
    supervision = Supervision()
    watch(supervision, 1, CLOSED, OPEN)
    watch(supervision, 50, CLOSED, CLOSED)
    return supervision


def verdict(supervision):
    return supervision.welded, supervision.stuck_open, supervision.open


def test_nothing_is_known_before_the_first_feedback():
    assert verdict(Supervision()) == (False, False, False)


def test_a_healthy_contactor_takes_its_time_and_bounces(closed):
    assert verdict(closed) == (False, False, False)
    watch(closed, 2, OPEN, CLOSED)
    assert verdict(closed) == (False, False, False)
    for _ in range(2):
        watch(closed, 2, OPEN, OPEN)
        assert verdict(closed) == (False, False, False)
        watch(closed, 1, OPEN, CLOSED)
    watch(closed, 3, OPEN, OPEN)
    assert verdict(closed) == (False, False, True)
    watch(closed, 1, OPEN, CLOSED)
    assert verdict(closed) == (False, False, False)


def test_contacts_may_bounce_for_100_ms_and_still_part(closed):
    for bounce in range(2, 6):
        watch(closed, 1, OPEN, OPEN)
        watch(closed, bounce, OPEN, CLOSED)
        assert not closed.welded
        watch(closed, 50, OPEN, OPEN)
        assert verdict(closed) == (False, False, True)
        watch(closed, 50, CLOSED, CLOSED)


@pytest.mark.parametrize("every", [2, 3, 4, 6, 12])
def test_welded_contacts_are_found_though_their_mirror_reads_open_now_and_then(closed, every):
    readings = 0
    while not closed.welded and readings < 20:
        readings += 1
        watch(closed, 1, OPEN, OPEN if readings % every == 0 else CLOSED)
        assert not closed.open
    assert readings == 13


def test_a_mirror_that_reads_closed_once_in_six_is_no_weld(closed):
    for _ in range(100):
        watch(closed, 1, OPEN, CLOSED)
        watch(closed, 5, OPEN, OPEN)
        assert verdict(closed) == (False, False, True)


def test_contacts_that_do_not_meet_are_found_though_their_mirror_reads_closed_now_and_then():
    supervision = Supervision()
    told = []
    for readings in range(100):
        watch(supervision, 1, CLOSED, CLOSED if readings % 12 == 2 else OPEN)
        if supervision.dropped:
            told.append(supervision.stuck_open)
            watch(supervision, 3, OPEN, OPEN)
    assert told[:3] == [False, False, True]


def test_contacts_that_do_not_part_within_250_ms_are_welded(closed):
    watch(closed, 12, OPEN, CLOSED)
    assert not closed.welded
    watch(closed, 1, OPEN, CLOSED)
    assert verdict(closed) == (True, False, False)
    watch(closed, 10000, OPEN, CLOSED)
    assert closed.welded
    watch(closed, 1, OPEN, OPEN)
    assert verdict(closed) == (True, False, False)
    watch(closed, 2, OPEN, OPEN)
    assert verdict(closed) == (False, False, True)


def test_contacts_that_do_not_meet_within_250_ms_are_stuck():
    supervision = Supervision()
    watch(supervision, 5, OPEN, OPEN)
    watch(supervision, 12, CLOSED, OPEN)
    assert not supervision.stuck_open
    watch(supervision, 1, CLOSED, OPEN)
    assert verdict(supervision) == (False, True, False)
    watch(supervision, 3, OPEN, OPEN)
    assert verdict(supervision) == (False, False, True)


def test_contacts_that_open_by_themselves_have_dropped_at_the_second_reading(closed):
    watch(closed, 1, CLOSED, OPEN)
    assert not closed.dropped
    watch(closed, 1, CLOSED, OPEN)
    assert closed.dropped
    watch(closed, 3, OPEN, OPEN)
    assert not closed.dropped
    assert verdict(closed) == (False, False, True)


def test_one_reading_of_open_contacts_is_no_drop(closed):
    for _ in range(100):
        watch(closed, 1, CLOSED, OPEN)
        assert not closed.dropped
        watch(closed, 5, CLOSED, CLOSED)
    assert verdict(closed) == (False, False, False)


def test_contacts_that_are_open_in_every_fourth_reading_have_dropped_within_half_a_second(closed):
    readings = 0
    while not closed.dropped:
        watch(closed, 1, CLOSED, OPEN if readings % 4 == 0 else CLOSED)
        readings += 1
    assert readings <= 25


def test_the_drops_of_another_car_do_not_count(closed):
    for _ in range(2):
        watch(closed, 2, CLOSED, OPEN)
        watch(closed, 5, OPEN, OPEN)
        watch(closed, 5, CLOSED, CLOSED)
    closed.forget()
    watch(closed, 2, CLOSED, OPEN)
    assert closed.dropped
    assert not closed.stuck_open


def test_contacts_that_were_closed_when_they_were_told_to_open_have_served_once(closed):
    assert not closed.served
    watch(closed, 1, OPEN, CLOSED)
    assert closed.served
    watch(closed, 1, OPEN, CLOSED)
    assert not closed.served
    watch(closed, 5, OPEN, OPEN)
    assert not closed.served
    watch(closed, 1, CLOSED, CLOSED)
    assert not closed.served
    watch(closed, 1, OPEN, OPEN)
    assert closed.served


def test_contacts_that_did_not_close_or_dropped_have_not_served(closed):
    watch(closed, 2, CLOSED, OPEN)
    watch(closed, 1, OPEN, OPEN)
    assert not closed.served
    watch(closed, 13, CLOSED, OPEN)
    watch(closed, 1, OPEN, OPEN)
    assert not closed.served


def test_contacts_that_never_closed_have_not_dropped():
    supervision = Supervision()
    for _ in range(12):
        watch(supervision, 1, CLOSED, OPEN)
        assert not supervision.dropped


def test_the_third_drop_is_a_contactor_that_does_not_close(closed):
    told = []
    for _ in range(6):
        watch(closed, 2, CLOSED, OPEN)
        assert closed.dropped
        told.append(closed.stuck_open)
        watch(closed, 5, OPEN, OPEN)
        watch(closed, 5, CLOSED, CLOSED)
    assert told == [False, False, True] * 2


def test_a_command_that_nobody_confirmed_opening_is_stuck_open(closed):
    watch(closed, 3, OPEN, OPEN)
    watch(closed, 13, CLOSED, OPEN)
    assert verdict(closed) == (False, True, False)
    assert not closed.dropped


def test_a_reading_for_which_no_time_counts_is_no_weld(closed):
    supervision = Supervision()
    for _ in range(100):
        supervision.update(0, OPEN, CLOSED)
    assert not supervision.welded


def test_contacts_that_are_closed_at_boot_are_welded():
    supervision = Supervision()
    watch(supervision, 13, OPEN, CLOSED)
    assert verdict(supervision) == (True, False, False)


def test_a_new_command_has_its_own_250_ms():
    supervision = Supervision()
    watch(supervision, 12, CLOSED, OPEN)
    watch(supervision, 12, OPEN, CLOSED)
    watch(supervision, 12, CLOSED, OPEN)
    assert verdict(supervision) == (False, False, False)


def test_control_and_contactor_agree_on_the_lease():
    assert LEASE_MS == contract.LEASE_MS
