"""Moments on the wire: ISO 8601 text to Unix milliseconds and back, with integers only (OCPP 1.6, 3.14 and
3.15)."""

DAY_MS = 86400000


class BadTimestamp(ValueError):
    """The text is no moment in time."""


def to_text(unix_ms):
    """`unix_ms` (0 to the end of year 9999) in UTC with milliseconds, e.g. '2026-01-31T23:59:59.250Z'."""
    days, rest_ms = divmod(unix_ms, DAY_MS)
    year, month, day = _date(days)
    seconds, milliseconds = divmod(rest_ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ" % (year, month, day, hour, minute, second, milliseconds)


def from_text(text):
    """Unix ms of an ISO 8601 date and time; digits beyond milliseconds are cut.

    Servers differ: 'Z', an offset (+01:00, +0100, +01) or no zone at all (taken as UTC), any number of
    fraction digits, and a leap second are all accepted. BadTimestamp for everything else.
    """
    if (
        len(text) < 19
        or text[4] != "-"
        or text[7] != "-"
        or text[10] not in "Tt "
        or text[13] + text[16] != "::"
    ):
        raise BadTimestamp("'%s' is no ISO 8601 date and time" % text[:40])
    days = _days(_number(text[0:4], 1970, 9999), _number(text[5:7], 1, 12), _number(text[8:10], 1, 31))
    minutes = _number(text[11:13], 0, 23) * 60 + _number(text[14:16], 0, 59)
    fraction_ms, zone = _fraction(text[19:])
    return (
        days * DAY_MS + (minutes - _offset(zone)) * 60000 + _number(text[17:19], 0, 60) * 1000 + fraction_ms
    )


def _fraction(rest):
    """(milliseconds, what follows them) of what stands behind the seconds."""
    if rest[:1] not in (".", ","):
        return 0, rest
    end = 1
    while end < len(rest) and "0" <= rest[end] <= "9":
        end += 1
    if end == 1:
        raise BadTimestamp("a fraction of a second without digits")
    return int((rest[1:end] + "00")[:3]), rest[end:]


def _offset(zone):
    """Minutes that a zone is ahead of UTC."""
    if zone in ("", "Z", "z"):
        return 0
    digits = zone[1:3] + (zone[4:] if zone[3:4] == ":" else zone[3:])
    if zone[0] not in "+-" or len(digits) not in (2, 4):
        raise BadTimestamp("'%s' is no time zone" % zone[:10])
    minutes = _number(digits[:2], 0, 23) * 60 + (_number(digits[2:], 0, 59) if digits[2:] else 0)
    return -minutes if zone[0] == "-" else minutes


def _number(digits, low, high):
    for character in digits:
        if not "0" <= character <= "9":
            raise BadTimestamp("'%s' is no number" % digits)
    number = int(digits)
    if not low <= number <= high:
        raise BadTimestamp("%d is not between %d and %d" % (number, low, high))
    return number


def _days(year, month, day):
    """Days since 1970-01-01 of a date of the Gregorian calendar."""
    if day > _month_length(year, month):
        raise BadTimestamp("%04d-%02d has no day %d" % (year, month, day))
    # Years are counted from March, so that the leap day is the last one of a year.
    year -= month <= 2
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return year * 365 + year // 4 - year // 100 + year // 400 + day_of_year - 719468


def _date(days):
    """(year, month, day) of a number of days since 1970-01-01."""
    days += 719468
    era, day_of_era = divmod(days, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    return era * 400 + year_of_era + (month <= 2), month, day


def _month_length(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
