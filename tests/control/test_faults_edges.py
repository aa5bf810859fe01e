"""The fault table, made anew: what runs while a module is imported is judged like everything else."""

import types
from pathlib import Path

import pytest

from control import faults

MASKS = ("STATE_F", "SERVICE", "OPENING", "WITHDRAWING", "WARNINGS", "SYSTEM")
HOUR_MS = 3600000


@pytest.fixture
def anew():
    """`control.faults`, imported once more and apart from the one in use."""
    module = types.ModuleType("control.faults")
    exec(compile(Path(faults.__file__).read_text(encoding="utf-8"), faults.__file__, "exec"), vars(module))
    return module


def test_every_row_is_made_as_the_table_says(anew):
    assert anew.ROWS == faults.ROWS


def test_a_row_says_only_what_differs_from_the_common_fault(anew):
    row = anew.fault(anew.PP_INVALID, "PP_INVALID", good_ms=30000, tries=3)
    assert (row.unplug_ms, row.effect, row.reboot) == (0, faults.OPENS, False)


@pytest.mark.parametrize("mask", MASKS)
def test_the_masks_are_sums_of_rows(anew, mask):
    assert getattr(anew, mask) == getattr(faults, mask)


def healthy(found, duration_ms):
    """After a restart ended a system error, `duration_ms` without one."""
    for _ in range(duration_ms // 60000):
        found.update(60000, 0, False)


def test_a_system_error_may_end_by_a_restart_again_after_an_hour_to_the_tick():
    found = faults.Faults()
    for _ in range(2):
        found.restore(0, faults.SYSTEM)
        healthy(found, HOUR_MS - 60000)
        found.update(59999, 0, False)
        assert found.restarted == faults.SYSTEM
        found.update(1, 0, False)
        assert found.restarted == 0


def test_a_technician_clears_what_was_named_and_nothing_else():
    welded, stuck, dead = (
        1 << code for code in (faults.RELAY_WELDED, faults.RELAY_STUCK_OPEN, faults.RCD_TEST)
    )
    found = faults.Faults()
    found.restore(welded | stuck | dead, faults.SYSTEM)
    found.update(20, 0, False)
    assert found.latched == welded | stuck | dead
    found.clear(welded)
    assert (found.active, found.latched, found.restarted) == (stuck | dead, stuck | dead, faults.SYSTEM)
    found.clear(1 << faults.SYS_POST)
    assert found.restarted == faults.SYSTEM & ~(1 << faults.SYS_POST)
    found.update(600000, 0, False)
    assert found.latched == stuck | dead, "the tries that were not cleared are not given back"


def test_faults_that_end_together_are_told_together():
    bits = (1 << faults.LOCK_STUCK) | (1 << faults.HIGH_TEMPERATURE)
    found = faults.Faults()
    found.update(20, bits, False)
    assert found.raised == bits
    found.update(20, 0, False)
    assert (found.cleared, found.active) == (bits, 0)
    found.update(20, 0, False)
    assert found.cleared == 0


@pytest.mark.parametrize(
    "row", [row for row in faults.ROWS if 0 < row.good_ms < HOUR_MS], ids=lambda row: row.name
)
def test_a_fault_ends_on_its_millisecond(row):
    found = faults.Faults()
    for _ in range(2):
        found.update(20, row.bit, False)
        found.update(row.good_ms - 1, 0, False)
        assert found.active == row.bit
        found.update(1, 0, False)
        assert (found.active, found.cleared) == (0, row.bit)
