"""The counts of a plug-in and of a life, at their edges."""

import pytest

from control.session import MOST_WH_S, ODD_READINGS, SHOWN_MS, UNPLUG_MS, Energy, Session

A, B, C, D, E = range(5)
MOST_WH = 2**30 - 1


@pytest.fixture
def session():
    session = Session()
    assert session.update(C, 0)
    return session


@pytest.mark.parametrize("register_wh", [0, 1, 7])
def test_what_flowed_during_a_power_cut_was_ours_from_any_register_on(register_wh):
    energy = Energy()
    energy.restore(500, register_wh)
    energy.update(register_wh + 100000)
    assert (energy.lifetime_wh, energy.session_wh) == (100500, 100000)
    energy.update(register_wh + 200000)
    assert energy.lifetime_wh == 100500, "only the first gain may be any"


@pytest.mark.parametrize("gap_ms", [0, 999, 1000, 10000])
def test_no_more_is_counted_than_a_charger_can_pass(gap_ms):
    most_wh = (gap_ms // 1000 + 5) * MOST_WH_S
    for gained_wh, counted_wh in ((most_wh, most_wh), (most_wh + 1, 0)):
        energy = Energy()
        energy.update(0)
        energy.update(gained_wh, gap_ms)
        assert energy.lifetime_wh == counted_wh


def test_another_meter_is_believed_at_its_tenth_reading_and_so_is_the_next():
    energy = Energy()
    energy.update(0)
    register_wh = 50000
    for _ in range(2):
        for _ in range(ODD_READINGS):
            energy.update(register_wh)
            assert energy.lifetime_wh == 0
        assert energy.register_wh == register_wh
        register_wh -= 1
    energy.update(register_wh + 11)
    assert (energy.lifetime_wh, energy.session_wh) == (10, 10)


def test_a_good_reading_begins_the_count_of_the_odd_ones_anew():
    energy = Energy()
    energy.update(1000)
    for _ in range(ODD_READINGS - 1):
        energy.update(0)
    energy.update(1001)
    for _ in range(ODD_READINGS - 1):
        energy.update(0)
    assert energy.register_wh == 1001
    energy.update(0)
    assert (energy.register_wh, energy.lifetime_wh) == (0, 1001)


def test_counts_stop_where_they_would_have_to_be_allocated():
    energy = Energy()
    energy.restore(MOST_WH - 3, 0)
    energy.update(2)
    assert energy.lifetime_wh == MOST_WH - 1
    energy.update(7)
    assert (energy.lifetime_wh, energy.session_wh) == (MOST_WH, 7)
    energy.begin()
    assert energy.session_wh == 0


def test_the_register_of_a_new_charger_is_its_life_unless_somebody_pays():
    for billed, lifetime_wh in ((False, 700), (True, 0)):
        energy = Energy()
        energy.update(700, billed=billed)
        assert (energy.lifetime_wh, energy.register_wh, energy.session_wh) == (lifetime_wh, 700, 0)
    energy = Energy()
    energy.restore(5, -1)
    energy.update(700)
    assert energy.lifetime_wh == 5


@pytest.mark.parametrize("level", [B, C, D])
def test_a_car_comes_with_any_level_of_its_own(level):
    session = Session()
    assert not session.update(A, 100000)
    assert not session.update(E, 100000)
    assert session.update(level, 0)
    assert session.plugged
    assert not session.update(level, 20)


def test_it_is_gone_after_200_ms_of_twelve_volts(session):
    assert not session.update(A, UNPLUG_MS - 1)
    assert (session.plugged, session.away) == (True, False)
    assert session.update(A, UNPLUG_MS)
    assert (session.plugged, session.away, session.number) == (False, True, 2)


def test_the_numbers_go_round_and_leave_nought_out():
    session = Session()
    session.number = 0xFFFFFE
    for number in (0xFFFFFF, 1):
        session.update(B, 0)
        session.update(A, UNPLUG_MS)
        assert session.number == number


def test_a_car_is_simple_until_it_has_shown_b_for_100_ms(session):
    told = []
    for level, held_ms in ((C, 0), (B, SHOWN_MS - 1), (D, 0), (E, 0), (C, 20), (B, SHOWN_MS), (C, 0), (D, 0)):
        session.update(level, held_ms)
        told.append(session.simple)
    assert told == [True, True, True, True, True, False, False, False]
    session.update(A, UNPLUG_MS)
    session.update(C, 0)
    session.update(C, 20)
    assert session.simple, "the next car has shown nothing yet"


def test_seconds_count_while_plugged_and_idle_ones_while_nothing_flows(session):
    session.count(2500, False)
    assert (session.age_s, session.idle_s) == (2, 2)
    session.count(500, True)
    assert (session.age_s, session.idle_s) == (3, 0)
    session.count(3999, False)
    assert (session.age_s, session.idle_s) == (6, 3)
    session.age_s = session.idle_s = 2**29 - 2
    session.count(5001, False)
    assert (session.age_s, session.idle_s) == (2**29 - 1, 2**29 - 1)
    session.update(A, UNPLUG_MS)
    session.count(5000, False)
    assert session.age_s == 2**29 - 1
    session.update(B, 0)
    assert (session.age_s, session.idle_s) == (0, 0)
