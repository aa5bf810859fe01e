"""Socket lock: three tries to hold a plug, three to let it go, and what happens then."""

import pytest

from control.lock import SURE_MS, TRIES, TRY_MS, Lock

TICK_MS = 20
HELD, FREE = True, False


def tell(lock, duration_ms, wanted, locked):
    """Let time pass; how often the motor was told again."""
    told = 0
    for _ in range(duration_ms // TICK_MS):
        lock.update(TICK_MS, wanted, locked)
        told += lock.again
    return told


def test_a_lock_that_follows_is_told_once():
    lock = Lock(True)
    assert tell(lock, 500, HELD, FREE) == 0
    assert tell(lock, 60000, HELD, HELD) == 0
    assert (lock.wanted, lock.failed, lock.stuck) == (True, False, False)
    assert lock.holds(HELD)
    assert not lock.holds(FREE)


@pytest.mark.parametrize(("wanted", "verdict"), [(HELD, (True, False)), (FREE, (False, True))])
def test_after_three_tries_it_has_failed_or_is_stuck(wanted, verdict):
    lock = Lock(True)
    tell(lock, TICK_MS, not wanted, not wanted)
    assert tell(lock, TICK_MS + TRIES * TRY_MS - TICK_MS, wanted, not wanted) == TRIES - 1
    assert (lock.failed, lock.stuck) == (False, False)
    tell(lock, TICK_MS, wanted, not wanted)
    assert (lock.failed, lock.stuck) == verdict
    assert tell(lock, 60000, wanted, not wanted) == 60000 // TRY_MS  # it is still asked
    tell(lock, SURE_MS - TICK_MS, wanted, wanted)
    assert (lock.failed, lock.stuck) == verdict
    tell(lock, TICK_MS, wanted, wanted)
    assert (lock.failed, lock.stuck) == (False, False)


def test_a_switch_that_shows_the_bolt_now_and_then_is_no_lock():
    lock = Lock(True)
    for _ in range(200):
        tell(lock, 9 * TICK_MS, HELD, FREE)
        tell(lock, TICK_MS, HELD, HELD)
        assert not lock.holds(HELD)
    assert lock.failed


def test_a_bolt_is_believed_after_a_tenth_of_a_second():
    lock = Lock(True)
    tell(lock, TICK_MS, HELD, FREE)
    tell(lock, SURE_MS - TICK_MS, HELD, HELD)
    assert not lock.holds(HELD)
    tell(lock, TICK_MS, HELD, HELD)
    assert lock.holds(HELD)
    assert not lock.holds(FREE)


def test_a_bolt_that_nobody_wants_in_holds_nothing_for_a_charge():
    lock = Lock(True)
    tell(lock, 1000, FREE, HELD)
    assert not lock.holds(HELD)


def test_a_new_wish_has_all_its_tries():
    lock = Lock(True)
    told = []
    for duration_ms, wanted in ((10000, HELD), (TICK_MS, FREE), (TRIES * TRY_MS, HELD)):
        tell(lock, duration_ms, wanted, FREE)
        told.append(lock.failed)
    assert told == [True, False, False]


def test_a_bolt_that_comes_out_by_itself_is_asked_back():
    lock = Lock(True)
    tell(lock, 1000, HELD, HELD)
    assert tell(lock, TRY_MS, HELD, FREE) == 1
    tell(lock, TICK_MS, HELD, HELD)
    assert not lock.failed


def test_a_bolt_that_is_out_for_a_tenth_of_a_second_slips():
    lock = Lock(True)
    tell(lock, 2000, HELD, HELD)
    for _ in range(10):
        tell(lock, TICK_MS, HELD, FREE)
        tell(lock, 100, HELD, HELD)
        assert not lock.slips
    tell(lock, 100, HELD, FREE)
    assert lock.slips
    tell(lock, 2 * TICK_MS, HELD, HELD)
    assert not lock.slips


def test_a_loose_bolt_slips_and_one_that_is_let_go_does_not():
    lock = Lock(True)
    tell(lock, 2000, HELD, HELD)
    for _ in range(6):
        tell(lock, TICK_MS, HELD, FREE)
        tell(lock, TICK_MS, HELD, HELD)
    assert lock.slips
    tell(lock, 2000, FREE, FREE)
    assert not lock.slips


def test_where_no_lock_is_fitted_nothing_is_asked_of_it():
    lock = Lock(False)
    assert tell(lock, 60000, HELD, FREE) == 0
    assert (lock.wanted, lock.failed, lock.stuck, lock.holds(FREE)) == (False, False, False, True)
    assert not lock.slips
