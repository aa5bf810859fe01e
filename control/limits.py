"""Least limit with a reason: every limit is a row with a value, a time to live and a fallback; the least
wins."""

HARDWARE = 0
"""Rating of the board and its connector."""
INSTALLATION = 1
"""What the electrician set for this circuit."""
CABLE = 2
"""Rating of the cable."""
OWNER = 3
"""What the owner allows."""
BACKEND = 4
"""What the operator's server allows."""

NAMES = ("hardware", "installation", "cable", "owner", "backend")

NO_LIMIT_MA = 1000000
"""A row that does not limit."""
_LONG_MS = 0x1FFFFFFF


class Limits:
    """The rows of one connector, and the least of them."""

    def __init__(self, hardware_ma):
        count = len(NAMES)
        self.least_ma = 0
        self.reason = HARDWARE
        """Row of the least limit."""
        self._value_ma = [NO_LIMIT_MA] * count
        self._fallback_ma = [NO_LIMIT_MA] * count
        self._left_ms = [0] * count
        self._written = [0] * count
        self._timed = 0
        self._sequence = -1
        self._value_ma[HARDWARE] = hardware_ma
        self._choose()

    def value_ma(self, source):
        """What a row limits to now."""
        return self._value_ma[source]

    def set(self, source, limit_ma):
        """Set a row that control itself knows (cable), without expiry."""
        if self._value_ma[source] != limit_ma:
            self._value_ma[source] = limit_ma
            self._choose()

    def update(self, elapsed_ms, mailbox):
        """Take new rows from the mailbox, and let those whose time is over fall back."""
        if mailbox.sequence != self._sequence:
            self._sequence = mailbox.sequence
            self._take(mailbox)
        if self._timed:
            self._expire(elapsed_ms)

    def _take(self, mailbox):
        for source in mailbox.SOURCES:
            if mailbox.written[source] != self._written[source]:
                self._written[source] = mailbox.written[source]
                self._value_ma[source] = mailbox.limit_ma[source]
                self._fallback_ma[source] = mailbox.fallback_ma[source]
                self._left_ms[source] = min(mailbox.life_ms[source], _LONG_MS)
                bit = 1 << source
                self._timed = self._timed | bit if mailbox.life_ms[source] else self._timed & ~bit
        self._choose()

    def _expire(self, elapsed_ms):
        for source in range(len(self._left_ms)):
            if self._timed & (1 << source):
                self._left_ms[source] -= elapsed_ms
                if self._left_ms[source] <= 0:
                    self._timed &= ~(1 << source)
                    self._value_ma[source] = self._fallback_ma[source]
                    self._choose()

    def _choose(self):
        least = HARDWARE
        for source in range(len(self._value_ma)):
            if self._value_ma[source] < self._value_ma[least]:
                least = source
        self.reason = least
        self.least_ma = self._value_ma[least]
