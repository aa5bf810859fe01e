"""Heat: less from 65 degC, nothing from 71 degC, and slowly back; nothing where nobody sees it (10, 12)."""

from tests.control.watching import Since, Watch, promise

HOT_DC = 650
COOL_DC = 620
CRITICAL_DC = 710
RESUME_DC = 550
LEAST_MA = 6000
RISE_MA = 1000
RISE_MS = 30000
REST_MS = 300000
BLIND_MS = 1000
NOTICE_MS = 400
"""The firmware looks at the temperature a few times a second."""
OPEN_MS = 6000


class Heat(Watch):
    """The hottest place in the enclosure, and the sensor there."""

    def __init__(self):
        self._recent_dc = []
        self._limit_ma = None
        self._rising_ms = 0
        self._hot = False
        self._blind = Since()
        self._critical = Since()
        self._stopped = False
        self._cool_ms = None
        self._over = Since()
        self._blind_offer_ma = 0
        self._warm_ms = -(10**9)

    def tick(self, truth):
        heat = truth.outlet.heat
        if truth.late or heat.sensor_open:
            # Nobody looked, or could see: what was warm meanwhile may be unknown.
            self._recent_dc.clear()
        blind_ms = self._blind.note(heat.sensor_open, truth.attended_ms)
        felt_dc = self._felt_dc(truth, heat.felt_dc())
        if heat.felt_dc() >= COOL_DC or heat.sensor_open:
            self._warm_ms = truth.now_ms
        if felt_dc is not None and not heat.sensor_open:
            self._follow(truth, felt_dc)
        self._check_10_derating(truth)
        self._check_10_stop(truth, felt_dc, blind_ms)
        self._check_12_blind(truth)

    def restarted(self, truth):
        if self.pending(truth):
            # Nobody in there knows how long it has been cool.
            self._warm_ms = truth.now_ms
        self._limit_ma = None
        self._cool_ms = None
        self._critical.note(False, 0)
        # It has not looked for long enough to miss the sensor.
        self._blind.note(False, 0)
        self._recent_dc.clear()

    def pending(self, truth):
        return self._stopped or truth.now_ms - self._warm_ms < REST_MS + 1000

    def _felt_dc(self, truth, felt_dc):
        """The coolest it was within `NOTICE_MS`: what was warmer only for a moment may have been missed."""
        recent = self._recent_dc
        recent.append((truth.now_ms, felt_dc))
        full = truth.now_ms - recent[0][0] >= NOTICE_MS
        while truth.now_ms - recent[0][0] > NOTICE_MS:
            recent.pop(0)
        return min(value for _, value in recent) if full else None

    def _follow(self, truth, felt_dc):
        """What the temperature allows at most: down at once, up by 1 A in 30 s."""
        rated_ma = truth.grants.rated_ma
        over_dc = min(max(felt_dc - HOT_DC, 0), CRITICAL_DC - HOT_DC)
        allowed_ma = rated_ma - (rated_ma - LEAST_MA) * over_dc // (CRITICAL_DC - HOT_DC)
        self._hot = felt_dc >= (COOL_DC if self._hot else HOT_DC)
        if self._limit_ma is None or allowed_ma < self._limit_ma:
            self._limit_ma = allowed_ma
            self._rising_ms = 0
        elif not self._hot and self._limit_ma < rated_ma:
            self._rising_ms += truth.unattended_ms
            # A little sooner than the firmware may, which counts in coarser steps.
            if self._rising_ms >= RISE_MS - NOTICE_MS:
                self._rising_ms -= RISE_MS
                self._limit_ma = min(self._limit_ma + RISE_MA, rated_ma)

    def _check_10_derating(self, truth):
        limit_ma = truth.grants.rated_ma if self._limit_ma is None else self._limit_ma
        over_ms = self._over.note(truth.offer_ma > limit_ma, truth.attended_ms)
        promise("10", over_ms <= NOTICE_MS, "%d mA offered in the heat, %d allowed", truth.offer_ma, limit_ma)

    def _check_10_stop(self, truth, felt_dc, blind_ms):
        """Too hot, or unseen: nothing is offered until it was cool for five minutes."""
        critical = (felt_dc is not None and felt_dc >= CRITICAL_DC) or blind_ms >= BLIND_MS + NOTICE_MS
        self._stopped = self._stopped or critical
        cool = truth.outlet.heat.felt_dc() < RESUME_DC and not truth.outlet.heat.sensor_open
        if not self._stopped or not cool:
            self._cool_ms = None
        elif self._cool_ms is None:
            self._cool_ms = truth.now_ms
        if self._cool_ms is not None and truth.now_ms - self._cool_ms >= REST_MS - 2 * NOTICE_MS:
            self._stopped = False
        stopped_ms = self._critical.note(self._stopped, truth.attended_ms)
        promise("10", not (self._stopped and truth.offer_ma), "offered in critical heat")
        late = stopped_ms > OPEN_MS + NOTICE_MS
        promise("10", not (late and truth.driven), "driven %d ms in critical heat", stopped_ms)

    def _check_12_blind(self, truth):
        """While nobody can see the temperature no limit rises."""
        blind_ms = self._blind.note(truth.outlet.heat.sensor_open, truth.attended_ms)
        long = blind_ms >= BLIND_MS + NOTICE_MS
        promise("12", not (long and truth.offer_ma), "%d mA offered without a temperature", truth.offer_ma)
