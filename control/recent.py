"""How often something has happened lately. Times are counted down, so that no clock can wrap under them."""


class Recent:
    """Up to `most` happenings of the last `window_ms` (below 2^29)."""

    def __init__(self, most, window_ms):
        self.count = 0
        self._window_ms = window_ms
        self._left_ms = [0] * most

    def clear(self):
        """Forget them all."""
        self.restore(0)

    def restore(self, count):
        """So many are known from before a restart; nobody knows when they were, so they count in full."""
        self.count = min(count, len(self._left_ms))
        for slot in range(len(self._left_ms)):
            self._left_ms[slot] = self._window_ms if slot < self.count else 0

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
