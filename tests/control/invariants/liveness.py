"""A healthy car charges (6): within ten seconds of leave, within three of all that a close needs, and for as
long as nothing happens to it."""

from tests.control.watching import Since, Watch, promise

WITHIN_MS = 10000
CLOSE_MS = 3000
STABLE_MS = 600
"""What it takes to be sure that the car asks."""
LOUD_MV = 150
FULL_PERCENT = 80
STALL_MS = 40
REST_MS = 31000


class Liveness(Watch):
    """Whether everything that a charge needs is there, and what became of it."""

    def __init__(self, nouns):
        """`nouns`: the watches whose pauses and latches count."""
        self._nouns = nouns
        self._entitled = Since()
        self._ready = Since()
        self._calm_ms = 0
        self._unrest_ms = 0
        self._asked = Since()

    def tick(self, truth):
        if truth.unattended_ms > STALL_MS:
            self._unrest_ms = truth.now_ms
        calm = truth.now_ms - self._unrest_ms >= REST_MS and self._healthy(truth)
        calm = calm and not any(noun.pending(truth) for noun in self._nouns)
        waited_ms = self._entitled.note(calm, truth.now_ms)
        self._check_06_liveness(truth, waited_ms)
        self._check_06_close(truth, calm)
        self._calm_ms = waited_ms
        self._asked.note(truth.asks and truth.heard, truth.now_ms)

    def fall(self, truth):
        self._check_06_reason(truth)

    def restarted(self, truth):
        self._unrest_ms = truth.now_ms
        self._entitled.note(False, 0)
        self._ready.note(False, 0)
        self._calm_ms = 0

    def _healthy(self, truth):
        outlet = truth.outlet
        car, line = outlet.car, outlet.line
        least_ma = truth.grants.allowed_ma(truth.now_ms, 3, least=True)
        powered = all(not row.power_w for row in truth.grants.rows.values())
        wants = car.plugged and car.charge and not (car.pausing or car.confused or car.asleep)
        usual = not (car.false_b_ms or car.false_c_ms or car.flap_ms or car.sleep_after_s or car.stubborn)
        hungry = car.level_wh * 100 < car.battery_wh * FULL_PERCENT
        offered = powered and least_ma >= max(6000, car.min_a * 1000) and car.reaction_ms <= 1500
        return wants and usual and hungry and offered and line.noise_mv <= LOUD_MV and not line.loose

    def _check_06_liveness(self, truth, waited_ms):
        late = waited_ms > WITHIN_MS and not truth.driven
        promise("06", not late, "a healthy car does not charge %d ms after it might", waited_ms)

    def _check_06_close(self, truth, calm):
        """Nothing to wait for, an offer, and a car that takes it: there is no reason not to close."""
        ready_ms = self._ready.note(calm and truth.offer_ma >= 6000 and truth.asks, truth.now_ms)
        late = ready_ms > STABLE_MS + CLOSE_MS and not truth.driven
        promise("06", not late, "not closed %d ms after the car took the offer", ready_ms)

    def _check_06_reason(self, truth):
        """What charges in calm goes on charging."""
        asked_ms = 0 if self._asked.at_ms is None else truth.now_ms - self._asked.at_ms
        allowed_ma = truth.grants.allowed_ma(truth.now_ms, 3, least=True)
        calm = self._calm_ms > WITHIN_MS and self._healthy(truth) and truth.plain
        attended = truth.unattended_ms <= STALL_MS
        calm = calm and not any(noun.pending(truth) for noun in self._nouns)
        needless = calm and attended and asked_ms > 1000 and truth.asks and allowed_ma >= 6000
        promise("06", not needless, "opened for no reason")
