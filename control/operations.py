"""Contactor operations: counted for life, and limited to six in ten minutes.

A protective opening is neither delayed nor refused: a close is refused early enough that the opening that
belongs to it always has its place.
"""

from control.recent import Recent

WINDOW_MS = 600000
CYCLES = 3
"""A close and its opening are two operations; three pairs in ten minutes are six."""
_MOST = 0x3FFFFFFF


class Operations:
    """Counts the closings of one contactor, and says whether another one is allowed."""

    def __init__(self):
        self.cycles = 0
        """Closings in the contactor's life."""
        self.recent = Recent(CYCLES, WINDOW_MS)

    def restore(self, cycles, recent):
        """Go on counting after a restart: `recent` of the `cycles` were not long ago."""
        self.cycles = cycles
        # Nobody knows when they were, so they count in full.
        for _ in range(recent):
            self.recent.add()

    def allowed(self):
        """Whether the contactor may close now."""
        return not self.recent.full()

    def closed(self):
        """The contactor was just commanded closed."""
        self.cycles = min(self.cycles + 1, _MOST)
        self.recent.add()

    def opened(self):
        """The command has just ended: ten minutes from now on, both operations are past."""
        self.recent.renew()
