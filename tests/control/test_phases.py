"""Switching between one and three phases: never under current, and with the wait that the car needs."""

import pytest

from control.phases import KNOWN_MS, LEAVE, SETTLE_MS, STRAY_MS, PhaseSwitching

STEP_MS = 100
WAIT_MS = 60000
LATER_MS = KNOWN_MS - STEP_MS
"""Until it is told, from when it was decided."""
OPEN, CLOSED = True, False
ALL = 0


class Bench:
    """The decision, and a switch that follows it."""

    def __init__(self, wired=3, fitted=True):
        self.switching = PhaseSwitching(wired, fitted)
        self.joined = wired
        self.follows = True

    def run(self, duration_ms, wish, contactor_open=OPEN, wait_ms=WAIT_MS):
        for _ in range(duration_ms // STEP_MS):
            self.switching.update(STEP_MS, wish, self.joined, contactor_open, wait_ms)
            if self.follows:
                self.joined = self.switching.selected
        return self.switching.active


def test_where_no_switch_is_fitted_nothing_happens():
    bench = Bench(fitted=False)
    assert not bench.run(10000, 1)
    assert (bench.switching.selected, bench.switching.phases(1)) == (3, 3)


@pytest.mark.parametrize("wish", [ALL, 3])
def test_what_is_joined_already_is_not_switched(wish):
    bench = Bench()
    assert not bench.run(10000, wish)
    assert bench.switching.selected == 3


def test_it_waits_for_open_contacts_then_for_the_car():
    bench = Bench()
    assert bench.run(100000, 1, CLOSED)
    assert bench.switching.selected == 3
    assert bench.run(WAIT_MS - STEP_MS, 1)
    assert bench.switching.selected == 1
    assert not bench.run(STEP_MS, 1)
    assert bench.run(LATER_MS, ALL)
    assert bench.joined == 1
    assert bench.run(WAIT_MS - STEP_MS, ALL)
    assert bench.joined == 3
    assert not bench.run(STEP_MS, ALL)


def test_each_car_has_its_own_wait():
    bench = Bench()
    assert bench.run(LATER_MS + 4900, 1, wait_ms=5000)
    assert not bench.run(STEP_MS, 1, wait_ms=5000)


def test_another_mind_begins_the_wait_anew():
    bench = Bench()
    bench.run(WAIT_MS // 2, 1)
    assert bench.run(WAIT_MS - STEP_MS, ALL)
    assert bench.joined == 3
    assert not bench.run(2 * STEP_MS, ALL)


def test_a_switch_that_does_not_follow_has_failed_until_it_does():
    bench = Bench()
    bench.follows = False
    told = []
    for duration_ms in (LATER_MS + SETTLE_MS - STEP_MS, STEP_MS, 600000):
        assert bench.run(duration_ms, 1)
        told.append(bench.switching.failed)
    bench.follows = True
    assert bench.run(2 * STEP_MS, 1)
    told.append(bench.switching.failed)
    assert told == [False, True, True, False]
    assert not bench.run(WAIT_MS, 1)


def test_a_switch_that_moves_by_itself_is_a_switch_over():
    bench = Bench()
    bench.run(1000, ALL)
    bench.follows = False
    bench.joined = 1
    assert not bench.run(STEP_MS, ALL, CLOSED)
    bench.joined = 3
    bench.run(2000, ALL, CLOSED)
    bench.joined = 1
    assert not bench.run(STRAY_MS - STEP_MS, ALL, CLOSED)
    assert bench.run(STEP_MS, ALL, CLOSED)
    bench.run(LATER_MS + SETTLE_MS, ALL)
    assert bench.switching.failed


def test_what_may_carry_current_is_the_larger_of_what_is_told_and_what_is_seen():
    bench = Bench()
    bench.run(STEP_MS, ALL)
    switching = bench.switching
    assert switching.phases(3) == switching.phases(1) == 3
    switching.selected = 1
    assert (switching.phases(3), switching.phases(1)) == (3, 1)


@pytest.mark.parametrize("joined", [1, 3])
def test_after_a_restart_it_stands_as_it_stood_until_the_contacts_are_open(joined):
    bench = Bench()
    bench.joined = joined
    assert bench.switching.selected == LEAVE
    assert bench.switching.phases(joined) == joined
    assert bench.switching.phases(0) == 3
    bench.run(10000, 4 - joined, CLOSED)
    assert bench.switching.selected == joined
    bench.run(STEP_MS, 4 - joined)
    assert bench.switching.selected == 4 - joined


@pytest.mark.parametrize("wish", [1, ALL])
@pytest.mark.parametrize("waited_ms", [STEP_MS, WAIT_MS // 2, WAIT_MS - STEP_MS])
def test_a_restart_in_the_wait_begins_it_anew(wish, waited_ms):
    bench = Bench()
    bench.joined = 3 if wish == 1 else 1
    bench.run(1000, 4 - wish if wish else 1)
    bench.run(LATER_MS, wish)
    assert bench.run(waited_ms, wish)
    assert bench.joined == (wish or 3)
    bench.switching = PhaseSwitching(3, True)
    bench.switching.resume()
    assert bench.run(WAIT_MS - STEP_MS, wish)
    assert not bench.run(STEP_MS, wish)


def test_who_has_no_switch_resumes_nothing():
    bench = Bench(fitted=False)
    bench.switching.resume()
    assert not bench.switching.active
