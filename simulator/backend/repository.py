"""What the parts of the store share: short database transactions, and the clock.

Rows that a repository returns stand alone: reading them asks the database nothing more, changing them changes
nothing. One store writes to a database at a time; if two ever met in the same row, one message would be
refused, and the charger that sends it again finds the row.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy.orm import Session

from simulator.backend.clock import Clock
from simulator.backend.models import Charger

Begin = Callable[[], AbstractContextManager[Session]]
"""Begins a database transaction that is committed at its end, or undone by an exception."""


class Repository:
    """Questions about one kind of row and commands to it, each in one database transaction."""

    def __init__(self, begin: Begin, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock


def find_charger(session: Session, identity: str) -> Charger:
    """The charger of this identity; KeyError when there is none."""
    charger = session.get(Charger, identity)
    if charger is None:
        raise KeyError(f"no charger is called {identity!r}; add it first")
    return charger
