"""A plug is let go because the operator wants it (OCPP 1.6, 5.18). Loaded with the first such order.

Control lets go of a plug as soon as nothing may flow and the contacts are seen open, and tells a motor that
does not move again and again. So all there is to do is to end what keeps the plug, and to see what comes of
it.
"""

from control.controller import WITHDRAW_MS
from control.lock import TRIES, TRY_MS

UNLOCKED, FAILED, NOT_SUPPORTED = "Unlocked", "UnlockFailed", "NotSupported"

LOOK_MS = 100
WAIT_MS = WITHDRAW_MS + TRIES * TRY_MS + 500
"""The car lets go, the motor has its tries, and a few ticks pass between."""


MOST = 4
"""Requests that wait for one unlocking: a server has one call open, and more are of calls that it gave up."""


class Unlocking:
    """Letting go of one connector's plug, for whoever asks for it meanwhile."""

    def __init__(self, connector, services):
        self._connector = connector
        self._services = services
        self._answers = []

    def join(self, answer):
        """Somebody asks for it; `answer` hears what comes of it."""
        self._answers.append(answer)
        if len(self._answers) > MOST:
            self._answers.pop(0)(FAILED)

    def begin(self):
        """End whatever keeps the plug, the running transaction first. True: that was all."""
        connector = self._connector
        if connector.hold:
            connector.hold.end()
        if connector.snapshot.plugged:
            # Who was let in for this plug-in is who wants to leave.
            connector.pending_tag = ""
        connector.stop("UnlockCommand")
        return self._is_over()

    async def run(self):
        """Wait until it is over, and tell what came of it: the transaction is to end first, but an open lock
        is an open lock."""
        try:
            waited_ms = 0
            while self._answers and not self._is_over() and waited_ms < WAIT_MS:
                await self._services.clock.sleep_ms(LOOK_MS)
                waited_ms += LOOK_MS
        finally:
            self._connector.unlocking = None
        self.finish()

    def finish(self):
        """Tell what came of it, unless that is told already."""
        outcome = FAILED if self._connector.parts.lock.locked else UNLOCKED
        if self._answers:
            event = {"event": "unlock", "connector": self._connector.number, "outcome": outcome}
            self._services.publish(event)
        while self._answers:
            self._answers.pop(0)(outcome)

    def _is_over(self):
        return not self._connector.parts.lock.locked and not self._connector.transaction


def unlock(connector, services, errands, answer):
    """Let go of the plug of `connector` (None: there is no such) and call `answer` once with what came of it,
    in the words of OCPP 1.6 (7.46)."""
    if not connector or not connector.parts.lock.fitted:
        answer(NOT_SUPPORTED)
        return
    unlocking = connector.unlocking or Unlocking(connector, services)
    unlocking.join(answer)
    if unlocking.begin():
        unlocking.finish()
    elif not connector.unlocking:
        connector.unlocking = unlocking
        errands.run(unlocking.run)
