"""The owner's hours: which entry holds when, until when, and what is refused."""

import datetime
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from hypothesis import given

from control.limits import NO_LIMIT_MA
from firmware.schedule import GRACE_MS, UK_HOURS, Schedule, opens
from firmware.timezone import Zone
from tests import runtimes

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE_S = 60
DAY_S = 86400


def moment(text, zone=BERLIN):
    """Unix time of local standard or summer time, as zoneinfo knows Berlin."""
    there = ZoneInfo("Europe/Berlin") if zone == BERLIN else datetime.UTC
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=there).timestamp())


def at(text, when, zone=BERLIN):
    limit_ma, valid_ms = Schedule(text).at(moment(when, zone), Zone(zone))
    return limit_ma, valid_ms / 3_600_000


HOURS = "mon-fri 22:00-06:00 16A; sat,sun 00:00-24:00 pause"


@pytest.mark.parametrize(
    ("when", "limit_ma", "hours"),
    [
        ("2026-01-05 21:59", NO_LIMIT_MA, 1 / 60),  # a Monday
        ("2026-01-05 22:00", 16000, 2),
        ("2026-01-06 05:00", 16000, 1),
        ("2026-01-06 06:00", NO_LIMIT_MA, 16),
        ("2026-01-05 05:00", NO_LIMIT_MA, 1),  # Sunday's night is no weekday's
        ("2026-01-09 23:00", 16000, 1),
        ("2026-01-10 01:00", 0, 5),  # Friday's night and Saturday's pause: the least
        ("2026-01-10 12:00", 0, 10),
        ("2026-01-11 23:30", 0, 0.5),
        ("2026-01-12 00:00", NO_LIMIT_MA, 6),
    ],
)
def test_days_hours_and_nights(when, limit_ma, hours):
    assert at(HOURS, when) == (limit_ma, pytest.approx(hours))


def test_it_is_told_to_the_second():
    schedule, zone = Schedule("daily 08:00-09:00 pause"), Zone(BERLIN)
    seven_s = moment("2026-01-05 07:00")
    assert schedule.at(seven_s + 3599, zone) == (NO_LIMIT_MA, 1000)
    assert schedule.at(seven_s + 3600, zone) == (0, 3_600_000)


def test_clocks_that_change():
    night = "daily 02:15-02:45 10A"
    assert at(night, "2026-03-29 01:30") == (NO_LIMIT_MA, 0.5), "at 02:00 it is 03:00"
    assert at(night, "2026-03-29 03:00") == (NO_LIMIT_MA, 23.25), "these minutes do not exist on that day"
    twice, zone = Schedule(night), Zone(BERLIN)
    first_s = moment("2026-10-25 02:15")
    assert twice.at(first_s, zone) == (10000, 30 * 60000)
    assert twice.at(first_s + 45 * 60, zone) == (NO_LIMIT_MA, 15 * 60000), "03:00 is 02:00 again"
    assert twice.at(first_s + 60 * 60, zone) == (10000, 30 * 60000)


def test_an_entry_over_the_change_of_clocks_ends_when_its_clock_says_so():
    text = "daily 22:00-06:00 8A"
    schedule, zone = Schedule(text), Zone(BERLIN)
    unix_s = moment("2026-03-28 22:00")
    limit_ma, valid_ms = schedule.at(unix_s, zone)
    while limit_ma == 8000:
        unix_s += valid_ms // 1000
        limit_ma, valid_ms = schedule.at(unix_s, zone)
    assert unix_s == moment("2026-03-29 06:00")
    assert unix_s - moment("2026-03-28 22:00") == 7 * 3600


def test_nothing_said_nothing_limited():
    for text in ("", " ; ;"):
        assert Schedule(text).at(0, Zone()) == (NO_LIMIT_MA, DAY_S * 1000)
        assert Schedule(text).at(None, Zone())[0] == NO_LIMIT_MA


def test_an_unknown_clock_gets_the_least_of_all():
    assert Schedule("daily 01:00-02:00 10A; sun 03:00-04:00 8A").at(None, Zone()) == (8000, GRACE_MS)
    assert Schedule(UK_HOURS).at(None, Zone())[0] == 0


def test_the_hours_that_great_britain_asks_for():
    schedule, zone = Schedule(UK_HOURS), Zone("GMT0BST,M3.5.0/1,M10.5.0")
    monday_s = moment("2026-01-05 00:00", "UTC0")
    paused = [hour for hour in range(168) if schedule.at(monday_s + hour * 3600, zone)[0] == 0]
    assert paused == [day * 24 + hour for day in range(5) for hour in (8, 9, 10, *range(16, 22))]


def test_the_moment_at_which_the_hours_open():
    assert opens(0, NO_LIMIT_MA)
    assert opens(0, 6000)
    assert not opens(6000, NO_LIMIT_MA)
    assert not opens(0, 0)
    assert not opens(NO_LIMIT_MA, 0)


PIECES = ("mon", "-", ",", " ", ";", "daily ", "08:00-10:00 ", "24:00", ":", "16A", "a", "pause", "\u00b2")
times = st.integers(0, 1439)


