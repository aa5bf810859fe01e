"""Errors of the charger itself: connector 0 tells them, and one restart may end them (`control.faults`: what
comes back within an hour stays, and is a technician's)."""

from control import faults
from firmware.latches import WATCHDOG

CONFIG = 1 << faults.SYS_CONFIG
GRAVE = ("InstallationCurrent", "FuseCurrent")
"""Settings whose defaults may be more than the wires bear."""
NOTICE_MS = 5000
"""So long an error stands before the restart: people and backend get to know of it."""


class Health:
    """Tells control what is wrong with the firmware's own memory, people how the charger as a whole is, and
    restarts where that may help."""

    def __init__(self, charger, services):
        self._charger = charger
        self._services = services
        self._unknown = services.refusals or any(name in GRAVE for name, _ in charger.settings.refused)
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
        if not wrong or not self._may_restart():
            self._since_ms = -1
        elif self._since_ms < 0:
            self._since_ms = now_ms
        elif now_ms - self._since_ms >= NOTICE_MS:
            self._charger.reset("Error")

    def _may_restart(self):
        """Only with every contactor open, with nobody charging elsewhere, and if the next start will know;
        and not for an image that is refused, for it will be the same."""
        if self._services.refusals:
            return False
        for connector in self._charger.connectors:
            busy = connector.transaction and not curable(connector.snapshot)
            if busy or connector.snapshot.closed or not connector.latches.safe():
                return False
        return True


def curable(snapshot):
    """Whether a system error is active that a restart may end."""
    return bool(snapshot.faults & faults.SYSTEM & ~snapshot.latched)
