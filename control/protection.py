"""Everything that can be wrong with one connector, gathered into fault bits.

The modules beside this one each watch one thing; here their findings become the causes in `control.faults`.
"""

from control import cable, faults, pilot, residual
from control.contactor import Supervision
from control.diode import Diode
from control.flapping import Flapping
from control.lock import Lock
from control.operations import Operations
from control.overcurrent import Overcurrent
from control.phases import PhaseSwitching
from control.post import SelfTest
from control.recent import Recent
from control.supply import Supply
from control.suspicion import Suspicion
from control.thermal import Derating

FRESH_MS = 5000
"""A meter reading older than this tells nothing of now: a meter is read every second."""
FIRST_READING_MS = 10000
"""A meter that has not answered so long after the start is silent."""
START_MS = 1000
"""A pilot that shows nothing this long after the start is a fault."""
SLOW_MS = 100
"""What changes slowly is looked at ten times a second."""
EARTH_MS = 60
"""Protective earth must be missing in three ticks of 20 ms, good ones between them not counted."""
SHUNT_MS = 500
"""Contacts that are seen closed for so long after a weld was found take the supply with them, where a shunt
trip is fitted: by then the journal knows of it, and so will the next boot."""
STALLS = 3
STALLS_WITHIN_MS = 600000
"""So many stalls of the tick under a closed contactor are an overrun of the processor."""
ALIVE = 7
"""Marks for a restart: the phases that count as wired, ..."""
SWITCHING = 8
"""... a switch-over is under way, ..."""
TESTING = 16
"""... the RCD is being tested."""
LATE_MS = 50
"""A tick that comes later than this keeps a car that lets go waiting for too long ..."""
OVERRUN_MS = 3000
"""... and so much time in late ticks, good ones between them hardly counted, is an overrun too."""


class Moment:
    """What the tick knows before it looks for faults."""

    def __init__(self):
        self.elapsed_ms = 0
        self.lapsed = False
        """The tick came so late that the close lease had ended."""
        self.level = pilot.SILENT
        """The filtered pilot."""
        self.unseen_ms = -1
        """How long it has been looked at in vain since it may show the car again, else -1."""
        self.swapped = False
        """It has just gone from B to C or back."""
        self.listens = False
        """The pilot shows the car; else state F is driven."""
        self.speaks = False
        """A square wave is on the wire."""
        self.since_change_ms = 0
        """Since the duty last changed."""
        self.plugged = False
        self.away = False
        self.commanded = False
        """Close was commanded by the last tick."""
        self.offered_ma = 0
        self.wants_lock = False


