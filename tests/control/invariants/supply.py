"""The supply and what is drawn from it: out of range it opens in time, and stays open for long enough."""

from tests.control.watching import Since, Watch, promise

LOW_MV = 207000
HIGH_MV = 253000
SAG_MV = 184000
OUT_MS = 5000
SAG_MS = 3000
NOTICE_MS = 2500
"""A meter is read every second, and looked at a little later."""
GOOD_MS = 30000
OVER_MS = 7000
OVER_REST_MS = 60000
OVERS = 3
"""So many are forgiven in a plug-in, whatever restarts."""
EARTH_MS = 100
EARTH_REST_MS = 30000
ALIVE_MV = 150000


class Supply(Watch):
    """Voltages, currents and protective earth, where they are measured."""

    def __init__(self):
        self._out = Since()
        self._sags = Since()
        self._over = Since()
        self._earthless = Since()
        self._bad_ms = -(10**9)
        self._over_ms = -(10**9)
        self._earthless_ms = -(10**9)
        self._earth_unplugged = True
        """It may be over, so far as anybody can tell ..."""
        self._earth_over = True
        """... and it surely is."""
        self._offer_ma = 0
        self._unrest_ms = -(10**9)
        self._overs = 0
        self._alive = (Since(), Since(), Since())
        self._misses = False
        """A voltage is too low, and everybody knows it."""

    def look(self, truth):
        self._earthless.note(not self._earthed(truth), truth.now_ms)

    def tick(self, truth):
        # A meter that does not speak tells nothing, and a tick that does not come asks nobody.
        if truth.outlet.energy.silent or truth.late:
            self._out.note(False, 0)
            self._sags.note(False, 0)
            self._over.note(False, 0)
        self._check_voltage(truth)
        self._check_over_current(truth)
        self._check_earth(truth)
        if self._strange(truth):
            self._unrest_ms = truth.now_ms

    def rise(self, truth):
        rest_ms = truth.now_ms - self._bad_ms
        # The meter may have missed the end of it by a reading.
        least_ms = GOOD_MS - 1500 + truth.grants.return_delay_ms
        promise("voltage", rest_ms >= least_ms, "closed %d ms after a bad voltage", rest_ms)
        rest_ms = truth.now_ms - self._over_ms
        promise("over-current", rest_ms >= OVER_REST_MS - 1500, "closed %d ms after an over-current", rest_ms)
        promise("over-current", self._overs <= OVERS, "closed after %d over-currents", self._overs)
        rest_ms = truth.now_ms - self._earthless_ms
        promise("earth", rest_ms >= EARTH_REST_MS - 200, "closed %d ms after earth was lost", rest_ms)
        promise("earth", self._earth_unplugged, "closed after earth was lost, for a car that never left")

    def fall(self, truth):
        over_ms = self._over.note(self._over.at_ms is not None, truth.attended_ms)
        self._overs += over_ms >= OVER_MS

    def ended(self, truth):
        self._over_ms = -(10**9)
        self._overs = 0

    def restarted(self, truth):
        # A phase that was missed is missed for as long as it takes.
        for since in (self._out, self._sags, self._over, *(() if self._misses else self._alive)):
            since.note(False, 0)
        if self.pending(truth):
            # Nobody in there knows how long it has been good again.
            self._unrest_ms = truth.now_ms
        if not self._earth_over:
            self._earthless_ms = truth.now_ms
        self._offer_ma = 0

    def pending(self, truth):
        rest_ms = GOOD_MS + 35000 + truth.grants.return_delay_ms
        return truth.now_ms - self._unrest_ms < rest_ms or not self._earth_over or self._overs > 1

    def _strange(self, truth):
        outlet = truth.outlet
        volts_mv = outlet.energy.voltage_mv[: 3 if outlet.phase_switch.fitted else 1]
        bad = min(volts_mv) < LOW_MV + 2000 or max(volts_mv) > HIGH_MV - 2000
        return bad or outlet.energy.silent or outlet.car.greedy or not self._earthed(truth)

    def _earthed(self, truth):
        return not truth.outlet.world.mains.earth_lost

    def _voltages(self, truth):
        """The lowest and the highest of the phases that are wired, and were seen to be there."""
        volts_mv = truth.outlet.energy.voltage_mv
        low_mv = high_mv = volts_mv[0]
        for phase in (1, 2) if truth.outlet.phase_switch.fitted else ():
            alive = self._alive[phase]
            lives = volts_mv[phase] >= ALIVE_MV and not truth.outlet.energy.silent
            if alive.note(lives or alive.at_ms is not None, truth.now_ms) > NOTICE_MS:
                low_mv, high_mv = min(low_mv, volts_mv[phase]), max(high_mv, volts_mv[phase])
        return low_mv, high_mv

    def _check_voltage(self, truth):
        low_mv, high_mv = self._voltages(truth)
        out_ms = self._out.note(low_mv < LOW_MV or high_mv > HIGH_MV, truth.attended_ms)
        sags_ms = self._sags.note(low_mv < SAG_MV, truth.attended_ms)
        bad = out_ms > OUT_MS + NOTICE_MS or sags_ms > SAG_MS + NOTICE_MS
        promise("voltage", not (bad and truth.driven), "driven %d ms at a bad voltage", max(out_ms, sags_ms))
        if bad:
            self._bad_ms = truth.now_ms
        self._misses = low_mv < LOW_MV and (bad or self._misses)

    def _check_over_current(self, truth):
        """More than 1.1 x (signalled + 0.5 A) for 7 s, counted from the last reduction."""
        if truth.offer_ma < self._offer_ma:
            self._over.note(False, 0)
        self._offer_ma = truth.offer_ma
        drawn_ma = max(truth.outlet.energy.current_ma)
        over = truth.contacts and drawn_ma > (truth.offer_ma + 500) * 11 // 10
        over_ms = self._over.note(over, truth.attended_ms)
        late = over_ms > OVER_MS + NOTICE_MS
        promise("over-current", not (late and truth.driven), "driven %d ms over the offer", over_ms)
        if late:
            self._over_ms = truth.now_ms

    def _check_earth(self, truth):
        lost = not self._earthed(truth)
        lost_ms = self._earthless.note(lost, truth.now_ms)
        bound_ms = EARTH_MS if truth.worst_gap_ms <= 30 else 250
        promise("earth", not truth.driven or lost_ms <= bound_ms, "driven %d ms without earth", lost_ms)
        if lost and lost_ms > bound_ms:
            self._earthless_ms = truth.now_ms
            self._earth_unplugged = False
            self._earth_over = False
        elif truth.away_ms >= 180:
            rest_ms = truth.now_ms - self._earthless_ms
            self._earth_unplugged = self._earth_unplugged or rest_ms >= EARTH_REST_MS - 200
            self._earth_over = self._earth_over or rest_ms >= EARTH_REST_MS + 1000
