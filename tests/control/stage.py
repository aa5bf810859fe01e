"""A station under an oracle's eyes, and time that passes there."""

import pickle

from simulator.portable.socket_parts import PhaseSwitch
from tests.control.oracle import Oracle
from tests.control.repertoire import SETUPS
from tests.control.station import TICK_MS, Station

SLOW_TICK_MS = 50
"""Where nothing but patience is asked for, ticks may come as late as they may for ever."""


class Stage:
    """One station, one oracle, one time."""

    def __init__(self, seed, start_ms, setup="tethered"):
        chosen = SETUPS[setup]
        self.station = Station(chosen.board, seed=seed, start_ms=start_ms, **chosen.options)
        outlet = self.station.outlet
        if chosen.options.get("phases") == 1:
            outlet.phase_switch = PhaseSwitch(1, outlet.contactor)
            self.station.boot()
        self.oracle = Oracle(outlet, ventilated=chosen.options.get("ventilation", False))
        self.car = outlet.car
        self.steady = False
        """The tick keeps its beat; else it comes `TICK_MS` after whatever happened between two of them."""
        self.waited = 0
        """Ticks in which nothing was asked for but patience."""

    @property
    def lived(self):
        """Ticks in which something was asked for."""
        return self.oracle.ticks - self.waited

    def pass_by(self, duration_ms):
        """Time passes and no tick comes."""
        self.oracle.look()
        self._pass_by(duration_ms)

    def _pass_by(self, duration_ms):
        while duration_ms:
            step_ms = min(duration_ms, TICK_MS)
            self.station.pass_by(step_ms)
            self.oracle.pass_by(step_ms)
            duration_ms -= step_ms

    def tick(self, gap_ms=None):
        """The next tick, `gap_ms` after whatever was last, else when it is time."""
        self._pass_by(self._due_ms() if gap_ms is None else gap_ms)
        self.station.tick(0)
        self.oracle.tick()

    def run(self, duration_ms):
        """Ticks for `duration_ms`."""
        self.oracle.look()
        for _ in range(duration_ms // TICK_MS):
            self.tick()

    def doze(self, duration_ms):
        """The same in late ticks, where nothing is asked for but patience."""
        self.oracle.look()
        for _ in range(duration_ms // SLOW_TICK_MS):
            self.waited += 1
            self.tick(SLOW_TICK_MS)

    def spend(self, duration_ms):
        """Ticks while there is room for them, then what is left without one."""
        self.run(duration_ms)
        self.pass_by(duration_ms % TICK_MS)

    def _due_ms(self):
        return TICK_MS - self.oracle.truth.unattended_ms % TICK_MS if self.steady else TICK_MS

    def kept(self):
        """All of it, to go on from later."""
        return pickle.dumps(self)

    @staticmethod
    def again(kept):
        """Go on from what was kept."""
        return pickle.loads(kept)
