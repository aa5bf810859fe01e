"""What the backend answers: one handler for each call of an OCPP 1.6 charge point."""

from collections.abc import Callable
from typing import Any

from ocpp.exceptions import SecurityError
from ocpp.routing import on
from ocpp.v16 import call_result
from ocpp.v16.datatypes import IdTagInfo
from ocpp.v16.enums import Action, AuthorizationStatus, DataTransferStatus, RegistrationStatus

from simulator.backend.clock import Clock, to_text
from simulator.backend.models import StatusReport, Transaction
from simulator.backend.payload import moment, samples, within
from simulator.backend.rpc import Connection, Link
from simulator.backend.settings import Settings
from simulator.backend.store import Sample, Start, Stop, Store


class ChargerLink(Link):
    """One connected charger: keeps what it reports, answers what it asks."""

    def __init__(
        self,
        identity: str,
        connection: Connection,
        *,
        store: Store,
        clock: Clock,
        ids: Callable[[], str],
        settings: Settings,
        emit: Callable[..., None],
    ) -> None:
        """All but the first two are the central system's; `emit(event, **fields)` tells its observers."""
        super().__init__(identity, connection, ids, settings.answer_timeout_s, emit)
        self._settings = settings
        self._store = store
        self._clock = clock
        self.triggered: set[str] = set()
        """Actions that a TriggerMessage asked for: a charger whose registration is Pending may send these."""

    def admit(self, action: str) -> None:
        """Until its registration is Accepted a charger sends only BootNotification (OCPP 1.6, 4.2)."""
        charger = self._store.chargers.seen(self.id)
        allowed = action in self.triggered and charger.registration == "Pending"
        if charger.registration != "Accepted" and action != Action.boot_notification and not allowed:
            raise SecurityError(
                details={"cause": f"registration is {charger.registration}: BootNotification comes first"}
            )

    # -- the charger itself

    @on(Action.boot_notification)
    def on_boot_notification(
        self,
        charge_point_vendor: str,
        charge_point_model: str,
        charge_point_serial_number: str = "",
        firmware_version: str = "",
        **_: str,
    ) -> call_result.BootNotification:
        """Notes who the charger is, and tells it whether it may take part."""
        told = (charge_point_vendor, charge_point_model, charge_point_serial_number, firmware_version)
        registration = self._store.chargers.boot(self.id, *told).registration
        self._tell("booted", vendor=told[0], model=told[1], firmware=told[3], registration=registration)
        accepted = registration == "Accepted"
        interval_s = self._settings.heartbeat_interval_s if accepted else self._settings.retry_interval_s
        return call_result.BootNotification(self._now_text(), interval_s, RegistrationStatus(registration))

    @on(Action.heartbeat)
    def on_heartbeat(self) -> call_result.Heartbeat:
        """Tells the time."""
        self._tell("heartbeat")
        return call_result.Heartbeat(self._now_text())

    @on(Action.status_notification)
    def on_status_notification(
        self,
        connector_id: int,
        status: str,
        error_code: str,
        timestamp: str | None = None,
        info: str = "",
        vendor_id: str = "",
        vendor_error_code: str = "",
    ) -> call_result.StatusNotification:
        """Adds to the history of the connector; without a timestamp it became so when it was heard."""
        now = self._clock.now()
        report = StatusReport(
            charger=self.id,
            connector=within("connectorId", connector_id, 0),
            status=status,
            error_code=error_code,
            info=info,
            vendor_id=vendor_id,
            vendor_error_code=vendor_error_code,
            reported_at=now if timestamp is None else moment(timestamp),
            received_at=now,
        )
        self._store.chargers.add_status(report)
        error = {"error_code": error_code, "vendor_error_code": vendor_error_code, "info": info}
        self._tell("status", connector=connector_id, status=status, **error)
        return call_result.StatusNotification()

    @on(Action.firmware_status_notification)
    def on_firmware_status_notification(self, status: str) -> call_result.FirmwareStatusNotification:
        """Passes on how a firmware update goes."""
        self._tell("firmware_status", status=status)
        return call_result.FirmwareStatusNotification()

    @on(Action.diagnostics_status_notification)
    def on_diagnostics_status_notification(self, status: str) -> call_result.DiagnosticsStatusNotification:
        """Passes on how an upload of diagnostics goes."""
        self._tell("diagnostics_status", status=status)
        return call_result.DiagnosticsStatusNotification()

    @on(Action.data_transfer)
    def on_data_transfer(
        self, vendor_id: str, message_id: str = "", data: str = ""
    ) -> call_result.DataTransfer:
        """Passes the message on; the backend itself knows no vendor."""
        self._tell("data_transfer", vendor_id=vendor_id, message_id=message_id, data=data)
        return call_result.DataTransfer(DataTransferStatus.unknown_vendor_id)

    # -- charging

    @on(Action.authorize)
    def on_authorize(self, id_tag: str) -> call_result.Authorize:
        """Says whether a card may charge."""
        info = self._authorise(id_tag)
        self._tell("authorised", id_tag=id_tag, status=str(info.status))
        return call_result.Authorize(info)

    @on(Action.start_transaction)
    def on_start_transaction(
        self,
        connector_id: int,
        id_tag: str,
        meter_start: int,
        timestamp: str,
        reservation_id: int | None = None,
    ) -> call_result.StartTransaction:
        """Gives the transaction its id: every start is kept, also of a card that may not charge."""
        start = Start(
            within("connectorId", connector_id, 1),
            id_tag,
            moment(timestamp),
            within("meterStart", meter_start),
        )
        info = self._authorise(id_tag)
        reservation = None if reservation_id is None else within("reservationId", reservation_id)
        transaction, new = self._store.transactions.start(self.id, start, str(info.status), reservation)
        self._tell_transaction(
            "transaction_started",
            transaction,
            new,
            meter_start_wh=meter_start,
            authorisation=str(info.status),
        )
        return call_result.StartTransaction(transaction.id, info)

    @on(Action.stop_transaction)
    def on_stop_transaction(
        self,
        meter_stop: int,
        timestamp: str,
        transaction_id: int,
        id_tag: str | None = None,
        reason: str = "Local",
        transaction_data: list[dict[str, Any]] | None = None,
    ) -> call_result.StopTransaction:
        """Ends the transaction; the end of one that nobody knows is kept as a meter value."""
        stop = Stop(moment(timestamp), within("meterStop", meter_stop), reason, id_tag)
        taken = list(samples(transaction_data or []))
        transaction, ended = self._store.transactions.stop(self.id, transaction_id, stop)
        if transaction is None:
            taken.append(Sample(stop.stopped_at, str(meter_stop), context="Transaction.End"))
        connector = transaction.connector if transaction else 0
        self._store.transactions.add_samples(self.id, connector, transaction_id, taken)
        self._tell_stop(transaction, transaction_id, ended)
        return call_result.StopTransaction(self._authorise(id_tag) if id_tag is not None else None)

    @on(Action.meter_values)
    def on_meter_values(
        self, connector_id: int, meter_value: list[dict[str, Any]], transaction_id: int | None = None
    ) -> call_result.MeterValues:
        """Keeps the samples with the moments the charger gave them."""
        taken = list(samples(meter_value))
        connector = within("connectorId", connector_id, 0)
        new = self._store.transactions.add_samples(self.id, connector, transaction_id, taken)
        readings = [
            {"measurand": s.measurand, "phase": s.phase, "value": s.value, "unit": s.unit} for s in taken
        ]
        self._tell(
            "meter_values", connector=connector_id, transaction=transaction_id, new=new, readings=readings
        )
        return call_result.MeterValues()

    # -- what they share

    def _authorise(self, id_tag: str) -> IdTagInfo:
        card = self._store.cards.get(id_tag)
        if card is None:
            known = self._settings.accept_unknown_cards
            return IdTagInfo(AuthorizationStatus.accepted if known else AuthorizationStatus.invalid)
        expiry = None if card.expires_at is None else to_text(card.expires_at)
        return IdTagInfo(AuthorizationStatus(self._store.cards.status(card)), card.parent, expiry)

    def _now_text(self) -> str:
        return to_text(self._clock.now())

    def _tell(self, event: str, **fields: Any) -> None:
        self._emit(event, charger=self.id, **fields)

    def _tell_transaction(self, event: str, transaction: Transaction, new: bool, **fields: Any) -> None:
        self._tell(
            event if new else "transaction_resent",
            transaction=transaction.id,
            connector=transaction.connector,
            id_tag=transaction.id_tag,
            **fields,
        )

    def _tell_stop(self, transaction: Transaction | None, transaction_id: int, ended: bool) -> None:
        if transaction is None:
            self._tell("transaction_unknown", transaction=transaction_id)
            return
        assert transaction.stopped_at is not None
        assert transaction.meter_stop_wh is not None
        self._tell_transaction(
            "transaction_stopped",
            transaction,
            ended,
            meter_stop_wh=transaction.meter_stop_wh,
            energy_wh=transaction.meter_stop_wh - transaction.meter_start_wh,
            duration_s=int((transaction.stopped_at - transaction.started_at).total_seconds()),
            reason=transaction.stop_reason,
        )
