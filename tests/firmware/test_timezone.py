"""Local time from POSIX time zones, judged by Python's own zoneinfo."""

import datetime
import importlib.resources
import io
import struct
import zoneinfo
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from firmware.timezone import Zone
from tests import runtimes

DAY_S = 86400
FIRST_S, LAST_S = 1577836800, 4102444800 - 400 * DAY_S  # 2020 to 2098
BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
KNOWN = (
    "UTC0",
    "GMT0BST,M3.5.0/1,M10.5.0",
    "IST-1GMT0,M10.5.0,M3.5.0/1",  # Dublin: winter time is the exception
    BERLIN,
    "EET-2EEST,M3.5.0/3,M10.5.0/4",
    "EET-2EEST,M3.4.4/50,M10.4.4/50",  # Gaza
    "IST-2IDT,M3.4.4/26,M10.5.0",
    "EST5EDT,M3.2.0,M11.1.0",
    "NST3:30NDT,M3.2.0,M11.1.0",
    "CST5CDT,M3.2.0/0,M11.1.0/1",
    "<-03>3",
    "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",  # Nuuk: changes the evening before
    "<+0330>-3:30",
    "<+0545>-5:45",
    "AEST-10AEDT,M10.1.0,M4.1.0/3",
    "ACST-9:30ACDT,M10.1.0,M4.1.0/3",
    "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",  # Lord Howe: half an hour
    "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
    "<-04>4<-03>,M9.1.6/24,M4.1.6/24",
)


def judge(text):
    """The same zone by zoneinfo: a file that holds nothing but the text."""
    empty = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + bytes(6) + b"UTC\0"
    return zoneinfo.ZoneInfo.from_file(io.BytesIO(empty + empty + b"\n" + text.encode() + b"\n"))