@st.composite
def entries(draw):
    """(text, days, begin, end, limit) of one entry, written in one of the ways there are."""
    begin = draw(times)
    end = draw(st.integers(0, 1440).filter(lambda minute: minute != begin))
    first, last = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    days = {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    written = NAMES[first] if first == last else f"{NAMES[first]}-{NAMES[last]}"
    if draw(st.booleans()):
        other = draw(st.integers(0, 6))
        days.add(other)
        written += f",{NAMES[other].upper()}"
    limit_a = draw(st.sampled_from((0, 6, 10, 32, 80)))
    limit = f"{limit_a}A" if limit_a else "pause"
    text = f" {written}  {begin // 60:02}:{begin % 60:02}-{end // 60}:{end % 60:02} {limit}"
    return text, days, begin, end, limit_a * 1000


def judge(rows, there):
    """The limit at a local time, minute by minute, with nothing but sets of minutes of the week."""
    now = there.weekday() * 1440 + there.hour * 60 + there.minute
    held = [NO_LIMIT_MA]
    for _, days, begin, end, limit_ma in rows:
        length = end - begin if end > begin else end + 1440 - begin
        if any((now - day * 1440 - begin) % 10080 < length for day in days):
            held.append(limit_ma)
    return min(held)


@given(
    st.lists(entries(), max_size=4),
    st.integers(moment("2026-01-01 00:00"), moment("2028-01-01 00:00")),
    st.sampled_from((None, "2026-03-29 03:00", "2026-10-25 02:59", "2027-03-28 01:59")),
    st.integers(-7200, 7200),
)
def test_what_is_told_holds_for_as_long_as_is_told(rows, unix_s, near, around_s):
    if near:
        unix_s = moment(near) + around_s
    schedule, zone, berlin = (
        Schedule(";".join(row[0] for row in rows)),
        Zone(BERLIN),
        ZoneInfo("Europe/Berlin"),
    )
    limit_ma, valid_ms = schedule.at(unix_s, zone)
    assert 0 < valid_ms <= DAY_S * 1000
    assert valid_ms % 1000 == 0
    until_s = unix_s + valid_ms // 1000
    for each_s in [*range(unix_s, until_s, MINUTE_S), until_s - 1]:
        assert judge(rows, datetime.datetime.fromtimestamp(each_s, berlin)) == limit_ma
    assert schedule.at(until_s, zone)[0] == judge(rows, datetime.datetime.fromtimestamp(until_s, berlin))
    assert schedule.least_ma <= limit_ma, "what holds with an unknown clock is never more"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mon 10:00-12:00", "it needs days, hours and a limit"),
        ("mon 10:00 - 12:00 16A", "it needs days, hours and a limit"),
        ("monday 10:00-12:00 16A", "'monday' is no day (mon, tue, wed, thu, fri, sat, sun, daily)"),
        ("mon-fry 10:00-12:00 16A", "'mon-fry' is no day"),
        (", 10:00-12:00 16A", "'' is no day"),
        ("mon 10:00-12:60 16A", "'12:60' is no time from 00:00 to 24:00"),
        ("mon 10:00-24:01 16A", "'24:01' is no time"),
        ("mon 10-12 16A", "'10' is no time"),
        ("mon 10:0-12:00 16A", "'10:0' is no time"),
        ("mon 10:00-\u0661\u0662:00 16A", "is no time"),
        ("mon 10:00 16A pause", "it needs"),
        ("mon 10:00-10:00 16A", "must begin and end at two times of the day"),
        ("mon 24:00-06:00 16A", "must begin and end at two times of the day"),
        ("mon 10:00-12:00 5A", "'5a' is neither pause nor 6A to 80A"),
        ("mon 10:00-12:00 81A", "'81a' is neither"),
        ("mon 10:00-12:00 16", "'16' is neither"),
        ("mon 10:00-12:00 A", "'a' is neither"),
        ("mon 10:00-12:00 7kW", "'7kw' is neither"),
    ],
)
def test_what_cannot_stand_there_is_told_in_one_sentence(text, reason):
    with pytest.raises(ValueError, match="cannot stand in a schedule") as refused:
        Schedule("daily 00:00-01:00 6A; " + text)
    told = str(refused.value)
    assert told.startswith(f"'{text}' cannot stand in a schedule, because ")
    assert reason in told
    assert told.endswith(": write an entry such as mon-fri 22:00-06:00 16A")


@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_is_a_schedule_or_refused(text):
    try:
        schedule = Schedule(text)
    except ValueError:
        return
    assert 0 <= schedule.least_ma <= NO_LIMIT_MA


def test_the_same_on_micropython(micropython):
    script = runtimes.ROOT / "tests/firmware/on_micropython/owner_hours.py"
    done = runtimes.run(micropython, script, HOURS, BERLIN)
    assert (done.returncode, done.stderr) == (0, "")
    schedule, zone = Schedule(HOURS), Zone(BERLIN)
    assert done.stdout.splitlines() == [
        str(schedule.at(1767268800 + hour * 3600, zone)) for hour in range(168)
    ]
