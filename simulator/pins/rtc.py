"""`machine.RTC`: the date, as far as the chip keeps it over a restart, and the ESP32's memory beside it."""

from simulator.pins.wired import Wired

MEMORY_BYTES = 2048
EMPTY = {"rp2": (2021, 1, 1, 4, 0, 0, 0, 0), "esp32": (2000, 1, 1, 5, 0, 0, 0, 0)}
"""What a fresh one says."""


def days_of(year, month, day):
    """Days since 1970-01-01 in the Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    of_era = (year - era * 400) * 365 + year % 400 // 4 - year % 400 // 100 + of_year
    return era * 146097 + of_era - 719468


def date_of(days):
    """(year, month, day) so many days after 1970-01-01."""
    days += 719468
    era, rest = divmod(days, 146097)
    years = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    rest -= 365 * years + years // 4 - years // 100
    months = (5 * rest + 2) // 153
    month = months + 3 if months < 10 else months - 9
    return years + era * 400 + (month <= 2), month, rest - (153 * months + 2) // 5 + 1


class RTC(Wired):
    """The clock of the chip, in (year, month, day, weekday, hour, minute, second, subseconds)."""

    def __init__(self, id=0):
        if id != 0:
            raise ValueError("RTC(%d) doesn't exist" % id)

    def datetime(self, datetimetuple=None):
        """The date and time, or set them; weekday 0 is Monday."""
        if datetimetuple is None:
            return self._read()
        if len(datetimetuple) != 8:
            raise TypeError("requested length 8 but object has length %d" % len(datetimetuple))
        year, month, day, _, hour, minute, second, _ = datetimetuple
        for value, least, most in (
            (month, 1, 12),
            (day, 1, 31),
            (hour, 0, 23),
            (minute, 0, 59),
            (second, 0, 59),
        ):
            if not least <= value <= most:
                raise OSError(22)
        seconds = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
        self._chip.kept["rtc"] = (seconds, self._chip.now_us)
        return None

    def _read(self):
        empty = EMPTY[self._chip.rules.family]
        seconds, set_us = self._chip.kept.get("rtc") or (days_of(*empty[:3]) * 86400, 0)
        passed_us = self._chip.now_us - set_us
        days, rest = divmod(seconds + passed_us // 1000000, 86400)
        year, month, day = date_of(days)
        subseconds = passed_us % 1000000 if self._chip.rules.family == "esp32" else 0
        return year, month, day, (days + 3) % 7, rest // 3600, rest // 60 % 60, rest % 60, subseconds


class Esp32Rtc(RTC):
    """With the memory that a restart leaves as it is."""

    def memory(self, data=None):
        """The bytes kept, or keep `data`."""
        if data is None:
            return self._chip.kept.get("memory", b"")
        if len(data) > MEMORY_BYTES:
            raise ValueError("buffer too long")
        self._chip.kept["memory"] = bytes(data)
        return None