def offset_s(judged, unix_s):
    offset = datetime.datetime.fromtimestamp(unix_s, judged).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def check(text, judged, unix_s):
    """All that a zone says of one moment."""
    zone = Zone(text)
    assert zone.offset_s(unix_s) == offset_s(judged, unix_s)
    there = datetime.datetime.fromtimestamp(unix_s, judged)
    assert zone.local(unix_s) == (there.weekday(), there.hour * 60 + there.minute)
    change_s = zone.next_change_s(unix_s)
    if change_s is None:
        assert {offset_s(judged, unix_s + days * DAY_S) for days in range(0, 400, 5)} == {
            offset_s(judged, unix_s)
        }
        return
    assert unix_s < change_s <= unix_s + 400 * DAY_S
    assert offset_s(judged, change_s) != offset_s(judged, change_s - 1) == offset_s(judged, unix_s)
    step_s = max(1, (change_s - unix_s) // 20)
    assert {offset_s(judged, at_s) for at_s in range(unix_s, change_s, step_s)} == {offset_s(judged, unix_s)}


moments = st.integers(FIRST_S, LAST_S)


@given(st.sampled_from(KNOWN), moments)
def test_the_zones_of_the_world(text, unix_s):
    check(text, judge(text), unix_s)


@pytest.mark.parametrize("text", KNOWN)
def test_to_the_second_around_every_change_and_new_year(text):
    zone, judged = Zone(text), judge(text)
    at_s = FIRST_S
    for _ in range(24):
        change_s = zone.next_change_s(at_s)
        for unix_s in (change_s - 1, change_s) if change_s else ():
            assert zone.offset_s(unix_s) == offset_s(judged, unix_s)
        at_s = change_s or at_s + 365 * DAY_S
    for year in range(2020, 2099):
        new_year_s = int(datetime.datetime(year, 1, 1, tzinfo=datetime.UTC).timestamp())
        for unix_s in (new_year_s - zone.offset_s(new_year_s) + around for around in (-1, 0)):
            assert zone.offset_s(unix_s) == offset_s(judged, unix_s)


def clocks(most_hours):
    return st.builds("{}:{:02}:{:02}".format, st.integers(0, most_hours), SIXTY, SIXTY) | st.integers(
        0, most_hours
    ).map(str)


def rules(first_month, last_month):
    days = st.builds(
        "M{}.{}.{}".format, st.integers(first_month, last_month), st.integers(1, 5), st.integers(0, 6)
    )
    return st.builds("{}{}".format, days, st.just("") | clocks(23).map("/{}".format))


SIXTY = st.sampled_from((0, 15, 30, 45, 59))
names = st.sampled_from(("CET", "ABCDEF", "<+03>", "<-0330>", "<A1b>"))
offsets = st.builds("{}{}".format, st.sampled_from(("", "+", "-")), clocks(14))
halves = st.sampled_from((((2, 5), (8, 11)), ((8, 11), (2, 5)))).flatmap(
    lambda months: st.builds(",{},{}".format, rules(*months[0]), rules(*months[1]))
)
texts = st.builds("{}{}".format, names, offsets) | st.builds(
    "{}{}{}{}{}".format, names, offsets, names, st.just("") | offsets, halves
)


@given(texts, moments)
def test_any_zone_that_can_be_written(text, unix_s):
    check(text, judge(text), unix_s)


@given(st.integers(0, 365), st.booleans(), st.integers(-167, 167), st.integers(2020, 2098))
def test_days_of_the_year_with_and_without_the_leap_day(day, leap_day_counts, hours, year):
    zone = Zone(f"AAA0BBB,{'' if leap_day_counts else 'J'}{day or 1}/{hours},{(day + 180) % 360}")
    first = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
    if leap_day_counts:
        changes = first + datetime.timedelta(days=day or 1, hours=hours)
    else:
        ordinary = datetime.date(2021, 1, 1) + datetime.timedelta(days=(day or 1) - 1)
        changes = first.replace(month=ordinary.month, day=ordinary.day) + datetime.timedelta(hours=hours)
    at_s = int(changes.timestamp())
    assert (zone.offset_s(at_s - 1), zone.offset_s(at_s)) == (0, 3600)
    assert zone.next_change_s(at_s - 1) == at_s


@given(moments)
def test_summer_time_that_never_ends(unix_s):
    zone = Zone("XXX3EDT4,0/0,J365/23")
    assert zone.offset_s(unix_s) == -4 * 3600
    assert zone.next_change_s(unix_s) is None


def database():
    """The POSIX text at the end of every file of the zone database, by its name."""
    for name in sorted(zoneinfo.available_timezones()):
        found = [file for file in (Path(root, name) for root in zoneinfo.TZPATH) if file.is_file()]
        file = found[0] if found else importlib.resources.files("tzdata").joinpath("zoneinfo", name)
        yield name, file.read_bytes().rsplit(b"\n", 2)[1].decode()


def test_every_zone_of_the_database():
    zones = dict(database())
    assert len(zones) > 300
    for name, text in zones.items():
        zone, judged = Zone(text), judge(text)
        for unix_s in range(FIRST_S, LAST_S, 173 * DAY_S + 3601):
            assert zone.offset_s(unix_s) == offset_s(judged, unix_s), name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an abbreviation such as CET or <.03> is missing at ''"),
        ("CE-1", "an abbreviation .* at 'CE-1'"),
        ("<+3-3", "an abbreviation"),
        ("<+>3", "an abbreviation"),
        ("CET", "the hours must be 0 to 24, not ''"),
        ("CET-25", "the hours must be 0 to 24, not '25'"),
        ("CET-1:60", "the minutes must be 0 to 59, not '60'"),
        ("CET-1:00:99", "the seconds"),
        ("CET-0001", "not '0001'"),
        ("CET-1CEST", "two rules must say when summer time begins and when it ends"),
        ("CET-1CEST,M3.5.0", "two rules"),
        ("CET-1,M3.5.0,M10.5.0", "an abbreviation"),
        ("CET-1CEST,M13.5.0,M10.5.0", "the month must be 1 to 12, not '13'"),
        ("CET-1CEST,M3.6.0,M10.5.0", "the week"),
        ("CET-1CEST,M3.5.7,M10.5.0", "the weekday"),
        ("CET-1CEST,M3,M10.5.0", "two dots"),
        ("CET-1CEST,J0,M10.5.0", "the day must be 1 to 365"),
        ("CET-1CEST,366,M10.5.0", "the day must be 0 to 365"),
        ("CET-1CEST,M3.5.0/168,M10.5.0", "the hours must be 0 to 167"),
        ("CET-1CEST,M3.5.0,M10.5.0/3 ", "nothing may follow"),
        ("Europe/Berlin", "the hours"),
        ("C\u00c9T-1", "an abbreviation"),
        ("CET-\u0661", "the hours"),
    ],
)
def test_what_is_no_zone_is_told_in_one_sentence(text, reason):
    with pytest.raises(ValueError, match=reason) as refused:
        Zone(text)
    told = str(refused.value)
    assert told.startswith(f"'{text}' is no time zone, because ")
    assert told.endswith(": write one such as CET-1CEST,M3.5.0,M10.5.0/3")


@given(st.text(max_size=80) | st.lists(st.sampled_from(list("CET<>+-:,M1J/.0"))).map("".join))
def test_any_text_is_a_zone_or_refused(text):
    try:
        zone = Zone(text)
    except ValueError:
        return
    weekday, minute = zone.local(FIRST_S)
    assert 0 <= weekday < 7
    assert 0 <= minute < 1440


def test_the_same_on_micropython(micropython):
    script = runtimes.ROOT / "tests/firmware/on_micropython/local_times.py"
    done = runtimes.run(micropython, script, *KNOWN)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{zone.offset_s(unix_s)} {zone.local(unix_s)} {zone.next_change_s(unix_s)}"
        for zone in map(Zone, KNOWN)
        for unix_s in (1767268800, 1782864000, 4070908800)
    ]
