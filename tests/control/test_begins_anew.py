"""What ended or was interrupted begins anew from nothing: no reading, try or millisecond is carried over."""

import pytest

from control import pilot
from control.contactor import DROPS, MISMATCH_MS, Supervision
from control.faults import Faults
from control.overcurrent import OVER_MS, Overcurrent
from control.pilot import ILLEGAL, A, B, C, E, Pilot
from control.post import PROOF_MS, SelfTest
from control.session import _MOST_WH, ODD_READINGS, Energy

MOST_MV = {A: 13300, B: 10100, C: 7100, E: 1300}
LEAST_MV = {A: 10900, B: 7800, C: 4900, E: -1000}


def shorted():
    """A pilot that showed a car, and then a short."""
    seen = Pilot()
    look(seen, *[6000] * 60, *[0] * 6)
    return seen


def look(seen, *readings_mv, elapsed_ms=20):
    for high_mv in readings_mv:
        seen.update(elapsed_ms, high_mv, True)
    return seen.level


def test_after_a_change_one_reading_alone_changes_nothing():
    seen = Pilot()
    assert look(seen, 6000, 6000, 6000) == C
    assert look(seen, 9000, 9000) == B
    assert look(seen, 6000) == B
    assert look(seen, 6000) == C


@pytest.mark.parametrize("level", MOST_MV)
def test_the_last_millivolt_of_a_window_still_shows_it(level):
    for edge_mv, beyond_mv in ((MOST_MV[level], 1), (LEAST_MV[level], -1)):
        seen = shorted()
        assert look(seen, *[edge_mv] * 6) == pilot.level_of(edge_mv) == level
        assert seen.agrees
        look(seen, edge_mv + beyond_mv)
        assert not seen.agrees
        assert pilot.level_of(edge_mv + beyond_mv) == ILLEGAL


def test_out_of_a_short_lead_only_two_like_readings_in_a_row():
    seen = shorted()
    assert seen.level == E
    assert look(seen, 9000, 6000, 9000, 6000) == E
    assert look(seen, 9000, 4500, 9000) == E
    assert look(seen, 9000) == B


def test_after_a_gap_of_100_ms_one_reading_is_all_there_is_but_out_of_a_short_it_is_not():
    seen = Pilot()
    assert look(seen, *[6000] * 60) == C
    assert look(seen, 4500, elapsed_ms=99) == C
    assert look(seen, *[6000] * 60) == C
    assert look(seen, 4500, elapsed_ms=100) == ILLEGAL
    seen = shorted()
    assert look(seen, 4500, elapsed_ms=100) == E


def test_a_contactor_that_dropped_is_said_to_have_dropped_once():
    contactor = Supervision()
    contactor.update(20, False, False)
    contactor.update(20, True, True)
    drops = 0
    for _ in range(MISMATCH_MS // 20 - DROPS):
        contactor.update(20, True, False)
        drops += contactor.dropped
        assert not contactor.stuck_open
    assert drops == 1


@pytest.mark.parametrize("first_ma", [16000, 30000])
def test_over_current_is_counted_from_nothing_after_the_contactor_was_open(first_ma):
    watch = Overcurrent()
    watch.update(0, first_ma, 0, 0, True)
    watch.update(OVER_MS - 1, first_ma, 30000, 0, True)
    watch.rest()
    watch.update(OVER_MS - 1, 10000, 30000, 0, True)
    assert not watch.found
    watch.update(1, 10000, 30000, 0, True)
    assert watch.found


def test_over_current_is_counted_from_nothing_after_the_offer_fell_below_what_was_right_before():
    watch = Overcurrent()
    watch.update(0, 10000, 0, 0, True)
    watch.update(OVER_MS - 1, 10000, 16000, 0, True)
    watch.update(0, 16000, 16000, 0, True)
    watch.update(OVER_MS - 1, 10000, 16000, 0, True)
    assert not watch.found
    watch.update(1, 10000, 16000, 0, True)
    assert watch.found


def test_a_reading_from_before_the_contactor_was_open_says_nothing():
    watch = Overcurrent()
    watch.update(1000, 16000, 0, 0, True)
    watch.rest()
    watch.update(OVER_MS, 16000, 30000, OVER_MS + 1, True)
    assert not watch.found
    watch.rest()
    watch.update(20, 16000, 30000, 21, True)
    watch.update(OVER_MS - 1, 16000, 30000, 0, True)
    assert not watch.found


def test_a_self_test_counts_a_broken_row_of_readings_from_nothing():
    post = SelfTest()
    post.update(PROOF_MS - 1, True, -12000, True, True)
    post.update(20, True, 0, True, True)
    post.update(PROOF_MS - 1, True, -12000, True, True)
    assert not post.passed
    post.update(1, True, -12000, True, True)
    assert post.passed


def test_a_register_that_stands_still_is_not_odd_and_one_sound_reading_forgives_all_odd_ones():
    energy = Energy()
    energy.update(5000)
    for _ in range(3):
        for _ in range(ODD_READINGS - 1):
            energy.update(12)
        energy.update(5000)
    assert energy.register_wh == 5000
    for _ in range(ODD_READINGS - 1):
        energy.update(4)
    energy.update(5001)
    assert (energy.lifetime_wh, energy.session_wh) == (5001, 1)


def test_a_session_stops_counting_before_it_leaves_a_small_integer():
    energy = Energy()
    energy.update(0)
    energy.session_wh = _MOST_WH - 1
    energy.update(5)
    assert energy.session_wh == _MOST_WH


def test_a_reading_of_unknown_age_counts_as_one_a_second():
    energy = Energy()
    energy.update(0)
    energy.update(120)
    energy.update(241)
    assert energy.lifetime_wh == 120


def test_nothing_latched_before_a_restart_is_nothing_after_it():
    found = Faults()
    found.restore(0)
    assert (found.active, found.latched, found.restarted) == (0, 0, 0)
