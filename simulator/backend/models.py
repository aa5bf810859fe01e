"""What the backend keeps: chargers, cards, transactions, meter values, status history and commands.

Every moment is UTC; `received_at` is the backend's clock, the other moments are the charger's own. Texts have
lengths, as databases other than SQLite want them: those of OCPP 1.6 where it has any.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from simulator.backend.columns import UtcDateTime

ID_TAG = String(20)
IDENTITY = String(64)
STATUS = String(32)
LABEL = String(255)


class Base(DeclarativeBase):
    """All tables of the backend."""

    type_annotation_map = {datetime: UtcDateTime}


class Charger(Base):
    """A charge point, by the identity it connects with."""

    __tablename__ = "chargers"

    identity: Mapped[str] = mapped_column(IDENTITY, primary_key=True)
    registration: Mapped[str] = mapped_column(STATUS)
    """RegistrationStatus: Accepted, Pending or Rejected."""
    vendor: Mapped[str] = mapped_column(LABEL, default="")
    model: Mapped[str] = mapped_column(LABEL, default="")
    serial_number: Mapped[str] = mapped_column(LABEL, default="")
    firmware: Mapped[str] = mapped_column(LABEL, default="")
    password: Mapped[str | None] = mapped_column(LABEL)
    """Salt and hash of the Basic authentication password; None asks for none."""
    booted_at: Mapped[datetime | None]
    last_seen: Mapped[datetime | None]


class StatusReport(Base):
    """One StatusNotification: the history of a connector, or of the whole charger with connector 0."""

    __tablename__ = "status_history"
    __table_args__ = (Index("status_history_of_connector", "charger", "connector", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charger: Mapped[str] = mapped_column(ForeignKey("chargers.identity"))
    connector: Mapped[int]
    status: Mapped[str] = mapped_column(STATUS)
    error_code: Mapped[str] = mapped_column(STATUS)
    info: Mapped[str] = mapped_column(LABEL, default="")
    vendor_id: Mapped[str] = mapped_column(LABEL, default="")
    vendor_error_code: Mapped[str] = mapped_column(LABEL, default="")
    reported_at: Mapped[datetime]
    received_at: Mapped[datetime]


class Card(Base):
    """An idTag that may charge, or that is known not to."""

    __tablename__ = "cards"

    key: Mapped[str] = mapped_column(ID_TAG, primary_key=True)
    """The idTag in lower case: OCPP compares idTags without case (CiString20Type)."""
    id_tag: Mapped[str] = mapped_column(ID_TAG)
    status: Mapped[str] = mapped_column(STATUS)
    """AuthorizationStatus: Accepted, Blocked, Expired or Invalid."""
    parent: Mapped[str | None] = mapped_column(ID_TAG)
    expires_at: Mapped[datetime | None]
    label: Mapped[str] = mapped_column(LABEL, default="")


class Transaction(Base):
    """From StartTransaction to StopTransaction; still running while `stopped_at` is None."""

    __tablename__ = "transactions"
    __table_args__ = (
        # A charger that missed the answer sends the same StartTransaction again: it is the same transaction.
        UniqueConstraint("charger", "connector", "id_tag", "started_at", "meter_start_wh"),
        # An id that was handed out once is never handed out again, whatever is deleted.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charger: Mapped[str] = mapped_column(ForeignKey("chargers.identity"), index=True)
    connector: Mapped[int]
    id_tag: Mapped[str] = mapped_column(ID_TAG)
    authorisation: Mapped[str] = mapped_column(STATUS)
    """What StartTransaction was answered; other than Accepted it was not meant to deliver."""
    reservation: Mapped[int | None]
    meter_start_wh: Mapped[int]
    started_at: Mapped[datetime]
    start_received_at: Mapped[datetime]
    meter_stop_wh: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    stop_received_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(STATUS)
    stop_id_tag: Mapped[str | None] = mapped_column(ID_TAG)


class MeterSample(Base):
    """One sampled value; `phase` is empty where the value is of all phases or of none."""

    __tablename__ = "meter_samples"
    __table_args__ = (
        # A resent message adds nothing. The empty phase is not NULL because NULLs never equal each other.
        UniqueConstraint(
            "charger", "connector", "measured_at", "measurand", "phase", "context", "location", "unit"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charger: Mapped[str] = mapped_column(ForeignKey("chargers.identity"))
    connector: Mapped[int]
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("transactions.id"), index=True)
    measured_at: Mapped[datetime]
    context: Mapped[str] = mapped_column(STATUS)
    measurand: Mapped[str] = mapped_column(STATUS)
    phase: Mapped[str] = mapped_column(STATUS)
    location: Mapped[str] = mapped_column(STATUS)
    unit: Mapped[str] = mapped_column(STATUS)
    value: Mapped[str] = mapped_column(Text)
    """As reported: a decimal number, or signed data."""
    received_at: Mapped[datetime]


class Command(Base):
    """What an operator asked of a charger, and what came of it."""

    __tablename__ = "commands"

    id: Mapped[int] = mapped_column(primary_key=True)
    charger: Mapped[str] = mapped_column(ForeignKey("chargers.identity"), index=True)
    action: Mapped[str] = mapped_column(STATUS)
    request: Mapped[str] = mapped_column(Text)
    """The payload as JSON, passwords and keys left out."""
    sent_at: Mapped[datetime]
    status: Mapped[str | None] = mapped_column(STATUS)
    """The `CommandResult.status`; None while the answer is awaited."""
    detail: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
