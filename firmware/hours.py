"""The owner's hours as a limit row, by the clock of the place."""

from control import limits
from firmware.schedule import GRACE_MS, Schedule, opens
from firmware.timezone import Zone

RENEW_MS = 10000
"""A clock that was set counts within this."""


class Hours:
    """The row SCHEDULE of all connectors."""

    def __init__(self, text, zone, connectors, clock):
        self._schedule = Schedule(text)
        self._zone = Zone(zone)
        self._connectors = connectors
        self._clock = clock
        self._limit_ma = -1
        self._valid_ms = 0
        self._due_ms = 0
        self._written = True
        self.look(clock.now_ms())
        self.write()

    def look(self, now_ms):
        """Look at the clock. True when the hours have just let charging begin: waits come before `write`."""
        if now_ms < self._due_ms:
            return False
        before_ma = self._limit_ma
        unix_ms = self._clock.stamp()[2]
        unix_s = None if unix_ms is None else unix_ms // 1000
        self._limit_ma, self._valid_ms = self._schedule.at(unix_s, self._zone)
        # A part of the second has passed already.
        self._valid_ms -= 0 if unix_ms is None else unix_ms % 1000
        self._due_ms = now_ms + min(self._valid_ms, RENEW_MS)
        self._written = False
        return before_ma >= 0 and opens(before_ma, self._limit_ma)

    def write(self):
        """Give the row to control, if `look` has looked."""
        if not self._written:
            self._written = True
            for connector in self._connectors:
                connector.controller.mailbox.set_limit(
                    limits.SCHEDULE, self._limit_ma, self._valid_ms + GRACE_MS, self._schedule.least_ma
                )
