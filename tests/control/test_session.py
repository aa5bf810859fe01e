"""The session lasts from plug to unplug."""

import pytest

from control.pilot import ILLEGAL, SILENT, A, B, C, D, E
from control.session import SHOWN_MS, UNPLUG_MS, Session


@pytest.mark.parametrize("level", [B, C, D])
def test_a_car_is_there_with_the_first_level_of_a_car(level):
    session = Session()
    assert not session.update(A, 10000)
    assert session.update(level, 0)
    assert session.plugged
    assert not session.update(level, 20)


def test_a_car_is_gone_after_200_ms_without():
    session = Session()
    session.update(B, 0)
    assert not session.update(A, 0)
    assert not session.update(A, 180)
    assert session.plugged
    assert session.update(A, 200)
    assert not session.plugged


@pytest.mark.parametrize("level", [E, ILLEGAL, SILENT])
def test_a_bad_pilot_neither_brings_a_car_nor_takes_it_away(level):
    session = Session()
    assert not session.update(level, 10000)
    session.update(C, 0)
    assert not session.update(level, 10000)
    assert session.plugged


def test_each_plug_in_has_a_number_that_ends_with_it():
    session = Session()
    numbers = []
    for _ in range(3):
        session.update(B, 0)
        numbers.append(session.number)
        session.update(A, 200)
    assert len(set(numbers)) == 3
    assert session.number not in numbers


def test_no_session_has_the_number_that_means_nobody():
    session = Session()
    session.number = 0xFFFFFF
    session.update(B, 0)
    session.update(A, 200)
    assert session.number == 1


def test_that_no_car_is_there_must_be_seen():
    session = Session()
    told = [session.away]
    for level, held_ms in ((SILENT, 10000), (A, UNPLUG_MS - 20), (A, UNPLUG_MS), (B, 0)):
        session.update(level, held_ms)
        told.append(session.away)
    assert told == [False, False, False, True, False]


@pytest.mark.parametrize("level", [C, D])
def test_a_car_that_has_not_shown_b_may_have_no_switch(level):
    session = Session()
    told = []
    session.update(B, 0)
    for seen, held_ms in ((B, SHOWN_MS - 20), (level, 0), (E, 0), (level, 0), (B, SHOWN_MS), (level, 0)):
        session.update(seen, held_ms)
        told.append(session.simple)
    assert told == [False, True, True, True, False, False]


def test_the_next_car_must_show_b_itself():
    session = Session()
    session.update(B, 0)
    session.update(B, SHOWN_MS)
    session.update(A, UNPLUG_MS)
    told = []
    for level, held_ms in ((C, 0), (C, 20), (A, 0), (A, UNPLUG_MS)):
        session.update(level, held_ms)
        told.append(session.simple)
    assert told == [False, True, True, False]


def test_it_counts_its_seconds_and_those_without_current():
    session = Session()
    session.count(5000, False)
    assert session.age_s == 0
    session.update(B, 0)
    for flows, expected in ((False, (2, 2)), (True, (4, 0)), (False, (6, 2)), (True, (8, 0))):
        for _ in range(100):
            session.count(20, flows)
        assert (session.age_s, session.idle_s) == expected
    session.update(A, UNPLUG_MS)
    session.count(5000, False)
    assert session.age_s == 8
    session.update(B, 0)
    assert (session.age_s, session.idle_s) == (0, 0)


@pytest.mark.parametrize("gap_ms", [20, 999, 1000, 1001, 12345])
def test_no_time_is_lost_between_the_seconds(gap_ms):
    session = Session()
    session.update(B, 0)
    for _ in range(1000):
        session.count(gap_ms, False)
    assert session.age_s == session.idle_s == gap_ms


def test_a_car_that_never_leaves_does_not_overflow_the_count():
    session = Session()
    session.update(B, 0)
    for _ in range(1100):
        session.count(2**29 - 1, False)
    assert session.age_s == session.idle_s == 2**29 - 1
