"""Session (plug to unplug) and energy by the meter's register, never by integrating power."""

_LAST_NUMBER = 0xFFFFFF
_MOST_WH = 0x3FFFFFFF
"""Counts stop here: a larger one would have to be allocated."""

UNPLUG_MS = 200
"""The pilot must show A this long before the car counts as gone."""
SHOWN_MS = 100
"""State B must stand this long to be the car's, and no bounce of the plug."""
_MOST_S = 0x1FFFFFFF


class Session:
    """The plug-in that is, or that comes next."""

    def __init__(self):
        self.number = 1
        """Changes when a car is unplugged, so that whatever was granted to a session ends with it. Never 0,
        which grants nothing."""
        self.plugged = False
        self.away = False
        """It is seen that no car is there: at boot, not to be plugged in yet is no proof of that."""
        self.simple = False
        """The car has asked for power and not shown state B: it may have no switch, just a resistor."""
        self._shown_b = False
        self.age_s = 0
        """Since the plug-in."""
        self.idle_s = 0
        """Since current last flowed in it (inactivity)."""
        self._age_ms = 0

    def count(self, elapsed_ms, flows):
        """Let time pass; `flows`: the car draws current."""
        if not self.plugged:
            return
        if flows:
            self.idle_s = 0
        self._age_ms += elapsed_ms
        if self._age_ms >= 1000:
            passed_s = self._age_ms // 1000
            self._age_ms -= passed_s * 1000
            self.age_s = min(self.age_s + passed_s, _MOST_S)
            if not flows:
                self.idle_s = min(self.idle_s + passed_s, _MOST_S)

    def update(self, level, held_ms):
        """Take the pilot `level` (0 = A, 1-3 = B-D). True when the car has just come or gone."""
        self.away = level == 0 and held_ms >= UNPLUG_MS
        if self.plugged:
            self._shown_b = self._shown_b or (level == 1 and held_ms >= SHOWN_MS)
            # A moment without the car does not prove that it has a switch.
            self.simple = not self._shown_b and (self.simple or 2 <= level <= 3)
            return self.away and self.end()
        if 1 <= level <= 3:
            self.plugged = True
            self._shown_b = False
            self.age_s = self.idle_s = self._age_ms = 0
            return True
        return False

    def end(self):
        """The plug-in is over, if there is one: whether it was."""
        ended = self.plugged
        if ended:
            self.plugged = self.simple = False
            self.number = self.number % _LAST_NUMBER + 1
        return ended


MOST_WH_S = 20
"""Wh a second that no charger passes: 80 A on three phases at 253 V are 17."""
ODD_READINGS = 10
"""So many implausible readings in a row are another meter, fewer are a meter that is just starting."""


class Energy:
    """Energy of the session and of the charger's life (Wh), from one import register."""

    def __init__(self):
        self.lifetime_wh = 0
        """Never goes back, even when the meter is exchanged."""
        self.session_wh = 0
        self.register_wh = -1
        self._bounded = True
        self._odd = 0

    def restore(self, lifetime_wh, register_wh):
        """Go on from before a power cut: what the register gained since then was ours (-1: not known)."""
        self.lifetime_wh = lifetime_wh
        self.register_wh = register_wh
        # Nobody knows how long ago that was, so the first gain may be any.
        self._bounded = register_wh < 0

    def begin(self):
        """A car was plugged in."""
        self.session_wh = 0

    def update(self, register_wh, gap_ms=1000, billed=False):
        """Take one reading of the register, `gap_ms` after the one before. `billed`: somebody pays for what
        is counted now. A register that goes back, or gains more than any charger passes, counts for
        nothing; when it stays so, it is another meter's, and counting goes on from there."""
        if self.register_wh < 0:
            self._adopt(register_wh, billed)
            return
        gained_wh = register_wh - self.register_wh
        most_wh = (gap_ms // 1000 + 5) * MOST_WH_S
        if gained_wh < 0 or (self._bounded and gained_wh > most_wh):
            self._odd += 1
            if self._odd >= ODD_READINGS:
                self.register_wh = register_wh
                self._bounded = True
                self._odd = 0
            return
        self._odd = 0
        self._bounded = True
        self.register_wh = register_wh
        self.lifetime_wh += min(gained_wh, _MOST_WH - self.lifetime_wh)
        self.session_wh += min(gained_wh, _MOST_WH - self.session_wh)

    def _adopt(self, register_wh, billed):
        self.register_wh = register_wh
        if not self.lifetime_wh and not billed:
            # The first reading of a new charger: its meter may have counted before, but for nobody who pays.
            self.lifetime_wh = register_wh
