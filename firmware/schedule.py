"""The owner's hours: when the charger may charge, and with how much, in one line of text.

    mon-fri 07:00-09:00 pause; daily 22:00-06:00 16A; sat,sun 00:00-24:00 10A

Entries stand between semicolons, each with its days (`daily`, or days and ranges of days between commas),
its hours on the clocks of the place, and a limit in A for each phase or `pause`. Hours whose end is earlier
than their begin go on into the next day, and belong to the day on which they begin. Where several entries
hold the least counts; where none does, nothing is limited.

While nobody knows the date, the least limit of any entry holds, a pause too: that is never more than the
owner allows at any hour, and everybody can see why and set the clock. It is also what is left should this
room of the firmware fall silent, for it is the fallback of the row.
"""

from control.limits import NO_LIMIT_MA

GRACE_MS = 60000
"""The row lives this much longer than `valid_for_ms`, so that the next one is there before it ends."""
LEAST_A, MOST_A = 6, 80
"""Below 6 A there is only the pause."""
UK_HOURS = "mon-fri 08:00-11:00 pause; mon-fri 16:00-22:00 pause"
"""What a new charger in Great Britain must propose (SI 2021/1467, regulation 10)."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_MIN = 1440
_ALL = 127


class Schedule:
    """The entries of one text; an empty one never limits. ValueError says in one sentence what is wrong."""

    def __init__(self, text=""):
        # (days as a mask from Monday on, begin, end, limit in mA), times in minutes of the day; an end after
        # midnight is beyond 24 hours.
        self._entries = [_entry(part.strip()) for part in text.split(";") if part.strip()]
        self.least_ma = NO_LIMIT_MA
        """The least of all entries (mA): with an unknown clock, and when nobody renews the row."""
        for entry in self._entries:
            self.least_ma = min(self.least_ma, entry[3])

    def at(self, unix_s, zone):
        """(limit in mA, how long it holds in ms, at most a day) at a Unix time, or None for an unknown one,
        in a `firmware.timezone.Zone`."""
        if unix_s is None:
            return self.least_ma, GRACE_MS
        weekday, minute = zone.local(unix_s)
        limit_ma = NO_LIMIT_MA
        ahead_min = _DAY_MIN
        for days, begin, end, entry_ma in self._entries:
            if _holds(days, begin, end, weekday, minute):
                limit_ma = min(limit_ma, entry_ma)
            ahead_min = min(ahead_min, _until(minute, begin), _until(minute, end))
        until_s = unix_s + ahead_min * 60 - (unix_s + zone.offset_s(unix_s)) % 60
        # Clocks that change may jump over a begin or an end.
        until_s = min(until_s, zone.next_change_s(unix_s) or until_s)
        return limit_ma, (until_s - unix_s) * 1000


def opens(before_ma, now_ma):
    """Whether the hours have just let charging begin: the moment at which a whole street would."""
    return before_ma < LEAST_A * 1000 <= now_ma


def _holds(days, begin, end, weekday, minute):
    today = days >> weekday & 1 and begin <= minute < end
    return today or (days >> (weekday - 1) % 7 & 1 and minute + _DAY_MIN < end)


def _until(minute, other):
    """Minutes from one time of the day to the next time it is `other`; never 0."""
    return (other - minute - 1) % _DAY_MIN + 1


def _entry(text):
    words = text.lower().split()
    if len(words) != 3:
        raise _error(text, "it needs days, hours and a limit")
    begin, dash, end = words[1].partition("-")
    begin_min, end_min = _minute(text, begin), _minute(text, end)
    if not dash or begin_min == end_min or begin_min == _DAY_MIN:
        raise _error(text, "its hours must begin and end at two times of the day")
    if end_min < begin_min:
        end_min += _DAY_MIN
    return _mask(text, words[0]), begin_min, end_min, _limit_ma(text, words[2])


def _mask(text, days):
    if days == "daily":
        return _ALL
    mask = 0
    for part in days.split(","):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if first not in _DAYS or last not in _DAYS:
            raise _error(text, "'%s' is no day (%s, daily)" % (part, ", ".join(_DAYS)))
        day, last_day = _DAYS.index(first), _DAYS.index(last)
        mask |= 1 << day
        while day != last_day:
            day = (day + 1) % 7
            mask |= 1 << day
    return mask


def _minute(text, time):
    hours, colon, minutes = time.partition(":")
    if colon and len(minutes) == 2 and 0 < len(hours) <= 2 and _digits(hours + minutes):
        minute = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and minute <= _DAY_MIN:
            return minute
    raise _error(text, "'%s' is no time from 00:00 to 24:00" % time)


def _limit_ma(text, limit):
    if limit == "pause":
        return 0
    digits = limit[:-1] if len(limit) <= 3 else ""
    if limit.endswith("a") and _digits(digits) and LEAST_A <= int(digits) <= MOST_A:
        return int(digits) * 1000
    raise _error(text, "'%s' is neither pause nor %dA to %dA" % (limit, LEAST_A, MOST_A))


def _digits(text):
    return len(text) > 0 and all("0" <= character <= "9" for character in text)


def _error(text, reason):
    return ValueError(
        "'%s' cannot stand in a schedule, because %s: write an entry such as mon-fri 22:00-06:00 16A"
        % (text[:60], reason)
    )
