"""Residual current: nothing closes without a passed test, and no trip is missed."""

import pytest

from control import residual
from control.residual import (
    FAILED,
    READY,
    REARMING,
    RESETTING,
    TESTING,
    TRIPPED,
    UNTESTED,
    ResidualCurrent,
)

TICK_MS = 20
DAY_MS = 86400000


class Device:
    """A device with a latch, and the machine that watches over it."""

    def __init__(self):
        self.machine = ResidualCurrent()
        self.tripped = False
        self.leaks = False
        self.dead = False
        self.open = True
        self.plugged = True
        self.away = None
        """Whether nobody is there was seen; None: as soon as it is so."""
        self.seen = []

    def tick(self, elapsed_ms=TICK_MS):
        machine = self.machine
        self.tripped = self.tripped or (self.leaks and not self.dead)
        away = not self.plugged if self.away is None else self.away
        machine.update(elapsed_ms, self.tripped, self.open, self.plugged, away)
        if not self.seen or self.seen[-1] != machine.state:
            self.seen.append(machine.state)
        if machine.drives_test() and not self.dead:
            self.tripped = True
        if machine.rearms() and not self.leaks:
            self.tripped = False

    def run(self, ticks, elapsed_ms=TICK_MS):
        """The states that were passed."""
        self.seen = []
        for _ in range(ticks):
            self.tick(elapsed_ms)
        return self.seen


@pytest.fixture
def ready():
    device = Device()
    assert device.run(10) == [TESTING, REARMING, READY]
    return device


def test_without_a_car_there_is_nothing_to_test():
    device = Device()
    device.plugged = False
    assert device.run(50) == [UNTESTED]


def test_the_test_waits_for_the_contactor_to_be_open():
    device = Device()
    device.open = False
    assert device.run(50) == [UNTESTED]
    device.open = True
    assert device.run(10) == [TESTING, REARMING, READY]


def test_every_car_has_its_test(ready):
    ready.plugged = False
    assert ready.run(10) == [UNTESTED]
    ready.plugged = True
    assert ready.run(10) == [TESTING, REARMING, READY]


