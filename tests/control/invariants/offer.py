"""What is offered: never more than the least of the limits, up slowly and down at once (10, 11, 12)."""

from tests.control.invariants.truth import B_OHM
from tests.control.watching import Since, Watch, promise

SIMPLE_MA = 10000
RISE_MS = 5000
OPEN_MS = 6100
"""A car has 6 s to let go of what is offered no longer, and the firmware a tick to see it."""
STALE_MS = 5000
"""The last reading of a meter that has been silent for so long is stale ..."""
NOTICE_MS = 1000
"""... and its fallback holds so soon."""
FOLLOW_MS = 2500
"""Voltages are read every second: what follows from them may be so late."""


class Offer(Watch):
    """The current on offer, against every limit the world knows."""

    def __init__(self):
        self._offer_ma = 0
        self._rose_ms = -(10**9)
        self._forbidden = Since()
        self._simple = True
        self._silent = Since()
        self._unseen = Since()
        self._over_power = Since()
        self._enough = Since()
        self._refused_ms = -(10**9)

    def look(self, truth):
        outlet = truth.outlet
        if outlet.line.load_ohm == B_OHM:
            self._simple = False
        self._silent.note(outlet.energy.silent, truth.now_ms)

    def tick(self, truth):
        grants, now_ms = truth.grants, truth.now_ms
        allowed_ma = grants.allowed_ma(now_ms, truth.phases())
        offer_ma = truth.offer_ma
        promise("10", offer_ma <= allowed_ma, "%d mA offered, %d allowed", offer_ma, allowed_ma)
        self._check_10_withdrawn(truth, allowed_ma)
        self._check_10_simple_car(truth)
        self._check_10_power(truth)
        self._check_10_energy(truth)
        self._check_12_meter(truth)
        self._check_11_rise(truth)
        if grants.limited_ma(now_ms, 3, least=True) < 6000:
            self._refused_ms = now_ms

    def ended(self, truth):
        self._simple = True

    def restarted(self, truth):
        self._rose_ms = -(10**9)
        self._simple = truth.outlet.line.load_ohm != B_OHM
        self._offer_ma = 0
        self._enough = Since()

    def pending(self, truth):
        """Limits that took the offer away must allow it for 10 s; a meter that was silent must be heard."""
        paused = truth.now_ms - self._refused_ms < 11000 or truth.grants.enough_wh is not None
        return paused or self._silent.at_ms is not None

    def _check_10_withdrawn(self, truth, allowed_ma):
        forbidden_ms = self._forbidden.note(allowed_ma < 6000, truth.now_ms)
        late = forbidden_ms > OPEN_MS
        promise("10", not (truth.driven and late), "driven %d ms after the withdrawal", forbidden_ms)

    def _check_10_simple_car(self, truth):
        """A car that never showed state B may have a resistor where others have a switch."""
        simple = self._simple and truth.heard and truth.asks
        allowed = truth.offer_ma <= SIMPLE_MA
        promise("10", not simple or allowed, "%d mA offered to a simple car", truth.offer_ma)

    def _check_10_power(self, truth):
        """What a limit in W leaves is no more than that, at the voltages and in the phases that there are."""
        volts_mv = truth.outlet.energy.voltage_mv
        over = False
        for row in truth.grants.rows.values():
            holds = row.power_w and row.holds(truth.now_ms) and not row.doubtful
            if holds and truth.now_ms - row.written_ms > 20:
                watts = sum(volts_mv[: truth.phases()]) // 1000 * truth.offer_ma // 1000
                over = over or watts > row.power_w * 102 // 100
        over_ms = self._over_power.note(over and not truth.outlet.energy.silent, truth.attended_ms)
        promise("10", over_ms <= FOLLOW_MS, "more power offered than allowed for %d ms", over_ms)

    def _check_10_energy(self, truth):
        """A session that has had its energy gets no more; the register says so, not a sum of powers."""
        energy, enough_wh = truth.outlet.energy, truth.grants.enough_wh
        known = enough_wh is not None and not truth.grants.enough_doubtful
        enough = known and energy.energy_wh >= enough_wh and not energy.silent
        over_ms = self._enough.note(enough, truth.attended_ms)
        late = over_ms > FOLLOW_MS and truth.offer_ma
        promise("10", not late, "offered %d ms after the session had its energy", over_ms)

    def _check_11_rise(self, truth):
        if truth.offer_ma > self._offer_ma:
            apart_ms = truth.now_ms - self._rose_ms
            promise("11", apart_ms >= RISE_MS, "an offer rose %d ms after the last rise", apart_ms)
            self._rose_ms = truth.now_ms
        self._offer_ma = truth.offer_ma

    def _check_12_meter(self, truth):
        """Unseen, only so much may flow; where somebody pays by the meter or only wants so much, nothing."""
        silent_ms = self._silent.note(truth.outlet.energy.silent, truth.now_ms)
        grants = truth.grants
        counted = grants.billing or (grants.enough_wh is not None and not grants.enough_doubtful)
        unseen_ma = 0 if counted else grants.unseen_ma
        stale = silent_ms > STALE_MS and truth.offer_ma > unseen_ma
        over_ms = self._unseen.note(stale, truth.attended_ms)
        promise("12", over_ms <= NOTICE_MS, "%d mA offered unseen", truth.offer_ma)
