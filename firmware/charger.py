"""The one facade: page, console, card reader and OCPP all start, stop and limit through these methods."""

import asyncio

from control import limits
from firmware.authoriser import ACCEPTED, is_tag, same_tag
from firmware.connector import Connector
from firmware.services import wording
from ocpp_client import ports

VERSION = "0.1.0"
WORK_MS = 100
"""How often the connectors are looked after: fast for people, slow for a processor."""
SETTLE_MS = 1000
"""How often states that the store refused are tried again."""
GRACE_MS = 10000
"""How long a soft reset waits for transactions to end."""
SAME_CARD_MS = 2000
"""A card that is read again within this still lies there: it neither stops what it has just started, nor
starts what it has just stopped."""
MOST_BACKGROUND = 4
"""Cards and remote starts that may wait for an authorisation at once: more is not people, and memory is
small."""
RESTART_MS = 1000
"""Time for the answer to a reset to leave."""
RETRY_MS = 5000
"""When the processor still runs so long after it was told to restart, it is told again (ResetRetries)."""
WORKING_MS = 5000
"""The work counts as going on for so long after its last whole turn."""

_GREEN, _BLUE, _AMBER, _RED, _WHITE = 0x00FF00, 0x0000FF, 0xFF8000, 0xFF0000, 0x808080
LAMP = {
    "Available": (_GREEN, False),
    "Preparing": (_AMBER, True),
    "Charging": (_BLUE, False),
    "SuspendedEV": (_BLUE, True),
    "SuspendedEVSE": (_AMBER, False),
    "Finishing": (_GREEN, True),
    "Unavailable": (_WHITE, False),
    "Faulted": (_RED, True),
}
"""By status: colour, and whether it blinks. With several connectors the gravest status shows."""
_GRAVITY = ("Faulted", "Charging", "SuspendedEV", "SuspendedEVSE", "Preparing", "Finishing", "Unavailable")


