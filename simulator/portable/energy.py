"""What an outlet's energy meter truly has before it: voltages, currents, powers, and the register."""

WH = 3600000
"""W * ms in a Wh."""
EVEN = (100, 100, 100)


class Energy:
    """The truth behind one meter. The register is the meter's own: no restart of the firmware touches it."""

    def __init__(self, mains):
        self.rotation = 0
        """Which phase of the supply the first one is on, the others following in turn: 0-2."""
        self.voltage_mv = [0, 0, 0]
        """Before the contactor, as `wire` found them."""
        self.frequency_mhz = mains.frequency_mhz
        self.current_ma = [0, 0, 0]
        self.power_w = [0, 0, 0]
        self.energy_wh = 0
        """Import register; a bench that restores a charger sets it."""
        self.silent = False
        """Cause: the meter's line is cut; it goes on counting."""
        self._carry = 0
        self._supply_mv = mains.voltage_mv
        self.wire()

    def wire(self, on=True):
        """Take the voltages as they are now, or none where the outlet's breaker is not `on`."""
        for phase in range(3):
            self.voltage_mv[phase] = self._supply_mv[(phase + self.rotation) % 3] if on else 0

    def step(self, dt_ms, current_ma, phases, percent=EVEN):
        """`current_ma` flows in the first `phases` phases, or `percent` of it, for `dt_ms` (at most 200).
        Returns W."""
        for phase in range(3):
            flows = phase < phases and self.voltage_mv[phase]
            self.current_ma[phase] = current_ma * percent[phase] // 100 if flows else 0
        return self.count(dt_ms)

    def count(self, dt_ms):
        """The currents flow for `dt_ms`. Returns W; what flows back into the supply is not registered."""
        total_w = 0
        for phase in range(3):
            # dV * mA stays below 2^30 up to 300 V and 350 A.
            power_w = self.voltage_mv[phase] // 100 * self.current_ma[phase] // 10000
            self.power_w[phase] = power_w
            total_w += power_w
        self._carry += max(total_w, 0) * dt_ms
        if self._carry >= WH:
            self.energy_wh += self._carry // WH
            self._carry %= WH
        return total_w
