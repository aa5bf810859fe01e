"""Switching between one and three phases: only with the contactor seen open and nothing offered, and with a
wait that the car needs to forget how many there were."""

from control.suspicion import Suspicion

LEAVE = 0
STRAY_MS = 300
"""A switch that shows another position for so long has moved by itself; one bad sample is none."""
SETTLE_MS = 3000
"""The switch must show its new position within this."""
KNOWN_MS = 300
"""It moves only so long after that was decided: what is written ten times a second knows of it by then, and a
restart does not cut the wait short."""


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
        self._strays = Suspicion(STRAY_MS)
        self._waited_ms = self._known_ms = 0

    def resume(self):
        """A restart came into a switch-over: its wait begins anew."""
        self.active = self._fitted
        self._known_ms = KNOWN_MS

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
        self._strays.update(elapsed_ms, joined == self.selected)
        if wanted != self.selected or (self._strays.certain() and not self.active):
            if not self.active:
                self._known_ms = 0
            self.active = True
            self._waited_ms = 0
        if self.active:
            self._known_ms = min(self._known_ms + elapsed_ms, KNOWN_MS)
            if contactor_open and self._known_ms == KNOWN_MS:
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
