"""Runs the tick: reads every part, lets each controller decide, and writes what it decided.

`Guard.tick` is the only code that touches pilot, contactor, RCD, lock and test inputs. It neither waits nor
allocates, so it may run in a timer interrupt, on a second core or in a simulator.
"""

from control.duty import STEADY_BP
from control.faults import RELAY_WELDED
from control.ticks import add, diff
from control.windows import Inputs, Outputs

WELD = 1 << RELAY_WELDED
FAMILIES = {"rp2350": "rp2", "rp2040": "rp2", "esp32s3": "esp32", "linux": "linux"}
"""By chip: the package below hal/ whose `tick` runs the tick beside the tasks."""
LIVELY_MS = 5000
"""How long one sign of life of the tasks lets the watchdog be fed."""
_OLD_MS = 0x1FFFFFFF


class Lane:
    """One connector: its parts, its controller, and the inputs and outputs between them."""

    def __init__(self, controller, parts):
        self.controller = controller
        self.parts = parts
        self._inputs = Inputs()
        self._outputs = Outputs()
        self._duty_bp = -1  # whatever the pins showed before, the first tick drives them
        self._apart = None
        self._phases = 0
        self._shunt_trip = False
        self._locked = None  # a lock may have held through a power cut
        self._readings = 0
        self._last_ms = -1
        self._ended = False
        self._probe = None

    def tick(self, now_ms, hazard=False):
        """Read, decide, write. `hazard`: another lane's contactor is welded."""
        if self._ended:
            return
        self._inputs.hazard = hazard
        self._read(now_ms)
        if not self._is_probed(now_ms):
            self.controller.tick(now_ms, self._inputs, self._outputs)
        self._write(now_ms)

    def lend(self, probe):
        """Let a `firmware.self_test.Probe` decide in the controller's place until it is over, or None is
        lent. Whatever it decides, the contactor stays open."""
        self._probe = probe

    def _is_probed(self, now_ms):
        probe, outputs = self._probe, self._outputs
        # A contactor that is closed is the controller's, and nobody else's.
        if probe is None or self.controller.commanded:
            return False
        goes_on = probe.step(now_ms, self._inputs, outputs)
        outputs.close = False
        if not goes_on:
            self._probe = None
        return goes_on

    def open(self):
        """Withdraw everything for good: before a restart, and when the guard stops."""
        self._ended = True
        self.parts.contactor.drop()
        self.parts.rcd.test(False)
        self.parts.pilot.drive(STEADY_BP)

    def _read(self, now_ms):
        parts = self.parts
        inputs = self._inputs
        pilot = parts.pilot
        pilot.sample(now_ms)
        inputs.high_mv = pilot.high_mv
        inputs.low_mv = pilot.low_mv
        inputs.pilot_valid = pilot.valid
        contactor = parts.contactor
        contactor.sample(now_ms)
        inputs.closed = contactor.closed
        rcd = parts.rcd
        rcd.sample(now_ms)
        inputs.rcd_tripped = rcd.tripped
        proximity = parts.proximity
        proximity.sample(now_ms)
        inputs.proximity_ohm = proximity.resistance_ohm
        lock = parts.lock
        lock.sample(now_ms)
        inputs.locked = lock.locked
        temperature = parts.temperature
        temperature.sample(now_ms)
        inputs.temperature_dc = temperature.temperature_dc
        inputs.temperature_valid = temperature.valid
        phase_switch = parts.phase_switch
        phase_switch.sample(now_ms)
        inputs.joined = phase_switch.phases
        earth = parts.earth
        earth.sample(now_ms)
        inputs.earthed = earth.present
        self._read_meter(now_ms, parts.meter)

    def _read_meter(self, now_ms, meter):
        inputs = self._inputs
        if meter.readings != self._readings:
            self._readings = meter.readings
            inputs.metered = True
            inputs.energy_wh = meter.energy_wh
            for phase in range(3):
                inputs.current_ma[phase] = meter.current_ma[phase]
                inputs.voltage_mv[phase] = meter.voltage_mv[phase]
            inputs.meter_age_ms = max(diff(now_ms, meter.read_at_ms), 0)
        elif self._last_ms >= 0:
            # Counted, not subtracted: a meter may be silent for longer than the clock takes to wrap.
            inputs.meter_age_ms = min(inputs.meter_age_ms + diff(now_ms, self._last_ms), _OLD_MS)
        self._last_ms = now_ms

    def _write(self, now_ms):
        parts = self.parts
        outputs = self._outputs
        if outputs.close:
            parts.contactor.renew(now_ms)
        else:
            parts.contactor.drop()
        if outputs.duty_bp != self._duty_bp:
            self._duty_bp = outputs.duty_bp
            parts.pilot.drive(outputs.duty_bp)
        if outputs.apart != self._apart:
            self._apart = outputs.apart
            parts.pilot.disconnect(outputs.apart)
        if outputs.phases != self._phases:
            self._phases = outputs.phases
            parts.phase_switch.select(outputs.phases)
        if outputs.shunt_trip != self._shunt_trip:
            self._shunt_trip = outputs.shunt_trip
            parts.shunt_trip.drive(outputs.shunt_trip)
        parts.rcd.test(outputs.rcd_test)
        if outputs.rcd_rearm:
            parts.rcd.rearm()
        if outputs.lock != self._locked or outputs.lock_again:
            self._locked = outputs.lock
            if outputs.lock:
                parts.lock.engage()
            else:
                parts.lock.release()

    def meter_age_ms(self):
        """Age of the meter's last reading; only meaningful once it has answered."""
        return self._inputs.meter_age_ms


