"""A car: hears the duty, closes S2, draws, tapers, pauses, sleeps, and is not always sure of itself."""

from control.ticks import add, diff
from simulator.portable import pilot_line
from simulator.portable.traits import RANGES as RANGES
from simulator.portable.traits import Traits, check
from simulator.portable.traits import UnknownTrait as UnknownTrait

LEAST_TAPER_MA = 2000
EFFICIENCY_PERCENT = 90
"""Of the energy drawn, what reaches the battery."""
WH = 3600000
"""W * ms in a Wh."""


def offer_ma(duty_bp):
    """What a car reads from the duty (IEC 61851-1, table A.8), without digital communication."""
    if 800 <= duty_bp <= 1000 or 9600 < duty_bp <= 9700:
        return 6000 if duty_bp <= 1000 else 80000
    if 1000 < duty_bp <= 8500:
        return duty_bp * 6
    return (duty_bp - 6400) * 25 if 8500 < duty_bp <= 9600 else 0


class Car(Traits):
    """One car in front of one outlet."""

    def __init__(self, line, world):
        self._line = line
        self._world = world
        self.plugged = False
        self.plugged_at_ms = self.s2_at_ms = world.now_ms
        self.s2 = False
        """S2 is closed: the car asks for power."""
        self.swapped = self.restless = False
        """S2 seems to be the other way round; and it is not going to stay as it seems."""
        self.current_ma = 0
        """Drawn from each phase in use, of which it takes `percent`."""
        self.percent = [100, 100, 100]
        self.pausing = self.asleep = False
        self.confused = False
        """Phases came or went in a way that it cannot bear."""
        self.greedy = False
        """Cause: the charger in the car draws well above the offer."""
        self.stuffy = False
        """Cause: the car asks for ventilation, whatever its traits say."""
        self.heard_bp = 0
        self._offered_ma = self._allowed_ma = 0
        self._doubt_ms = self._mood_ms = self._doze_ms = 0
        self._lit = self._dark_ms = 0
        self._turns_at_ms = world.now_ms
        self._carry = 0
        self._take({})

    def plug(self, **traits):
        """Plug in a car with these traits and the others' defaults."""
        self._take(traits)
        if not self.plugged:
            self.plugged = True
            self.plugged_at_ms = self._world.now_ms
        self._forget()
        self._allowed_ma = self._doubt_ms = self._mood_ms = self._doze_ms = self._lit = self._dark_ms = 0
        self.pausing = self.asleep = self.confused = False

    def unplug(self):
        """Take the plug out; an arc is somebody else's problem."""
        if self.plugged:
            self.plugged = False
            self.plugged_at_ms = self._world.now_ms
        self._forget()

    def set(self, **traits):
        """Change some traits; `UnknownTrait`, and no change, when one does not exist or is out of range."""
        for name, value in traits.items():
            check("a car", RANGES, name, value)
        for name, value in traits.items():
            setattr(self, name, int(value))
        self.level_wh = min(self.level_wh, self.battery_wh)
        self.percent[0], self.percent[1], self.percent[2] = self.l1_percent, self.l2_percent, self.l3_percent
        self.asleep = self.asleep and self.sleep_after_s > 0
        self._fidget()
        self.settle()

    def settle(self):
        """Show the resistance that belongs to plug, S2 and traits."""
        if not self.plugged:
            ohm = pilot_line.OPEN
        elif self.s2 == self.swapped:
            ohm = pilot_line.B_OHM
        else:
            ohm = pilot_line.D_OHM if self.ventilation or self.stuffy else pilot_line.C_OHM
        self._line.load(ohm)

    def hear(self, duty_bp, now_ms):
        """The duty on the wire has changed to `duty_bp`; 0: nothing comes."""
        self.heard_bp = duty_bp
        self._offered_ma = offer_ma(duty_bp)
        falsely_ms = self.false_b_ms if self.s2 else self.false_c_ms
        if falsely_ms and self.plugged:
            self._turn(True, falsely_ms, now_ms)

    def pulse(self, duration_ms):
        """S2 seems to be the other way round for `duration_ms`: a moment of C in B, or of B in C."""
        if self.plugged:
            self._turn(True, duration_ms, self._world.now_ms)

    def act(self, now_ms):
        """Show something else when it is time; needed only while `restless`."""
        if diff(now_ms, self._turns_at_ms) >= 0:
            self._turn(self.s2 and self.flap_ms > 0 and not self.swapped, self.flap_ms, now_ms)

    def step(self, dt_ms, lit):
        """Live on for `dt_ms` (at most 200); `lit`: phases that have voltage at the inlet."""
        if self.sleep_after_s:
            self._doze(dt_ms)
        if self.phase_wait_s:
            self._count(dt_ms, min(lit, self.phases))
        self._follow(dt_ms)
        if self.pause_every_s:
            self._tire(dt_ms)
        wants = self.charge and not (self.pausing or self.confused) and self.level_wh < self.battery_wh
        wants = wants and self._allowed_ma >= self.min_a * 1000
        if wants and not self.s2:
            self._switch(True)
        if not lit or not self.s2:
            self.current_ma = 0
        else:
            self._ramp(dt_ms, self._appetite_ma() if wants else 0)
        if self.s2 and not wants and self.current_ma == 0:
            self._switch(False)

    def store(self, power_w, dt_ms):
        """Take `dt_ms` of `power_w` into the battery."""
        self._carry += power_w * EFFICIENCY_PERCENT // 100 * dt_ms
        if self._carry >= WH:
            self.level_wh = min(self.battery_wh, self.level_wh + self._carry // WH)
            self._carry %= WH

    def _take(self, traits):
        whole = {name: getattr(Traits, name) for name in RANGES}
        whole.update(traits)
        self.set(**whole)

    def _forget(self):
        """The plug moved: nothing flows, and S2 is as it is in a car that was left alone."""
        self.current_ma = 0
        self.swapped = self.restless = False
        self._switch(False)

    def _switch(self, closed):
        closed = self.plugged and (closed or self.simplified == 1)
        if closed != self.s2:
            self.s2 = closed
            self.s2_at_ms = self._world.now_ms
            self.swapped = self.restless = False
            self._fidget()
        self.settle()

    def _fidget(self):
        if self.flap_ms and self.s2 and not self.restless:
            self._turn(False, self.flap_ms, self._world.now_ms)

    def _turn(self, swapped, duration_ms, now_ms):
        self.restless = swapped or (self.s2 and self.flap_ms > 0)
        self.swapped = swapped
        self._turns_at_ms = add(now_ms, duration_ms)
        self.settle()

    def _doze(self, dt_ms):
        """Fall asleep while nobody offers, and wake up when the pilot goes."""
        if self.asleep:
            counts = self.heard_bp == 0 and (self.wakes_on_f == 1 or self._line.is_off())
        else:
            counts = self._offered_ma == 0
        self._doze_ms = self._doze_ms + dt_ms if counts else 0
        if self._doze_ms >= 1000 * (self.wake_s if self.asleep else self.sleep_after_s):
            self.asleep = not self.asleep
            self._doze_ms = 0

    def _count(self, dt_ms, lit):
        """Remember how many phases there were, and for how long there have been none."""
        if not lit:
            self._dark_ms = min(self._dark_ms + dt_ms, 1000 * self.phase_wait_s)
            return
        hasty = self._dark_ms < 1000 * self.phase_wait_s
        self.confused = self.confused or (hasty and self._lit > 0 and self._lit != lit)
        self._lit = lit
        self._dark_ms = 0

    def _follow(self, dt_ms):
        offered_ma = 0 if self.asleep else self._offered_ma
        ignored = self.stubborn and self.heard_bp and not offered_ma
        if offered_ma == self._allowed_ma or ignored:
            self._doubt_ms = 0
            return
        self._doubt_ms += dt_ms
        if self._doubt_ms >= self.reaction_ms:
            self._allowed_ma = offered_ma
            self._doubt_ms = 0

    def _tire(self, dt_ms):
        if self.pausing or self.current_ma:
            self._mood_ms += dt_ms
        if self._mood_ms >= 1000 * (self.pause_for_s if self.pausing else self.pause_every_s):
            self.pausing = not self.pausing
            self._mood_ms = 0

    def _appetite_ma(self):
        if self.greedy:
            return self._allowed_ma * 5 // 4 + 2000
        most_ma = self.max_a * 1000
        left_wh = self.battery_wh - self.level_wh
        taper_wh = self.battery_wh * (100 - self.taper_percent) // 100
        if left_wh < taper_wh:
            most_ma = max(LEAST_TAPER_MA, most_ma // 100 * (left_wh * 1000 // taper_wh) // 10)
        return min(most_ma, self._allowed_ma)

    def _ramp(self, dt_ms, target_ma):
        """Up at the car's own pace; down from full power in a second, so that S2 opens in time."""
        current_ma = self.current_ma
        if current_ma < target_ma:
            self.current_ma = min(target_ma, current_ma + self.ramp_a_s * dt_ms)
        elif current_ma > target_ma:
            self.current_ma = max(target_ma, current_ma - max(self.max_a, current_ma // 1000) * dt_ms)
