"""The course of a transaction: what of it is used up, how it is noted meanwhile, and how it ends."""

from firmware import errors

NOTE_MS = 60000
"""How often a running transaction is noted: after a power cut, its end is known to a minute."""


class Course:
    """Looks after whatever transaction runs on a `Connector`."""

    def __init__(self, connector, services):
        self._connector = connector
        self._services = services
        self._noted_ms = 0
        self._ending_ms = 0

    def begin(self):
        """A transaction has begun; the moment."""
        self._noted_ms = self._services.clock.now_ms()
        return self._noted_ms

    def end(self):
        """It is ending from now on."""
        self._ending_ms = self._services.clock.now_ms()

    def look(self, now_ms):
        """Move it on; to be called every 100 ms."""
        connector = self._connector
        transaction = connector.transaction
        if not transaction:
            return
        if connector.snapshot.close:
            transaction.has_charged = True
        if not transaction.ending():
            self._check_reached(transaction, now_ms)
        if transaction.ending():
            self._check_end(transaction, now_ms)
            return
        if connector.denial:
            connector.denial.look()
        if now_ms - self._noted_ms >= NOTE_MS:
            self._noted_ms = now_ms
            self._services.note(transaction)
            connector.register.keep(True)

    def _check_reached(self, transaction, now_ms):
        connector = self._connector
        snapshot, wish = connector.snapshot, connector.wish
        used = (snapshot.lifetime_wh - transaction.meter_wh, now_ms - connector.started_ms)
        latched = errors.gravest(snapshot.latched)
        cause = latched.wording if latched else wish.reached(*used) if wish else ""
        if cause:
            # Local would be a person's deed at the charger (OCPP 1.6, 7.36).
            connector.stop("Other", cause=cause)

    def _check_end(self, transaction, now_ms):
        """Finish as soon as the contactor is open and the register was read after that, or never will be."""
        connector = self._connector
        if connector.snapshot.close:
            self._ending_ms = now_ms
        open_ms = now_ms - self._ending_ms
        metered = connector.register.is_final(open_ms)
        if metered or connector.register.is_overdue(open_ms):
            self._finish(transaction, metered)

    def _finish(self, transaction, metered):
        connector = self._connector
        record = transaction.stop_record(connector.snapshot.lifetime_wh)
        try:
            self._services.complete(record)
        except OSError as error:
            # Kept and tried again: the reserve for stops is only gone when the store itself is broken.
            if not transaction.unwritten:
                transaction.unwritten = True
                connector.publish("stop_unwritten", tx=transaction.number, reason=str(error))
            self.end()
            return
        connector.finished(transaction)
        connector.publish(
            "transaction_stopped",
            tx=transaction.number,
            reason=transaction.reason,
            meter_wh=record["meter_wh"],
            energy_wh=record["meter_wh"] - transaction.meter_wh,
            metered=metered,
            note=transaction.note,
        )
