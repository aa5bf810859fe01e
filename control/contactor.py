"""Main contactor: does the mirror contact follow the command? (IEC 61851-1, 8.4; IEC 60947-4-1, annex F)."""

from control.suspicion import Suspicion

LEASE_MS = 100
"""A close command lasts this long: a tick that comes later finds the contactor dropped."""
MISMATCH_MS = 250
"""A contactor moves in 10-30 ms and may bounce; feedback that still differs after this is a failure."""
LOST = 2
"""Readings in a row that show a contactor open which had closed: its coil has no supply."""
LOST_MS = 100
"""One such reading may be a bounce; one in four is a coil whose supply comes and goes."""
DROPS = 3
"""A contactor that drops by itself so often in a plug-in is as good as one that does not close."""


class Supervision:
    """Compares command and feedback of one contactor."""

    def __init__(self):
        self.welded = False
        """Closed although open was commanded."""
        self.stuck_open = False
        """Open although close was commanded."""
        self.open = False
        """Open was commanded, and the feedback confirms it."""
        self.dropped = False
        """It had closed, and opened by itself: to be treated as an opening of ours."""
        self.served = False
        """It had closed, stayed so, and was now told to open."""
        self._commanded = False
        self._confirmed = False
        self._mismatch_ms = 0
        self._lost = 0
        self._chatter = Suspicion(LOST_MS)
        self._drops = 0

    def forget(self):
        """Another car: what dropped before no longer counts."""
        self._drops = 0

    def update(self, elapsed_ms, commanded, closed):
        """`commanded`: what the last tick asked for; `closed`: the feedback now."""
        self.dropped = False
        self.served = self._confirmed and not commanded
        if commanded == closed:
            self._mismatch_ms = 0
            self._lost = 0
            self.welded = False
            self.stuck_open = False
            self.open = not closed
            self._commanded = self._confirmed = commanded
            self._watch(elapsed_ms, True)
        else:
            self._differ(elapsed_ms, commanded)

    def _differ(self, elapsed_ms, commanded):
        self.open = False
        if commanded != self._commanded:
            self._commanded = commanded
            self._confirmed = False
            self._mismatch_ms = 0
        self._mismatch_ms = min(self._mismatch_ms + elapsed_ms, MISMATCH_MS)
        failed = self._mismatch_ms >= MISMATCH_MS
        self.welded = failed and not commanded
        self.stuck_open = failed and commanded
        if self._confirmed:
            self._lost += 1
            self._watch(elapsed_ms, False)

    def _watch(self, elapsed_ms, follows):
        """Whether closed contacts stay closed while they are told to."""
        if not self._confirmed:
            self._chatter.clear()
            return
        self._chatter.update(elapsed_ms, follows)
        if self._lost >= LOST or self._chatter.certain():
            self._lost = 0
            self._chatter.clear()
            self._confirmed = False
            self.dropped = True
            self._drops += 1
            if self._drops >= DROPS:
                self._drops = 0
                self.stuck_open = True
