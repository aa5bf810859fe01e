"""From plateau voltages to what the car says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control import pilot
from control.pilot import ILLEGAL, SILENT, A, B, C, D, E, Pilot

TICK_MS = 20
NOMINAL_MV = {A: 12000, B: 9000, C: 6000, D: 3000, E: 0}
J1772_MV = {A: (11400, 12600), B: (8360, 9560), C: (5480, 6490), D: (2620, 3250)}
NONE = None
"""A reading that found no plateau."""


def show(seen, *readings_mv, elapsed_ms=TICK_MS):
    """The level after each of these readings."""
    levels = []
    for high_mv in readings_mv:
        seen.update(elapsed_ms, high_mv or 0, high_mv is not NONE)
        levels.append(seen.level)
    return levels


def settled(level):
    """A pilot that has shown `level` for a second."""
    seen = Pilot()
    show(seen, *[NOMINAL_MV[level]] * 50)
    assert seen.level == level
    return seen


@pytest.mark.parametrize("level", J1772_MV)
def test_the_windows_of_j1772_lie_in_ours(level):
    least_mv, most_mv = J1772_MV[level]
    assert {pilot.level_of(mv) for mv in range(least_mv, most_mv + 1)} == {level}


@given(st.integers(-13000, 14000))
def test_a_voltage_is_one_level_or_none(high_mv):
    level = pilot.level_of(high_mv)
    if level == ILLEGAL:
        assert all(abs(high_mv - nominal_mv) >= 1000 for nominal_mv in NOMINAL_MV.values())
    else:
        assert abs(high_mv - NOMINAL_MV[level]) <= 1300


@pytest.mark.parametrize("between_mv", [10500, 7450, 4550, 1650])
@pytest.mark.parametrize("level", [A, B, C, D])
def test_around_the_points_midway_the_old_level_stands_for_100_ms(level, between_mv):
    assert pilot.level_of(between_mv) == ILLEGAL
    levels = show(settled(level), *[between_mv] * 5)
    assert levels == [level] * 4 + [ILLEGAL]


@pytest.mark.parametrize("before", [A, B, C, D])
@pytest.mark.parametrize("after", [A, B, C, D])
def test_a_level_counts_from_its_second_reading(before, after):
    levels = show(settled(before), *[NOMINAL_MV[after]] * 3)
    assert levels == [before, after, after]


def test_from_c_to_b_takes_two_readings_whatever_noise_does_to_one_of_them():
    for readings_mv in [(9000, 9000), (9000, 7450), (7450, 9000), (9000, NONE), (9000, 12000), (9000, 0)]:
        levels = show(settled(C), *readings_mv)
        assert levels[0] == C
        assert levels[1] in (A, B), readings_mv


def test_one_reading_alone_changes_nothing():
    assert show(settled(C), 9000, 6000, 6000, 9000, 6000, 6000) == [C] * 6
    assert show(settled(B), 6000, 9000, 9000, NONE, 9000, 9000) == [B] * 6


@pytest.mark.parametrize("level", [A, B, C, D])
@pytest.mark.parametrize(
    ("bad_mv", "becomes"),
    [(0, E), (-12000, ILLEGAL), (14000, ILLEGAL), (NONE, SILENT)],
    ids=["short", "state F", "too high", "silent"],
)
def test_a_bad_pilot_is_believed_after_100_ms(level, bad_mv, becomes):
    levels = show(settled(level), *[bad_mv] * 6)
    assert levels == [level] * 4 + [becomes] * 2


def test_a_pilot_that_does_not_settle_holds_nothing():
    levels = show(settled(C), *[9000, 6000] * 20)
    assert levels[:5] == [C] * 4 + [ILLEGAL]
    assert C not in levels[5:]
    assert show(settled(C), *[NONE, 6000] * 4)[4] == SILENT


PATTERNS = {
    # bad of all ticks: it opens within
    (1, 2): 100,
    (2, 3): 100,
    (4, 6): 140,
    (4, 7): 160,
    (3, 4): 100,
    (2, 4): 160,
    (3, 6): 160,
    (1, 3): 200,
    (2, 5): 220,
    (1, 4): 340,
    (1, 5): 720,
}


@pytest.mark.parametrize("bad_mv", [0, 7500, NONE])
@pytest.mark.parametrize(("pattern", "within_ms"), PATTERNS.items())
def test_readings_that_are_bad_again_and_again_hold_nothing(pattern, within_ms, bad_mv):
    bad, every = pattern
    worst_ms = 0
    for shift in range(every):
        readings = [bad_mv if (turn + shift) % every < bad else 6000 for turn in range(100)]
        levels = show(settled(C), *readings)
        opened = next(turn for turn, level in enumerate(levels) if level != C)
        # Counted from the first bad reading on.
        worst_ms = max(worst_ms, (opened - readings.index(bad_mv) + 1) * TICK_MS)
    assert worst_ms <= within_ms


@pytest.mark.parametrize("bad_mv", [0, 7500, 9000, NONE])
@pytest.mark.parametrize("every", [6, 8, 20])
def test_a_glitch_now_and_then_is_forgiven(bad_mv, every):
    assert show(settled(C), *([bad_mv] + [6000] * (every - 1)) * 500) == [C] * every * 500


def test_what_settles_again_in_time_is_forgiven():
    assert show(settled(C), 0, 0, 0, *[6000] * 9, 0, 0, 0, *[6000] * 9) == [C] * 24


@pytest.mark.parametrize(("bad_mv", "level"), [(0, E), (14000, ILLEGAL), (NONE, SILENT)])
def test_out_of_a_bad_pilot_lead_only_good_readings_in_a_row(bad_mv, level):
    seen = settled(B)
    show(seen, *[bad_mv] * 10)
    assert show(seen, 9000, bad_mv, 9000, bad_mv, 9000, 9000) == [level] * 5 + [B]


def test_at_first_nothing_is_known_and_a_bad_pilot_stays_unknown():
    seen = Pilot()
    assert seen.level == SILENT
    assert show(seen, 0, 0, 7450, 7450, NONE, NONE) == [SILENT] * 6
    assert show(seen, 6000, 6000) == [SILENT, C]


def test_a_level_is_held_from_its_change_on():
    seen = settled(B)
    show(seen, 6000, 6000)
    assert (seen.changed, seen.held_ms) == (True, 0)
    show(seen, 6000, 6000)
    assert (seen.changed, seen.held_ms) == (False, 40)
    show(seen, *[6000] * 40000, elapsed_ms=99)
    assert seen.held_ms == pilot.LONG_MS
    show(seen, 6000, elapsed_ms=100)
    assert (seen.level, seen.held_ms) == (C, 0)


def test_forgetting_starts_anew():
    seen = settled(C)
    seen.forget()
    assert (seen.level, seen.changed, seen.held_ms) == (SILENT, True, 0)
    assert show(seen, 6000, 6000) == [SILENT, C]


@pytest.mark.parametrize("late_ms", [pilot.LATE_MS, 60, 99])
@pytest.mark.parametrize("level", [A, B])
@pytest.mark.parametrize("before", [C, D])
def test_at_a_late_tick_one_reading_ends_the_readiness(before, level, late_ms):
    assert show(settled(before), NOMINAL_MV[level], elapsed_ms=late_ms) == [level]
    assert show(settled(before), NOMINAL_MV[level], elapsed_ms=pilot.LATE_MS - 1) == [before]


@pytest.mark.parametrize("before", [A, B])
def test_at_a_late_tick_one_reading_makes_no_readiness(before):
    assert show(settled(before), 6000, elapsed_ms=99) == [before]


@pytest.mark.parametrize("level", [A, B])
def test_after_a_late_tick_one_reading_is_taken_as_it_is(level):
    """The past is too old to vouch for anything, and a car that moved on meanwhile is no fault."""
    assert show(settled(C), NOMINAL_MV[level], elapsed_ms=150) == [level]


def test_after_a_late_tick_the_next_change_is_taken_like_any_other():
    seen = settled(C)
    show(seen, 0)
    assert show(seen, 6000, elapsed_ms=150) == [C]
    assert show(seen, 9000, 9000) == [C, B]


def test_after_a_late_tick_a_bad_reading_holds_nothing():
    assert show(settled(C), 0, elapsed_ms=150) == [E]
    assert show(settled(C), NONE, elapsed_ms=150) == [SILENT]
    assert show(settled(C), 7450, elapsed_ms=150) == [ILLEGAL]


@pytest.mark.parametrize("bad_mv", [0, 14000, NONE])
def test_weeks_of_a_bad_pilot_count_no_further_than_a_small_integer(bad_mv):
    seen = settled(B)
    show(seen, *[bad_mv] * 400, elapsed_ms=3600000)
    assert seen._unsound.ms <= pilot.FILTER_MS
    assert seen.held_ms <= pilot.LONG_MS
    assert seen._apart < 2**30


@given(st.lists(st.integers(-13000, 14000) | st.none(), max_size=60))
def test_the_car_asks_for_power_only_where_two_of_the_last_six_readings_said_so(readings_mv):
    seen = settled(B)
    said = []
    for reading_mv in readings_mv:
        seen.update(TICK_MS, reading_mv or 0, reading_mv is not None)
        said.append(reading_mv is not None and pilot.level_of(reading_mv) == C)
        if seen.level == C:
            assert any(said[-6:])


@given(st.lists(st.integers(7801, 14000) | st.integers(-13000, 4899), min_size=5, max_size=40))
def test_a_pilot_that_shows_no_c_for_100_ms_holds_no_c(readings_mv):
    seen = settled(C)
    assert show(seen, *readings_mv)[4] != C


@pytest.mark.parametrize("between", [4500, 1600, NONE])
@pytest.mark.parametrize("bad", [1, 2, 3, 4])
def test_a_pilot_between_c_and_d_that_is_mostly_neither_holds_nothing(between, bad):
    seen = settled(C)
    levels = []
    for turn in range(20):
        levels += show(seen, *[between] * bad, NOMINAL_MV[C if turn % 2 else D])
    assert not C <= levels[8] <= D


def test_what_current_may_flow_at_takes_two_readings_that_agree():
    for level, other in ((C, D), (D, C), (B, C), (B, D), (A, C)):
        seen = settled(level)
        assert show(seen, NOMINAL_MV[other], 4500, NOMINAL_MV[level]) == [level] * 3
        seen = settled(level)
        assert show(seen, NOMINAL_MV[other], NOMINAL_MV[other]) == [level, other]


@pytest.mark.parametrize(("level", "other"), [(C, D), (D, C)])
def test_a_late_reading_alone_does_not_change_what_current_flows_at(level, other):
    seen = settled(level)
    assert show(seen, NOMINAL_MV[other], elapsed_ms=60) == [level]
