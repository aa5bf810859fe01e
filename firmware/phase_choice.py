"""One phase or three: on which a power limit can be used.

Below 6 A on three phases (4.1 kW at 230 V) only one phase can charge at all. Each change stops the car for a
minute and costs it a cycle of its contactor, so the wish must last, and changes are rare.
"""

from control.duty import LEAST_MA

AUTO = 0
"""Setting: as the power limit asks for. Otherwise 1 or 3."""
HOLD_MS = 60000
"""A power limit must ask for the change this long without a break: a cloud is none."""
DWELL_MS = 600000
"""Least time between two changes of our own choice."""
ROOM_PERCENT = 10
"""Three phases must be possible with so much to spare before one phase is left."""


class PhaseChoice:
    """What one connector shall charge with; for a board whose phases can be switched."""

    def __init__(self, wired=3):
        self.phases = wired
        """1, or as many as are wired. `Mailbox.phases` takes 1, or 0 for all."""
        self._wired = wired
        self._held_ms = 0
        self._since_ms = DWELL_MS

    def begin(self):
        """Another car: it has not been switched yet, so the first choice need not wait."""
        self._held_ms = HOLD_MS
        self._since_ms = DWELL_MS

    def update(self, elapsed_ms, setting, power_w, voltage_mv, car_phases=0):
        """Choose anew; returns `phases`. To be called every few seconds.

        `setting`: AUTO, 1 or 3; a person's wish is followed at once. `power_w`: the least power limit, None
        when nothing limits in W. `voltage_mv`: live, by phase. `car_phases`: phases that the car is known to
        use, 0 while unknown; nothing is gained by switching for a car with one.
        """
        self._since_ms = min(self._since_ms + elapsed_ms, DWELL_MS)
        if setting != AUTO:
            self._choose(1 if setting == 1 else self._wired)
            return self.phases
        wanted = self._wanted(power_w, voltage_mv, car_phases)
        if wanted == self.phases:
            self._held_ms = 0
            return self.phases
        self._held_ms = min(self._held_ms + elapsed_ms, HOLD_MS)
        if self._held_ms >= HOLD_MS and self._since_ms >= DWELL_MS:
            self._choose(wanted)
        return self.phases

    def _wanted(self, power_w, voltage_mv, car_phases):
        if car_phases == 1:
            return self.phases
        if power_w is None:
            return self._wired
        all_w = _least_w(voltage_mv, self._wired)
        if power_w >= all_w + all_w * ROOM_PERCENT // 100:
            return self._wired
        # Too little for one phase too: nothing flows either way, so nothing is worth a change.
        if _least_w(voltage_mv, 1) <= power_w < all_w:
            return 1
        return self.phases

    def _choose(self, phases):
        if phases != self.phases:
            self.phases = phases
            self._since_ms = 0
        self._held_ms = 0


def _least_w(voltage_mv, phases):
    """Power of the least current that can be offered."""
    volts = 0
    for phase in range(phases):
        volts += voltage_mv[phase] // 1000
    return volts * LEAST_MA // 1000
