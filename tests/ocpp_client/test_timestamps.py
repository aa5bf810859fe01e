"""Moments as text, held against the standard library's calendar."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.timestamps import BadTimestamp, from_text, to_text

FIRST = datetime(1971, 1, 1, tzinfo=UTC)
LAST = datetime(9998, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MS = (datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)


@given(st.integers(0, LAST_MS))
def test_text_is_what_the_calendar_says_and_comes_back(unix_ms):
    moment = EPOCH + timedelta(milliseconds=unix_ms)
    text = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert to_text(unix_ms) == text
    assert from_text(text) == unix_ms


@given(
    st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)),
    st.integers(-14 * 60, 14 * 60),
    st.sampled_from(["T", "t", " "]),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_zones_and_fractions_of_any_length_are_read(moment, offset, separator, precision):
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    text = zoned.isoformat(separator, precision)
    expected = (datetime.fromisoformat(text) - EPOCH) // timedelta(milliseconds=1)
    assert from_text(text) == expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-03-01T12:00:00", "2026-03-01T12:00:00.000Z"),
        ("2026-03-01T12:00:00.5Z", "2026-03-01T12:00:00.500Z"),
        ("2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00.123Z"),
        ("2026-03-01T12:00:00+0130", "2026-03-01T10:30:00.000Z"),
        ("2026-03-01T12:00:00-02", "2026-03-01T14:00:00.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2024-02-29t00:00:00z", "2024-02-29T00:00:00.000Z"),
    ],
)
def test_what_servers_write_is_understood(text, same):
    assert to_text(from_text(text)) == same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-03-01",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00+1:00",
        "2026-03-01T12:00:00 CET",
        "2026-03-01T12:00:0٣Z",
        "1969-12-31T23:59:59Z",
    ],
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(BadTimestamp):
        from_text(text)


@given(st.text(alphabet="0123456789-+:.TZ ", max_size=40))
def test_no_text_does_harm(text):
    with contextlib.suppress(BadTimestamp):
        assert isinstance(from_text(text), int)
