"""How often something has happened lately. Times are counted down, so that no clock can wrap under them."""

PARTS = 96
"""A window in as many parts is fine enough for what a restart must know: a quarter of an hour of a day."""


class Recent:
    """Up to `most` happenings of the last `window_ms` (below 2^29)."""

    def __init__(self, most, window_ms):
        self.count = 0
        self._window_ms = window_ms
        self._left_ms = [0] * most

    def clear(self):
        """Forget them all."""
        self.restore(0)

    def kept(self):
        """What a restart must know of up to four: for each, seven bits with the begun `PARTS` of the window
        that it still counts."""
        kept = 0
        if self.count:
            part_ms = self._window_ms // PARTS
            for left_ms in self._left_ms:
                kept = kept << 7 | min((max(left_ms, 0) + part_ms - 1) // part_ms, PARTS)
        return kept

    def restore(self, kept):
        """Go on counting after a restart, from what `kept` said before it."""
        self.count = 0
        for slot in range(len(self._left_ms) - 1, -1, -1):
            left = min(kept & 127, PARTS)
            self._left_ms[slot] = left * (self._window_ms // PARTS)
            self.count += left > 0
            kept >>= 7

    def full(self):
        """Whether `most` of them were within the window."""
        return self.count == len(self._left_ms)

    def add(self):
        """It happened just now. One too many takes the place of the oldest."""
        oldest = 0
        for slot in range(1, len(self._left_ms)):
            if self._left_ms[slot] < self._left_ms[oldest]:
                oldest = slot
        if self._left_ms[oldest] <= 0:
            self.count += 1
        self._left_ms[oldest] = self._window_ms

    def renew(self):
        """What happened last has its effect only now: its time begins anew, even if it had passed."""
        newest = 0
        for slot in range(1, len(self._left_ms)):
            if self._left_ms[slot] > self._left_ms[newest]:
                newest = slot
        if self._left_ms[newest] <= 0:
            self.count += 1
        self._left_ms[newest] = self._window_ms

    def update(self, elapsed_ms):
        """Let time pass."""
        if not self.count:
            return
        for slot in range(len(self._left_ms)):
            if self._left_ms[slot] > 0:
                self._left_ms[slot] -= elapsed_ms
                if self._left_ms[slot] <= 0:
                    self.count -= 1
