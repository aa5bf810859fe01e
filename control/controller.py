"""The decision core of one connector: `tick(now_ms, inputs, outputs)`, pure, bounded and free of
allocation."""

from control import contactor, duty, faults, pilot, report, states, ticks, windows
from control.allowance import Allowance
from control.interlock import FAULT_RECLOSE_MS, RECLOSE_MS, Interlock
from control.offer import Offer
from control.protection import SLOW_MS, Moment, Protection
from control.session import Energy, Session
from control.signal import Signal
from control.wakeup import WakeUp

WITHDRAW_MS = 6000
"""A car has 3 s to stop after the offer is withdrawn; at 6 s the contactor opens under load."""
IDLE_CURRENT_MA = 1000
"""Below this, opening does not wear the contacts, and the car counts as idle."""
_OLD_MS = 0x1FFFFFFF


class Controller:
    """Decides for one connector. Give it its own `Mailbox`, `Snapshot` and `Events` to talk through."""

    def __init__(
        self,
        rated_ma,
        phases=3,
        cable_ma=0,
        ventilation=False,
        lockable=False,
        nominal_mv=230000,
        metering=True,
        switchable=False,
    ):
        """`rated_ma`: least rating of board and connector; `cable_ma`: rating of a tethered cable, 0 for a
        socket; `lockable`: a lock is fitted and must hold before the contactor closes; `metering`: a meter is
        fitted; `switchable`: a phase switch is."""
        self.mailbox = windows.Mailbox()
        self.snapshot = windows.Snapshot()
        self.events = windows.Events()
        self.pilot = pilot.Pilot()
        self.protection = Protection(
            rated_ma, phases, nominal_mv, cable_ma == 0, ventilation, lockable, metering, switchable
        )
        self.faults = self.protection.faults
        self.allowance = Allowance(rated_ma, phases, nominal_mv, cable_ma, metering)
        self.limits = self.allowance.limits
        self.session = Session()
        self.energy = Energy()
        self.state = states.STARTING
        self.offer = Offer()
        self.commanded = False
        """The contactor is told to be closed."""
        self._state_ms = 0
        self._interlock = Interlock(self.pilot, self.protection, ventilation)
        self._lockable = lockable
        self._signal = Signal()
        self._wakeup = WakeUp()
        self._moment = Moment()
        self._age_ms = _OLD_MS
        self._slow_ms = 0
        self._clear_sequence = 0
        self._last_ms = -1

    def restore(
        self, latched, active, lifetime_wh, register_wh, cycles=0, closings=0, trips=0, spent=0, marks=0
    ):
        """Take back at boot what a restart must not end: the bits of `latched` and `active` faults and the
        pause after them, the energy, the contactor's `cycles` in its life and `closings` not long ago, the
        RCD's recent `trips`, the tries that faults have `spent`, and the `marks` of what was under way."""
        self.protection.restore(latched, active, cycles, closings, trips, spent, marks)
        if (active | latched) & ~faults.WARNINGS:
            self._interlock.pause(FAULT_RECLOSE_MS)
        self.energy.restore(lifetime_wh, register_wh)

    def tick(self, now_ms, inputs, outputs):
        """Decide once. `now_ms` wraps at 2^30; the time since the last tick is measured, so a late tick is
        only late."""
        elapsed_ms = self._elapsed(now_ms)
        self._interlock.update(elapsed_ms, elapsed_ms >= contactor.LEASE_MS, inputs.hazard)
        self._observe(now_ms, elapsed_ms, inputs)
        self._allow(elapsed_ms, inputs)
        self._supervise(now_ms, elapsed_ms, inputs)
        state = states.following(self.state, self._conditions(elapsed_ms, inputs))
        if state != self.state:
            self._enter(now_ms, state)
        self._act(now_ms, elapsed_ms, inputs, outputs)
        report.write(self.snapshot, self, inputs)

    def _elapsed(self, now_ms):
        elapsed_ms = ticks.diff(now_ms, self._last_ms) if self._last_ms >= 0 else 0
        self._last_ms = now_ms
        self._state_ms = min(self._state_ms + elapsed_ms, pilot.LONG_MS)
        return elapsed_ms

    def _observe(self, now_ms, elapsed_ms, inputs):
        """Pilot, plug and meter: what the world says."""
        level, moment = self.pilot.level, self._moment
        moment.swapped = False
        # While state F is driven, the pilot says nothing of the car.
        if self._signal.listens():
            self.pilot.update(elapsed_ms, inputs.high_mv, inputs.pilot_valid)
            if self.pilot.changed:
                self.events.put(now_ms, windows.LEVEL, level, self.pilot.level)
                moment.swapped = pilot.B <= level <= pilot.D and pilot.B <= self.pilot.level <= pilot.D
        number = self.session.number
        if self.session.update(self.pilot.level, self.pilot.held_ms):
            self._plug_changed(now_ms, number)
        if inputs.metered:
            self._read_meter(inputs)
        flows = self.commanded and inputs.metered and inputs.highest_ma() >= IDLE_CURRENT_MA
        self.session.count(elapsed_ms, flows)

    def _read_meter(self, inputs):
        # An age that fell is a new reading; what it grew to before is the gap between the two.
        if inputs.meter_age_ms < self._age_ms:
            self.energy.update(inputs.energy_wh, self._age_ms, self._authorised())
        self._age_ms = inputs.meter_age_ms

    def _plug_changed(self, now_ms, number):
        if self.session.plugged:
            self.energy.begin()
            self.allowance.begin_session()
            self.events.put(now_ms, windows.PLUGGED, number)
        else:
            self.protection.end_session()
            self.allowance.end_session()
            self.offer.forget()
            self._wakeup.forget()
            self.events.put(now_ms, windows.UNPLUGGED, number)

    def _allow(self, elapsed_ms, inputs):
        """Every limit, and the least of them."""
        allowance, mailbox = self.allowance, self.mailbox
        proximity = self.protection.proximity
        proximity.update(elapsed_ms, inputs.proximity_ohm)
        allowance.update(elapsed_ms, proximity.ohm, mailbox, self.session, self.energy.lifetime_wh)
        self._slow_ms += elapsed_ms
        if self._slow_ms >= SLOW_MS:
            allowance.measure(self._slow_ms, inputs, mailbox, self.protection, self.commanded)
            self._slow_ms = 0
        self.offer.judge(elapsed_ms, self.limits.least_ma)

    def _supervise(self, now_ms, elapsed_ms, inputs):
        """Everything that can be wrong becomes a fault bit."""
        if self.mailbox.clear_sequence != self._clear_sequence:
            self._clear_sequence = self.mailbox.clear_sequence
            self._clear(now_ms, self.mailbox.clear_faults)
        self._fill(self._moment, elapsed_ms)
        self.protection.update(self._moment, inputs, self.mailbox)
        found = self.faults
        if found.raised:
            if found.raised & ~faults.WARNINGS:
                self._interlock.pause(FAULT_RECLOSE_MS)
            self._put_bits(now_ms, windows.FAULT, found.raised)
        if found.cleared:
            self.allowance.supply_returned(found.cleared, self.mailbox)
            self._put_bits(now_ms, windows.FAULT_END, found.cleared)

    def _clear(self, now_ms, bits):
        ended = self.faults.active & bits & faults.SERVICE
        self._put_bits(now_ms, windows.FAULT_END, ended)
        self.protection.clear(bits)
        number = self.session.number
        if ended & faults.STATE_F and self.session.end():
            # In state F nobody could see which car is there.
            self._plug_changed(now_ms, number)

    def _fill(self, moment, elapsed_ms):
        signal = self._signal
        moment.elapsed_ms = elapsed_ms
        moment.lapsed = self._interlock.lapsed
        moment.level = self.pilot.level
        moment.unseen_ms = -1 if self.pilot.known else self.pilot.held_ms
        moment.listens = signal.listens()
        moment.speaks = signal.speaks()
        moment.since_change_ms = signal.since_change_ms
        moment.plugged = self.session.plugged
        moment.away = self.session.away
        moment.commanded = self.commanded
        moment.offered_ma = self.offer.value_ma
        moment.wants_lock = self._wants_lock()

    def _wants_lock(self):
        """A socket lets go of its plug only once the contacts are seen open, and never after a weld. A lock
        that failed is let go, so that it may try again."""
        active = self.faults.active
        if not self.protection.contactor.open or active & (1 << faults.RELAY_WELDED):
            return self._lockable
        wanted = self.mailbox.hold_plug or self._may_offer()
        return self._lockable and wanted and not active & (1 << faults.LOCK_FAILED)

    def _put_bits(self, now_ms, code, bits):
        for row in faults.ROWS:
            if bits & row.bit:
                self.events.put(now_ms, code, row.code)

    def _authorised(self):
        return self.mailbox.authorised_session == self.session.number

    def _may_offer(self):
        return (
            self.session.plugged
            and self._authorised()
            and self.mailbox.enabled
            and not self._interlock.hazard
            and self.limits.least_ma >= duty.LEAST_MA
            and not self.offer.pausing
            and not self.faults.active & faults.WITHDRAWING
            and not self.protection.switching.active
            and not (self.commanded and self.protection.lock.slips)
        )

    def _conditions(self, elapsed_ms, inputs):
        interlock = self._interlock
        seen = states.FAULT if self.faults.active & faults.OPENING else states.SOUND
        if self.pilot.level <= pilot.D:
            seen |= states.KNOWN
        seen |= states.PLUGGED if self.session.plugged else states.AWAY
        seen |= states.OFFERABLE if self._may_offer() else states.WITHDRAWN
        if interlock.lets_go():
            seen |= states.RELEASED | states.LET_GO
        if self.state == states.OFFERED:
            # While a rise still waits for its time there is no offer that the car could take.
            if self._wakeup.due(elapsed_ms if self.offer.value_ma else 0, interlock.ready()):
                seen |= states.DROWSY
            elif not seen & states.RELEASED and interlock.may_close(inputs.locked, self.offer.value_ma):
                seen |= states.CLOSABLE
        elif self.state == states.STOPPING and self._has_let_go(inputs):
            seen |= states.LET_GO
        elif self.state == states.WAKING and (self._wakeup.over(elapsed_ms) or seen & states.WITHDRAWN):
            seen |= states.AWAKE
        return seen

    def _has_let_go(self, inputs):
        # Only a reading younger than the withdrawal can tell that the car has stopped.
        fresh = inputs.metered and inputs.meter_age_ms < self._state_ms
        if fresh and inputs.highest_ma() < IDLE_CURRENT_MA:
            return True
        return self._state_ms >= WITHDRAW_MS

    def _enter(self, now_ms, state):
        self.events.put(now_ms, windows.STATE, self.state, state)
        if states.CLOSES[self.state] and not states.CLOSES[state]:
            self._interlock.pause(RECLOSE_MS)
        if state == states.WAKING:
            self._wakeup.begin()
        elif state == states.CONNECTED:
            self._wakeup.rest()
        self.state = state
        self._state_ms = 0

    def _act(self, now_ms, elapsed_ms, inputs, outputs):
        self._make_offer(now_ms, elapsed_ms)
        close = states.CLOSES[self.state] and self._interlock.holds(inputs.rcd_tripped)
        if close != self.commanded:
            self.events.put(now_ms, windows.CONTACTOR, 1 if close else 0)
            if close:
                self.protection.operations.closed()
            else:
                self.protection.operations.opened()
        self.commanded = close
        if close and self.pilot.level == pilot.D:
            self._interlock.pause(FAULT_RECLOSE_MS)
        protection = self.protection
        outputs.close = close
        outputs.duty_bp = self._signal.duty_bp
        outputs.apart = self._signal.apart
        outputs.rcd_test = protection.rcd.drives_test()
        outputs.rcd_rearm = protection.rcd.rearms()
        outputs.lock = protection.lock.wanted
        outputs.lock_again = protection.lock.again
        outputs.phases = protection.switching.selected
        outputs.shunt_trip = protection.trips_shunt()

    def _make_offer(self, now_ms, elapsed_ms):
        offered_ma = self.offer.value_ma
        # The state follows a withdrawal a tick later when the car lets go in the same one.
        offers = self._may_offer() and states.OFFERS[self.state]
        slow = self.protection.flapping.upset
        self.offer.update(elapsed_ms, self.limits.least_ma if offers else 0, slow)
        if self.offer.value_ma != offered_ma:
            self.events.put(now_ms, windows.OFFER, self.offer.value_ma, self.limits.reason)
        waking = self.state == states.WAKING
        silent = waking or self.protection.post.running or self.faults.active & faults.STATE_F
        if self._signal.update(elapsed_ms, self.offer.value_ma, silent, waking and self._wakeup.apart):
            self.pilot.forget()
