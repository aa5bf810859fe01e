"""Monotonic time and the real-time clock of a chip.

Chips count the seconds of `time.time()` from 1970 (RP2) or from 2000 (ESP32). The calendar of their real-time
clock is the same everywhere, so that is what is read and set here, and reckoned in days of its own.
"""

import time

from control.ticks import MASK
from hal.host import HostClock
from hal.silicon import machine

UNSET_YEAR = 2025
"""A clock that shows an earlier year was never set: chips begin in 2000 or 2021."""

_DAY_S = 86400
_SINCE_0000_03 = 719468
"""Days from the first of March of the year 0 to the first of January 1970."""
_ERA_DAYS = 146097
"""Of 400 years, after which the calendar repeats."""


def days(year, month, day):
    """From 1970-01-01 to a day of the Gregorian calendar, from the year 1 on."""
    # Years are counted from March, so that the leap day is the last one.
    year -= month <= 2
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + in_year - _SINCE_0000_03


def date(since_1970):
    """(year, month, day) of a number of days since 1970-01-01, not before."""
    era, in_era = divmod(since_1970 + _SINCE_0000_03, _ERA_DAYS)
    year = (in_era - in_era // 1460 + in_era // 36524 - in_era // 146096) // 365
    in_year = in_era - (365 * year + year // 4 - year // 100)
    month = (5 * in_year + 2) // 153
    day = in_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + 400 * era + (month <= 2), month, day


class RtcClock(HostClock):
    """The chip's time, sleep and random bytes, with its real-time clock."""

    def __init__(self):
        HostClock.__init__(self)
        self._rtc = machine.RTC()

    if hasattr(time, "ticks_ms"):

        def now_ms(self):
            return time.ticks_ms() & MASK  # type: ignore[attr-defined]  # a chip's

    def unix_s(self):
        year, month, day, _, hours, minutes, seconds, _ = self._rtc.datetime()
        if year < UNSET_YEAR:
            return 0
        return days(year, month, day) * _DAY_S + hours * 3600 + minutes * 60 + seconds

    def set_unix_s(self, unix_s):
        since_1970, second = divmod(unix_s, _DAY_S)
        year, month, day = date(since_1970)
        weekday = (since_1970 + 3) % 7  # from Monday on; 1970 began with a Thursday
        self._rtc.datetime((year, month, day, weekday, second // 3600, second // 60 % 60, second % 60, 0))


def make(facts, number, parts):
    """The board's clock."""
    return RtcClock()
