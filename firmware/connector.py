"""One connector as people know it: its status, who may charge, and the running transaction.

Control decides about current; this decides about transactions, at the pace of people (every 100 ms). It
writes the journal first and the mailbox second, so what it acts on has survived.
"""

from control import faults, states
from firmware import errors
from firmware.authoriser import same_tag
from firmware.latches import Latches
from firmware.narration import narrated
from firmware.register import Register
from firmware.standing import limit_text, standing
from ocpp_client.reports import Status

NOTE_MS = 60000
"""How often a running transaction is noted: after a power cut, its end is known to a minute."""


class Connector:
    """Facade of one connector."""

    def __init__(self, number, lane, services):
        """`services`: the `firmware.services.Services` of the charger."""
        self.number = number
        self.controller = lane.controller
        self.snapshot = lane.controller.snapshot
        self.transaction = None
        self.status = Status("Available", stamp=services.clock.stamp())
        self.pending_tag = ""
        """Authorised before the car was plugged in."""
        self.used = False
        """A transaction has ended in this plug-in."""
        self.started_ms = 0
        """When the transaction began."""
        self.has_looked = False
        """`status` is what was seen, not what it began with."""
        self.wish = None
        """A `firmware.wish.Wish` for the transaction that runs or is to begin, or None."""
        self.switchable = lane.parts.phase_switch.fitted
        self.register = Register(number, lane, services)
        self.latches = Latches(number, lane.controller, services)
        self._services = services
        self._session = 0
        """The plug-in that all of this belongs to."""
        self._met = False
        """Its car is known to be there."""
        self._pending_ms = 0
        self._ending_ms = 0
        self._noted_ms = 0

    # What clients ask and tell.

    def reading(self):
        """The meter's fresh `Reading`, or None."""
        return self.register.reading()

    def can_start(self, id_tag=""):
        """Why no transaction can start now (for `id_tag`, when it is told), or an empty string."""
        if not self.snapshot.ticks or self._services.restarting:
            return "the charger is restarting"
        if self.transaction:
            return "a transaction is running"
        if not self.controller.mailbox.enabled:
            return "the connector is out of service"
        error = errors.gravest(self.snapshot.faults & ~faults.WARNINGS)
        if error:
            return error.wording
        if self.register.is_silent():
            return "the meter has not answered yet"
        if id_tag and self.pending_tag and not same_tag(id_tag, self.pending_tag):
            return "another card was authorised and waits for its car"
        return ""

    def grant(self, id_tag, wish=None):
        """`id_tag` is authorised: start now or when a car comes, with `wish`. Why not, or an empty string."""
        self._follow_plug()
        refusal = self.can_start(id_tag)
        if refusal:
            return self._refuse(id_tag, refusal)
        self.pending_tag = id_tag
        self.wish = wish
        self._pending_ms = self._services.clock.now_ms()
        return self._check_pending(self._pending_ms)

    def stop(self, reason, id_tag="", cause=""):
        """Withdraw the offer at once and end the transaction, for an OCPP `reason` and what people are told
        beside it. False when none runs."""
        if not self.transaction:
            return False
        self.controller.mailbox.authorised_session = 0
        if not self.transaction.ending():
            self.transaction.end(reason, self._services.clock.stamp(), id_tag)
            self._ending_ms = self._services.clock.now_ms()
            self._services.note(self.transaction)
            self._publish("stopping", tx=self.transaction.number, reason=reason, cause=cause)
        return True

    def adopt(self, transaction, reason, stamp):
        """Take back a transaction that a restart interrupted, and end it, unless it was ending already."""
        self.transaction = transaction
        transaction.end(reason, stamp)
        self._ending_ms = self._services.clock.now_ms()

    # What the charger's task calls.

    def work(self, now_ms):
        """Take control's events, move the transaction on, and publish what changed."""
        event = self.controller.events.take()
        while event:
            self._publish(**narrated(event))
            event = self.controller.events.take()
        self.register.look()
        self._follow_plug()
        self.latches.look()
        self._check_pending(now_ms)
        self._check_transaction(now_ms)
        self._publish_status(now_ms)
        if self.snapshot.state != states.STARTING:
            self.has_looked = True

    def _follow_plug(self):
        """By the plug-in's number, not by events: what was granted to one never outlives it, whatever this
        task missed meanwhile."""
        session = self.snapshot.session
        if session != self._session:
            self._session = session
            self._met = self.used = False
            self.pending_tag, self.wish = "", None
            self.stop("EVDisconnected")
        if self.snapshot.plugged and not self._met:
            self._met = True
            if not self.pending_tag and self._services.settings.get("PlugAndCharge"):
                self.pending_tag = self._services.settings.get("PlugAndChargeTag")
                self.wish = None

    def _check_pending(self, now_ms):
        """Start for who was authorised, as soon as a car is there and nothing is in the way. Why it cannot
        be, or an empty string."""
        tag = self.pending_tag
        if not tag:
            return ""
        if self.snapshot.plugged:
            # A transaction must not begin at the register of before the restart.
            if self.register.known and not self.can_start():
                self.pending_tag = ""
                return self._start(tag)
            return ""
        timeout_s = self._services.settings.get("ConnectionTimeOut")
        if timeout_s and now_ms - self._pending_ms >= timeout_s * 1000:
            self.pending_tag = ""
            self._publish("authorisation_expired", id_tag=tag)
        return ""

    def _start(self, id_tag):
        services = self._services
        try:
            transaction = services.begin(self.number, id_tag, self.snapshot.lifetime_wh)
        except OSError as error:
            return self._refuse(id_tag, "the journal cannot be written: %s" % error)
        self.transaction = transaction
        self.started_ms = self._noted_ms = services.clock.now_ms()
        self.register.keep()
        # Not the snapshot's number: the car may have left while the journal was written.
        services.prepare(self, self._session)
        self.controller.mailbox.authorised_session = self._session
        self._publish(
            "transaction_started", tx=transaction.number, id_tag=id_tag, meter_wh=transaction.meter_wh
        )
        return ""

    def _refuse(self, id_tag, reason):
        self._publish("start_refused", id_tag=id_tag, reason=reason)
        return reason

    def _check_transaction(self, now_ms):
        transaction = self.transaction
        if not transaction:
            return
        if self.snapshot.close:
            transaction.has_charged = True
        if not transaction.ending():
            self._check_reached(transaction, now_ms)
        if transaction.ending():
            self._check_end(transaction, now_ms)
        elif now_ms - self._noted_ms >= NOTE_MS:
            self._noted_ms = now_ms
            self._services.note(transaction)
            self.register.keep()

    def _check_reached(self, transaction, now_ms):
        snapshot, wish = self.snapshot, self.wish
        used = (snapshot.lifetime_wh - transaction.meter_wh, now_ms - self.started_ms)
        latched = errors.gravest(snapshot.latched)
        cause = latched.wording if latched else wish.reached(*used) if wish else ""
        if cause:
            # Local would be a person's deed at the charger (OCPP 1.6, 7.36).
            self.stop("Other", cause=cause)

    def _check_end(self, transaction, now_ms):
        """Finish as soon as the contactor is open and the register was read after that, or never will be."""
        if self.snapshot.close:
            self._ending_ms = now_ms
        open_ms = now_ms - self._ending_ms
        metered = self.register.is_final(open_ms)
        if metered or self.register.is_overdue(open_ms):
            self._finish(transaction, metered)

    def _finish(self, transaction, metered):
        record = transaction.stop_record(self.snapshot.lifetime_wh)
        try:
            self._services.complete(record)
        except OSError as error:
            # Kept and tried again: the reserve for stops is only gone when the store itself is broken.
            if not transaction.unwritten:
                transaction.unwritten = True
                self._publish("stop_unwritten", tx=transaction.number, reason=str(error))
            self._ending_ms = self._services.clock.now_ms()
            return
        self.transaction = None
        self.used = self.snapshot.plugged
        self.register.keep()
        self._publish(
            "transaction_stopped",
            tx=transaction.number,
            reason=transaction.reason,
            meter_wh=record["meter_wh"],
            energy_wh=record["meter_wh"] - transaction.meter_wh,
            metered=metered,
        )

    # Telling.

    def _publish_status(self, now_ms):
        word, error, pause = standing(self, now_ms)
        vendor_code = error.vendor_code if error else ""
        info = error.info if error else pause
        shown = self.status
        if (word, vendor_code, info) == (shown.status, shown.vendor_error_code, shown.info):
            return
        code = error.error_code if error else "NoError"
        self.status = Status(word, code, info, vendor_code, self._services.clock.stamp())
        reason = pause or limit_text(self.snapshot.reason, self.snapshot.limit_ma)
        self._publish("status", status=word, error=vendor_code, reason=reason)
        self._services.status_changed(self.number)

    def _publish(self, event, **details):
        details["event"] = event
        details["connector"] = self.number
        self._services.publish(details)
