"""The chargers that are known, and what they said of their connectors."""

from collections.abc import Sequence

from sqlalchemy import func, select

from simulator.backend import passwords
from simulator.backend.models import Charger, StatusReport
from simulator.backend.repository import Repository, find_charger


class Chargers(Repository):
    """Charge points by identity, with their registration and their status history."""

    def get(self, identity: str) -> Charger | None:
        """The charger of this identity, if it is known."""
        with self._begin() as session:
            return session.get(Charger, identity)

    def all(self) -> Sequence[Charger]:
        """All chargers, by identity."""
        with self._begin() as session:
            return session.scalars(select(Charger).order_by(Charger.identity)).all()

    def add(self, identity: str, registration: str = "Accepted") -> Charger:
        """A new charger with this registration, or the one already there as it is."""
        with self._begin() as session:
            charger = session.get(Charger, identity)
            if charger is None:
                charger = Charger(identity=identity, registration=registration)
                session.add(charger)
            return charger

    def register(self, identity: str, registration: str) -> None:
        """Decides what the charger's next BootNotification is answered: Accepted, Pending or Rejected."""
        with self._begin() as session:
            find_charger(session, identity).registration = registration

    def set_password(self, identity: str, password: bytes | None) -> None:
        """The Basic authentication password to ask for from now on, or None for none."""
        with self._begin() as session:
            charger = find_charger(session, identity)
            charger.password = None if password is None else passwords.protect(password)

    def replace_password(self, identity: str, password: bytes) -> None:
        """As `set_password`, for a charger that is asked for one already."""
        with self._begin() as session:
            charger = find_charger(session, identity)
            if charger.password is not None:
                charger.password = passwords.protect(password)

    def seen(self, identity: str) -> Charger:
        """Notes that the charger gave a sign of life now."""
        with self._begin() as session:
            charger = find_charger(session, identity)
            charger.last_seen = self._clock.now()
            return charger

    def boot(self, identity: str, vendor: str, model: str, serial_number: str, firmware: str) -> Charger:
        """Notes what a BootNotification tells."""
        with self._begin() as session:
            charger = find_charger(session, identity)
            charger.vendor, charger.model = vendor, model
            charger.serial_number, charger.firmware = serial_number, firmware
            charger.booted_at = self._clock.now()
            return charger

    def add_status(self, report: StatusReport) -> None:
        """Adds a status to the history of its connector."""
        with self._begin() as session:
            session.add(report)

    def status(self, identity: str) -> Sequence[StatusReport]:
        """The latest status of each connector of a charger, connector 0 first."""
        last = select(func.max(StatusReport.id)).filter_by(charger=identity).group_by(StatusReport.connector)
        query = select(StatusReport).where(StatusReport.id.in_(last)).order_by(StatusReport.connector)
        with self._begin() as session:
            return session.scalars(query).all()

    def status_history(self, identity: str, connector: int) -> Sequence[StatusReport]:
        """Every status of one connector, in the order of arrival."""
        query = select(StatusReport).filter_by(charger=identity, connector=connector)
        with self._begin() as session:
            return session.scalars(query.order_by(StatusReport.id)).all()
