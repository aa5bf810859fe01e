"""Socket lock: a plug is held while current may flow, and let go once the contacts are seen open
(IEC 61851-1, 12.3). The motor is told again a few times before the lock counts as broken."""

from control.suspicion import Suspicion

TRY_MS = 1500
"""The motor and its position switch need up to 1 s."""
TRIES = 3
SLIP_MS = 100
"""A switch may bounce for less; a bolt that is out for longer lets the plug go."""
SURE_MS = 100
"""A bolt must be seen for so long where it belongs: a loose switch shows what one wants to see, too."""


class Lock:
    """The lock of one socket; where none is fitted nothing is asked of it."""

    def __init__(self, fitted):
        self.wanted = False
        """Locked, or let go."""
        self.again = False
        """The motor is to be told once more."""
        self.failed = False
        """It did not lock although told three times."""
        self.stuck = False
        """It did not let go although told three times."""
        self.slips = False
        """It does not hold the plug, or not any more."""
        self._fitted = fitted
        self._loose = Suspicion(SLIP_MS)
        self._there_ms = 0
        self._waited_ms = 0
        self._tries = 1

    def holds(self, locked):
        """Whether the plug is held, as far as this charger must hold one."""
        return not self._fitted or (locked and self.wanted and self._there_ms >= SURE_MS and not self.slips)

    def update(self, elapsed_ms, wanted, locked):
        """`wanted`: current may flow, or the contacts are not seen open; `locked`: the position switch."""
        if not self._fitted:
            return
        self.again = False
        self._loose.update(elapsed_ms, locked or not wanted)
        self.slips = self._loose.certain()
        changed = wanted != self.wanted
        self.wanted = wanted
        self._there_ms = min(self._there_ms + elapsed_ms, SURE_MS) if locked == wanted and not changed else 0
        if changed or self._there_ms >= SURE_MS:
            self._waited_ms = 0
            self._tries = 1
        else:
            self._wait(elapsed_ms)
        gave_up = self._tries > TRIES
        self.failed = gave_up and wanted
        self.stuck = gave_up and not wanted

    def _wait(self, elapsed_ms):
        self._waited_ms += elapsed_ms
        if self._waited_ms >= TRY_MS:
            self._waited_ms = 0
            # Once given up, it is still asked: a plug that somebody wiggles may come free.
            self.again = True
            self._tries = min(self._tries + 1, TRIES + 1)
