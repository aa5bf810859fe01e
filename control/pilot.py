"""Control pilot: from plateau voltages to the state of the car (IEC 61851-1, table A.4).

Each level has a window around its nominal plateau; between the windows the old level stands. A level
becomes *the* level once two readings in a row differ from the old one, which keeps the way from C to B
below 50 ms at a tick of 20 ms. A pilot that is shorted, between the windows, unsteady or silent for 100 ms
is no level of a car at all: it never holds the contactor.
"""

from control.suspicion import Suspicion

A = 0
"""12 V: no vehicle."""
B = 1
"""9 V: vehicle connected, not ready."""
C = 2
"""6 V: ready."""
D = 3
"""3 V: ready, ventilation required."""
E = 4
"""0 V: short to earth, or no power."""
ILLEGAL = 5
"""A voltage between the windows, or one that does not settle."""
SILENT = 6
"""No plateau was seen."""

NAMES = ("A", "B", "C", "D", "E", "illegal", "silent")

LATE_MS = 25
"""A tick that comes so late has no second reading to wait for: one that is not C or D opens."""
FILTER_MS = 100
"""How long a pilot may be shorted, illegal, unsteady or silent before it counts."""
_AGREE = 2
"""Readings in a row that make a level."""
LONG_MS = 3600000
"""Elapsed times stop counting at an hour; nothing waits longer for a pilot."""

# What a healthy circuit shows (mV), widened for +/-0.6 V of supply and 150 mV of measurement. J1772's own
# windows are narrower; taken as they are they make real cars flap. The gaps between them are the
# hysteresis: about +/-10 % of the 3 V step around the points midway between the plateaus.
_LOWEST_MV = (10900, 7800, 4900, 2000, -1000)
_HIGHEST_MV = (13300, 10100, 7100, 4200, 1300)


def level_of(high_mv):
    """The level A-E whose window holds `high_mv`, or `ILLEGAL` between the windows."""
    level = A
    while level <= E:
        if _LOWEST_MV[level] <= high_mv <= _HIGHEST_MV[level]:
            return level
        level += 1
    return ILLEGAL


class Pilot:
    """The filtered pilot of one connector."""

    def __init__(self):
        self.level = SILENT
        """A-E, `ILLEGAL` or `SILENT`."""
        self.held_ms = 0
        """How long `level` has stood before our eyes, up to `LONG_MS`: a gap of 100 ms begins it anew."""
        self.changed = False
        """Whether the last `update` changed `level`."""
        self.agrees = False
        """Whether the last reading showed `level`."""
        self.known = False
        """Whether there was a level since the pilot was last forgotten."""
        self._unsound = Suspicion(FILTER_MS)
        self._apart = 0
        self._candidate = SILENT

    def forget(self):
        """What was seen before no longer counts."""
        self._enter(SILENT)
        self.known = False

    def update(self, elapsed_ms, high_mv, valid):
        """Take one reading, `elapsed_ms` after the one before (mV of the high plateau; not `valid`: none
        seen)."""
        self.changed = False
        gap = elapsed_ms >= FILTER_MS
        self.held_ms = 0 if gap else min(self.held_ms + elapsed_ms, LONG_MS)
        level = self.level
        self.agrees = valid and level <= E and _LOWEST_MV[level] <= high_mv <= _HIGHEST_MV[level]
        self._unsound.update(0 if gap else elapsed_ms, self.agrees)
        reading = level
        if self.agrees:
            self._apart = 0
            self._candidate = SILENT
        else:
            reading = level_of(high_mv) if valid else SILENT
            self._differ(elapsed_ms, reading)
        if self._unsound.certain() and self.level < E:
            self._enter(reading if reading >= E else ILLEGAL)

    def _differ(self, elapsed_ms, reading):
        self._apart += 1
        charges = C <= reading <= D
        if reading < E:
            if (self.level >= E or charges) and reading != self._candidate:
                # Out of a fault, and to where current may flow, lead only readings that agree.
                self._apart = 1
            self._candidate = reading
        elif self.level >= E or C <= self._candidate <= D:
            self._apart = 0
            self._candidate = SILENT
        alone = elapsed_ms >= LATE_MS and C <= self.level <= D and not charges
        if self._candidate < E and (alone or self._apart >= _AGREE):
            self._enter(self._candidate)
        elif elapsed_ms >= FILTER_MS and self.level < E:
            # Nobody looked for so long: what is seen now is all there is.
            self._enter(reading)

    def _enter(self, level):
        # Between C and D nothing is forgotten: both let current flow.
        if not (C <= level <= D and C <= self.level <= D):
            self._unsound.clear()
        self.level = level
        self.known = True
        self.held_ms = 0
        self.changed = True
        self._apart = 0
        self._candidate = SILENT
