"""Local time from a POSIX time zone, such as `CET-1CEST,M3.5.0,M10.5.0/3` or `<+0330>-3:30` (IEEE
1003.1-2017, 8.3, with the longer hours of RFC 8536, 3.3.1): a text that says all a charger needs, without a
database."""

DAY_S = 86400
NOWHERE = "UTC0"
"""The zone of a charger that nobody told where it is."""
_MOST_OFFSET_HOURS = 24
_MOST_RULE_HOURS = 167
_CHANGE_S = 7200
"""When a rule names no time, clocks change at 02:00."""
_EPOCH = 719162
"""Days from the first day of year 1 to 1 January 1970."""
_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


class Zone:
    """The offset of one place from UTC, at any time. ValueError says in one sentence what is wrong with
    `text`."""

    def __init__(self, text=NOWHERE):
        reader = _Reader(text)
        reader.name()
        self._standard_s = self._summer_s = -reader.time(_MOST_OFFSET_HOURS)
        self._rules = ()  # type: tuple
        if not reader.ended():
            reader.name()
            self._summer_s += 3600
            if not reader.follows(",") and not reader.ended():
                self._summer_s = -reader.time(_MOST_OFFSET_HOURS)
            self._rules = (reader.rule(), reader.rule())
            reader.end()

    def offset_s(self, unix_s):
        """What local time is ahead of UTC (s; west of Greenwich negative)."""
        latest_s, offset_s = None, self._standard_s
        for at_s, offset_from_s in self._changes(unix_s):
            # Of two at the same moment the later one counts: a summer time that never ends.
            if at_s <= unix_s and (latest_s is None or at_s >= latest_s):
                latest_s, offset_s = at_s, offset_from_s
        return offset_s

    def next_change_s(self, unix_s):
        """Unix time after `unix_s` at which the offset changes next; None: never."""
        offset_s, next_s = self.offset_s(unix_s), None
        for at_s, _ in self._changes(unix_s):
            if at_s > unix_s and (next_s is None or at_s < next_s) and self.offset_s(at_s) != offset_s:
                next_s = at_s
        return next_s

    def local(self, unix_s):
        """(weekday, minute of the day) there; Monday is 0."""
        days, second = divmod(unix_s + self.offset_s(unix_s), DAY_S)
        return (days + 3) % 7, second // 60

    def _changes(self, unix_s):
        """(unix time, offset from then on) of last year, this and the next, in the order of the years."""
        if self._rules:
            year = _year(unix_s // DAY_S)
            begin, end = self._rules
            for each in (year - 1, year, year + 1):
                yield _moment_s(begin, each) - self._standard_s, self._summer_s
                yield _moment_s(end, each) - self._summer_s, self._standard_s


class _Reader:
    """Takes a zone's text to pieces, from left to right."""

    def __init__(self, text):
        self._text = text
        self._at = 0

    def ended(self):
        return self._at == len(self._text)

    def follows(self, character):
        """Whether this comes next."""
        return self._text[self._at : self._at + 1] == character

    def end(self):
        """Nothing may come any more."""
        if not self.ended():
            raise self._error("nothing may follow the second rule")

    def name(self):
        """Pass over an abbreviation: three letters and more, or letters, digits and signs between < and >."""
        begin = self._at
        if self._take("<"):
            while self._part() or self.follows("+") or self.follows("-"):
                self._at += 1
            complete = self._at - begin > 3 and self._take(">")
        else:
            while self._part() and not self._digit():
                self._at += 1
            complete = self._at - begin >= 3
        if not complete:
            raise self._error("an abbreviation such as CET or <+03> is missing at '%s'" % self._text[begin:])

    def time(self, most_hours):
        """[+-]hours[:minutes[:seconds]] in s."""
        sign = -1 if self._take("-") else 1
        if sign > 0:
            self._take("+")
        time_s = self._number(0, most_hours, "hours") * 3600
        if self._take(":"):
            time_s += self._number(0, 59, "minutes") * 60
            if self._take(":"):
                time_s += self._number(0, 59, "seconds")
        return sign * time_s

    def rule(self):
        """A day of the year and the local time of a change: (month, week, weekday, s), (0, 0, day counted
        from 0, s), or (0, 1, day counted from 1 without 29 February, s)."""
        if not self._take(","):
            raise self._error("two rules must say when summer time begins and when it ends")
        month = week = 0
        if self._take("M"):
            month = self._number(1, 12, "month")
            self._dot()
            week = self._number(1, 5, "week")
            self._dot()
            day = self._number(0, 6, "weekday")
        elif self._take("J"):
            week = 1
            day = self._number(1, 365, "day")
        else:
            day = self._number(0, 365, "day")
        return month, week, day, self.time(_MOST_RULE_HOURS) if self._take("/") else _CHANGE_S

    def _take(self, character):
        found = self.follows(character)
        self._at += found
        return found

    def _dot(self):
        if not self._take("."):
            raise self._error("a rule such as M3.5.0 has two dots")

    def _digit(self):
        return "0" <= self._text[self._at : self._at + 1] <= "9"

    def _part(self):
        """A letter or a digit comes next."""
        return self._digit() or "a" <= self._text[self._at : self._at + 1].lower() <= "z"

    def _number(self, low, high, what):
        begin = self._at
        while self._digit():
            self._at += 1
        digits = self._text[begin : self._at]
        if not 0 < len(digits) <= 3 or not low <= int(digits) <= high:
            raise self._error("the %s must be %d to %d, not '%s'" % (what, low, high, digits))
        return int(digits)

    def _error(self, reason):
        return ValueError(
            "'%s' is no time zone, because %s: write one such as CET-1CEST,M3.5.0,M10.5.0/3"
            % (self._text[:60], reason)
        )


def _moment_s(rule, year):
    """When a rule holds in a year, in s since 1970 on the clocks of the place."""
    month, week, day, time_s = rule
    first = _new_year(year)
    if not month:
        # Counted from 1 without 29 February: after it, a leap year has one day more.
        day += first if not week else first - 1 + (day > 59 and _leap(year))
        return day * DAY_S + time_s
    length = _BEFORE_MONTH[month] - _BEFORE_MONTH[month - 1] + (month == 2 and _leap(year))
    first += _BEFORE_MONTH[month - 1] + (month > 2 and _leap(year))
    of_month = (day - first - 4) % 7 + (week - 1) * 7
    if of_month >= length:
        of_month -= 7  # week 5 is the last one, which may be the fourth
    return (first + of_month) * DAY_S + time_s


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _new_year(year):
    """1 January, in days since 1970."""
    year -= 1
    return year * 365 + year // 4 - year // 100 + year // 400 - _EPOCH


def _year(days):
    """The year of a day since 1970."""
    year = 1970 + days * 400 // 146097
    if days < _new_year(year):
        return year - 1
    return year + 1 if days >= _new_year(year + 1) else year
