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


class Unlocking:
    """Letting go of one connector's plug."""

    def __init__(self, connector, services):
        self._connector = connector
        self._services = services

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

    async def run(self, answer):
        """Wait until it is over, and call `answer` with what came of it: the transaction is to end first, but
        an open lock is an open lock."""
        waited_ms = 0
        while not self._is_over() and waited_ms < WAIT_MS:
            await self._services.clock.sleep_ms(LOOK_MS)
            waited_ms += LOOK_MS
        self.finish(answer)

    def finish(self, answer):
        """Tell what came of it."""
        outcome = FAILED if self._connector.parts.lock.locked else UNLOCKED
        event = {"event": "unlock", "connector": self._connector.number, "outcome": outcome}
        self._services.publish(event)
        answer(outcome)

    def _is_over(self):
        return not self._connector.parts.lock.locked and not self._connector.transaction


def unlock(connector, services, errands, answer):
    """Let go of the plug of `connector` (None: there is no such) and call `answer` once with what came of it,
    in the words of OCPP 1.6 (7.46)."""
    if not connector or not connector.parts.lock.fitted:
        answer(NOT_SUPPORTED)
        return
    unlocking = Unlocking(connector, services)
    if unlocking.begin():
        unlocking.finish(answer)
    else:
        errands.run(unlocking.run, answer)
