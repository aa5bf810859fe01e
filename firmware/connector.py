"""One connector as people know it: its status, who may charge, and the running transaction.

Control decides about current; this decides about transactions, at the pace of people (every 100 ms). It
writes the journal first and the mailbox second, so what it acts on has survived.
"""

from control import faults, limits, pilot, states, windows
from firmware import errors
from ocpp_client.ports import Reading, Status

FRESH_MS = 5000
"""A meter reading older than this is no reading."""
FINAL_READING_MS = 3000
"""A transaction waits this long, after the contactor opened, for a register value from after it."""
LAST_FLOW_MS = 400
"""What may pass between the last look at a closed contactor and a register value without the last of the
energy: 100 ms to the next look, 100 ms for the contacts to part, 200 ms for the meter's answer."""
SETTLE_MS = 10000
"""A started transaction is called Preparing this long while the car makes up its mind."""

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
        self._lane = lane
        self._services = services
        self._session = 0
        """The plug-in that all of this belongs to."""
        self._met = False
        """Its car is known to be there."""
        self._used = False
        """A transaction has ended in it."""
        self._pending_ms = 0
        self._started_ms = 0
        self._ending_ms = 0
        self._noted_ms = 0
        self._lasting = 0

    # What clients ask and tell.

    def reading(self):
        """The meter's fresh `Reading`, or None."""
        meter = self._lane.parts.meter
        if not meter.readings or self._lane.meter_age_ms() > FRESH_MS:
            return None
        sensor = self._lane.parts.temperature
        return Reading(
            self.snapshot.lifetime_wh,
            meter.power_w,
            meter.current_ma,
            meter.voltage_mv,
            self.snapshot.offered_ma,
            temperature_dc=sensor.temperature_dc if sensor.valid else None,
        )

    def can_start(self):
        """Why no transaction can start now, or an empty string when one can."""
        if not self.snapshot.ticks or self._services.restarting:
            return "the charger is restarting"
        if self.transaction:
            return "a transaction is running"
        if not self.controller.mailbox.enabled:
            return "the connector is out of service"
        error = errors.gravest(self.snapshot.faults)
        return error.wording if error else ""

    def grant(self, id_tag):
        """`id_tag` is authorised: start now, or when the car is plugged in. Why not, or an empty string."""
        self._follow_plug()
        refusal = self.can_start()
        if refusal:
            return self._refuse(id_tag, refusal)
        self.pending_tag = id_tag
        self._pending_ms = self._services.clock.now_ms()
        return self._check_pending(self._pending_ms)

    def stop(self, reason, id_tag=""):
        """Withdraw the offer at once and end the transaction. False when none runs."""
        if not self.transaction:
            return False
        self.controller.mailbox.authorised_session = 0
        if not self.transaction.ending():
            self.transaction.end(reason, self._services.clock.stamp(), id_tag)
            self._ending_ms = self._services.clock.now_ms()
            self._services.note(self.transaction)
            self._publish("stopping", tx=self.transaction.number, reason=reason)
        return True

    def adopt(self, transaction, reason, stamp):
        """Take back a transaction that a restart interrupted, and end it, unless it was ending already."""
        self.transaction = transaction
        transaction.end(reason, stamp)
        self._ending_ms = self._services.clock.now_ms()

    def limit(self, source, limit_ma, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """Set one limit row (see `control.limits`)."""
        self.controller.mailbox.set_limit(source, limit_ma, life_ms, fallback_ma)

    # What the charger's task calls.

    def work(self, now_ms):
        """Take control's events, move the transaction on, and publish what changed."""
        event = self.controller.events.take()
        while event:
            self._take(event)
            event = self.controller.events.take()
        self._follow_plug()
        self._keep_latches()
        self._check_pending(now_ms)
        self._check_transaction(now_ms)
        self._publish_status(now_ms)

    def _take(self, event):
        at_ms, code, a, b = event
        details = _DETAILS[code](a, b)
        self._publish(windows.EVENT_NAMES[code], at_tick_ms=at_ms, **details)

    def _follow_plug(self):
        """By the plug-in's number, not by events: what was granted to one never outlives it, whatever this
        task missed meanwhile."""
        session = self.snapshot.session
        if session != self._session:
            self._session = session
            self._met = self._used = False
            self.pending_tag = ""
            self.stop("EVDisconnected")
        if self.snapshot.plugged and not self._met:
            self._met = True
            settings = self._services.settings
            if not self.pending_tag and settings.get("PlugAndCharge"):
                self.pending_tag = settings.get("PlugAndChargeTag")

    def _keep_latches(self):
        lasting = self.snapshot.faults & faults.LASTING
        if lasting != self._lasting:
            self._lasting = lasting
            self._services.keep_latches(self.number, lasting)

    def _check_pending(self, now_ms):
        """Start for who was authorised, as soon as a car is there and nothing is in the way. Why it cannot
        be, or an empty string."""
        tag = self.pending_tag
        if not tag:
            return ""
        if self.snapshot.plugged:
            # The first register value after boot is worth a moment: a transaction must not begin at a stale
            # one.
            metered = self._lane.parts.meter.readings or now_ms >= FRESH_MS
            if metered and not self.can_start():
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
        self._started_ms = self._noted_ms = services.clock.now_ms()
        self._keep_energy()
        # Not the snapshot's number: the car may have left while the journal was written.
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
        if self.snapshot.latched and not transaction.ending():
            self.stop("Other")
        if not transaction.ending() and now_ms - self._noted_ms >= NOTE_MS:
            self._noted_ms = now_ms
            self._services.note(transaction)
        if transaction.ending() and self._final_register_known(now_ms):
            self._finish(transaction)

    def _final_register_known(self, now_ms):
        """Whether the contactor is open and the register was read after that (or the meter is too slow)."""
        if self.snapshot.close:
            self._ending_ms = now_ms
            return False
        waited_ms = now_ms - self._ending_ms
        meter = self._lane.parts.meter
        if meter.readings and self._lane.meter_age_ms() + LAST_FLOW_MS < waited_ms:
            return True
        return waited_ms >= FINAL_READING_MS

    def _finish(self, transaction):
        record = transaction.stop_record(self.snapshot.lifetime_wh)
        try:
            self._services.complete(record)
        except OSError as error:
            # Kept and tried again: the reserve for stops is only gone when the store itself is broken.
            self._publish("stop_unwritten", tx=transaction.number, reason=str(error))
            self._ending_ms = self._services.clock.now_ms()
            return
        self.transaction = None
        self._used = self.snapshot.plugged
        self._keep_energy()
        self._publish(
            "transaction_stopped",
            tx=transaction.number,
            reason=transaction.reason,
            meter_wh=record["meter_wh"],
            energy_wh=record["meter_wh"] - transaction.meter_wh,
        )

    def _keep_energy(self):
        """The meter's own register bridges the time between two of these, over power cuts too."""
        meter = self._lane.parts.meter
        if meter.readings:
            self._services.keep_energy(self.number, self.snapshot.lifetime_wh, meter.energy_wh)

    # Status.

    def _publish_status(self, now_ms):
        word, error = self._judge(now_ms)
        vendor_code = error.vendor_code if error else ""
        if word == self.status.status and vendor_code == self.status.vendor_error_code:
            return
        stamp = self._services.clock.stamp()
        if error:
            self.status = Status(word, error.error_code, error.wording[:50], vendor_code, stamp)
        else:
            self.status = Status(word, stamp=stamp)
        self._publish("status", status=word, error=vendor_code)
        self._services.status_changed(self.number)

    def _judge(self, now_ms):
        """(status word, error or None) of this moment."""
        error = errors.gravest(self.snapshot.faults)
        if error:
            return "Faulted", error
        if self.transaction:
            return self._judge_transaction(self.transaction, now_ms), None
        if not self.controller.mailbox.enabled:
            return "Unavailable", None
        if self.snapshot.plugged:
            return "Finishing" if self._used else "Preparing", None
        return "Preparing" if self.pending_tag else "Available", None

    def _judge_transaction(self, transaction, now_ms):
        snapshot = self.snapshot
        if transaction.ending():
            return "Finishing"
        if snapshot.level == pilot.A:
            # The plug is on its way out: the car did not pause, it left.
            return self.status.status
        if snapshot.state == states.CHARGING and snapshot.level in (pilot.C, pilot.D):
            return "Charging"
        if not transaction.has_charged and now_ms - self._started_ms < SETTLE_MS:
            return "Preparing"
        # Offered and not taken is the car's pause; both at once is ours (OCPP 1.6, 4.9).
        return "SuspendedEV" if snapshot.offered_ma else "SuspendedEVSE"

    def _publish(self, event, **details):
        details["event"] = event
        details["connector"] = self.number
        self._services.publish(details)


_DETAILS = {
    windows.PLUGGED: lambda a, b: {"session": a},
    windows.UNPLUGGED: lambda a, b: {"session": a},
    windows.STATE: lambda a, b: {"from": states.NAMES[a], "to": states.NAMES[b]},
    windows.LEVEL: lambda a, b: {"from": pilot.NAMES[a], "to": pilot.NAMES[b]},
    windows.FAULT: lambda a, b: {"name": errors.named(a).vendor_code, "wording": errors.named(a).wording},
    windows.FAULT_END: lambda a, b: {"name": errors.named(a).vendor_code},
    windows.OFFER: lambda a, b: {"offered_ma": a, "reason": limits.NAMES[b]},
    windows.CONTACTOR: lambda a, b: {"close": bool(a)},
}
"""By event code: what its two numbers mean to people."""
