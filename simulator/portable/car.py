"""A car: hears the duty, closes S2, draws, tapers, pauses, and has traits that real cars have."""

from control.ticks import diff
from simulator.portable import pilot_line

RANGES = {
    "phases": (1, 3),
    "max_a": (6, 80),
    "min_a": (6, 20),
    "battery_wh": (1000, 200000),
    "level_wh": (0, 200000),
    "charge": (0, 1),
    "reaction_ms": (0, 5000),
    "ramp_a_s": (1, 80),
    "taper_percent": (50, 99),
    "pause_every_s": (0, 86400),
    "pause_for_s": (1, 86400),
    "simplified": (0, 1),
    "ventilation": (0, 1),
    "false_b_ms": (0, 1000),
    "cable_a": (13, 63),
}
"""Trait: (least, most). The class below says what each means; 0 and 1 are off and on."""

LEAST_TAPER_MA = 2000
EFFICIENCY_PERCENT = 90
"""Of the energy drawn, what reaches the battery."""
WH = 3600000
"""W * ms in a Wh."""


class UnknownTrait(Exception):
    """A car has no such trait, or the trait cannot have that value."""


def offer_ma(duty_bp):
    """What a car reads from the duty (IEC 61851-1, table A.8), without digital communication."""
    if 800 <= duty_bp <= 1000 or 9600 < duty_bp <= 9700:
        return 6000 if duty_bp <= 1000 else 80000
    if 1000 < duty_bp <= 8500:
        return duty_bp * 6
    return (duty_bp - 6400) * 25 if 8500 < duty_bp <= 9600 else 0


class Car:
    """One car in front of one outlet, with its traits and their defaults."""

    phases = 3
    max_a = 16
    min_a = 6  # does not charge below this offer; some cars want 8 A
    battery_wh = 60000
    level_wh = 20000
    charge = 1  # wants to
    reaction_ms = 1500  # from a change of the offer to following it
    ramp_a_s = 5
    taper_percent = 85  # above this level it draws less and less
    pause_every_s = 0  # pauses by itself after so much charging; 0: never
    pause_for_s = 60
    simplified = 0  # a fixed resistor instead of S2: straight from state A to C
    ventilation = 0  # state D
    false_b_ms = 0  # shows state B for so long after a change of the duty
    cable_a = 32  # rating of the loose cable, where the outlet is a socket

    def __init__(self, line, world):
        self._line = line
        self._world = world
        self.plugged = False
        self.plugged_at_ms = self.s2_at_ms = world.now_ms
        self.s2 = False
        """S2 is closed: the car asks for power."""
        self.hiding = False
        """S2 seems open for `false_b_ms`."""
        self.current_ma = 0
        """Drawn from each phase in use."""
        self.pausing = False
        self.greedy = False
        """Cause: the charger in the car draws well above the offer."""
        self.stuffy = False
        """Cause: the car asks for ventilation, whatever its traits say."""
        self.heard_bp = 0
        self._heard_at_ms = 0
        self._offered_ma = 0
        self._allowed_ma = 0
        self._doubt_ms = 0
        self._mood_ms = 0
        self._carry = 0
        self._take({})

    def plug(self, **traits):
        """Plug in a car with these traits and the others' defaults."""
        self._take(traits)
        if not self.plugged:
            self.plugged = True
            self.plugged_at_ms = self._world.now_ms
        self._allowed_ma = self._doubt_ms = self._mood_ms = self.current_ma = 0
        self.pausing = False
        self._switch(False)

    def unplug(self):
        """Take the plug out; an arc is somebody else's problem."""
        if self.plugged:
            self.plugged = False
            self.plugged_at_ms = self._world.now_ms
        self.current_ma = 0
        self._switch(False)

    def set(self, **traits):
        """Change some traits; `UnknownTrait`, and no change, when one does not exist or is out of range."""
        for name, value in traits.items():
            if name not in RANGES:
                raise UnknownTrait("a car has no trait '%s'; it has: %s" % (name, ", ".join(sorted(RANGES))))
            least, most = RANGES[name]
            if not isinstance(value, (int, bool)) or not least <= value <= most:
                raise UnknownTrait(
                    "%s takes whole numbers from %d to %d, not %r" % (name, least, most, value)
                )
        for name, value in traits.items():
            setattr(self, name, int(value))
        self.level_wh = min(self.level_wh, self.battery_wh)
        self.settle()

    def settle(self):
        """Show the resistance that belongs to plug, S2 and traits."""
        if not self.plugged:
            ohm = pilot_line.OPEN
        elif self.hiding or not self.s2:
            ohm = pilot_line.B_OHM
        else:
            ohm = pilot_line.D_OHM if self.ventilation or self.stuffy else pilot_line.C_OHM
        self._line.load(ohm)

    def hear(self, duty_bp, now_ms):
        """The duty on the wire has changed to `duty_bp`; 0: nothing comes."""
        self.heard_bp = duty_bp
        self._heard_at_ms = now_ms
        self._offered_ma = offer_ma(duty_bp)
        if self.s2 and self.false_b_ms:
            self.hiding = True
            self.settle()

    def show(self, now_ms):
        """Stop hiding when it is time; needed only while `hiding`."""
        if diff(now_ms, self._heard_at_ms) >= self.false_b_ms:
            self.hiding = False
            self.settle()

    def step(self, dt_ms, live):
        """Live on for `dt_ms` (at most 200); `live`: there is voltage at the inlet."""
        self._follow(dt_ms)
        if self.pause_every_s:
            self._tire(dt_ms)
        wants = self.charge and not self.pausing and self.level_wh < self.battery_wh
        wants = wants and self._allowed_ma >= self.min_a * 1000
        if wants and not self.s2:
            self._switch(True)
        if not live or not self.s2:
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
        whole = {name: getattr(Car, name) for name in RANGES}
        whole.update(traits)
        self.set(**whole)

    def _switch(self, closed):
        closed = self.plugged and (closed or self.simplified == 1)
        if closed != self.s2:
            self.s2 = closed
            self.s2_at_ms = self._world.now_ms
        self.hiding = self.hiding and closed
        self.settle()

    def _follow(self, dt_ms):
        if self._offered_ma == self._allowed_ma:
            self._doubt_ms = 0
            return
        self._doubt_ms += dt_ms
        if self._doubt_ms >= self.reaction_ms:
            self._allowed_ma = self._offered_ma
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
