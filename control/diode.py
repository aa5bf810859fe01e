"""EV diode: while a square wave is offered, the low plateau must stay at about -12 V (IEC 61851-1, A.2.3)."""

from control.suspicion import Suspicion

LEAST_MV = -10000
"""Above this the diode is missing or shorted."""
BAD_MS = 100
PROOF_MS = 60
"""Three ticks of 20 ms in a row with a sound low plateau prove the diode."""


class Diode:
    """Watches the diode of the car that is plugged in, before the first close and for as long as it
    charges."""

    def __init__(self):
        self.bad = False
        self.proven = False
        """Seen sound in this plug-in, and not unsound since."""
        self._suspicion = Suspicion(BAD_MS)
        self._good_ms = 0

    def forget(self):
        """Another car must prove its own."""
        self.proven = False
        self._good_ms = 0

    def rest(self):
        """No square wave, or no car: there is nothing to see."""
        self.bad = False
        self._suspicion.clear()

    def update(self, elapsed_ms, low_mv):
        """Take one low plateau (mV), measured while a square wave runs to a car."""
        good = low_mv <= LEAST_MV
        self._suspicion.update(elapsed_ms, good)
        self._good_ms = min(self._good_ms + elapsed_ms, PROOF_MS) if good else 0
        self.proven = self._good_ms >= PROOF_MS
        self.bad = self._suspicion.certain()
