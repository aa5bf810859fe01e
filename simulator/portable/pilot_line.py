"""Control pilot circuit: +/-12 V behind 1 kohm, and what the car hangs on it (IEC 61851-1, annex A)."""

from hal import contract
from hal.contract import STATE_F_BP, STEADY_BP

SOURCE_MV = 12000
SOURCE_OHM = 1000
DIODE_MV = 700
"""Forward drop of the car's diode."""
OPEN = 0
"""No load: nothing is plugged in."""
B_OHM = 2740
C_OHM = 882
D_OHM = 246
DISTURBED_MV = 6000
"""Noise of a disturbed line: more than the step from one plateau to the next."""


class PilotLine(contract.Pilot):
    """One pilot: its plateaus are solved when something changes, and noisy when sampled."""

    def __init__(self, noise):
        self.noise = noise
        self.noise_mv = noise.amplitude
        """Noise of the sound circuit; the world's to choose."""
        self.duty_bp = STATE_F_BP
        self.apart = False
        self.load_ohm = OPEN
        self.powered = True
        self.shorted = False
        """Cause: the wire touches protective earth, on the car's side."""
        self.diode_shorted = False
        """Cause: the car's diode conducts both ways."""
        self.rail_dead = False
        """Cause: the charger's -12 V supply is gone."""
        self.disturbed = False
        """Cause: interference, up to readings that find no plateau."""
        self.lost = False
        """Cause: the measurement finds no plateau at all."""
        self.loose = None
        """Cause: something comes and goes; see `loosen`."""
        self._turn = 0
        self.settle()
        self.sample(0)

    def loosen(self, cause, bad, good):
        """Cause: `cause`, one of the attributes above, comes and goes: `bad` samples long it is there, then
        `good` samples long it is not."""
        self.loose = (cause, bad, bad + good)
        self._turn = 0

    def fasten(self):
        """The cause that came and went is gone."""
        if self.loose:
            setattr(self, self.loose[0], False)
            self.loose = None
            self.settle()

    def sample(self, now_ms):
        if self.loose:
            self._shake(self.loose)
        noise = self.noise
        self.high_mv = self.true_high_mv + noise.next()
        self.low_mv = self.true_low_mv + noise.next()
        found = self.powered and not self.lost
        self.valid = found and not (self.disturbed and noise.next() > DISTURBED_MV // 2)

    def _shake(self, loose):
        cause, bad, every = loose
        there = self._turn < bad
        self._turn = (self._turn + 1) % every
        if getattr(self, cause) != there:
            setattr(self, cause, there)
            self.settle()

    def drive(self, duty_bp):
        if duty_bp != self.duty_bp:
            self.duty_bp = duty_bp
            self.settle()

    def disconnect(self, apart):
        if apart != self.apart:
            self.apart = apart
            self.settle()

    def load(self, ohm):
        """The car's resistance to protective earth is `ohm` now, or `OPEN`."""
        if ohm != self.load_ohm:
            self.load_ohm = ohm
            self.settle()

    def is_off(self):
        """Whether the charger has taken its pilot off the wire, or has none."""
        return self.apart or not self.powered

    def settle(self):
        """Solve the circuit anew: both plateaus (mV), and the duty that reaches the car (0: nothing does)."""
        positive_mv = self._positive_mv()
        sags = self.diode_shorted or positive_mv == 0
        negative_mv = 0 if self.rail_dead else -positive_mv if sags else -SOURCE_MV
        self.true_high_mv = positive_mv if self.duty_bp > STATE_F_BP else negative_mv
        self.true_low_mv = negative_mv if self.duty_bp < STEADY_BP else positive_mv
        reaches = self.powered and not self.apart and not self.shorted
        self.seen_bp = self.duty_bp if reaches else STATE_F_BP
        self.noise.amplitude = DISTURBED_MV if self.disturbed else self.noise_mv

    def _positive_mv(self):
        if not self.powered or (self.shorted and not self.apart):
            return 0
        if self.apart or self.load_ohm == OPEN:
            return SOURCE_MV
        drop_mv = 0 if self.diode_shorted else DIODE_MV
        return (SOURCE_MV - drop_mv) * self.load_ohm // (SOURCE_OHM + self.load_ohm) + drop_mv
