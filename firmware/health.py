"""Errors of the charger itself: connector 0 tells them, and one restart may end them (`control.faults`: what
comes back within an hour stays, and is a technician's)."""

from control import faults
from firmware import errors
from firmware.latches import WATCHDOG
from ocpp_client.reports import Status

CONFIG = 1 << faults.SYS_CONFIG
GRAVE = ("InstallationCurrent", "FuseCurrent")
"""Settings whose defaults may be more than the wires bear."""
NOTICE_MS = 5000
"""So long an error stands before the restart: people and backend get to know of it."""


class Health:
    """Tells control what is wrong with the firmware's own memory, people how the charger as a whole is, and
    restarts where that may help."""

    def __init__(self, charger, services):
        self.status = Status("Available", stamp=services.clock.stamp())
        """Of the charger itself, connector 0: Available, Unavailable or Faulted, which no single connector's
        error makes it (OCPP 1.6, 4.9)."""
        self._charger = charger
        self._services = services
        self._unknown = any(name in GRAVE for name, _ in charger.settings.refused)
        self._since_ms = -1

    def look(self, now_ms):
        """To be called every 100 ms."""
        causes = CONFIG if self._unknown or self._services.journal.damaged else 0
        wrong = False
        for connector in self._charger.connectors:
            snapshot, mailbox = connector.snapshot, connector.controller.mailbox
            # That the watchdog bit is told once only: a technician may clear it.
            mailbox.system_faults = causes | (mailbox.system_faults & WATCHDOG & ~snapshot.faults)
            wrong = wrong or curable(snapshot)
        self._look_at_itself()
        if not wrong or not self._may_restart():
            self._since_ms = -1
        elif self._since_ms < 0:
            self._since_ms = now_ms
        elif now_ms - self._since_ms >= NOTICE_MS:
            self._charger.reset("Error")

    def _look_at_itself(self):
        found, word = 0, "Unavailable"
        for connector in self._charger.connectors:
            found |= connector.snapshot.faults & faults.SYSTEM
            if connector.controller.mailbox.enabled:
                word = "Available"
        error = errors.gravest(found)
        word = "Faulted" if error else word
        vendor_code = error.vendor_code if error else ""
        if (word, vendor_code) == (self.status.status, self.status.vendor_error_code):
            return
        self.status = Status(word, vendor_error_code=vendor_code, stamp=self._services.clock.stamp())
        if error:
            self.status.error_code, self.status.info = error.error_code, error.info
        self._services.status_changed(0)

    def _may_restart(self):
        """Only with every contactor open, with nobody charging elsewhere, and if the next start will know."""
        for connector in self._charger.connectors:
            busy = connector.transaction and not curable(connector.snapshot)
            if busy or connector.snapshot.closed or not connector.latches.safe():
                return False
        return True


def curable(snapshot):
    """Whether a system error is active that a restart may end."""
    return bool(snapshot.faults & faults.SYSTEM & ~snapshot.latched)
