"""Power in current: W become mA with live voltage and the phases that the car uses."""

IN_USE_MA = 1000
"""A phase that carries this much is in use."""
DECIDE_MS = 10000
"""A car that has drawn for so long has shown which phases it uses."""
LEAST_MV = 100000
"""A phase below this tells nothing of the others; where none has more, no power limit lets anything flow."""


class PhasesInUse:
    """How many of the joined phases the car draws from, from the first on; all of them until it has shown
    otherwise, for fewer phases allow a higher current for the same power."""

    def __init__(self, phases):
        self.count = phases
        self._shown_ms = 0

    def begin(self, phases):
        """A new car, or phases were switched: `phases` of them may be used."""
        self.count = phases
        self._shown_ms = 0

    def update(self, elapsed_ms, current_ma, phases):
        """Take fresh currents (mA, by phase) while the contactor is closed and `phases` are joined. A phase
        that begins to flow counts at once, one that stops only when it stays so."""
        used = 0
        for phase in range(phases):
            if current_ma[phase] >= IN_USE_MA:
                used = phase + 1
        if used >= self.count or not used:
            self.count = max(used, self.count)
            self._shown_ms = 0
            return
        self._shown_ms += elapsed_ms
        if self._shown_ms >= DECIDE_MS:
            self.begin(used)


def limit_ma(power_w, voltage_mv, phases):
    """Current a phase (mA) that gives `power_w` on the first `phases` phases (1-3) at these voltages (mV, by
    phase). Below 107 kW no intermediate reaches 2^30."""
    volts_d = 0
    for phase in range(phases):
        volts_d += voltage_mv[phase] // 100
    if volts_d < LEAST_MV // 100:
        return 0
    return power_w * 10000 // volts_d
