"""The backend's idea of time: a clock that is passed in, and RFC 3339 text."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where the date comes from: the system's clock, or a simulator's."""

    def now(self) -> datetime:
        """The current moment, with its time zone."""


class SystemClock:
    """The wall clock; nothing else in the backend reads it."""

    def now(self) -> datetime:
        """The current moment in UTC."""
        return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as the examples of OCPP 1.6 have it: 2026-01-31T12:00:00.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """The UTC moment that RFC 3339 text names; without a zone it is taken as UTC, as many chargers mean it.

    ValueError when it names none.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is not a date and time of RFC 3339") from None
