"""The decision core of one connector: `tick(now_ms, inputs, outputs)`, pure, bounded and free of
allocation."""

from control import cable, contactor, duty, faults, limits, pilot, residual, states, ticks, windows
from control.diode import Diode
from control.offer import Offer
from control.session import Energy, Session

STABLE_MS = 500
"""The car must be ready this long before the first close: a short dip of the pilot closes nothing."""
WITHDRAW_MS = 6000
"""A car has 3 s to stop after the offer is withdrawn; at 6 s the contactor opens under load."""
IDLE_CURRENT_MA = 1000
"""Below this, opening does not wear the contacts."""
RECLOSE_MS = 5000
FAULT_RECLOSE_MS = 30000
_OLD_MS = 0x1FFFFFFF
START_MS = 1000
"""A pilot that shows nothing this long after the start is a fault."""


class Controller:
    """Decides for one connector. Give it its own `Mailbox`, `Snapshot` and `Events` to talk through."""

    def __init__(self, rated_ma, phases=3, cable_ma=0, ventilation=False, lockable=False):
        """`rated_ma`: least rating of board and connector; `cable_ma`: rating of a tethered cable, 0 for a
        socket; `lockable`: a lock is fitted and must hold before the contactor closes."""
        self.mailbox = windows.Mailbox()
        self.snapshot = windows.Snapshot()
        self.events = windows.Events()
        self.pilot = pilot.Pilot()
        self.limits = limits.Limits(rated_ma)
        self.faults = faults.Faults()
        self.session = Session()
        self.energy = Energy()
        self._state = states.STARTING
        self._state_ms = 0
        self._phases = phases
        self._socket = cable_ma == 0
        self._ventilation = ventilation
        self._lockable = lockable
        self._contactor = contactor.Supervision()
        self._rcd = residual.ResidualCurrent()
        self._offer = Offer()
        self._duty_bp = duty.STEADY_BP
        self._close = False
        self._diode = Diode()
        # Nobody knows when the contactor opened before this start.
        self._pause_ms = RECLOSE_MS
        self._age_ms = _OLD_MS
        self._clear_sequence = 0
        self._last_ms = -1
        self._lapsed = False
        self._hazard = False
        if not self._socket:
            self.limits.set(limits.CABLE, cable_ma)

    def restore(self, latched, active, lifetime_wh, register_wh):
        """Take back at boot what a restart must not end: the bits of `latched` faults, the pause after any
        that was `active`, and the energy."""
        self.faults.restore(latched)
        if latched & (1 << faults.RCD_TEST):
            self._rcd.fail()
        elif latched & (1 << faults.RCD_TRIP):
            self._rcd.trip()
        if active | latched:
            self._pause_ms = FAULT_RECLOSE_MS
        self.energy.restore(lifetime_wh, register_wh)

    def tick(self, now_ms, inputs, outputs):
        """Decide once. `now_ms` wraps at 2^30; the time since the last tick is measured, so a late tick is
        only late."""
        elapsed_ms = self._elapsed(now_ms)
        self._hazard = inputs.hazard
        self._observe(now_ms, elapsed_ms, inputs)
        self._supervise(now_ms, elapsed_ms, inputs)
        state = states.following(self._state, self._conditions(inputs))
        if state != self._state:
            self._enter(now_ms, state)
        self._act(now_ms, elapsed_ms, inputs, outputs)
        self._report(inputs)

    def _elapsed(self, now_ms):
        elapsed_ms = ticks.diff(now_ms, self._last_ms) if self._last_ms >= 0 else 0
        self._last_ms = now_ms
        self._lapsed = elapsed_ms >= contactor.LEASE_MS
        self._state_ms = min(self._state_ms + elapsed_ms, pilot.LONG_MS)
        if self._pause_ms > 0:
            self._pause_ms -= elapsed_ms
        return elapsed_ms

    def _observe(self, now_ms, elapsed_ms, inputs):
        """Pilot, plug, meter and limits: what the world says."""
        level = self.pilot.level
        # While state F is driven, the pilot says nothing of the car.
        if self._duty_bp != duty.STATE_F_BP:
            self.pilot.update(elapsed_ms, inputs.high_mv, inputs.pilot_valid)
            if self.pilot.changed:
                self.events.put(now_ms, windows.LEVEL, level, self.pilot.level)
        number = self.session.number
        if self.session.update(self.pilot.level, self.pilot.held_ms):
            self._plug_changed(now_ms, number)
        if inputs.metered:
            self._read_meter(inputs)
        if self._socket:
            self.limits.set(limits.CABLE, cable.rating_ma(inputs.proximity_ohm, self._phases))
        self.limits.update(elapsed_ms, self.mailbox)

    def _read_meter(self, inputs):
        # An age that fell is a new reading; what it grew to before is the gap between the two.
        if inputs.meter_age_ms < self._age_ms:
            self.energy.update(inputs.energy_wh, self._age_ms, self._authorised())
        self._age_ms = inputs.meter_age_ms

    def _plug_changed(self, now_ms, number):
        if self.session.plugged:
            self.energy.begin()
            self.faults.begin_session()
            self.events.put(now_ms, windows.PLUGGED, number)
        else:
            self._diode.forget()
            self._contactor.forget()
            self.events.put(now_ms, windows.UNPLUGGED, number)

    def _supervise(self, now_ms, elapsed_ms, inputs):
        """Everything that can be wrong becomes a fault bit."""
        # Through a stall nobody looked: what is seen after it has not lasted.
        seen_ms = 0 if self._lapsed else elapsed_ms
        self._contactor.update(seen_ms, self._close and not self._lapsed, inputs.closed)
        self._rcd.update(
            elapsed_ms, inputs.rcd_tripped, self._contactor.open, self.session.plugged, self.session.away
        )
        self._check_diode(seen_ms, inputs)
        if self.mailbox.clear_sequence != self._clear_sequence:
            self._clear_sequence = self.mailbox.clear_sequence
            self._clear_faults(now_ms)
        found = self.faults
        found.update(elapsed_ms, self._causes(inputs), self.session.away)
        if found.raised:
            self._pause_ms = FAULT_RECLOSE_MS
            self._put_bits(now_ms, windows.FAULT, found.raised)
        if found.cleared:
            self._put_bits(now_ms, windows.FAULT_END, found.cleared)

    def _check_diode(self, elapsed_ms, inputs):
        if not duty.carries_signal(self._duty_bp) or not pilot.B <= self.pilot.level <= pilot.D:
            self._diode.rest()
        elif inputs.pilot_valid:
            self._diode.update(elapsed_ms, inputs.low_mv)

    def _causes(self, inputs):
        level = self.pilot.level
        causes = 0
        if level >= pilot.D and self._duty_bp != duty.STATE_F_BP:
            causes |= self._pilot_causes(level)
        if self._diode.bad:
            causes |= 1 << faults.CP_DIODE
        if self._rcd.state != residual.READY:
            if self._rcd.recovering:
                causes |= 1 << faults.RCD_TRIP
            if self._rcd.state == residual.FAILED:
                causes |= 1 << faults.RCD_TEST
        if self._contactor.welded:
            causes |= 1 << faults.RELAY_WELDED
        if self._contactor.stuck_open:
            causes |= 1 << faults.RELAY_STUCK_OPEN
        if self._socket and cable.is_invalid(inputs.proximity_ohm):
            causes |= 1 << faults.PP_INVALID
        return causes

    def _pilot_causes(self, level):
        if level == pilot.D:
            return 0 if self._ventilation else 1 << faults.VENTILATION
        if level == pilot.E:
            return 1 << faults.EV_STATE_E
        if self._state == states.STARTING and self._state_ms < START_MS:
            return 0
        return 1 << faults.CP_ILLEGAL

    def _clear_faults(self, now_ms):
        bits = self.mailbox.clear_faults & faults.SERVICE
        if bits & (1 << faults.RCD_TEST):
            self._rcd.clear_failure()
        self._put_bits(now_ms, windows.FAULT_END, self.faults.active & bits)
        self.faults.clear(bits)

    def _put_bits(self, now_ms, code, bits):
        for row in faults.ROWS:
            if bits & row.bit:
                self.events.put(now_ms, code, row.code)

    def _ready(self):
        level = self.pilot.level
        return level == pilot.C or (level == pilot.D and self._ventilation)

    def _authorised(self):
        return self.mailbox.authorised_session == self.session.number

    def _may_offer(self):
        return (
            self.session.plugged
            and self._authorised()
            and self.mailbox.enabled
            and not self._hazard
            and self.limits.least_ma >= duty.LEAST_MA
        )

    def _conditions(self, inputs):
        seen = states.FAULT if self.faults.active else states.SOUND
        if self.pilot.level <= pilot.D:
            seen |= states.KNOWN
        seen |= states.PLUGGED if self.session.plugged else states.AWAY
        seen |= states.OFFERABLE if self._may_offer() else states.WITHDRAWN
        # A stall, a coil without supply and a weld elsewhere open the contactor: it closes again like after
        # any opening, with a pause.
        if self._lapsed or self._hazard or self._contactor.dropped or not self._ready():
            seen |= states.RELEASED | states.LET_GO
        elif self._state == states.OFFERED and self._may_close(inputs):
            seen |= states.CLOSABLE
        elif self._state == states.STOPPING and self._has_let_go(inputs):
            seen |= states.LET_GO
        return seen

    def _may_close(self, inputs):
        """What must hold, beside readiness and the offer, before the contactor closes."""
        return (
            self.pilot.held_ms >= STABLE_MS
            and self.pilot.agrees
            and self._diode.proven
            and self._offer.value_ma >= duty.LEAST_MA
            and self._contactor.open
            and self._rcd.state == residual.READY
            and self._pause_ms <= 0
            and (inputs.locked or not self._lockable)
        )

    def _has_let_go(self, inputs):
        # Only a reading younger than the withdrawal can tell that the car has stopped.
        if inputs.metered and inputs.meter_age_ms < self._state_ms and inputs.current_ma < IDLE_CURRENT_MA:
            return True
        return self._state_ms >= WITHDRAW_MS

    def _enter(self, now_ms, state):
        self.events.put(now_ms, windows.STATE, self._state, state)
        if states.CLOSES[self._state] and not states.CLOSES[state]:
            self._pause_ms = max(self._pause_ms, RECLOSE_MS)
        if self._state == states.FAULTED and self._duty_bp == duty.STATE_F_BP:
            self.pilot.forget()
        self._state = state
        self._state_ms = 0

    def _act(self, now_ms, elapsed_ms, inputs, outputs):
        offered_ma = self._offer.value_ma
        may_offer = self._may_offer()
        # The state follows a withdrawal a tick later when the car lets go in the same one.
        offers = may_offer and states.OFFERS[self._state]
        self._offer.update(elapsed_ms, self.limits.least_ma if offers else 0)
        if self._offer.value_ma != offered_ma:
            self.events.put(now_ms, windows.OFFER, self._offer.value_ma, self.limits.reason)
        self._duty_bp = duty.offer_bp(self._offer.value_ma)
        if self.faults.active & faults.STATE_F:
            self._duty_bp = duty.STATE_F_BP
        close = states.CLOSES[self._state] and self._interlock(inputs)
        if close != self._close:
            self.events.put(now_ms, windows.CONTACTOR, 1 if close else 0)
        self._close = close
        outputs.close = close
        outputs.duty_bp = self._duty_bp
        outputs.rcd_test = self._rcd.drives_test()
        outputs.rcd_rearm = self._rcd.rearms()
        # A socket lets go of its plug only once the contacts are seen open.
        outputs.lock = self._lockable and (may_offer or not self._contactor.open)

    def _interlock(self, inputs):
        """Whatever the state says: no current past a lost pilot, a fault or a residual current."""
        return (
            self._ready()
            and not self.faults.active
            and not self._hazard
            and not self._contactor.dropped
            and not inputs.rcd_tripped
            and self._rcd.state == residual.READY
        )

    def _report(self, inputs):
        snapshot = self.snapshot
        snapshot.state = self._state
        snapshot.level = self.pilot.level
        snapshot.high_mv = inputs.high_mv
        snapshot.low_mv = inputs.low_mv
        snapshot.offered_ma = self._offer.value_ma
        snapshot.limit_ma = self.limits.least_ma
        snapshot.reason = self.limits.reason
        snapshot.close = self._close
        snapshot.closed = inputs.closed
        snapshot.faults = self.faults.active
        snapshot.latched = self.faults.latched
        snapshot.session = self.session.number
        snapshot.plugged = self.session.plugged
        snapshot.session_wh = self.energy.session_wh
        snapshot.lifetime_wh = self.energy.lifetime_wh
        snapshot.ticks = (snapshot.ticks + 1) & ticks.MASK
