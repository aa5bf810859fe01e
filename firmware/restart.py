"""A restart on purpose: transactions end, every contactor opens once its car has let go, then the processor
starts again."""

WAIT_MS = 1000
"""Time for the answer to a reset to leave."""
OPEN_MS = 7000
"""Control opens a contactor 6 s after the offer was withdrawn; under load, if it must."""
GRACE_MS = 10000
"""How long a soft reset waits for transactions to end, and for the server to hear of it."""
RETRY_MS = 5000
"""When the processor still runs so long after it was told to restart, it is told again (ResetRetries)."""
_LOOK_MS = 100
_REASONS = {"Soft": "SoftReset", "Hard": "HardReset", "Error": "Reboot"}


class Restart:
    """The one restart that a charger may be under way to."""

    def __init__(self, charger, lanes, watchdog, services):
        self._charger = charger
        self._lanes = lanes
        self._watchdog = watchdog
        self._services = services
        self.is_overdue = False
        """The processor was told often enough and still runs: only a hungry watchdog helps."""

    async def run(self, kind):
        """Restart: 'Soft', 'Hard', or 'Error' for the charger's own sake."""
        self._charger.stop_all(_REASONS[kind])
        clock = self._services.clock
        waited_ms = 0
        while waited_ms < WAIT_MS or self._is_wanted(kind, waited_ms):
            await clock.sleep_ms(_LOOK_MS)
            waited_ms += _LOOK_MS
        for lane in self._lanes:
            lane.open()
        for connector in self._charger.connectors:
            connector.latches.look()
        self._services.publish({"event": "restart", "kind": kind})
        for _ in range(1 + self._services.settings.get("ResetRetries")):
            self._watchdog.restart()
            await clock.sleep_ms(RETRY_MS)
        self.is_overdue = True

    def _is_wanted(self, kind, waited_ms):
        """Whether something goes on that is worth a wait."""
        if waited_ms < OPEN_MS and any(lane.controller.snapshot.close for lane in self._lanes):
            return True
        return kind != "Hard" and waited_ms < GRACE_MS and self._is_busy()

    def _is_busy(self):
        if any(connector.transaction for connector in self._charger.connectors):
            return True
        client = self._services.client
        return client is not None and client.accepted and not client.transactions.is_drained()
