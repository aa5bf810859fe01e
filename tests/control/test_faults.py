"""Each row of the fault table: how it begins, how it ends, and how often it may end by itself."""

import pytest

from control import faults
from control.faults import ROWS, Faults

TICK_MS = 20
THERE, HOME = False, True
"""Whether the car is away."""

# name: (good for s, times, ends by unplugging, shows state F); 0 times: never by itself
TABLE = {
    "EV_STATE_E": (30, 3, True, False),
    "CP_ILLEGAL": (30, 3, True, False),
    "EV_STATE_D": (30, 3, True, False),
    "CP_DIODE": (5, 2, True, False),
    "RCD_TRIP": (None, 0, True, False),
    "RCD_TEST": (None, 0, False, False),
    "RELAY_WELDED": (None, 0, False, True),
    "RELAY_STUCK_OPEN": (60, 2, False, False),
    "PP_INVALID": (30, 3, True, False),
}
rows = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


def last(found, duration_ms, causes=0, away=THERE):
    """Let time pass with these causes; the bits that were cleared meanwhile."""
    cleared = 0
    for _ in range(duration_ms // TICK_MS):
        found.update(TICK_MS, causes, away)
        cleared |= found.cleared
    return cleared


def raised(row):
    """A connector on which the fault of `row` has just begun."""
    found = Faults()
    found.update(TICK_MS, row.bit, THERE)
    return found


def test_the_table_says_what_the_facts_say():
    said = {}
    for row in ROWS:
        good_s = row.good_ms // 1000 if row.tries else None
        said[row.name] = (good_s, row.tries, row.unplug, row.state_f)
    assert said == TABLE
    assert [row.code for row in ROWS] == list(range(len(ROWS)))
    assert sum(row.bit for row in ROWS) == (1 << len(ROWS)) - 1
    assert [row.name for row in ROWS if row.bit & faults.STATE_F] == ["RELAY_WELDED"]
    serviced = [row.name for row in ROWS if row.bit & faults.SERVICE]
    assert serviced == ["RCD_TEST", "RELAY_WELDED", "RELAY_STUCK_OPEN"]


@rows
def test_it_begins_with_its_cause_and_is_told_once(row):
    found = raised(row)
    assert (found.active, found.raised, found.cleared) == (row.bit, row.bit, 0)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.active, found.raised) == (row.bit, 0)


@rows
def test_it_stands_as_long_as_its_cause_even_without_a_car(row):
    found = raised(row)
    assert last(found, 200000, causes=row.bit, away=HOME) == 0
    assert found.active == row.bit


@rows
def test_it_ends_by_itself_as_often_as_it_may(row):
    found = Faults()
    for _ in range(row.tries):
        found.update(TICK_MS, row.bit, THERE)
        assert not found.latched
        assert last(found, row.good_ms - TICK_MS) == 0
        assert last(found, TICK_MS) == row.bit
        assert found.active == 0
    found.update(TICK_MS, row.bit, THERE)
    assert found.latched == row.bit
    assert last(found, 200000) == 0
    assert (found.active, found.latched) == (row.bit, row.bit)


@rows
def test_a_cause_that_comes_back_begins_the_wait_anew(row):
    if not row.tries:
        return
    found = raised(row)
    last(found, row.good_ms - TICK_MS)
    last(found, TICK_MS, causes=row.bit)
    assert last(found, row.good_ms - TICK_MS) == 0
    assert last(found, TICK_MS) == row.bit


@rows
def test_unplugging_ends_it_or_does_not(row):
    found = raised(row)
    cleared = last(found, TICK_MS, away=HOME)
    assert bool(cleared) == row.unplug
    assert found.active == (0 if row.unplug else row.bit)


@rows
def test_another_plug_in_has_all_its_tries_unless_the_relay_failed(row):
    found = Faults()
    for _ in range(row.tries):
        found.update(TICK_MS, row.bit, THERE)
        last(found, row.good_ms)
    found.begin_session()
    found.update(TICK_MS, row.bit, THERE)
    assert bool(found.latched) == (not row.tries or not row.unplug)


@rows
def test_what_was_latched_comes_back_after_a_restart_with_no_tries_left(row):
    found = Faults()
    found.restore(row.bit)
    assert last(found, 200000) == 0
    assert (found.active, found.latched, found.raised) == (row.bit, row.bit, 0)
    last(found, TICK_MS, away=HOME)
    assert found.active == found.latched == (0 if row.unplug else row.bit)


@rows
def test_the_car_that_is_found_after_a_restart_gives_no_tries_back(row):
    found = Faults()
    found.restore(row.bit)
    found.begin_session()
    assert last(found, 200000) == 0
    assert (found.active, found.latched) == (row.bit, row.bit)


@rows
def test_a_technician_ends_what_unplugging_does_not_and_gives_back_its_tries(row):
    found = Faults()
    for _ in range(row.tries + 1):
        found.update(TICK_MS, row.bit, THERE)
        last(found, min(row.good_ms, 60000))
    assert found.latched == row.bit
    found.clear(row.bit)
    if row.unplug:
        assert (found.active, found.latched) == (row.bit, row.bit)
        return
    assert (found.active, found.latched) == (0, 0)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.raised, bool(found.latched)) == (row.bit, not row.tries)


def test_faults_do_not_touch_each_other():
    one, other = ROWS[faults.CP_DIODE], ROWS[faults.RELAY_WELDED]
    found = Faults()
    found.update(TICK_MS, one.bit | other.bit, THERE)
    assert last(found, 5000) == one.bit
    assert (found.active, found.latched) == (other.bit, other.bit)
    found.update(TICK_MS, one.bit, THERE)
    found.clear(-1)
    assert found.active == one.bit
    assert last(found, TICK_MS, away=HOME) == one.bit
