"""What an outlet has around the plug: the cable's resistor, the lock, and the switch of phases 2 and 3."""

from control.ticks import add, diff
from hal import contract

_RESISTORS = ((13, 1500), (20, 680), (32, 220), (63, 100))
"""Rating in A and resistor in ohm, rising (IEC 61851-1, table B.2)."""
TRAVEL_MS = 400
"""What the lock's motor needs."""
SWITCH_MS = 20
"""What the phase switch needs: less than the main contactor to let go."""
SLICE_MS = 100
"""Steps come at least so often."""


class Cable(contract.Proximity):
    """Proximity line."""

    def __init__(self):
        self.fitted_ohm = self.resistance_ohm = self.OPEN_OHM
        """The resistor in the plug."""
        self.open = False
        """Cause: the line is broken."""
        self.shorted = False
        """Cause: the line touches protective earth."""

    def sample(self, now_ms):
        self.resistance_ohm = 0 if self.shorted else self.OPEN_OHM if self.open else self.fitted_ohm

    def fit(self, rating_a):
        """A cable of this rating is in the socket (0: none)."""
        self.fitted_ohm = self.OPEN_OHM
        for least_a, ohm in _RESISTORS:
            if rating_a >= least_a:
                self.fitted_ohm = ohm


class PlugLock(contract.Lock):
    """Lock of a socket; without power it stays as it is."""

    def __init__(self, fitted):
        self.fitted = fitted
        self.holds = self.locked = False
        """The bolt is in the plug."""
        self.stuck = False
        """Cause: the bolt does not move."""
        self._wanted = False
        self._moved_ms = 0

    def sample(self, now_ms):
        self.locked = self.holds

    def engage(self):
        self._turn(self.fitted)

    def release(self):
        self._turn(False)

    def step(self, dt_ms):
        """Let the motor run for `dt_ms`; it gives up when the bolt has not moved within its time."""
        if self._wanted != self.holds:
            self._moved_ms += dt_ms
            if self._moved_ms >= TRAVEL_MS:
                self.holds = self._wanted = self.holds if self.stuck else self._wanted

    def _turn(self, wanted):
        if wanted != self._wanted:
            self._wanted = wanted
            self._moved_ms = 0


class PhaseSwitch(contract.PhaseSwitch):
    """Joins 1 phase or all that are wired; bistable, so that without power it stays as it is."""

    def __init__(self, wired, contactor):
        self.fitted = wired > 1
        self.phases = self.joined = self.wanted = wired
        """By feedback at the last `sample`; in truth; and as it was told."""
        self.moves = self.live_moves = 0
        """Moves so far, and of these the ones that broke or made a circuit: the main contacts were closed."""
        self.moved_at_ms = contactor.now_ms
        self.stuck = False
        """Cause: it does not move."""
        self._wired = wired
        self._contactor = contactor
        self._travels_from_ms = contactor.now_ms

    def sample(self, now_ms):
        self.phases = self.joined

    def select(self, phases):
        wanted = min(phases, self._wired)
        if wanted != self.wanted:
            self.wanted = wanted
            self._travels_from_ms = self._contactor.now_ms

    def step(self, now_ms):
        """Move on, after the main contactor did; needed only while it is not as it was told."""
        if self.stuck:
            self._travels_from_ms = now_ms
        elif diff(now_ms, self._travels_from_ms) >= SWITCH_MS:
            self.joined = self.wanted
            self.moved_at_ms = add(self._travels_from_ms, SWITCH_MS)
            self.moves += 1
            self.live_moves += self._was_live()

    def _was_live(self):
        """Whether the main contacts were closed when it moved; they may have moved in this step too."""
        contactor = self._contactor
        after_ms = diff(contactor.contacts_at_ms, self.moved_at_ms)
        return contactor.contacts_closed != (0 < after_ms <= SLICE_MS)