class Charger(ports.Charger):
    """Facade of one charger; also the `Charger` port of the OCPP client."""

    firmware_version = VERSION

    def __init__(self, board, lanes, parts, services, authoriser):
        self.vendor = board.vendor
        self.model = board.model
        self.serial_number = services.settings.get("BackendIdentity")
        self.connector_count = len(lanes)
        self.settings = services.settings
        self.connectors = [Connector(number + 1, lane, services) for number, lane in enumerate(lanes)]
        self._lanes = lanes
        self._parts = parts
        self._services = services
        self._clock = services.clock
        self._authoriser = authoriser
        self._background = []
        self._asked = []
        self._settled_ms = 0
        self._turned_ms = services.clock.now_ms()
        self._unstoppable = False
        self._shown = ""
        self._card = ""
        self._card_ms = 0
        services.settings.subscribe(self._setting_changed)
        self._apply_currents()

    # Looking.

    def connector(self, number):
        """The `Connector` numbered from 1, or None."""
        return self.connectors[number - 1] if 1 <= number <= len(self.connectors) else None

    def status(self, connector_id):
        """The `Status` of a connector, or of the whole charger with 0."""
        if connector_id:
            return self.connectors[connector_id - 1].status
        enabled = any(connector.controller.mailbox.enabled for connector in self.connectors)
        return ports.Status("Available" if enabled else "Unavailable", stamp=self._clock.stamp())

    def reading(self, connector_id):
        """The latest `Reading`, or None."""
        return self.connectors[connector_id - 1].reading()

    def transaction(self, connector_id):
        """Number of the running transaction, or 0."""
        running = self.connectors[connector_id - 1].transaction
        return running.number if running else 0

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

    def remote_start(self, connector_id, id_tag):
        """Start for `id_tag`; True when it will."""
        connector = self._choose(connector_id)
        if not is_tag(id_tag) or not connector or connector.can_start(id_tag):
            return False
        if len(self._background) >= MOST_BACKGROUND:
            return False
        if self.settings.get("AuthorizeRemoteTxRequests"):
            self._later(self._authorise, id_tag, connector.number)
            return True
        return not connector.grant(id_tag)

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
        """Restart: 'Soft' after transactions have ended, 'Hard' at once; what is cut off then ends after the
        restart. True when it will."""
        if self._services.restarting:
            return False
        self._services.restarting = True
        self._later(self._restart, kind)
        return True

    def limit(self, source, limit_ma, life_ms=0, fallback_ma=limits.NO_LIMIT_MA):
        """Set one limit row on all connectors."""
        for connector in self.connectors:
            connector.limit(source, limit_ma, life_ms, fallback_ma)

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
        return not self._unstoppable and self._clock.now_ms() - self._turned_ms < WORKING_MS

    async def attend(self):
        """Look after lamp, cards and button for ever: a task of its own, so that a broken card reader stops
        no charge."""
        while True:
            self._background = [task for task in self._background if not task.done()]
            self._show()
            self._look_at_people()
            await self._clock.sleep_ms(WORK_MS)

    def stop(self):
        """End what runs in the background."""
        for task in self._background:
            task.cancel()

    def _look_at_people(self):
        id_tag = self._read_card()
        if id_tag and len(self._background) < MOST_BACKGROUND:
            self._later(self.present, id_tag)
        elif id_tag:
            self._refuse(id_tag, "too many cards are being asked about")
        if self._parts.button.pressed():
            self.stop_all("Local")

    def _read_card(self):
        """The card that was presented, or None; one that lies on the reader is presented once."""
        id_tag = self._parts.card_reader.read()
        now_ms = self._clock.now_ms()
        if not id_tag:
            return None
        again = same_tag(id_tag, self._card) and now_ms - self._card_ms < SAME_CARD_MS
        self._card = id_tag
        self._card_ms = now_ms
        return None if again else id_tag

    async def _authorise(self, id_tag, connector_id):
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
        refusal = connector.grant(id_tag)
        if refusal:
            return "refused", refusal
        return ("started" if connector.transaction else "waiting"), source

    def _refuse(self, id_tag, reason):
        self._services.publish({"event": "start_refused", "id_tag": id_tag, "reason": reason})
        return "refused", reason

    def _show(self):
        words = [connector.status.status for connector in self.connectors]
        gravest = "Available"
        for word in _GRAVITY:
            if word in words:
                gravest = word
                break
        if gravest != self._shown:
            self._shown = gravest
            self._parts.lamp.show(*LAMP[gravest])

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

    async def _restart(self, kind):
        self.stop_all("SoftReset" if kind == "Soft" else "HardReset")
        waited_ms = 0
        while waited_ms < RESTART_MS or (kind == "Soft" and self._busy() and waited_ms < GRACE_MS):
            await self._clock.sleep_ms(WORK_MS)
            waited_ms += WORK_MS
        for lane in self._lanes:
            lane.open()
        self._services.publish({"event": "restart", "kind": kind})
        for _ in range(1 + self.settings.get("ResetRetries")):
            self._parts.watchdog.restart()
            await self._clock.sleep_ms(RETRY_MS)
        # Still here: nobody vouches any more, and the hungry watchdog does it.
        self._unstoppable = True

    def _busy(self):
        return any(connector.transaction for connector in self.connectors)

    def _later(self, work, *args):
        self._background.append(asyncio.create_task(self._told(work, args)))

    async def _told(self, work, args):
        try:
            await work(*args)
        except Exception as error:
            # Nobody awaits what runs in the background: without this, nobody would know.
            self._services.publish({"event": "task_failed", "task": "background", "reason": wording(error)})

    def _setting_changed(self, name):
        if name in ("AllowedCurrent", "InstallationCurrent"):
            self._apply_currents()

    def _apply_currents(self):
        self.limit(limits.OWNER, self.settings.get("AllowedCurrent") * 1000)
        self.limit(limits.INSTALLATION, self.settings.get("InstallationCurrent") * 1000)
