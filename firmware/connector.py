"""One connector as people know it: its status, who may charge, and the running transaction.

Control decides about current; this decides about transactions, at the pace of people (every 100 ms). It
writes the journal first and the mailbox second, so what it acts on has survived.
"""

from control import faults, states
from firmware import errors
from firmware.authoriser import same_tag
from firmware.course import Course
from firmware.latches import Latches
from firmware.narration import narrated
from firmware.register import Register
from firmware.standing import limit_text, standing
from ocpp_client.reports import Status

AGAIN_MS = 60000
"""How often a start that nobody asks for anew is tried while the journal has no room."""


class Connector:
    """Facade of one connector."""

    started_ms = 0
    """When the running transaction began."""
    pending_tag = ""
    """Authorised before the car was plugged in."""
    roams = False
    """Whoever it belongs to may plug in elsewhere."""
    asked_ms = 0
    """When something was `asked` for."""
    used = False
    """A transaction has ended in this plug-in, or nobody began one in time."""
    last_tag = ""
    """Whose it was."""
    has_looked = False
    """`status` is what was seen, not what it began with."""
    unlocking = None
    """The `firmware.unlocking.Unlocking` that goes on, or None."""

    def __init__(self, number, lane, services):
        """`services`: the `firmware.services.Services` of the charger."""
        self.number = number
        self.controller = lane.controller
        self.snapshot = lane.controller.snapshot
        self.transaction = None
        self.status = Status("Available", stamp=services.clock.stamp())
        self.wish = None
        """A `firmware.wish.Wish` for the transaction that runs or is to begin, or None."""
        self.asked = None
        """The same for whoever begins the next one, as far as they wish for nothing themselves."""
        self.denial = None
        """The `firmware.denial.Denial` of a transaction that goes on although the server refused its tag."""
        self.hold = None
        """The `firmware.hold.Hold` of a plug that waits for its card."""
        self.operative = number not in (services.journal.get("inoperative") or ())
        """In service, as the operator ordered (`firmware.availability`); what runs ends first."""
        self.parts = lane.parts
        self.switchable = lane.parts.phase_switch.fitted
        self.register = Register(number, lane, services)
        self.latches = Latches(number, lane.controller, services)
        self._services = services
        self._course = Course(self, services)
        self._session = 0
        """The plug-in that all of this belongs to."""
        self._met = False
        """Its car is known to be there, since:"""
        self._met_ms = 0
        self._pending_ms = 0
        self._asks_nobody = False  # who is pending: PlugAndCharge lets anybody in
        self._waits = ""  # why there was no room in the journal for such a start, when it was tried last
        self._group = ""
        held = services.journal.get("held-%d" % number)
        if held:
            from firmware.hold import Hold

            self.hold = Hold(self, services, held[0], held[1])
        self.obey()

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
        if self.hold and not self.snapshot.plugged and not same_tag(self.hold.id_tag, id_tag):
            return "somebody's cable is locked in until their card comes"
        if id_tag and self.pending_tag and not same_tag(id_tag, self.pending_tag):
            return self._waits or "another card was authorised and waits for its car"
        return ""

    def grant(self, id_tag, wish=None, group="", roams=False):
        """`id_tag` of `group` is authorised: start now or when a car comes (to another connector, if it
        `roams`), with `wish`. Why not, or an empty string."""
        self._follow_plug()
        refusal = self.can_start(id_tag)
        if refusal:
            return self._refuse(id_tag, refusal)
        self.pending_tag = id_tag
        self._asks_nobody = False
        self.wish = wish
        self._group = group
        self.roams = roams
        self._pending_ms = self._services.clock.now_ms()
        return self._check_pending(self._pending_ms)

    def take_over(self, other):
        """The car that `other` waits for has come here."""
        tag, other.pending_tag = other.pending_tag, ""
        self.grant(tag, other.wish, other._group)

    def stop(self, reason, id_tag="", cause=""):
        """Withdraw the offer at once and end the transaction, for an OCPP `reason` and what people are told
        beside it. False when none runs."""
        if not self.transaction:
            return False
        self.controller.mailbox.authorised_session = 0
        if not self.transaction.ending():
            self.transaction.end(reason, self._services.clock.stamp(), id_tag)
            self._course.end()
            self._services.note(self.transaction)
            self.publish("stopping", tx=self.transaction.number, reason=reason, cause=cause)
        return True

    def obey(self):
        """Go out of service or come back, as `operative` says."""
        mailbox = self.controller.mailbox
        mailbox.enabled = self.operative or self.transaction is not None
        if not mailbox.enabled and self.pending_tag and not self.snapshot.plugged:
            tag, self.pending_tag = self.pending_tag, ""
            self._refuse(tag, self.can_start())

    def adopt(self, transaction, reason, stamp):
        """Take back a transaction that a restart interrupted, and end it, unless it was ending already."""
        noted = self._services.journal.get("note-%d" % self.number)
        if noted and noted[0] == transaction.number:
            transaction.note = noted[1]
        self.transaction = transaction
        transaction.end(reason, stamp)
        self._course.end()

    # What the charger's task calls, and the course of the transaction.

    def work(self, now_ms):
        """Take control's events, move the transaction on, and publish what changed."""
        self.latches.look()  # before anybody is told: a power cut may follow on what has just tripped
        event = self.controller.events.take()
        while event:
            self.publish(**narrated(event))
            event = self.controller.events.take()
        self.register.look()
        self._follow_plug()
        self._check_pending(now_ms)
        self._check_patience(now_ms)
        self._course.look(now_ms)
        if self.hold:
            self.hold.look()
        self._publish_status(now_ms)
        if self.snapshot.state != states.STARTING:
            self.has_looked = True

    def finished(self, transaction):
        """The running one has ended, and its end is written."""
        self.transaction = None
        if self.hold:
            self.hold.ended(transaction)
        self.obey()
        self.used = self.snapshot.plugged
        self.last_tag = transaction.id_tag
        self.register.keep()

    def publish(self, event, **details):
        """Tell people of an event of this connector."""
        details["event"] = event
        details["connector"] = self.number
        self._services.publish(details)

    def _follow_plug(self):
        """By the plug-in's number, not by events: what was granted to one never outlives it, whatever this
        task missed meanwhile."""
        session = self.snapshot.session
        if session != self._session:
            self._session = session
            self._met = self.used = False
            self.last_tag = self._waits = ""
            self.pending_tag, self.wish, self.asked = "", None, None
            self.stop("EVDisconnected")
        if self.snapshot.plugged and not self._met:
            self._met = True
            self._met_ms = self._services.clock.now_ms()
            if not self.pending_tag and self._services.settings.get("PlugAndCharge"):
                self.pending_tag = self._services.settings.get("PlugAndChargeTag")
                self._asks_nobody = True
                self._pending_ms = self._met_ms
                self.wish = None
                self._group = ""

    def _check_pending(self, now_ms):
        """Start for who was authorised, as soon as a car is there and nothing is in the way. Why it cannot
        be, or an empty string."""
        tag = self.pending_tag
        if not tag:
            return ""
        if self.snapshot.plugged:
            if self._asks_nobody and not self._services.settings.get("PlugAndCharge"):
                self.pending_tag = self._waits = ""
                return ""
            # A transaction must not begin at the register of before the restart.
            if self.register.known and not self.can_start() and now_ms >= self._pending_ms:
                self.pending_tag = ""
                return self._start(tag)
            return ""
        timeout_s = self._services.settings.get("ConnectionTimeOut")
        if timeout_s and now_ms - self._pending_ms >= timeout_s * 1000:
            self.pending_tag = ""
            self.publish("authorisation_expired", id_tag=tag)
        return ""

    def _check_patience(self, now_ms):
        """What nobody came for within ConnectionTimeOut is over; a car that nobody authorised may stay."""
        timeout_ms = self._services.settings.get("ConnectionTimeOut") * 1000
        if self.transaction or self.pending_tag or not timeout_ms:
            return
        if not self.snapshot.plugged:
            if self.asked and now_ms - self.asked_ms >= timeout_ms:
                self.asked = None
        elif now_ms - self._met_ms >= timeout_ms and self._services.settings.get("FinishingOnTimeOut"):
            # Where connectors share a reader, the next card must not start this car (errata 3.20).
            self.used = True

    def _start(self, id_tag):
        services = self._services
        try:
            transaction = services.begin(self.number, id_tag, self.snapshot.lifetime_wh)
        except OSError as error:
            return self._postpone(id_tag, "the journal cannot be written: %s" % error)
        self._waits = ""
        transaction.group = self._group
        self.transaction = transaction
        self.denial = None
        self.started_ms = self._course.begin()
        self.register.keep()
        if self.asked:
            self.wish, self.asked = self.asked.under(self.wish), None
        if self.wish and self.wish.note:
            self.wish.keep_note(transaction, services)
        # Not the snapshot's number: the car may have left while the journal was written.
        services.prepare(self, self._session)
        self.controller.mailbox.authorised_session = self._session
        if self.hold and same_tag(self.hold.id_tag, id_tag):
            self.hold.end()
        if self.parts.lock.fitted and not services.settings.get("UnlockConnectorOnEVSideDisconnect"):
            from firmware.hold import hold

            hold(self, services)
        self.publish(
            "transaction_started", tx=transaction.number, id_tag=id_tag, meter_wh=transaction.meter_wh
        )
        return ""

    def _postpone(self, id_tag, reason):
        """Refuse a start; but a car that needs no card waits, for nobody would ask again. Told once."""
        settings = self._services.settings
        if settings.get("PlugAndCharge") and same_tag(id_tag, settings.get("PlugAndChargeTag")):
            self.pending_tag = id_tag
            self._asks_nobody = True
            self._pending_ms = self._services.clock.now_ms() + AGAIN_MS
            is_told, self._waits = self._waits, reason
            if is_told:
                return reason
        return self._refuse(id_tag, reason)

    def _refuse(self, id_tag, reason):
        self.publish("start_refused", id_tag=id_tag, reason=reason)
        return reason

    def _publish_status(self, now_ms):
        word, error, pause = standing(self, now_ms)
        if word == "Faulted" and not error:
            return
        vendor_code = error.vendor_code if error else ""
        info = error.info if error else pause
        shown = self.status
        if (word, vendor_code, info) == (shown.status, shown.vendor_error_code, shown.info):
            return
        code = error.error_code if error else "NoError"
        self.status = Status(word, code, info, vendor_code, self._services.clock.stamp())
        reason = pause or limit_text(self.snapshot.reason, self.snapshot.limit_ma)
        self.publish("status", status=word, error=vendor_code, reason=reason)
        self._services.status_changed(self.number)
