"""Main contactor: does the mirror contact follow the command? (IEC 61851-1, 8.4; IEC 60947-4-1, annex F)."""

from control.suspicion import Suspicion

LEASE_MS = 100
"""A close command lasts this long: a tick that comes later finds the contactor dropped."""
MISMATCH_MS = 250
"""A contactor moves in 10-30 ms and may bounce; feedback that still differs after this is a failure."""
SURE = 3
"""Readings in a row that show a contactor open before it is believed; one between welded contacts is none."""
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
        """Closed although open was commanded, whatever single readings say."""
        self.stuck_open = False
        """Open although close was commanded."""
        self.open = False
        """Open was commanded, and the feedback has confirmed it `SURE` times in a row."""
        self.dropped = False
        """It had closed, and opened by itself: to be treated as an opening of ours."""
        self.served = False
        """It had closed, stayed so, and was now told to open."""
        self.differs = False
        """The last feedback was not what was commanded."""
        self._commanded = False
        self._confirmed = False
        self._mismatch = Suspicion(MISMATCH_MS)
        self._agreed = 0
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
        if commanded != self._commanded:
            self._commanded = commanded
            self._confirmed = False
            self._mismatch.clear()
            self._agreed = 0
        follows = commanded == closed
        self.differs = not follows
        self._mismatch.update(elapsed_ms, follows)
        self._agreed = min(self._agreed + 1, SURE) if follows else 0
        failed = self._mismatch.certain()
        self.welded = failed and not commanded
        self.stuck_open = failed and commanded
        self.open = self._agreed == SURE and not commanded
        if follows:
            self._lost = 0
            self._confirmed = commanded
        elif self._confirmed:
            self._lost += 1
        self._watch(elapsed_ms, follows)

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
