"""The cards that may charge."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from simulator.backend.models import Card
from simulator.backend.repository import Repository


class Cards(Repository):
    """Cards by idTag, in whichever case it is written."""

    def add(
        self,
        id_tag: str,
        status: str = "Accepted",
        parent: str | None = None,
        expires_at: datetime | None = None,
        label: str = "",
    ) -> Card:
        """Adds a card, or replaces what is known of it."""
        card = Card(key=id_tag.lower(), id_tag=id_tag, status=status, label=label)
        card.parent, card.expires_at = parent, expires_at
        with self._begin() as session:
            return session.merge(card)

    def remove(self, id_tag: str) -> None:
        """Forgets a card; what it charged stays."""
        with self._begin() as session:
            card = session.get(Card, id_tag.lower())
            if card is not None:
                session.delete(card)

    def get(self, id_tag: str) -> Card | None:
        """The card with this idTag, if it is known."""
        with self._begin() as session:
            return session.get(Card, id_tag.lower())

    def all(self) -> Sequence[Card]:
        """All cards, by idTag."""
        with self._begin() as session:
            return session.scalars(select(Card).order_by(Card.key)).all()

    def status(self, card: Card) -> str:
        """The AuthorizationStatus of a card now: its own, or Expired once its day has passed."""
        if card.status == "Accepted" and card.expires_at is not None and card.expires_at <= self._clock.now():
            return "Expired"
        return card.status
