"""What operators asked of chargers."""

import json
from collections.abc import Sequence

from sqlalchemy import select

from simulator.backend.models import Command
from simulator.backend.repository import Repository, find_charger


class Commands(Repository):
    """Commands in the order they were given, with what came of each."""

    def sent(self, identity: str, action: str, request: dict[str, object]) -> int:
        """Notes that a command goes out now, and gives it a number."""
        row = Command(charger=identity, action=action, request=json.dumps(request, sort_keys=True))
        row.sent_at = self._clock.now()
        with self._begin() as session:
            find_charger(session, identity)
            session.add(row)
        return row.id

    def answered(self, number: int, status: str, detail: str) -> None:
        """Notes what came of it."""
        with self._begin() as session:
            command = session.get_one(Command, number)
            command.status, command.detail, command.answered_at = status, detail, self._clock.now()

    def all(self, identity: str) -> Sequence[Command]:
        """Every command to a charger, the first one first."""
        with self._begin() as session:
            return session.scalars(select(Command).filter_by(charger=identity).order_by(Command.id)).all()
