"""The supply: phase voltages that drift, sag under load and may leave their range, and protective earth."""

from hal import contract
from simulator.portable.noise import Noise

DRIFT_MV = 3000
"""How far a phase strays from the nominal voltage."""
SOURCE_MOHM = 200
"""Impedance of the supply up to the charger, a phase."""


class Mains:
    """Voltages to neutral and currents drawn by all outlets and the house; unused phases read 0 mV."""

    def __init__(self, board, random):
        self.phases = board.phases
        self.frequency_mhz = 50000
        self.voltage_mv = [0, 0, 0]
        self.current_ma = [0, 0, 0]
        self.on = True
        self.high = False
        """Cause: the neutral's point has moved; 17 % above nominal."""
        self.low = False
        """Cause: a weak supply; 25 % below nominal."""
        self.lost_phase = 3
        """Which phase goes (1-3) with:"""
        self.phase_lost = False
        """Cause: a phase of the supply is interrupted."""
        self.earth_lost = False
        """Cause: the protective earth conductor is interrupted."""
        self.mains_mv = [0, 0, 0]
        """What each phase is held at whatever flows (mV); 0: it does what a supply does."""
        self._percent_mv = board.mains_mv // 100
        self._drift_mv = [0, 0, 0]
        self._random = random
        self._noise = Noise(random, 300)
        self.step()

    def step(self):
        """Draw the voltages anew."""
        level_mv = self._percent_mv * (117 if self.high else 75 if self.low else 100)
        for phase in range(self.phases):
            strayed_mv = self._drift_mv[phase] + self._random.below(21) - 10
            self._drift_mv[phase] = drift_mv = max(-DRIFT_MV, min(DRIFT_MV, strayed_mv))
            sag_mv = self.current_ma[phase] * SOURCE_MOHM // 1000
            noisy_mv = level_mv + drift_mv + self._noise.next() - sag_mv
            lives = self.on and not (self.phase_lost and phase == self.lost_phase - 1)
            self.voltage_mv[phase] = (self.mains_mv[phase] or noisy_mv) if lives else 0


class ShuntTrip(contract.ShuntTrip):
    """The breaker of one outlet, and the coil that trips it."""

    def __init__(self, outlet, fitted):
        self.fitted = fitted
        self.tripped = False
        """The breaker is off, until somebody has repaired the contactor and switches it on again."""
        self._outlet = outlet

    def drive(self, on):
        if on and self.fitted:
            self.tripped = True
            self._outlet.energy.wire(False)


class Earth(contract.Earth):
    """Supervision of the protective earth."""

    def __init__(self, mains):
        self._mains = mains
        self.sample(0)

    def sample(self, now_ms):
        self.present = not self._mains.earth_lost
