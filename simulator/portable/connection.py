"""Where house and charger meet: what flows there, what its meter sees, and what its fuses bear."""

from simulator.portable.energy import Energy

FUSE_MA = 63000
FUSE_TIME_CONSTANT_MS = 120000
FUSE_PERCENT = 130
"""What a fuse bears for ever: it carries 1.13 times its rating for hours, and cuts 1.45 times within an hour
and 2.55 times within a minute (IEC 60898-1, table 7)."""
LARGEST_PERCENT = 1000
"""Beyond, a fuse is as quick as it gets."""


class Connection(Energy):
    """The truth behind the mains meter: house and all outlets together."""

    def __init__(self, mains):
        Energy.__init__(self, mains)
        self.house_ma = [0, 0, 0]
        """What the rest of the house draws from each phase; negative: its generator feeds in."""
        self.fuse_ma = FUSE_MA
        """Rating of the fuse in each phase."""
        self.fuse_blown = False
        """A fuse would have blown by now; here it goes on carrying its phase."""
        self._heat = [0, 0, 0]
        self._rest = [0, 0, 0]

    def flow(self, dt_ms, current_ma):
        """`current_ma` is drawn from each phase for `dt_ms` (at most 200)."""
        self.wire()
        for phase in range(3):
            phase_ma = current_ma[phase] if self.voltage_mv[phase] else 0
            self.current_ma[phase] = phase_ma
            if phase_ma or self._heat[phase]:
                self._warm(phase, dt_ms)
        self.count(dt_ms)

    def fuse_percent(self):
        """How far the warmest fuse is on its way to blow."""
        return max(self._heat) * 100 // (FUSE_PERCENT * FUSE_PERCENT)

    def snapshot(self):
        """The truth in plain values; allocates."""
        return {
            "house_ma": list(self.house_ma),
            "voltage_mv": list(self.voltage_mv),
            "current_ma": list(self.current_ma),
            "power_w": list(self.power_w),
            "energy_wh": self.energy_wh,
            "fuse_ma": self.fuse_ma,
            "fuse_percent": self.fuse_percent(),
            "fuse_blown": self.fuse_blown,
        }

    def _warm(self, phase, dt_ms):
        """The overload integral: a fuse's heat follows the square of its current, in (% of its rating)^2."""
        percent = min(LARGEST_PERCENT, abs(self.current_ma[phase]) * 100 // self.fuse_ma)
        rest = self._rest[phase] + (percent * percent - self._heat[phase]) * dt_ms
        self._heat[phase] += rest // FUSE_TIME_CONSTANT_MS
        self._rest[phase] = rest % FUSE_TIME_CONSTANT_MS
        if self._heat[phase] >= FUSE_PERCENT * FUSE_PERCENT:
            self.fuse_blown = True
