"""Session (plug to unplug) and energy by the meter's register, never by integrating power."""

_LAST_NUMBER = 0xFFFFFF
_MOST_WH = 0x3FFFFFFF
"""Counts stop here: a larger one would have to be allocated."""

UNPLUG_MS = 200
"""The pilot must show A this long before the car counts as gone."""


class Session:
    """The plug-in that is, or that comes next."""

    def __init__(self):
        self.number = 1
        """Changes when a car is unplugged, so that whatever was granted to a session ends with it. Never 0,
        which grants nothing."""
        self.plugged = False

    def update(self, level, held_ms):
        """Take the pilot `level` (0 = A, 1-3 = B-D). True when the car has just come or gone."""
        if self.plugged:
            if level == 0 and held_ms >= UNPLUG_MS:
                self.plugged = False
                self.number = self.number % _LAST_NUMBER + 1
                return True
        elif 1 <= level <= 3:
            self.plugged = True
            return True
        return False


class Energy:
    """Energy of the session and of the charger's life (Wh), from one import register."""

    def __init__(self):
        self.lifetime_wh = 0
        """Never goes back, even when the meter is exchanged."""
        self.session_wh = 0
        self._register_wh = -1

    def restore(self, lifetime_wh, register_wh):
        """Go on from before a power cut: what the register gained since then was ours (-1: not known)."""
        self.lifetime_wh = lifetime_wh
        self._register_wh = register_wh

    def begin(self):
        """A car was plugged in."""
        self.session_wh = 0

    def update(self, register_wh, billed=False):
        """Take a reading of the register. One that goes back belongs to another meter: count on from there.
        `billed`: somebody pays for what is counted now."""
        gained_wh = register_wh - self._register_wh
        if self._register_wh < 0 and not self.lifetime_wh and not billed:
            # The first reading of a new charger: its meter may have counted before, but for nobody who pays.
            self.lifetime_wh = register_wh
        elif gained_wh > 0 and self._register_wh >= 0:
            self.lifetime_wh += min(gained_wh, _MOST_WH - self.lifetime_wh)
            self.session_wh += min(gained_wh, _MOST_WH - self.session_wh)
        self._register_wh = register_wh
