"""Main contactor: does the mirror contact follow the command? (IEC 61851-1, 8.4; IEC 60947-4-1, annex F)."""

LEASE_MS = 100
"""A close command lasts this long: a tick that comes later finds the contactor dropped."""
MISMATCH_MS = 250
"""A contactor moves in 10-30 ms and may bounce; feedback that still differs after this is a failure."""


class Supervision:
    """Compares command and feedback of one contactor."""

    def __init__(self):
        self.welded = False
        """Closed although open was commanded."""
        self.stuck_open = False
        """Open although close was commanded."""
        self.open = False
        """Open was commanded, and the feedback confirms it."""
        self._commanded = False
        self._mismatch_ms = 0

    def update(self, elapsed_ms, commanded, closed):
        """`commanded`: what the last tick asked for; `closed`: the feedback now."""
        if commanded == closed:
            self._mismatch_ms = 0
            self.welded = False
            self.stuck_open = False
            self.open = not closed
            self._commanded = commanded
        else:
            self._differ(elapsed_ms, commanded)

    def _differ(self, elapsed_ms, commanded):
        self.open = False
        if commanded != self._commanded:
            self._commanded = commanded
            self._mismatch_ms = 0
        self._mismatch_ms = min(self._mismatch_ms + elapsed_ms, MISMATCH_MS)
        failed = self._mismatch_ms >= MISMATCH_MS
        self.welded = failed and not commanded
        self.stuck_open = failed and commanded
