"""Self-test of the pilot at the start: it is driven to -12 V once, and must be seen there.

With a car before it, its diode or a short may hide that; then the square wave of the first offer, in which
the diode is proven, proves it too. With no car, a pilot that does not follow is a defect of the charger.
"""

INVERTED_MV = -10000
PROOF_MS = 60
"""Readings in a row that show it."""
GIVE_UP_MS = 1000
TRIES = 2


class SelfTest:
    """The test, at boot and, where a car was in the way, after it has left."""

    def __init__(self):
        self.running = True
        """State F is to be driven."""
        self.passed = False
        self.failed = False
        self._seen_ms = 0
        self._ran_ms = 0
        self._tries = 1

    def clear_failure(self):
        """A technician looked after the pilot: it must pass a test again."""
        self.failed = False
        self._tries = 1

    def update(self, elapsed_ms, driven, high_mv, valid, vacant, hidden=False):
        """`driven`: state F is on the wire, and `high_mv` shows it; `vacant`: at +12 V no car is seen;
        `hidden`: something is seen there that may have hidden -12 V in the last try, which then proves
        nothing."""
        if self.running:
            self._run(elapsed_ms, driven and valid and high_mv <= INVERTED_MV)
        elif hidden:
            self._tries = 1
        elif vacant and not self.passed and not self.failed:
            self.failed = self._tries >= TRIES
            self.running = not self.failed
            self._tries += 1
            self._ran_ms = self._seen_ms = 0

    def _run(self, elapsed_ms, seen):
        self._ran_ms += elapsed_ms
        self._seen_ms = self._seen_ms + elapsed_ms if seen else 0
        self.passed = self._seen_ms >= PROOF_MS
        self.running = not self.passed and self._ran_ms < GIVE_UP_MS
