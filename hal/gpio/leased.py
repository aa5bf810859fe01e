"""What every main contactor has: a lease that ends by itself, a mirror contact, and a residual-current device
that keeps it open."""

from hal.contract import Contactor
from hal.gpio.lines import line_in


class _Ungated:
    def __init__(self):
        self.tripped = False


class Leased(Contactor):
    """A subclass has `extend()`, which holds the coil for another `LEASE_MS`, and `drop()`."""

    def __init__(self, facts):
        self.closed = False
        self._level = facts.mirror_level
        # A broken wire reads as closed: a weld, not an open contact.
        self._mirror = line_in(facts.pins["mirror"], facts.mirror_level)
        self._gate = _Ungated()

    def gate(self, rcd):
        """From now on nothing is extended while `rcd.tripped`."""
        self._gate = rcd

    def sample(self, now_ms):
        self.closed = self._mirror.value() == self._level

    def renew(self, now_ms):
        if not self._gate.tripped:
            self.extend()
            if self._gate.tripped:
                # The interrupt came in between, and its `drop` was overtaken.
                self.drop()  # type: ignore[unreachable]

    def extend(self):
        """*tick* Hold the coil for the next `LEASE_MS`."""