class Protection:
    """The watchers of one connector, and its faults."""

    def __init__(self, rated_ma, phases, nominal_mv, socket, ventilation, lockable, metering, switchable):
        self.faults = faults.Faults()
        self.contactor = Supervision()
        self.rcd = residual.ResidualCurrent()
        self.diode = Diode()
        self.derating = Derating(rated_ma)
        self.supply = Supply(nominal_mv, phases)
        self.overcurrent = Overcurrent()
        self.operations = Operations()
        self.flapping = Flapping()
        self.proximity = cable.Proximity()
        self.lock = Lock(lockable)
        self.switching = PhaseSwitching(phases, switchable)
        self.post = SelfTest()
        self.fresh = False
        """The meter's reading is young enough to judge by."""
        self._socket = socket
        self._ventilation = ventilation
        self._metering = metering
        self._billing = False
        self._earth = Suspicion(EARTH_MS)
        self._stalls = Recent(STALLS, STALLS_WITHIN_MS)
        self._late = Suspicion(OVERRUN_MS)
        self._shunt_ms = 0
        self._slow_ms = 0
        self._unmetered_ms = 0

    def marks(self):
        """What else a restart must know: bits of `ALIVE`, `SWITCHING` and `TESTING`."""
        marks = self.supply.alive
        if self.switching.active:
            marks |= SWITCHING
        if self.rcd.tests():
            marks |= TESTING
        return marks

    def restore(self, latched, active, cycles, closings, trips, spent=0, marks=0):
        """Take back what a restart must not end."""
        self.faults.restore(latched, active, spent)
        self.derating.critical = bool(active & (1 << faults.OVERTEMP_STOP))
        self.derating.lost = bool(active & (1 << faults.TEMP_SENSOR))
        self.operations.restore(cycles, closings)
        self.rcd.trips.restore(trips)
        if latched & (1 << faults.RCD_TEST):
            self.rcd.fail()
        elif latched & (1 << faults.RCD_TRIP):
            self.rcd.trip()
        elif marks & TESTING:
            self.rcd.interrupt()
        if marks & SWITCHING:
            self.switching.resume()
        if active & (1 << faults.UNDER_VOLTAGE):
            self.supply.alive |= marks & ALIVE

    def end_session(self):
        """The car is gone, and what it has proven and done."""
        self.diode.forget()
        self.contactor.forget()
        self.flapping.forget()
        self.rcd.forget()

    def clear(self, bits):
        """A technician clears these faults."""
        if bits & (1 << faults.RCD_TEST):
            self.rcd.clear_failure()
        if bits & (1 << faults.RCD_REPEATED):
            self.rcd.trips.clear()
        if bits & (1 << faults.UNDER_VOLTAGE):
            # The supply has fewer phases from now on; the fault ends once its cause has.
            self.supply.alive = 1
        if bits & (1 << faults.SYS_POST):
            self.post.clear_failure()
        if bits & (1 << faults.SYS_OVERRUN):
            self._stalls.clear()
            self._late.clear()
        self.faults.clear(bits)

    def update(self, moment, inputs, mailbox):
        """Look at everything once. The findings are in `faults`."""
        elapsed_ms = moment.elapsed_ms
        # Through a stall nobody looked: what is seen after it has not lasted.
        seen_ms = 0 if moment.lapsed else elapsed_ms
        if moment.lapsed and moment.commanded:
            self._stalls.add()
        if moment.commanded:
            self._late.update(seen_ms, elapsed_ms <= LATE_MS)
        self.fresh = inputs.metered and inputs.meter_age_ms <= FRESH_MS
        # But contacts that were closed before it too, and that nobody had told to, were closed throughout.
        stood = inputs.closed and self.contactor.differs and not moment.commanded
        contact_ms = elapsed_ms if stood else seen_ms
        self.contactor.update(contact_ms, moment.commanded and not moment.lapsed, inputs.closed)
        if self.contactor.served:
            self.faults.give_back(faults.RELAY_STUCK_OPEN)
        self.rcd.update(elapsed_ms, inputs.rcd_tripped, self.contactor.open, moment.plugged, moment.away)
        self.lock.update(elapsed_ms, moment.wants_lock, inputs.locked)
        self._earth.update(seen_ms, inputs.earthed)
        if moment.swapped:
            self.flapping.swap(moment.since_change_ms, moment.level == pilot.B, moment.offered_ma > 0)
        self._watch_pilot(seen_ms, moment, inputs)
        self._slow_ms += elapsed_ms
        if self._slow_ms >= SLOW_MS:
            self._watch_slowly(self._slow_ms, moment, inputs, mailbox)
            self._slow_ms = 0
        self.faults.update(elapsed_ms, self._causes(moment, inputs) | mailbox.system_faults, moment.away)
        welded = self.faults.active & (1 << faults.RELAY_WELDED) and inputs.closed
        self._shunt_ms = min(self._shunt_ms + seen_ms, SHUNT_MS) if welded else 0

    def trips_shunt(self):
        """Whether the breaker is to take the supply away from contacts that have welded. What has come apart
        does not: a charger that was repaired must boot to be told so."""
        return self._shunt_ms >= SHUNT_MS

    def _watch_pilot(self, elapsed_ms, moment, inputs):
        level = moment.level
        hidden = pilot.A < level < pilot.SILENT
        self.post.update(
            elapsed_ms, not moment.listens, inputs.high_mv, inputs.pilot_valid, level == pilot.A, hidden
        )
        if not moment.speaks or not pilot.B <= level <= pilot.D:
            self.diode.rest()
        elif inputs.pilot_valid:
            self.diode.update(elapsed_ms, inputs.low_mv)

    def _watch_slowly(self, elapsed_ms, moment, inputs, mailbox):
        self.derating.update(elapsed_ms, inputs.temperature_dc, inputs.temperature_valid)
        if self.fresh:
            self.supply.update(elapsed_ms, inputs.voltage_mv)
        if self.contactor.open:
            self.overcurrent.rest()
        self.overcurrent.update(
            elapsed_ms, moment.offered_ma, inputs.highest_ma(), inputs.meter_age_ms, self.fresh
        )
        self.operations.recent.update(elapsed_ms)
        self.flapping.swaps.update(elapsed_ms)
        self._stalls.update(elapsed_ms)
        self.switching.update(
            elapsed_ms, mailbox.phases, inputs.joined, self.contactor.open, mailbox.phase_wait_ms
        )
        self._billing = mailbox.billing
        self._unmetered_ms = 0 if inputs.metered else min(self._unmetered_ms + elapsed_ms, FIRST_READING_MS)

    def _causes(self, moment, inputs):
        causes = self._pilot_causes(moment) | self._contactor_causes() | self._rcd_causes()
        causes |= self._measured_causes(inputs)
        if self._socket and cable.is_invalid(self.proximity.ohm):
            causes |= 1 << faults.PP_INVALID
        if self._earth.certain():
            causes |= 1 << faults.PE_LOST
        if self.lock.failed:
            causes |= 1 << faults.LOCK_FAILED
        if self.lock.stuck:
            causes |= 1 << faults.LOCK_STUCK
        if self._stalls.full() or self._late.certain():
            causes |= 1 << faults.SYS_OVERRUN
        return causes

    def _pilot_causes(self, moment):
        causes = 1 << faults.SYS_POST if self.post.failed else 0
        if self.diode.bad:
            causes |= 1 << faults.CP_DIODE
        if self.flapping.found():
            causes |= 1 << faults.CP_FLAPPING
        if moment.listens and moment.level >= pilot.D:
            causes |= self._level_causes(moment)
        return causes

    def _level_causes(self, moment):
        if moment.level == pilot.D:
            return 0 if self._ventilation else 1 << faults.VENTILATION
        if moment.level == pilot.E:
            return 1 << faults.EV_STATE_E
        return 0 if 0 <= moment.unseen_ms < START_MS else 1 << faults.CP_ILLEGAL

    def _rcd_causes(self):
        rcd = self.rcd
        causes = 1 << faults.RCD_REPEATED if rcd.trips.full() else 0
        if rcd.state != residual.READY:
            if rcd.recovering:
                causes |= 1 << faults.RCD_TRIP
            if rcd.state == residual.FAILED:
                causes |= 1 << faults.RCD_TEST
        return causes

    def _contactor_causes(self):
        causes = 1 << faults.PHASE_SWITCH if self.switching.failed else 0
        if self.contactor.welded:
            causes |= 1 << faults.RELAY_WELDED
        if self.contactor.stuck_open:
            causes |= 1 << faults.RELAY_STUCK_OPEN
        return causes

    def _measured_causes(self, inputs):
        """What sensor and meter tell, or do not tell."""
        derating, causes = self.derating, 0
        if derating.lost:
            causes |= 1 << faults.TEMP_SENSOR
        if derating.critical:
            causes |= 1 << faults.OVERTEMP_STOP
        elif derating.hot:
            causes |= 1 << faults.HIGH_TEMPERATURE
        if self.overcurrent.found:
            causes |= 1 << faults.OVER_CURRENT
        under, over = 1 << faults.UNDER_VOLTAGE, 1 << faults.OVER_VOLTAGE
        # Once a fault stands, a reading that is out of range keeps it, and so does none at all.
        stands = self.faults.active
        if self.supply.low or (stands & under and (self.supply.sags or not self.fresh)):
            causes |= under
        if self.supply.high or (stands & over and (self.supply.swells or not self.fresh)):
            causes |= over
        if not self.fresh and self._metering and (inputs.metered or self._unmetered_ms >= FIRST_READING_MS):
            causes |= 1 << (faults.METER_COMM if self._billing else faults.METER_FALLBACK)
        return causes
