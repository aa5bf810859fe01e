"""How long something has been bad, when good and bad readings mix.

Bad time adds up, and so does the first good reading after a bad one, which proves nothing; but not the stall
that it may end, in which nobody looked. Only good readings in a row take time off again, half as fast. So in
ticks of 20 ms one glitch in six is forgiven, and whatever is bad for a third of the time comes to its end,
however the readings alternate.
"""

DOUBT_MS = 40
"""What a good reading that proves nothing adds at most."""


class Suspicion:
    """Counts up to `enough_ms`, where it is certain."""

    def __init__(self, enough_ms):
        self.ms = 0
        self._enough_ms = enough_ms
        self._good = False

    def clear(self):
        """Begin anew."""
        self.ms = 0
        self._good = False

    def certain(self):
        """Whether it has been bad for long enough."""
        return self.ms >= self._enough_ms

    def update(self, elapsed_ms, good):
        """Take one reading, `elapsed_ms` after the one before."""
        if not good or not self._good:
            self.ms = min(self.ms + (min(elapsed_ms, DOUBT_MS) if good else elapsed_ms), self._enough_ms)
        elif self.ms:
            self.ms = max(self.ms - elapsed_ms // 2, 0)
        self._good = good
