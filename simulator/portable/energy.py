"""What an outlet's energy meter truly has before it: voltages, currents, powers, and the register."""

WH = 3600000
"""W * ms in a Wh."""


class Energy:
    """The truth behind one meter. The register is the meter's own: no restart of the firmware touches it."""

    def __init__(self, mains):
        self.voltage_mv = mains.voltage_mv
        """The supply's own list: a meter sits before the contactor."""
        self.frequency_mhz = mains.frequency_mhz
        self.current_ma = [0, 0, 0]
        self.power_w = [0, 0, 0]
        self.energy_wh = 0
        """Import register; a bench that restores a charger sets it."""
        self.silent = False
        """Cause: the meter's line is cut; it goes on counting."""
        self._carry = 0

    def step(self, dt_ms, current_ma, phases):
        """`current_ma` flows in the first `phases` phases for `dt_ms` (at most 200). Returns W."""
        total_w = 0
        for phase in range(3):
            phase_ma = current_ma if phase < phases else 0
            # dV * mA stays below 2^30 up to 300 V and 350 A.
            power_w = self.voltage_mv[phase] // 100 * phase_ma // 10000
            self.current_ma[phase] = phase_ma
            self.power_w[phase] = power_w
            total_w += power_w
        self._carry += total_w * dt_ms
        if self._carry >= WH:
            self.energy_wh += self._carry // WH
            self._carry %= WH
        return total_w
