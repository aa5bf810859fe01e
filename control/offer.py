"""Current offered to the car: down at once, up at most every 5 s (IEC 61851-1, A.5.3)."""

from control.duty import LEAST_MA

RISE_EVERY_MS = 5000


class Offer:
    """The offer on the pilot of one connector."""

    def __init__(self):
        self.value_ma = 0
        """0, or 6 A and more."""
        self._since_rise_ms = RISE_EVERY_MS

    def update(self, elapsed_ms, wanted_ma):
        """Follow `wanted_ma`; less than 6 A is no offer."""
        self._since_rise_ms = min(self._since_rise_ms + elapsed_ms, RISE_EVERY_MS)
        if wanted_ma < LEAST_MA:
            wanted_ma = 0
        if wanted_ma < self.value_ma:
            self.value_ma = wanted_ma
        elif wanted_ma > self.value_ma and self._since_rise_ms >= RISE_EVERY_MS:
            self.value_ma = wanted_ma
            self._since_rise_ms = 0
