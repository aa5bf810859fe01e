"""Each row of the fault table: what it does, how it begins and ends, and how often it may end by itself."""

import pytest

from control import faults
from control.faults import ALWAYS, NEVER, OPENS, OPENS_IN_F, ROWS, STAYS, WARNS, WITHDRAWS, Faults

TICK_MS = 20
THERE, HOME = False, True
"""Whether the car is away."""
LONG_MS = 400000
REBOOT = True

# In the order of the codes: name, good for s, times it ends by itself, gone for s without a car (None: that
# does not end it), effect; where so, state F and whether a restart ends it.
TABLE = [
    ("EV_STATE_E", 30, 3, 0, OPENS),
    ("CP_ILLEGAL", 30, 3, 0, OPENS),
    ("EV_STATE_D", 30, 3, 0, OPENS),
    ("CP_DIODE", 5, 2, 0, OPENS),
    ("RCD_TRIP", None, NEVER, 0, OPENS),
    ("RCD_TEST", None, NEVER, None, OPENS),
    ("RELAY_WELDED", None, NEVER, None, OPENS_IN_F),
    ("RELAY_STUCK_OPEN", 60, 2, None, OPENS),
    ("PP_INVALID", 30, 3, 0, OPENS),
    ("CP_FLAPPING", 30, 3, 0, OPENS),
    ("RCD_REPEATED", None, NEVER, None, OPENS),
    ("OVER_CURRENT", 60, 3, 0, OPENS),
    ("UNDER_VOLTAGE", 30, ALWAYS, None, OPENS),
    ("OVER_VOLTAGE", 30, ALWAYS, None, OPENS),
    ("OVERTEMP_STOP", 300, ALWAYS, None, WITHDRAWS),
    ("TEMP_SENSOR", 300, ALWAYS, None, WITHDRAWS),
    ("HIGH_TEMPERATURE", 0, ALWAYS, None, WARNS),
    ("METER_COMM", 1, ALWAYS, None, WITHDRAWS),
    ("METER_COMM", 1, ALWAYS, None, WARNS),
    ("PE_LOST", None, NEVER, 30, OPENS),
    ("LOCK_FAILED", 30, 3, 0, OPENS),
    ("LOCK_STUCK", 0, ALWAYS, None, WARNS),
    ("PHASE_SWITCH", None, NEVER, None, WITHDRAWS),
    ("SYS_1", None, NEVER, None, OPENS_IN_F, REBOOT),
    ("SYS_2", None, NEVER, None, OPENS_IN_F, REBOOT),
    ("SYS_3", None, NEVER, None, OPENS_IN_F, REBOOT),
    ("SYS_4", None, NEVER, None, OPENS_IN_F, REBOOT),
]


def each(rows):
    return pytest.mark.parametrize("row", rows, ids=["%d-%s" % (row.code, row.name) for row in rows])


every_row = each(ROWS)
every_passing = each([row for row in ROWS if row.tries == ALWAYS])
every_counted = each([row for row in ROWS if row.tries not in (NEVER, ALWAYS)])
every_lasting = each([row for row in ROWS if row.tries != ALWAYS])


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


def exhausted(row):
    """A connector on which the fault of `row` stands and has used up its tries."""
    found = Faults()
    for _ in range(row.tries + 1):
        found.update(TICK_MS, row.bit, THERE)
        last(found, min(row.good_ms, 60000))
    return found


def test_the_table_says_what_the_facts_say():
    said = []
    for row in ROWS:
        good_s = row.good_ms // 1000 if row.tries else None
        unplug_s = None if row.unplug_ms == STAYS else row.unplug_ms // 1000
        flags = (REBOOT,) if row.reboot else ()
        said.append((row.name, good_s, row.tries, unplug_s, row.effect, *flags))
    assert said == TABLE
    assert [row.code for row in ROWS] == list(range(len(ROWS)))


def test_the_masks_follow_from_the_table():
    assert (1 << len(ROWS)) - 1 == faults.OPENING | faults.WITHDRAWING | faults.WARNINGS
    assert (
        faults.OPENING & (faults.WITHDRAWING | faults.WARNINGS) == faults.WITHDRAWING & faults.WARNINGS == 0
    )
    assert [row.name for row in ROWS if row.bit & faults.SYSTEM] == ["SYS_1", "SYS_2", "SYS_3", "SYS_4"]
    assert faults.STATE_F == faults.SYSTEM | 1 << faults.RELAY_WELDED
    serviced = {row.name for row in ROWS if row.bit & faults.SERVICE & ~faults.STATE_F}
    assert serviced == {"RCD_TEST", "RELAY_STUCK_OPEN", "RCD_REPEATED", "PHASE_SWITCH"}
    assert faults.SERVICE & faults.STATE_F == faults.STATE_F


@every_row
def test_it_begins_with_its_cause_and_is_told_once(row):
    found = raised(row)
    assert (found.active, found.raised, found.cleared) == (row.bit, row.bit, 0)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.active, found.raised) == (row.bit, 0)


@every_row
def test_it_stands_as_long_as_its_cause_even_without_a_car(row):
    found = raised(row)
    assert last(found, LONG_MS, causes=row.bit, away=HOME) == 0
    assert found.active == row.bit


@every_counted
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
    assert last(found, LONG_MS) == 0
    assert (found.active, found.latched) == (row.bit, row.bit)


@every_passing
def test_it_ends_with_its_cause_however_often(row):
    found = Faults()
    for _ in range(300):
        found.update(row.good_ms, row.bit, THERE)
        assert (found.active, found.latched) == (row.bit, 0)
        found.update(row.good_ms, 0, THERE)
        assert (found.active, found.cleared) == (0, row.bit)


