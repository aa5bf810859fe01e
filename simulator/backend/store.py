"""The backend's memory: one database, one clock, and a repository for each kind of row."""

from sqlalchemy.orm import sessionmaker

from simulator.backend.cards import Cards
from simulator.backend.chargers import Chargers
from simulator.backend.clock import Clock
from simulator.backend.commands import Commands
from simulator.backend.database import IN_MEMORY, StoreError, open_engine
from simulator.backend.transactions import Sample, Start, Stop, Transactions

__all__ = ["IN_MEMORY", "Sample", "Start", "Stop", "Store", "StoreError"]


class Store:
    """Everything that is kept: chargers and their status, cards, transactions and meter values, commands."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Opens a SQLAlchemy URL, as `IN_MEMORY` or "sqlite:///backend.sqlite"; `StoreError` if it cannot."""
        self._engine = open_engine(url)
        begin = sessionmaker(self._engine, expire_on_commit=False).begin
        self.chargers = Chargers(begin, clock)
        self.cards = Cards(begin, clock)
        self.transactions = Transactions(begin, clock)
        self.commands = Commands(begin, clock)

    def close(self) -> None:
        """Lets go of the database."""
        self._engine.dispose()
