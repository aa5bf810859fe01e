"""The operations of a contactor: six in ten minutes, and every close leaves room for the opening after it."""

import pytest

from control.operations import Operations

TEN_MINUTES_MS = 600000


@pytest.fixture
def operations():
    return Operations()


def cycle(operations, closed_ms=0):
    """Close, and open after `closed_ms`."""
    operations.closed()
    operations.recent.update(closed_ms)
    operations.opened()


def test_a_new_contactor_may_close(operations):
    assert operations.allowed()
    assert operations.cycles == 0


def test_three_cycles_are_six_operations(operations):
    for _ in range(3):
        assert operations.allowed()
        cycle(operations)
    assert not operations.allowed()
    assert operations.cycles == 3


def test_after_ten_minutes_there_is_room_again(operations):
    for _ in range(3):
        cycle(operations)
    operations.recent.update(TEN_MINUTES_MS - 1)
    assert not operations.allowed()
    operations.recent.update(1)
    assert operations.allowed()


@pytest.mark.parametrize("closed_ms", [1, 300000, TEN_MINUTES_MS, 2 * TEN_MINUTES_MS])
def test_a_cycle_counts_until_ten_minutes_after_its_opening(operations, closed_ms):
    cycle(operations, closed_ms)
    cycle(operations)
    cycle(operations)
    assert not operations.allowed()
    operations.recent.update(TEN_MINUTES_MS - 1)
    assert not operations.allowed()
    operations.recent.update(1)
    assert operations.allowed()
    assert operations.recent.count == 0


def test_what_was_counted_before_a_restart_counts_in_full(operations):
    operations.restore(1000, 2)
    assert operations.allowed()
    cycle(operations)
    assert not operations.allowed()
    assert operations.cycles == 1001


def test_the_count_of_a_life_stays_a_small_integer(operations):
    operations.restore(2**30 - 2, 0)
    cycle(operations)
    cycle(operations)
    assert operations.cycles == 2**30 - 1
