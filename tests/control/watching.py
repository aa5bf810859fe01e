"""What an oracle watches with: promises, and how long or how often something was so."""

WINDOW_MS = 400
"""Where half of the readings of so long are unsound, nothing is driven."""


class Broken(AssertionError):
    """A promise was broken."""


def promise(rule, kept, what, *values):
    """Raise `Broken` unless the promise was kept. `rule`: the invariant's number, or its name where it has
    none."""
    if not kept:
        raise Broken("%s: %s" % (rule, what % values))


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
        self._whole_ms = 0
        self._unsound_ms = 0

    def note(self, unsound, elapsed_ms):
        """Take one reading that stands for `elapsed_ms`; whether a whole window was half unsound."""
        readings = self._readings
        readings.append((unsound, elapsed_ms))
        self._whole_ms += elapsed_ms
        self._unsound_ms += elapsed_ms if unsound else 0
        while self._whole_ms - readings[0][1] >= WINDOW_MS:
            was_unsound, ms = readings.pop(0)
            self._whole_ms -= ms
            self._unsound_ms -= ms if was_unsound else 0
        return self._whole_ms >= WINDOW_MS and 2 * self._unsound_ms >= self._whole_ms


class Watch:
    """One noun of the world under watch: what it must be told, and the promises about it.

    Every method is called with the `Truth` of that moment."""

    def look(self, truth):
        """Time has passed, or something in the world has just changed."""

    def tick(self, truth):
        """A tick of the firmware has ended."""

    def rise(self, truth):
        """The contactor was just commanded closed."""

    def fall(self, truth):
        """The command has just ended."""

    def ended(self, truth):
        """A plug-in is over, and has been visibly."""

    def restarted(self, truth):
        """The processor was reset, and knows what was kept."""

    def cleared(self, truth):
        """A technician has looked after everything that lasts."""

    def rested(self, truth):
        """There was no power for longer than anybody counts."""

    def pending(self, truth):
        """Whether a pause, a delay, a budget or a latch of this noun may keep a car from charging."""
        return False