def test_after_a_day_the_test_comes_again_as_soon_as_the_contactor_is_open(ready):
    ready.open = False
    assert ready.run(30, elapsed_ms=DAY_MS // 24) == [READY]
    ready.open = True
    assert ready.run(10) == [UNTESTED, TESTING, REARMING, READY]
    assert ready.run(23, elapsed_ms=DAY_MS // 24) == [READY]
    assert ready.run(1, elapsed_ms=DAY_MS // 24) == [UNTESTED]
    assert ready.run(10) == [TESTING, REARMING, READY]


@pytest.mark.parametrize("closed", [False, True])
def test_a_trip_stands_until_the_car_is_gone_and_a_test_has_passed(ready, closed):
    ready.open = not closed
    ready.tripped = True  # the latch caught a pulse that no tick has seen
    assert ready.run(200) == [TRIPPED]
    assert ready.machine.recovering
    ready.open = True
    assert ready.run(200) == [TRIPPED]
    ready.plugged = False
    assert ready.run(3) == [RESETTING, TESTING, REARMING]
    assert ready.machine.recovering
    assert ready.run(1) == [READY]
    assert not ready.machine.recovering


def test_a_welded_contactor_keeps_a_trip(ready):
    ready.open = False
    ready.tripped = True
    ready.run(5)
    ready.plugged = False
    assert ready.run(200) == [TRIPPED]


def test_a_leak_that_lasts_is_found_again_and_again(ready):
    ready.leaks = True
    ready.run(5)
    ready.plugged = False
    assert set(ready.run(200)) == {RESETTING, TRIPPED}
    assert ready.machine.trips.count == 1
    ready.leaks = False
    assert ready.run(30)[-2:] == [READY, UNTESTED]
    assert not ready.machine.recovering


def test_a_leak_before_the_test_is_a_trip():
    device = Device()
    device.leaks = True
    assert device.run(10) == [TRIPPED]


def test_a_leak_that_begins_in_the_test_is_found_when_the_latch_does_not_clear():
    device = Device()
    device.tick()
    device.leaks = True
    assert device.run(30) == [REARMING, TRIPPED]
    assert device.machine.recovering


def test_a_device_that_does_not_answer_has_failed_for_good():
    device = Device()
    device.dead = True
    assert device.run(16) == [TESTING, FAILED]
    device.dead = False
    device.plugged = False
    assert device.run(100) == [FAILED]
    device.machine.clear_failure()
    device.plugged = True
    assert device.run(10) == [TESTING, REARMING, READY]


def test_a_device_that_answers_slowly_but_in_time_has_passed():
    device = Device()
    device.dead = True
    device.run(14)
    device.dead = False
    assert device.run(10) == [TESTING, REARMING, READY]


def test_a_failed_test_is_remembered_over_a_power_cut():
    device = Device()
    device.machine.fail()
    assert device.run(100) == [FAILED]


def test_a_trip_is_remembered_over_a_restart_and_ends_like_any_other():
    device = Device()
    device.machine.trip()
    assert device.machine.recovering
    assert device.run(100) == [TRIPPED]
    device.plugged = False
    assert device.run(10) == [RESETTING, TESTING, REARMING, READY, UNTESTED]
    assert not device.machine.recovering


def test_a_trip_ends_only_where_it_was_seen_that_no_car_is_there(ready):
    ready.tripped = True
    ready.plugged = ready.away = False
    assert ready.run(200) == [TRIPPED]
    ready.away = True
    assert ready.run(3) == [RESETTING, TESTING, REARMING]


def test_a_technician_clears_only_a_failure(ready):
    ready.machine.clear_failure()
    assert ready.machine.state == READY


def test_the_table_is_well_formed_and_every_state_reachable():
    reached = {UNTESTED} | {after for row in residual.TRANSITIONS for _, after in row}
    assert reached == set(range(len(residual.NAMES)))
    assert len(residual.TRANSITIONS) == len(residual.NAMES)
    known = {
        residual.TRIP,
        residual.QUIET,
        residual.TESTABLE,
        residual.LATE,
        residual.CAR_GONE,
        residual.DUE,
        residual.RECOVERABLE,
        residual.CLOSED,
    }
    assert {condition for row in residual.TRANSITIONS for condition, _ in row} == known


def test_ready_is_entered_only_from_a_latch_that_cleared_after_a_trip_in_the_test():
    def into(wanted):
        return [
            state
            for state, row in enumerate(residual.TRANSITIONS)
            if any(after == wanted for _, after in row)
        ]

    assert into(READY) == [REARMING]
    assert into(REARMING) == [TESTING]


def test_the_third_trip_within_a_day_is_one_too_many(ready):
    machine = ready.machine
    for count in (1, 2, 3):
        ready.tripped = True
        ready.run(5)
        assert (machine.trips.count, machine.trips.full()) == (count, count == 3)
        ready.plugged = False
        ready.run(10)
        ready.plugged = True
        ready.run(10)
        assert machine.state == READY
    ready.run(24, elapsed_ms=DAY_MS // 24)
    assert machine.trips.count == 0


def test_a_passed_test_is_no_trip(ready):
    for _ in range(10):
        ready.plugged = False
        ready.run(10)
        ready.plugged = True
        ready.run(10)
    assert ready.machine.trips.count == 0


def test_a_trip_that_is_taken_back_after_a_restart_is_no_new_one():
    device = Device()
    device.machine.trips.add()
    device.machine.trip()
    device.run(100)
    assert device.machine.trips.count == 1


def test_contacts_that_close_during_a_test_end_it():
    device = Device()
    assert device.run(1) == [TESTING]
    device.open = False
    device.tripped = False
    device.dead = True
    assert device.run(4) == [TESTING]
    device.open = True
    assert device.run(1) == [TESTING]
    device.open = False
    assert device.run(5) == [TESTING, UNTESTED]
    assert not device.machine.drives_test()
    device.open, device.dead = True, False
    assert device.run(10) == [TESTING, REARMING, READY]
