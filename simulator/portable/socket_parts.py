"""What an outlet has around the plug: the cable's resistor, the lock, and the switch of phases 2 and 3."""

from hal import contract

_RESISTORS = ((13, 1500), (20, 680), (32, 220), (63, 100))
"""Rating in A and resistor in ohm, rising (IEC 61851-1, table B.2)."""
TRAVEL_MS = 400
"""What the lock's motor needs."""


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
    """Joins 1 phase or all that are wired."""

    def __init__(self, wired):
        self.fitted = wired > 1
        self.phases = self._wired = wired

    def select(self, phases):
        self.phases = min(phases, self._wired)
