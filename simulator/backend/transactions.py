"""Transactions, from StartTransaction to StopTransaction, and the meter values of and between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.backend.models import MeterSample, Transaction
from simulator.backend.repository import Repository

LARGEST_ID = 2**31 - 1
"""Ids are 32-bit integers on every database; a charger may well ask for others."""


@dataclass(frozen=True)
class Start:
    """What makes a transaction the one it is, so that a resent StartTransaction finds it again."""

    connector: int
    id_tag: str
    started_at: datetime
    meter_start_wh: int


@dataclass(frozen=True)
class Stop:
    """How a transaction ended."""

    stopped_at: datetime
    meter_stop_wh: int
    reason: str
    id_tag: str | None = None


@dataclass(frozen=True)
class Sample:
    """One sampled value; what a charger leaves out stands for these defaults (OCPP 1.6, SampledValue)."""

    measured_at: datetime
    value: str
    measurand: str = "Energy.Active.Import.Register"
    unit: str = "Wh"
    phase: str = ""
    context: str = "Sample.Periodic"
    location: str = "Outlet"

    @property
    def key(self) -> tuple[datetime, str, str, str, str, str]:
        """What makes it the same sample when it is sent again: all but its value."""
        return self.measured_at, self.measurand, self.phase, self.context, self.location, self.unit


class Transactions(Repository):
    """Transactions by id, and meter samples with or without one."""

    def start(
        self, identity: str, start: Start, authorisation: str, reservation: int | None = None
    ) -> tuple[Transaction, bool]:
        """The transaction that this start began, and whether it is new rather than sent again."""
        with self._begin() as session:
            query = select(Transaction).filter_by(charger=identity, **vars(start))
            transaction = session.scalars(query).one_or_none()
            if transaction is not None:
                return transaction, False
            transaction = Transaction(charger=identity, **vars(start), authorisation=authorisation)
            transaction.reservation, transaction.start_received_at = reservation, self._clock.now()
            session.add(transaction)
            return transaction, True

    def stop(self, identity: str, transaction_id: int, stop: Stop) -> tuple[Transaction | None, bool]:
        """The charger's transaction, None where it has none with this id, and whether this is what ended it.

        The first stop counts: one that is sent again changes nothing.
        """
        with self._begin() as session:
            transaction = _find(session, identity, transaction_id)
            if transaction is None or transaction.stopped_at is not None:
                return transaction, False
            transaction.stopped_at, transaction.meter_stop_wh = stop.stopped_at, stop.meter_stop_wh
            transaction.stop_reason, transaction.stop_id_tag = stop.reason, stop.id_tag
            transaction.stop_received_at = self._clock.now()
            return transaction, True

    def get(self, identity: str, transaction_id: int) -> Transaction | None:
        """The charger's transaction with this id."""
        with self._begin() as session:
            return _find(session, identity, transaction_id)

    def all(self, identity: str | None = None, running: bool | None = None) -> Sequence[Transaction]:
        """Transactions by id: of one charger or all, running or ended or both."""
        query = select(Transaction).order_by(Transaction.id)
        if identity is not None:
            query = query.filter_by(charger=identity)
        if running is not None:
            ended = Transaction.stopped_at
            query = query.where(ended.is_(None) if running else ended.is_not(None))
        with self._begin() as session:
            return session.scalars(query).all()

    def add_samples(
        self, identity: str, connector: int, transaction_id: int | None, samples: Sequence[Sample]
    ) -> int:
        """Keeps the samples that are new and says how many; an unknown transaction's are kept without one."""
        with self._begin() as session:
            transaction = _find(session, identity, transaction_id)
            known = _known_samples(session, identity, connector, samples)
            fresh = {sample.key: sample for sample in samples if sample.key not in known}
            for sample in fresh.values():
                row = MeterSample(charger=identity, connector=connector, **vars(sample))
                row.transaction_id = transaction.id if transaction else None
                row.received_at = self._clock.now()
                session.add(row)
            return len(fresh)

    def samples(
        self, identity: str, transaction_id: int | None = None, connector: int | None = None
    ) -> Sequence[MeterSample]:
        """A charger's samples in the order of measuring; of one transaction, of one connector, or all."""
        query = select(MeterSample).filter_by(charger=identity)
        if transaction_id is not None:
            query = query.filter_by(transaction_id=transaction_id)
        if connector is not None:
            query = query.filter_by(connector=connector)
        with self._begin() as session:
            return session.scalars(query.order_by(MeterSample.measured_at, MeterSample.id)).all()


def _find(session: Session, identity: str, transaction_id: int | None) -> Transaction | None:
    if transaction_id is None or not 0 < transaction_id <= LARGEST_ID:
        return None
    transaction = session.get(Transaction, transaction_id)
    return transaction if transaction is not None and transaction.charger == identity else None


def _known_samples(
    session: Session, identity: str, connector: int, samples: Sequence[Sample]
) -> set[tuple[datetime, str, str, str, str, str]]:
    moments = sorted({sample.measured_at for sample in samples})
    row = MeterSample
    query = select(row.measured_at, row.measurand, row.phase, row.context, row.location, row.unit).where(
        row.charger == identity, row.connector == connector, row.measured_at.in_(moments)
    )
    return {(*found,) for found in session.execute(query)}
