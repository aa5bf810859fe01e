"""A house with cars behind one set of fuses: currents, and the meters that see them late."""

from firmware.balance import LIFE_MS

STEP_MS = 100
OFFER_RISE_MS = 5000
FORCED_MS = 6000
RESUME_MS = 10000
DOWN_MA = 2000
"""What a car gives up in a step."""


class Late:
    """Values as they were a while ago."""

    def __init__(self, lag_ms, value):
        self._kept = [value] * (lag_ms // STEP_MS + 1)

    def pass_on(self, value):
        self._kept.append(value)
        return self._kept.pop(0)


class Car:
    """A connector with its car: the offer as control makes it of the limits, and what the car makes of it."""

    def __init__(
        self,
        rotation=(0, 1, 2),
        phases=3,
        max_ma=16000,
        reaction_ms=1500,
        ramp_ma=500,
        plug_s=0,
        leave_s=9999,
    ):
        """`ramp_ma`: up in a step; it wants to charge from `plug_s` to `leave_s`."""
        self.rotation = rotation
        self.phases = phases
        self.max_ma = max_ma
        self.here_s = (plug_s, leave_s)
        self.offer_ma = 0
        self.drawn_ma = 0
        self.starts = 0
        self._ramp_ma = ramp_ma
        self._heard = Late(reaction_ms, 0)
        self._since_rise_ms = OFFER_RISE_MS
        self._low_ms = 0
        self._good_ms = RESUME_MS

    def is_here(self, now_ms):
        return self.here_s[0] * 1000 <= now_ms < self.here_s[1] * 1000

    def step(self, now_ms, limits_ma):
        """Live for a step; `limits_ma`: by the connector's phases."""
        self._judge(min(limits_ma[: self.phases]) if self.is_here(now_ms) else 0)
        allowed_ma = self._heard.pass_on(self.offer_ma)
        if not self.is_here(now_ms) or self._low_ms >= FORCED_MS:
            self.drawn_ma = 0
            return
        wanted_ma = min(allowed_ma, self.max_ma)
        if wanted_ma > self.drawn_ma:
            self.starts += not self.drawn_ma
            self.drawn_ma = min(wanted_ma, self.drawn_ma + self._ramp_ma)
        else:
            self.drawn_ma = max(wanted_ma, self.drawn_ma - DOWN_MA)

    def currents(self):
        """By the connector's own phases."""
        return [self.drawn_ma if phase < self.phases else 0 for phase in range(3)]

    def _judge(self, least_ma):
        self._since_rise_ms += STEP_MS
        if least_ma < 6000:
            self._good_ms = 0 if self.offer_ma else self._good_ms
            self._low_ms += STEP_MS
            self.offer_ma = 0
            return
        self._good_ms += STEP_MS
        self._low_ms = 0
        if least_ma < self.offer_ma:
            self.offer_ma = least_ma
        elif least_ma > self.offer_ma and self._since_rise_ms >= OFFER_RISE_MS and self._good_ms >= RESUME_MS:
            self.offer_ma = least_ma
            self._since_rise_ms = 0


class House:
    """What flows at the fuses, and what the meters tell of it once a second."""

    def __init__(self, balance, cars, mains_lag_ms=300, own_lag_ms=700, noise=lambda: 0):
        self.balance = balance
        self.cars = cars
        self.now_ms = 0
        self.base_ma = [0, 0, 0]
        """What everything else draws, negative where it feeds."""
        self.mains_ma = [0, 0, 0]
        self.silent = False
        self.fallback_ma = 0
        self._noise = noise
        self._since_ms = 0
        self._has_read = False
        self._mains = Late(mains_lag_ms, (0, 0, 0))
        self._own = [Late(own_lag_ms, [0, 0, 0]) for _ in cars]
        self._seen = ((0, 0, 0), [[0, 0, 0] for _ in cars])

    def step(self):
        """Live for a step."""
        for number, car in enumerate(self.cars):
            car.step(self.now_ms, self.limits_ma(number))
        self.mains_ma = list(self.base_ma)
        for car in self.cars:
            for phase, current_ma in enumerate(car.currents()):
                self.mains_ma[car.rotation[phase]] += current_ma
        self._seen = (
            self._mains.pass_on(tuple(self.mains_ma)),
            [late.pass_on(car.currents()) for late, car in zip(self._own, self.cars, strict=True)],
        )
        self.now_ms += STEP_MS
        self._since_ms += STEP_MS
        if not self.silent and self.now_ms % 1000 == 0:
            self._read()

    def live(self, duration_s):
        """The limits after each second."""
        seen = []
        for _ in range(duration_s):
            for _ in range(1000 // STEP_MS):
                self.step()
            seen.append([self.limits_ma(number) for number in range(len(self.cars))])
        return seen

    def limits_ma(self, number):
        """As the limit row has it: the fallback, once nothing has renewed it for its life."""
        if self._since_ms > LIFE_MS or not self._has_read:
            return [self.fallback_ma] * 3
        return self.balance.limits_ma(number)

    def _read(self):
        mains_ma, own_ma = self._seen
        drawn_ma = [
            own if car.is_here(self.now_ms) else None for car, own in zip(self.cars, own_ma, strict=True)
        ]
        self.balance.update(self._since_ms, [value + self._noise() for value in mains_ma], drawn_ma)
        self._since_ms = 0
        self._has_read = True
