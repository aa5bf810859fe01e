"""Heat in the enclosure: ambient, losses with the square of the current, and slow warming."""

from hal import contract

TIME_CONSTANT_MS = 600000
LOSS_PHASES = 3
RISE_DC = 200
"""Above ambient, with the rated current in all phases for hours."""
COLDEST_DC = -400
HOT_DC = 670
TOO_HOT_DC = 740


class Heat(contract.Temperature):
    """The hottest place and the sensor there."""

    def __init__(self, rated_ma):
        self.ambient_dc = 250
        """Air around the charger (-400...600 dC); the world's to choose."""
        self.place_dc = COLDEST_DC
        """What a loose terminal heats the place to, at least; the world's to choose."""
        self.hot = False
        """Cause: a loose terminal heats the place to 67 degC."""
        self.too_hot = False
        """Cause: the same to 74 degC."""
        self.sensor_open = False
        """Cause: a wire of the sensor is broken."""
        self._percent_ma = rated_ma // 100
        self._millidegc = 25000
        self._carry = 0
        self.sample(0)

    def sample(self, now_ms):
        self.valid = not self.sensor_open
        self.temperature_dc = self.felt_dc()

    def felt_dc(self):
        """Temperature of the place (dC)."""
        caused_dc = TOO_HOT_DC if self.too_hot else HOT_DC if self.hot else COLDEST_DC
        return max(self._millidegc // 100, caused_dc, self.place_dc)

    def step(self, dt_ms, current_ma):
        """Warm or cool for `dt_ms` (at most 200) under these phase currents."""
        squares = 0
        for phase in range(LOSS_PHASES):
            percent = min(300, current_ma[phase] // self._percent_ma)
            squares += percent * percent
        rise_dc = squares * RISE_DC // (LOSS_PHASES * 10000)
        self._carry += ((self.ambient_dc + rise_dc) * 100 - self._millidegc) * dt_ms
        self._millidegc += self._carry // TIME_CONSTANT_MS
        self._carry %= TIME_CONSTANT_MS
