"""Supply voltage: out of range for a while is a fault (`control.faults` says how long it must be good again).

Good and bad readings that alternate are bad (`control.suspicion`), and once a fault stands only good ones
in a row are good. Two habits, the stricter of which holds: 0.9-1.1 of the nominal voltage for 5 s (207-253 V
at 230 V: the UK's detection of a broken PEN conductor, BS 7671 722.411.4.1), and less than 0.8 for 3 s (grid
codes).
"""

from control.suspicion import Suspicion

OUT_MS = 5000
SAG_MS = 3000


class Supply:
    """Watches the voltages of the phases that are wired."""

    def __init__(self, nominal_mv, phases):
        self.low = False
        """Too low for long enough."""
        self.high = False
        self.sags = False
        """The last reading was too low."""
        self.swells = False
        self._low_mv = nominal_mv // 10 * 9
        self._high_mv = nominal_mv // 10 * 11
        self._sag_mv = nominal_mv // 10 * 8
        self._phases = phases
        # What a conductor that is connected to nothing shows is less.
        self._alive_mv = nominal_mv // 20 * 13
        self.alive = 1
        """Bits of the phases that count: one that never had so much is not connected, for a one-phase supply
        of a three-phase charger is no fault. One that had it must keep it."""
        self._too_low = Suspicion(OUT_MS)
        self._far_too_low = Suspicion(SAG_MS)
        self._too_high = Suspicion(OUT_MS)

    def update(self, elapsed_ms, voltage_mv):
        """`voltage_mv`: the meter's fresh values by phase (L1 always counts)."""
        lowest_mv = highest_mv = voltage_mv[0]
        for phase in range(1, self._phases):
            value_mv = voltage_mv[phase]
            if value_mv >= self._alive_mv:
                self.alive |= 1 << phase
            if self.alive & (1 << phase):
                lowest_mv = min(lowest_mv, value_mv)
                highest_mv = max(highest_mv, value_mv)
        self.sags = lowest_mv < self._low_mv
        self.swells = highest_mv > self._high_mv
        self._too_low.update(elapsed_ms, not self.sags)
        self._far_too_low.update(elapsed_ms, lowest_mv >= self._sag_mv)
        self._too_high.update(elapsed_ms, not self.swells)
        self.low = self._too_low.certain() or self._far_too_low.certain()
        self.high = self._too_high.certain()