@every_lasting
def test_a_cause_that_comes_back_begins_the_wait_anew(row):
    found = raised(row)
    last(found, row.good_ms - TICK_MS if row.tries else LONG_MS)
    last(found, TICK_MS, causes=row.bit)
    if row.tries:
        assert last(found, row.good_ms - TICK_MS) == 0
        assert last(found, TICK_MS) == row.bit
    else:
        assert last(found, LONG_MS) == 0


@every_row
def test_unplugging_ends_it_or_does_not(row):
    found = raised(row)
    cleared = last(found, max(row.unplug_ms, TICK_MS), away=HOME)
    if row.unplug_ms != STAYS or not row.good_ms:
        assert (cleared, found.active) == (row.bit, 0)
    else:
        assert (cleared, found.active) == (0, row.bit)


def test_a_lost_earth_must_be_good_for_half_a_minute_and_no_car_there():
    row = ROWS[faults.PE_LOST]
    found = raised(row)
    assert last(found, 29960, away=HOME) == 0
    last(found, TICK_MS, causes=row.bit, away=HOME)
    assert last(found, 29980, away=HOME) == 0
    assert last(found, TICK_MS, away=HOME) == row.bit
    found = raised(row)
    assert last(found, LONG_MS) == 0
    assert last(found, TICK_MS, away=HOME) == row.bit  # good for long, and now it is unplugged


@every_counted
def test_another_plug_in_has_all_its_tries_unless_unplugging_does_not_count(row):
    found = Faults()
    for _ in range(row.tries):
        found.update(TICK_MS, row.bit, THERE)
        last(found, row.good_ms)
    found.update(TICK_MS, 0, HOME)
    found.update(TICK_MS, row.bit, THERE)
    assert bool(found.latched) == (row.unplug_ms == STAYS)


@every_lasting
def test_what_was_latched_comes_back_after_a_restart_with_no_tries_left(row):
    found = Faults()
    found.restore(row.bit, row.bit)
    assert last(found, LONG_MS) == 0
    assert (found.active, found.latched, found.raised) == (row.bit, row.bit, 0)
    last(found, max(row.unplug_ms, TICK_MS), away=HOME)
    assert found.active == found.latched == (row.bit if row.unplug_ms == STAYS else 0)


@every_passing
def test_what_ends_with_its_cause_is_latched_by_no_record(row):
    found = Faults()
    found.restore(row.bit)
    assert (found.active, found.latched) == (0, 0)


@every_row
def test_what_was_active_waits_its_whole_time_after_a_restart(row):
    found = raised(row)
    last(found, min(row.good_ms, LONG_MS) - TICK_MS)
    again = Faults()
    again.restore(0, row.bit)
    if row.reboot or row.effect == WARNS:
        assert again.active == 0
    elif row.tries:
        assert last(again, row.good_ms - TICK_MS) == 0
        assert last(again, TICK_MS) == row.bit
    else:
        assert last(again, LONG_MS) == 0
        assert again.latched == row.bit


@every_counted
def test_a_restart_gives_no_tries_back(row):
    found = Faults()
    for _ in range(row.tries):
        found.update(TICK_MS, row.bit, THERE)
        last(found, row.good_ms)
        again = Faults()
        again.restore(found.latched, found.active, found.spent)
        assert again.spent == found.spent
        found = again
    found.update(TICK_MS, row.bit, THERE)
    assert found.latched == row.bit


def test_the_tries_of_all_rows_are_kept_side_by_side():
    found = Faults()
    bits = sum(row.bit for row in faults.COUNTED)
    for _ in range(2):
        found.update(TICK_MS, bits, THERE)
        last(found, 60000)
    found.update(TICK_MS, bits, THERE)
    last(found, 30000)
    again = Faults()
    again.restore(found.latched, found.active, found.spent)
    assert (again._tries, again.spent) == (found._tries, found.spent)
    assert all(row.tries <= 3 for row in faults.COUNTED)
    assert found.spent < 1 << 2 * len(faults.COUNTED) < 2**30


@every_lasting
def test_the_car_that_is_found_after_a_restart_gives_no_tries_back(row):
    found = Faults()
    found.restore(row.bit)
    found.update(TICK_MS, 0, THERE)
    assert last(found, LONG_MS) == 0
    assert (found.active, found.latched) == (row.bit, row.bit)


@every_counted
def test_tries_that_are_given_back_are_all_there_again(row):
    other = ROWS[faults.LOCK_FAILED if row.code == faults.PP_INVALID else faults.PP_INVALID]
    found = Faults()
    for _ in range(row.tries):
        found.update(TICK_MS, row.bit | other.bit, THERE)
        last(found, max(row.good_ms, other.good_ms))
    found.give_back(row.code)
    found.update(TICK_MS, row.bit, THERE)
    assert found.latched == 0
    assert found._tries[other.code] == min(row.tries, other.tries)


@every_counted
def test_no_tries_are_given_back_to_a_fault_that_stands(row):
    found = exhausted(row)
    found.give_back(row.code)
    assert last(found, LONG_MS) == 0
    assert (found.active, found.latched) == (row.bit, row.bit)


@every_lasting
def test_a_technician_ends_what_unplugging_does_not_and_gives_back_its_tries(row):
    found = exhausted(row)
    found.clear(-1)
    if row.unplug_ms != STAYS:
        assert (found.active, found.latched) == (row.bit, row.bit)
        return
    assert (found.active, found.latched) == (0, 0)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.raised, bool(found.latched)) == (row.bit, not (row.tries or row.reboot))


@every_passing
def test_a_technician_has_no_part_in_what_passes(row):
    found = raised(row)
    found.clear(-1)
    assert found.active == row.bit


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
