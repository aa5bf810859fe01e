"""Current offered to the car: down at once, up at most every 5 s (IEC 61851-1, A.5.3)."""

from control.duty import LEAST_MA

RISE_EVERY_MS = 5000
SLOW_RISE_MS = 60000
"""For a car that answers a change of the offer with a swap of its state."""
RESUME_MS = 10000
"""Limits that fell below 6 A must allow more for so long before there is an offer again."""


class Offer:
    """The offer on the pilot of one connector."""

    def __init__(self):
        self.value_ma = 0
        """0, or 6 A and more."""
        self.pausing = False
        """The limits took the offer away, and have not allowed one for long enough since."""
        self._since_rise_ms = SLOW_RISE_MS
        self._good_ms = 0

    def forget(self):
        """Another car: nothing was taken away from it yet."""
        self.pausing = False

    def judge(self, elapsed_ms, least_ma):
        """Take the least limit; `pausing` follows."""
        if least_ma < LEAST_MA:
            self.pausing = self.pausing or self.value_ma > 0
            self._good_ms = 0
        elif self.pausing:
            self._good_ms += elapsed_ms
            self.pausing = self._good_ms < RESUME_MS

    def update(self, elapsed_ms, wanted_ma, slow=False):
        """Follow `wanted_ma`; less than 6 A is no offer. `slow`: rises are rarer."""
        self._since_rise_ms = min(self._since_rise_ms + elapsed_ms, SLOW_RISE_MS)
        if wanted_ma < LEAST_MA:
            wanted_ma = 0
        if wanted_ma < self.value_ma:
            self.value_ma = wanted_ma
        elif wanted_ma > self.value_ma and self._since_rise_ms >= (SLOW_RISE_MS if slow else RISE_EVERY_MS):
            self.value_ma = wanted_ma
            self._since_rise_ms = 0
