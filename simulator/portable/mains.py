"""The supply: phase voltages that drift, sag under load and may leave their range."""

from simulator.portable.noise import Noise

DRIFT_MV = 3000
"""How far a phase strays from the nominal voltage."""
SOURCE_MOHM = 200
"""Impedance of the supply up to the charger, a phase."""


class Mains:
    """Voltages to neutral (mV) and currents drawn (mA, all outlets) a phase; unused phases read 0."""

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
            self.voltage_mv[phase] = level_mv + drift_mv + self._noise.next() - sag_mv if self.on else 0
