"""The one facade: page, console, card reader and OCPP all start, stop and limit through these methods."""

from control.limits import INSTALLATION, NO_LIMIT_MA, OWNER
from firmware.authoriser import ACCEPTED, is_tag, same_tag
from firmware.connector import Connector
from firmware.errands import Errands
from firmware.errors import active
from firmware.health import Health
from firmware.restart import Restart

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
        self._clock = services.clock
        self._authoriser = authoriser
        self._errands = Errands(services)
        self._asked = []
        self._restart = Restart(self, lanes, parts.watchdog, services)
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
        return self.connectors[connector_id - 1].status if connector_id else self._health.status

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

    # Doing.

    async def present(self, id_tag, connector_id=None):
        """A card was held to the reader: it stops its own transaction, or starts one. Returns what
        happened, as a word ('started', 'waiting', 'stopped', 'refused') and a reason."""
        for connector in self.connectors:
            running = connector.transaction
            if running and same_tag(running.id_tag, id_tag) and connector_id in (None, connector.number):
                if running.ending():
                    return self._refuse(id_tag, "its transaction is just ending")
                connector.stop("Local", id_tag)
                return "stopped", "the card that started it"
        return await self._authorise(id_tag, connector_id)

    async def start(self, id_tag, connector_id=None, power_w=0, energy_wh=0, duration_s=0):
        """Start for `id_tag` with limits for this transaction alone (`firmware.wish`; 0: none). Returns the
        same as `present`. ValueError: no such power, energy or time."""
        from firmware.wish import Wish

        return await self._authorise(id_tag, connector_id, Wish(power_w, energy_wh, duration_s))

    def take_card(self, id_tag):
        """`present` it, and do not wait for what happens."""
        if self._errands.has_hands():
            self._errands.run(self.present, id_tag)
        else:
            self._refuse(id_tag, "too many cards are being asked about")

    def remote_start(self, connector_id, id_tag, wish=None):
        """Start for `id_tag`, with the limits of a `Wish`; True when it will."""
        connector = self._choose(connector_id)
        if not is_tag(id_tag) or not connector or connector.can_start(id_tag):
            return False
        if not self._errands.has_hands():
            return False
        if self.settings.get("AuthorizeRemoteTxRequests"):
            self._errands.run(self._authorise, id_tag, connector.number, wish)
            return True
        return not connector.grant(id_tag, wish)

    def remote_stop(self, number):
        """Stop the running transaction with this number; True when it will."""
        return self._stop_number(number, "Remote")

    def stop_all(self, reason, id_tag=""):
        """Stop every running transaction."""
        for connector in self.connectors:
            connector.stop(reason, id_tag)

    def verdict(self, number, status):
        """The server's word on the tag of a started transaction."""
        if status == ACCEPTED:
            return
        if self.settings.get("StopTransactionOnInvalidId"):
            self._stop_number(number, "DeAuthorized")
            return
        for connector in self.connectors:
            if connector.transaction and connector.transaction.number == number:
                # Energy ends, the transaction goes on (OCPP 1.6, StopTransactionOnInvalidId).
                connector.controller.mailbox.authorised_session = 0

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

    def skip_waits(self, connector_id):
        """Call off the random waits of this plug-in."""
        if self._services.energy:
            self._services.energy.skip_waits(self.connectors[connector_id - 1])

    # Running.

    def recover(self, cause):
        """At boot: end the transactions that the restart for `cause` cut off."""
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

    async def _authorise(self, id_tag, connector_id, wish=None):
        """Ask who may know, and start. The same as `present` returns."""
        if not is_tag(id_tag):
            return self._refuse("", "a card's number has 1 to 20 printable ASCII characters")
        if id_tag in self._asked:
            return "refused", "this card is being asked about already"
        self._asked.append(id_tag)
        try:
            status, source = await self._authoriser.ask(id_tag)
        finally:
            self._asked.remove(id_tag)
        self._services.publish({"event": "authorised", "id_tag": id_tag, "status": status, "by": source})
        if status != ACCEPTED:
            return "refused", "%s says %s" % (source, status)
        connector = self._choose(connector_id)
        if not connector:
            return self._refuse(id_tag, self._why_none(connector_id))
        refusal = connector.grant(id_tag, wish)
        if refusal:
            return "refused", refusal
        return ("started" if connector.transaction else "waiting"), source

    def _refuse(self, id_tag, reason):
        self._services.publish({"event": "start_refused", "id_tag": id_tag, "reason": reason})
        return "refused", reason

    def _choose(self, connector_id):
        """The connector asked for, else the one with a car that waits, else a free one, best one that nobody
        else was granted."""
        if connector_id is not None:
            return self.connector(connector_id)
        free = [connector for connector in self.connectors if not connector.can_start()]
        waiting = [connector for connector in free if connector.snapshot.plugged]
        unclaimed = [connector for connector in free if not connector.pending_tag]
        best = waiting or unclaimed or free
        return best[0] if best else None

    def _why_none(self, connector_id):
        if connector_id is not None:
            return "there is no connector %s" % connector_id
        reasons = [(connector.number, connector.can_start()) for connector in self.connectors]
        return reasons[0][1] if len(reasons) == 1 else ", ".join(["%d: %s" % reason for reason in reasons])

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
