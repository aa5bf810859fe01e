"""What physics, cars and processors do to a station that nobody asked for."""

from tests.control.stage import Stage
from tests.control.station import TICK_MS


class LyingMirror:
    """A mirror contact that shows the opposite of the truth once in so many readings."""

    def __init__(self, contactor, every):
        self._contactor = contactor
        self._every = every
        self._readings = 0

    def __call__(self, now_ms):
        self._readings += 1
        lies = self._readings % self._every == 0
        self._contactor.closed = self._contactor.contacts_closed != lies


class LooseSwitch:
    """A lock whose position switch shows the bolt once in so many readings, wherever it is."""

    def __init__(self, lock, every):
        self._lock = lock
        self._every = every
        self._readings = 0

    def __call__(self, now_ms):
        self._readings += 1
        self._lock.locked = self._lock.holds or self._readings % self._every == 0


class Mischief(Stage):
    """Accidents."""

    def pulse_c(self, duration_ms):
        self._show(882, duration_ms)

    def flap(self, duration_ms):
        self._show(2740, duration_ms)

    def bounce(self, swings, swing_ms):
        """S2 bounces, whatever the ticks meanwhile see of it."""
        self._swing((2740, 882) * (swings // 2), swing_ms)

    def corrode(self, ohm, duration_ms):
        """Something bad in the car: a plateau between two states."""
        self._show(ohm, duration_ms)

    def fault(self, name):
        self.station.world.fault(name)

    def clear(self, name):
        self.station.world.clear(name)

    def brief(self, name, duration_ms):
        """A fault that goes as it came."""
        self.fault(name)
        self.spend(duration_ms)
        self.clear(name)
        self.oracle.look()

    def leak(self, phase_ms):
        """An earth fault shorter than a tick, at any moment between two."""
        self.pass_by(phase_ms)
        self.station.outlet.residual.pulse()
        self.oracle.look()

    def miss(self, duration_ms):
        """The processor is busy with something else."""
        self.pass_by(duration_ms)

    def late(self, gap_ms, ticks, ohm):
        """Ticks that come late, one after the other, while the car shows `ohm`."""
        if self.car.plugged:
            self.station.outlet.line.load(ohm)
        for _ in range(ticks):
            self.tick(gap_ms)
        self.car.settle()

    def loosen(self, cause, bad, good):
        """A cause comes and goes, reading by reading."""
        self.fasten()
        self.station.outlet.line.loosen(cause, bad, good)

    def fasten(self):
        self.station.outlet.line.fasten()

    def starve(self, duration_ms):
        """The coil's supply fails for a while."""
        self._supply_coil(False)
        self.spend(duration_ms)
        self._supply_coil(True)

    def mirror(self, every):
        """Once in `every` readings (0: never) the feedback of the contactor is wrong."""
        contactor = self.station.outlet.contactor
        vars(contactor).pop("sample", None)
        if every:
            vars(contactor)["sample"] = LyingMirror(contactor, every)

    def bolt(self, every):
        """Once in `every` readings (0: never) the lock's switch shows a bolt that may not be there."""
        lock = self.station.outlet.lock
        vars(lock).pop("sample", None)
        if every:
            vars(lock)["sample"] = LooseSwitch(lock, every)

    def noise(self, amplitude_mv):
        self.station.world.set(noise_mv=amplitude_mv)

    def heat(self, place_dc):
        """A terminal warms its place, or does no longer."""
        self.station.world.set(place_dc=max(place_dc, -400))

    def volts(self, mains_mv, phase):
        """The voltage of a phase, or of all three; 0: as it comes."""
        volts_mv = list(self.station.world.mains.mains_mv)
        for each in range(3) if phase == 3 else (phase,):
            volts_mv[each] = mains_mv
        self.station.world.set(mains_mv=volts_mv)

    def restart(self):
        """The processor is reset."""
        self.station.restart()
        self.oracle.restarted()

    def cut_power(self, duration_ms):
        """The supply of everything fails for a while."""
        kept = self.station.snapshot
        self.station.world.power_off()
        self.oracle.restarted()
        for _ in range(duration_ms // TICK_MS):
            self.station.pass_by(TICK_MS)
            self.oracle.off(TICK_MS)
        self.station.world.power_on()
        self._boot(kept, kept.closings)

    def rest(self):
        """The charger is without power for longer than anybody counts."""
        kept = self.station.snapshot
        self.cut_power(1000)
        self._boot(kept, 0)
        self.oracle.rested()

    def _boot(self, kept, closings):
        self.station.restart(kept, closings)
        self.oracle.restarted()

    def _show(self, ohm, duration_ms):
        if self.car.plugged:
            self.station.outlet.line.load(ohm)
            self.spend(duration_ms)
            self.car.settle()
            self.oracle.look()

    def _swing(self, ohms, swing_ms):
        """One resistance after the other, with ticks every `TICK_MS` meanwhile."""
        passed_ms = 0
        for ohm in ohms if self.car.plugged else ():
            self.station.outlet.line.load(ohm)
            for _ in range(swing_ms):
                self.pass_by(1)
                passed_ms += 1
                if passed_ms % TICK_MS == 0:
                    self.tick(0)
        self.car.settle()
        self.oracle.look()

    def _supply_coil(self, there):
        contactor = self.station.outlet.contactor
        contactor.powered = there
        contactor.settle(contactor.now_ms)
        self.oracle.look()
