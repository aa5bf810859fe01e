"""Residual-current device: an earth fault or a test pulls the trip line; a latch remembers (IEC 62955)."""

from control.ticks import diff
from hal import contract

TEST_MS = 40
"""From the test input to the trip."""


class Residual(contract.Rcd):
    """One device, its latch, and its short way to the contactor: `path` is the board's `rcd_path`."""

    def __init__(self, contactor, path):
        self.active = False
        """The trip line."""
        self.latched = self.tripped = False
        self.trips = 0
        """Trips so far, those of tests too, and when the last one was."""
        self.tripped_at_ms = contactor.now_ms
        self.testing = False
        """The test input is on and has not tripped the device yet."""
        self.leaking = False
        """Cause: an earth fault above the threshold."""
        self.dead = False
        """Cause: the device trips on nothing any more."""
        self._contactor = contactor
        self._path = path
        self._tested = False
        self._tested_at_ms = contactor.now_ms

    def sample(self, now_ms):
        self.tripped = self.latched

    def test(self, on):
        if not on:
            self.testing = self._tested = False
            self.settle()
        elif not self.testing and not self._tested:
            self._tested_at_ms = self._contactor.now_ms
            self.testing = True

    def rearm(self):
        if self.latched and not self.active:
            self.latched = self.tripped = self._contactor.tripped = self._contactor.barred = False
            self._contactor.settle(self._contactor.now_ms)

    def pulse(self):
        """An earth fault so short that no tick can see the trip line."""
        if not self.dead:
            self._trip()

    def step(self, now_ms):
        """Let a test come to `now_ms`; needed only while `testing`."""
        if not self.dead and diff(now_ms, self._tested_at_ms) >= TEST_MS:
            self.testing = False
            self._tested = True
            self.settle()

    def settle(self):
        """The trip line follows what changed."""
        active = not self.dead and (self.leaking or self._tested)
        if active and not self.active:
            self._trip()
        self.active = active

    def _trip(self):
        self.trips += 1
        self.tripped_at_ms = self._contactor.now_ms
        self.latched = True
        if self._path == "hardware_gate":
            self._contactor.tripped = True
            self._contactor.settle(self.tripped_at_ms)
        elif self._path == "hard_irq":
            self._contactor.barred = True
            self._contactor.drop()