class Guard:
    """All lanes of a charger, and the watchdog."""

    def __init__(self, lanes, watchdog):
        self.lanes = lanes
        self.longest_gap_ms = 0
        """Longest time between two ticks since the start."""
        self._watchdog = watchdog
        self._last_ms = -1
        self._lively_until_ms = 0

    def tick(self, now_ms):
        """One tick of everything; `now_ms` wraps at 2^30."""
        # A weld anywhere opens everything: with one contact stuck, only a dead supply is safe to touch.
        hazard = False
        for lane in self.lanes:
            if lane.controller.snapshot.faults & WELD:
                hazard = True
        for lane in self.lanes:
            lane.tick(now_ms, hazard)
        if self._last_ms >= 0:
            gap_ms = diff(now_ms, self._last_ms)
            if gap_ms > self.longest_gap_ms:
                self.longest_gap_ms = gap_ms
        else:
            self._lively_until_ms = add(now_ms, LIVELY_MS)
        self._last_ms = now_ms
        # The only place that feeds: a tick was finished, and the tasks have shown life not long ago.
        if diff(self._lively_until_ms, now_ms) > 0:
            self._watchdog.feed()

    async def run(self, clock, period_ms):
        """Tick for ever, as a task among the others where no timer interrupt does. The schedule is that of
        the first tick: a late one does not move it, and one that was missed is gone."""
        due_ms = clock.now_ms()
        while True:
            now_ms = clock.now_ms()
            self.tick(now_ms)
            late_ms = diff(now_ms, due_ms)
            due_ms = add(due_ms, late_ms - late_ms % period_ms + period_ms)
            await clock.sleep_ms(max(diff(due_ms, clock.now_ms()), 0))

    def begin(self, board, now_ms):
        """Tick for ever where `board.tick_on` says, beside the tasks; the first time at once. Returns what
        has a `stop`. `now_ms()`: the board's clock. ValueError: its chip has no such place."""
        family = FAMILIES.get(board.chip)
        if not family:
            raise ValueError(
                "nothing is known of a '%s' to tick on in the chip '%s'; choose 'task'"
                % (board.tick_on, board.chip)
            )
        path = "hal." + family + ".tick"
        __import__(path)
        import sys

        return sys.modules[path].start(self.tick, now_ms, board.tick_ms, board.tick_on)

    def tasks_live(self, now_ms):
        """The supervisor vouches for its tasks."""
        self._lively_until_ms = add(now_ms, LIVELY_MS)

    def open(self):
        """Open every contactor."""
        for lane in self.lanes:
            lane.open()
