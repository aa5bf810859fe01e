"""Over-current: the car draws more than it was offered.

More than 1.1 x (signalled + 0.5 A) for 7 s, counted from the last reduction of the offer, in readings that
are fresh and were taken after it.
"""

OVER_MS = 7000
MARGIN_MA = 500


def threshold_ma(signalled_ma):
    """What may flow on a phase while `signalled_ma` is offered."""
    return (signalled_ma + MARGIN_MA) * 11 // 10


class Overcurrent:
    """Compares the measured with the signalled current of one connector."""

    def __init__(self):
        self.found = False
        self._over_ms = 0
        self._since_ms = 0
        self._signalled_ma = 0

    def rest(self):
        """The contactor is seen open: what was measured before says nothing of now."""
        self._over_ms = self._since_ms = 0

    def update(self, elapsed_ms, signalled_ma, current_ma, age_ms, fresh):
        """`current_ma`: highest of the phases, `age_ms` old; not `fresh`: it tells nothing, and the count
        stands."""
        self._since_ms = min(self._since_ms + elapsed_ms, OVER_MS)
        if signalled_ma < self._signalled_ma:
            self._over_ms = self._since_ms = 0
        self._signalled_ma = signalled_ma
        if fresh and age_ms <= self._since_ms:
            over = current_ma > threshold_ma(signalled_ma)
            self._over_ms = min(self._over_ms + elapsed_ms, OVER_MS) if over else 0
        self.found = self._over_ms >= OVER_MS
