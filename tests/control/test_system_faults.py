"""Errors of the charger itself: a restart ends them, once."""

import pytest

from control import faults
from control.faults import HEALTHY_MS, ROWS, Faults

TICK_MS = 20
THERE, HOME = False, True
"""Whether the car is away."""
SYSTEM = [row for row in ROWS if row.bit & faults.SYSTEM]
every_system = pytest.mark.parametrize("row", SYSTEM, ids=[row.name for row in SYSTEM])


def restarted(row):
    """A connector that was restarted because of this system error."""
    kept = Faults()
    kept.update(TICK_MS, row.bit, THERE)
    assert kept.latched == 0  # one restart is still to be tried
    found = Faults()
    found.restore(kept.latched, kept.active)
    return found


@every_system
def test_a_system_error_ends_by_one_restart(row):
    found = restarted(row)
    assert (found.active, found.restarted) == (0, row.bit)
    found.update(400000, 0, HOME)
    assert found.active == 0


@every_system
def test_a_system_error_that_comes_back_within_an_hour_stays_over_any_restart(row):
    found = restarted(row)
    found.update(HEALTHY_MS - TICK_MS, 0, THERE)
    found.update(TICK_MS // 2, row.bit, THERE)
    for _ in range(3):
        assert (found.active, found.latched) == (row.bit, row.bit)
        for _ in range(3):  # time does not help while it stands
            found.update(HEALTHY_MS, 0, HOME)
        assert (found.active, found.latched) == (row.bit, row.bit)
        kept, found = found, Faults()
        found.restore(kept.latched, kept.active | kept.restarted)
        found.update(TICK_MS, 0, THERE)
    found.clear(row.bit)
    assert (found.active, found.latched, found.restarted) == (0, 0, 0)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.active, found.latched) == (row.bit, 0)


@every_system
def test_a_system_error_after_an_hour_without_one_is_a_first_one(row):
    found = restarted(row)
    found.update(HEALTHY_MS, 0, THERE)
    found.update(TICK_MS, row.bit, THERE)
    assert (found.active, found.latched) == (row.bit, 0)
