"""Over-current: the car draws more than it was offered.

More than 1.1 x (signalled + 0.5 A) for 7 s, counted from the last reduction of the offer, in readings that
are fresh and were taken after it. What was over the higher offer before a reduction is over the lower one
too: a reduction forgives only a car that had kept to what it was offered. A reading that is good now and then
forgives little (`control.suspicion`).
"""

from control.suspicion import Suspicion

OVER_MS = 7000
MARGIN_MA = 500
_ANY_MA = 1000000


def threshold_ma(signalled_ma):
    """What may flow on a phase while `signalled_ma` is offered."""
    return (signalled_ma + MARGIN_MA) * 11 // 10


class Overcurrent:
    """Compares the measured with the signalled current of one connector."""

    def __init__(self):
        self.found = False
        self._over = Suspicion(OVER_MS)
        self._highest_ma = 0
        """The highest offer since the car was last seen to draw less than that allows."""
        self._lower_ms = 0
        """Since the offer is lower."""

    def rest(self):
        """The contactor is seen open: what was measured before says nothing of now."""
        self.found = False
        self._over.clear()
        self._highest_ma = _ANY_MA
        self._lower_ms = 0

    def update(self, elapsed_ms, signalled_ma, current_ma, age_ms, fresh):
        """`current_ma`: highest of the phases, `age_ms` old; not `fresh`: it tells nothing, and the count
        stands."""
        if signalled_ma >= self._highest_ma:
            self._highest_ma = signalled_ma
            self._lower_ms = 0
        if fresh:
            self._judge(elapsed_ms, signalled_ma, current_ma, age_ms)
        self._lower_ms = min(self._lower_ms + elapsed_ms, OVER_MS)

    def _judge(self, elapsed_ms, signalled_ma, current_ma, age_ms):
        over = current_ma > threshold_ma(self._highest_ma)
        if not over and signalled_ma < self._highest_ma:
            if age_ms > self._lower_ms:
                return
            self._highest_ma = signalled_ma
            over = current_ma > threshold_ma(signalled_ma)
            if over:
                # It kept to what it was offered before, and has its time to follow.
                self._over.clear()
        self._over.update(elapsed_ms, not over)
        self.found = self._over.certain()
