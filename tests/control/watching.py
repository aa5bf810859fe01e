"""What an oracle watches with: promises, and how long or how often something was so."""

WINDOW_MS = 400
"""Where half of the readings of so long are unsound, nothing is driven."""


class Broken(AssertionError):
    """A promise was broken."""


def promise(kept, what, *values):
    """Raise `Broken` unless the promise was kept."""
    if not kept:
        raise Broken(what % values)


class Since:
    """Since when something holds; None: it does not."""

    def __init__(self):
        self.at_ms = None

    def note(self, holds, now_ms):
        """Take what holds now; how long it has."""
        if not holds:
            self.at_ms = None
        elif self.at_ms is None:
            self.at_ms = now_ms
        return 0 if self.at_ms is None else now_ms - self.at_ms


class Recently:
    """How much of the last `WINDOW_MS` was unsound, reading by reading."""

    def __init__(self):
        self._readings = []

    def note(self, unsound, elapsed_ms):
        """Take one reading that stands for `elapsed_ms`; whether a whole window was half unsound."""
        readings = self._readings
        readings.append((unsound, elapsed_ms))
        while sum(ms for _, ms in readings[1:]) >= WINDOW_MS:
            readings.pop(0)
        whole_ms = sum(ms for _, ms in readings)
        return whole_ms >= WINDOW_MS and 2 * sum(ms for bad, ms in readings if bad) >= whole_ms
