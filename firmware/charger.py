"""The one facade: page, console, card reader and OCPP all start, stop and limit through these methods."""

from control.limits import INSTALLATION, NO_LIMIT_MA, OWNER
from firmware.admission import Admission
from firmware.authoriser import ACCEPTED
from firmware.connector import Connector
from firmware.errands import Errands
from firmware.errors import active
from firmware.health import Health
from firmware.restart import Restart
from firmware.standing import standing_of_all
from ocpp_client.reports import Status

VERSION = "0.1.0"
WORK_MS = 100
"""How often the connectors are looked after: fast for people, slow for a processor."""
SETTLE_MS = 1000
"""How often states that the store refused are tried again."""
WORKING_MS = 5000
"""The work counts as going on for so long after its last whole turn."""


class Charger:
    """Facade of one charger; keeps the port `ocpp_client.ports.Charger`."""

    firmware_version = VERSION

    def __init__(self, board, lanes, parts, services, authoriser):
        self.vendor = board.vendor
        self.model = board.model
        self.serial_number = services.settings.get("BackendIdentity")
        self.connector_count = len(lanes)
        self.settings = services.settings
        self.connectors = [Connector(number + 1, lane, services) for number, lane in enumerate(lanes)]
        self._services = services
        self._hardware = (lanes, board, parts.store, services)
        self._testing = False
        self._clock = services.clock
        self._authoriser = authoriser
        self._errands = Errands(services)
        self._admission = Admission(self.connectors, services, authoriser, self._errands)
        self._restart = Restart(self, lanes, parts.watchdog, services)
        self.operative = 0 not in (services.journal.get("inoperative") or ())
        """The charger as a whole is in service, as the operator ordered (`firmware.availability`)."""
        self._status = Status("Available" if self.operative else "Unavailable", stamp=self._clock.stamp())
        self._settled_ms = 0
        self._turned_ms = services.clock.now_ms()
        self._health = Health(self, services)
        services.settings.subscribe(self._setting_changed)
        self._apply_limits()

    # Looking.

    def connector(self, number):
        """The `Connector` numbered from 1, or None."""
        return self.connectors[number - 1] if 1 <= number <= len(self.connectors) else None

    def status(self, connector_id):
        """The `Status` of a connector, or of the whole charger with 0."""
        return self.connectors[connector_id - 1].status if connector_id else self._status

    def reading(self, connector_id):
        """The latest `Reading`, or None."""
        return self.connectors[connector_id - 1].reading()

    def transaction(self, connector_id):
        """Number of the running transaction, or 0."""
        running = self.connectors[connector_id - 1].transaction
        return running.number if running else 0

    def errors(self, connector_id):
        """The `firmware.errors.Error`s that are active, the gravest first; one that `warns` stops nothing."""
        return active(self.connectors[connector_id - 1].snapshot.faults)

    def limits(self, connector_id):
        """Every limit with value, time left and reason: the dicts of `firmware.views.limits`."""
        from firmware import views

        return views.limits(self.connectors[connector_id - 1])

    def guide(self, vendor_code):
        """What people should know about the error with this vendor code, in capitals or not: one paragraph.
        ValueError: there is no such error; the text names all there are."""
        from firmware.guide import load

        return load(vendor_code).paragraph()

    # Doing.

    async def present(self, id_tag, connector_id=None):
        """A card was held to the reader: it stops its own transaction or one of its group, fetches its plug,
        or starts a transaction. Returns what happened, as a word ('started', 'waiting', 'stopped',
        'released', 'refused') and a reason."""
        return await self._admission.present(id_tag, connector_id)

    async def start(self, id_tag, connector_id=None, power_w=0, energy_wh=0, duration_s=0, note=""):
        """Start for `id_tag` with limits for this transaction alone (`firmware.wish`; 0: none) and a note.
        Returns the same as `present`. ValueError: no such power, energy, time or note."""
        from firmware.wish import Wish

        wish = Wish(power_w, energy_wh, duration_s, note)
        return await self._admission.authorise(id_tag, connector_id, wish)

    def take_card(self, id_tag):
        """`present` it, and do not wait for what happens."""
        self._admission.take_card(id_tag)

    def remote_start(self, connector_id, id_tag, wish=None):
        """Start for `id_tag` on a connector (None: wherever a car is, or comes), with the limits of a `Wish`;
        True when it will."""
        return self._admission.remote_start(connector_id, id_tag, wish)

    def remote_stop(self, number):
        """Stop the running transaction with this number; True when it will."""
        return self._stop_number(number, "Remote")

    def stop_all(self, reason, id_tag=""):
        """Stop every running transaction."""
        for connector in self.connectors:
            connector.stop(reason, id_tag)

    def verdict(self, number, status, group=None):
        """The server's word on the tag of a started transaction, and on its group."""
        for connector in self.connectors:
            running = connector.transaction
            if running and running.number == number:
                running.group = group or running.group
                if status != ACCEPTED and not running.ending():
                    self._deny(connector)

    def amend(self, connector_id, power_w=None, energy_wh=None, note=None, tell=True):
        """What is asked for the running transaction of a connector, or for the next one (`firmware.wish`; 0
        or an empty note: nothing, None: as it was). `tell`: the server does not know the note. ValueError:
        there is no such connector, or no charge takes that."""
        from firmware.wish import amend

        connector = self.connector(connector_id)
        if not connector:
            raise ValueError("there is no connector %d" % connector_id)
        amend(connector, self._services, power_w, energy_wh, note, tell)

    def change_availability(self, connector_id, operative):
        """Take a connector, or with 0 the charger, into or out of service (`firmware.availability`)."""
        from firmware.availability import change

        return change(self, self._services, connector_id, operative)

    def unlock(self, connector_id, answer):
        """Let go of a connector's plug, and end what runs first; `answer` hears what came of it
        (`firmware.unlocking`)."""
        from firmware.unlocking import unlock

        unlock(self.connector(connector_id), self._services, self._errands, answer)

    def reset(self, kind):
        """Restart: 'Soft' or 'Error' (a system error) after transactions have ended, 'Hard' at once; what is
        cut off then ends after the restart. True when it will."""
        if self._services.restarting:
            return False
        self._services.restarting = True
        self._errands.run(self._restart.run, kind)
        return True

    def limit(self, source, limit_ma, life_ms=0, fallback_ma=NO_LIMIT_MA):
        """Set one limit row on all connectors (see `control.limits`)."""
        for connector in self.connectors:
            connector.controller.mailbox.set_limit(source, limit_ma, life_ms, fallback_ma)

    async def self_test(self, at_boot=False):
        """Prove the way to every part, with no car at any connector; the checks, as `firmware.self_test.run`
        returns them. ValueError: why it cannot be done now."""
        from firmware.self_test import run, wait

        if self._testing:
            raise ValueError("a self-test is running")
        self._testing = True
        try:
            if at_boot:
                await wait(self, self._clock)
            return await run(self.connectors, *self._hardware, at_boot=at_boot)
        finally:
            self._testing = False

    def skip_waits(self, connector_id):
        """Call off the random waits of this plug-in."""
        if self._services.energy:
            self._services.energy.skip_waits(self.connectors[connector_id - 1])

    # Running.

    def recover(self, cause):
        """At boot: end the transactions that the restart for `cause` cut off."""
        if not self._hardware[1].simulated:
            self._errands.run(self.self_test, True)
        reason = "PowerLoss" if cause in ("power_on", "brown_out") else "Reboot"
        for connector in self.connectors:
            found = self._services.interrupted(connector.number)
            if found:
                connector.adopt(found[0], reason, found[1])

    async def work(self):
        """Look after the connectors for ever."""
        while True:
            now_ms = self._clock.now_ms()
            for connector in self.connectors:
                connector.work(now_ms)
            self._admission.look()
            self._look_at_all()
            self._health.look(now_ms)
            if now_ms - self._settled_ms >= SETTLE_MS:
                self._settled_ms = now_ms
                self._services.settle()
            self._turned_ms = self._clock.now_ms()
            await self._clock.sleep_ms(WORK_MS)

    def has_looked(self):
        """Whether every connector's status is what was seen, not what it began with."""
        return all(connector.has_looked for connector in self.connectors)

    def is_working(self):
        """Whether `work` goes on: neither hangs nor fails each time, nor is a restart overdue."""
        return not self._restart.is_overdue and self._clock.now_ms() - self._turned_ms < WORKING_MS

    def stop(self):
        """End what runs in the background."""
        self._errands.stop()

    def _deny(self, connector):
        try:
            from firmware.denial import deny

            deny(connector, self._services)
        except MemoryError:
            # The server says it once.
            connector.stop("DeAuthorized")

    def _look_at_all(self):
        """The status of OCPP's connector 0."""
        word, error = standing_of_all(self)
        vendor_code = error.vendor_code if error else ""
        if (word, vendor_code) != (self._status.status, self._status.vendor_error_code):
            code, info = (error.error_code, error.info) if error else ("NoError", "")
            self._status = Status(word, code, info, vendor_code, self._clock.stamp())
            self._services.status_changed(0)

    def _stop_number(self, number, reason):
        for connector in self.connectors:
            if connector.transaction and connector.transaction.number == number:
                return connector.stop(reason)
        return False

    def _setting_changed(self, name):
        if name in ("AllowedCurrent", "InstallationCurrent", "Billing", "MeterFallbackCurrent"):
            self._apply_limits()

    def _apply_limits(self):
        self.limit(OWNER, self.settings.get("AllowedCurrent") * 1000)
        self.limit(INSTALLATION, self.settings.get("InstallationCurrent") * 1000)
        for connector in self.connectors:
            connector.controller.mailbox.meter_ma = self.settings.get("MeterFallbackCurrent") * 1000
            connector.controller.mailbox.billing = self.settings.get("Billing")
