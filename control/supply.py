"""Supply voltage: out of range for a while is a fault (`control.faults` says how long it must be good again).

Two habits, the stricter of which holds: 0.9-1.1 of the nominal voltage for 5 s (207-253 V at 230 V: the UK's
detection of a broken PEN conductor, BS 7671 722.411.4.1), and less than 0.8 for 3 s (grid codes).
"""

OUT_MS = 5000
SAG_MS = 3000
_ALIVE_MV = 50000
"""A phase that never had so much is not connected: a one-phase supply of a three-phase charger is no fault.
A phase that had it once must keep it."""


class Supply:
    """Watches the voltages of the phases that are wired."""

    def __init__(self, nominal_mv, phases):
        self.low = False
        self.high = False
        self._low_mv = nominal_mv // 10 * 9
        self._high_mv = nominal_mv // 10 * 11
        self._sag_mv = nominal_mv // 10 * 8
        self._phases = phases
        self._alive = 1
        self._low_ms = 0
        self._sag_ms = 0
        self._high_ms = 0

    def update(self, elapsed_ms, voltage_mv):
        """`voltage_mv`: the meter's fresh values by phase (L1 always counts)."""
        lowest_mv = highest_mv = voltage_mv[0]
        for phase in range(1, self._phases):
            value_mv = voltage_mv[phase]
            if value_mv >= _ALIVE_MV:
                self._alive |= 1 << phase
            if self._alive & (1 << phase):
                lowest_mv = min(lowest_mv, value_mv)
                highest_mv = max(highest_mv, value_mv)
        self._low_ms = min(self._low_ms + elapsed_ms, OUT_MS) if lowest_mv < self._low_mv else 0
        self._sag_ms = min(self._sag_ms + elapsed_ms, SAG_MS) if lowest_mv < self._sag_mv else 0
        self._high_ms = min(self._high_ms + elapsed_ms, OUT_MS) if highest_mv > self._high_mv else 0
        self.low = self._low_ms >= OUT_MS or self._sag_ms >= SAG_MS
        self.high = self._high_ms >= OUT_MS
