"""The chip's clock tells Unix time whatever year its own count begins in."""

import calendar
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hal.chips import CHIPS, board, powered


@pytest.fixture(params=CHIPS)
def chip(request):
    chip = powered(request.param, ((1 << 30) - 10) * 1000)
    with chip.install():
        yield chip


@pytest.fixture
def clock(chip):
    return make(chip)


def make(chip):
    from hal.gpio import clock

    return clock.make(board(chip.board.chip), 0, None)


def test_a_clock_that_was_never_set_knows_no_date(chip, clock):
    assert clock.unix_s() == 0
    chip.advance(3600 * 1000000)
    assert clock.unix_s() == 0


@pytest.mark.parametrize(
    "unix_s",
    [
        calendar.timegm((2026, 1, 1, 0, 0, 0)),
        calendar.timegm((2028, 2, 29, 23, 59, 59)),
        calendar.timegm((2038, 1, 19, 3, 14, 8)),
        calendar.timegm((2099, 12, 31, 23, 59, 59)),
    ],
)
def test_what_is_set_goes_on(chip, clock, unix_s):
    clock.set_unix_s(unix_s)
    assert clock.unix_s() == unix_s
    chip.advance(90061 * 1000000)
    assert clock.unix_s() == unix_s + 90061


def test_a_restart_keeps_the_date_and_a_power_cut_does_not(chip, clock):
    clock.set_unix_s(1800000000)
    chip.advance(5000000)
    chip.restart("watchdog")
    assert make(chip).unix_s() == 1800000005
    chip.restart("power_on")
    assert make(chip).unix_s() == 0


class Ledger:
    """A real-time clock that remembers how it was set: the weekday too, which some chips go by."""

    def datetime(self, moment):
        self.moment = moment


def test_it_is_set_to_a_whole_moment(clock):
    clock._rtc = Ledger()
    for day in range(10):
        unix_s = 1800000000 + day * 90061
        clock.set_unix_s(unix_s)
        told = time.gmtime(unix_s)
        assert clock._rtc.moment == (
            *told[:3],
            told.tm_wday,
            told.tm_hour,
            told.tm_min,
            told.tm_sec,
            0,
        )


def test_monotonic_time_wraps_at_2_30_ms(chip, clock):
    assert (1 << 30) - 10 <= clock.now_ms() < 1 << 30
    chip.advance(15000)
    assert 4 <= clock.now_ms() < 7


def test_random_bytes_are_unlike(clock):
    drawn = {clock.random_bytes(8) for _ in range(20)}
    assert len(drawn) == 20
    assert {len(data) for data in drawn} == {8}


@given(st.integers(0, 200000))
def test_days_and_dates_are_those_of_the_calendar(since_1970):
    with powered("rp2040").install():
        from hal.gpio import clock

        year, month, day = clock.date(since_1970)
        assert (year, month, day) == tuple(time.gmtime(since_1970 * 86400)[:3])
        assert clock.days(year, month, day) == since_1970
