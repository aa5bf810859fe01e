"""Switching between one and three phases: only with the contactor seen open and nothing offered, and with a
wait that the car needs to forget how many there were."""

LEAVE = 0
SETTLE_MS = 3000
"""The switch must show its new position within this."""


class PhaseSwitching:
    """Decides when the phase switch of one connector moves."""

    def __init__(self, wired, fitted):
        self.selected = LEAVE if fitted else wired
        """What the switch is told; `LEAVE`: nothing yet. After a restart the contacts may still be closed."""
        self.active = False
        """A switch-over is under way: nothing is offered, the contactor stays open."""
        self.failed = False
        """The switch did not follow."""
        self._wired = wired
        self._fitted = fitted
        self._waited_ms = 0

    def phases(self, joined):
        """Phases that can carry current now; all of them, where nobody knows."""
        return (self._fitted and max(joined, self.selected)) or self._wired

    def update(self, elapsed_ms, wish, joined, contactor_open, wait_ms):
        """`wish`: phases to charge with, 1 or 0 for all; `joined`: feedback; `wait_ms`: what this car
        needs."""
        if not self._fitted:
            return
        if self.selected == LEAVE:
            self.selected = joined
        wanted = 1 if wish == 1 else self._wired
        if wanted != self.selected or (joined != self.selected and not self.active):
            self.active = True
            self._waited_ms = 0
        if self.active and contactor_open:
            self.selected = wanted
            self._settle(elapsed_ms, joined, wait_ms)

    def _settle(self, elapsed_ms, joined, wait_ms):
        self._waited_ms += elapsed_ms
        if joined == self.selected:
            self.failed = False
            self.active = self._waited_ms < wait_ms
        else:
            self.failed = self._waited_ms >= SETTLE_MS
            self._waited_ms = min(self._waited_ms, SETTLE_MS)
