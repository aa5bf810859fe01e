"""Everything that people, servers and supplies do to a station, played under the eyes of an oracle."""

from control import limits
from tests.control import wall
from tests.control.grants import Row
from tests.control.invariants.clock import check_15_clock, doings
from tests.control.mischief import Mischief
from tests.control.repertoire import FAULTS, OF_A_SOCKET, OF_THE_SESSION
from tests.control.stage import SLOW_TICK_MS
from tests.control.station import TICK_MS
from tests.control.watching import Broken

PATIENCE_MS = 1000000
SOON_MS = 5000
COURSE_MS = 6000
"""Longer than a pause between two closings."""


class Play(Mischief):
    """A station under an oracle's eyes, with everything that may happen to it."""

    def __init__(self, seed, start_ms, setup="tethered"):
        super().__init__(seed, start_ms, setup)
        self.moved_ms = -1000
        self._traits: dict = {}

    def act(self, name, *values):
        """One of `repertoire.ACTIONS`."""
        getattr(self, name)(*values)

    def plug(self, traits):
        if self.car.plugged:
            return
        if self.oracle.now_ms - self.moved_ms < 400:
            # So soon it can only be the same car.
            traits = self._traits
        self._traits = traits
        self.station.outlet.plug(**traits)
        self._moved()

    def unplug(self):
        if self.car.plugged and not self.station.outlet.lock.holds:
            self.station.outlet.unplug()
            self._moved()

    def another(self, traits, authorised):
        """Another car comes."""
        self.unplug()
        self.run(600)
        self.plug(traits)
        self.run(40)
        if authorised:
            self.authorise()
        self.run(4000)

    def wiggle(self, duration_ms):
        """The plug is out for less than a plug-in needs to end."""
        self.unplug()
        self.spend(duration_ms)
        self.plug(self._traits)

    def authorise(self):
        self.station.authorise()
        self.oracle.grants.authorise(self.oracle.now_ms, self._certain())

    def withdraw(self):
        self.station.withdraw()
        self.oracle.grants.withdraw()

    def charge(self, wants):
        self.car.set(charge=wants)

    def limit(self, source, limit_ma, life_ms, fallback_ma):
        self.by_phase(source, limit_ma, limit_ma, limit_ma, life_ms, fallback_ma)

    def by_phase(self, source, l1_ma, l2_ma, l3_ma, life_ms, fallback_ma):
        if self._owns(source):
            self.station.mailbox.set_phases(source, l1_ma, l2_ma, l3_ma, life_ms, fallback_ma)
            self._wrote(source, (l1_ma, l2_ma, l3_ma), life_ms, fallback_ma)

    def power(self, source, power_w, life_ms, fallback_ma):
        if self._owns(source):
            self.station.mailbox.set_power(source, power_w, life_ms, fallback_ma)
            self._wrote(source, (), life_ms, fallback_ma, power_w)

    def enough(self, energy_wh):
        """The session may have so much more."""
        if self._owns(limits.SESSION_ENERGY):
            lifetime_wh = self.station.snapshot.lifetime_wh
            self.station.mailbox.end_wh = max(lifetime_wh + energy_wh, 1)
            # What the firmware has not read yet comes on top.
            self.oracle.grants.enough_doubtful = False
            self.oracle.grants.enough_wh = self.station.outlet.energy.energy_wh + energy_wh + 1

    def enable(self, enabled):
        self.station.mailbox.enabled = self.oracle.grants.enabled = enabled

    def bill(self, billing, unseen_ma):
        self.station.mailbox.billing = self.oracle.grants.billing = billing
        self.station.mailbox.meter_ma = self.oracle.grants.unseen_ma = unseen_ma

    def delay(self, return_delay_ms):
        self.station.mailbox.return_delay_ms = return_delay_ms
        self.oracle.grants.return_delay_ms = return_delay_ms

    def switch_phases(self, phases, wait_ms):
        self.station.mailbox.phases = phases
        self.station.mailbox.phase_wait_ms = self.oracle.grants.phase_wait_ms = wait_ms

    def step_clock(self, seconds):
        """Somebody sets the real-time clock: the same happens as in the same world where nobody does."""
        same = self._course()
        wall.clock_s += seconds
        check_15_clock(self._course(), same)

    def _course(self):
        """What would happen now, if nobody did anything."""
        station = Play.again(self.kept()).station
        course = []
        for _ in range(COURSE_MS // TICK_MS):
            station.tick()
            course.append(doings(station.outlet))
        return course

    def meet(self, moment, phase_ms, accident):
        """An accident so long after the next moment of this kind, wherever that is between two ticks."""
        name, *values = accident
        if getattr(self, "_await_" + moment)():
            self.spend(phase_ms)
            self.act(name, *values)

    def _await_boot(self):
        self.restart()
        return True

    def _await_test(self):
        """The RCD is tested, for the next car."""
        if self.car.plugged:
            self.withdraw()
            self.run(7000)
            self.unplug()
            self.run(600)
        self.plug({})
        self.authorise()
        return self._await(lambda: self.station.outlet.residual.testing)

    def _await_close(self):
        """The contactor is told to close."""
        self.charge(0)
        self._await(lambda: not self.oracle.truth.driven)
        self.run(4900)
        self.charge(1)
        return self._await(lambda: self.oracle.truth.driven)

    def _await_open(self):
        """The contactor is told to open."""
        self.charge(0)
        return self.oracle.truth.driven and self._await(lambda: not self.oracle.truth.driven)

    def _await(self, holds):
        """Ticks until it is so, for as long as such things take."""
        for _ in range(SOON_MS // TICK_MS):
            if holds():
                return True
            self.tick()
        return False

    def replug(self, name):
        """A fault is there before the next car."""
        self.withdraw()
        self.run(7000)
        self.unplug()
        self.fault(name)
        self.run(600)
        self.plug({})
        self.authorise()
        self.run(8000)

    def mend(self, off=True):
        """A technician came and another car, both sound: it charges. `off`: the charger was without power for
        longer than anybody counts operations and rests."""
        self.repair()
        self.enable(True)
        self.withdraw()
        self.run(7000)
        self.station.outlet.lock.release()  # a bolt that was stuck, by hand
        self.run(600)
        self.unplug()
        if off:
            self.rest()
        self.station.mailbox.clear(-1)
        self.oracle.cleared()
        self.run(1000)
        for source in self.station.mailbox.SOURCES:
            self.limit(source, 32000, 0, 0)
        self.bill(False, 6000)
        self.delay(0)
        self.switch_phases(0, 2000)
        self.wait()
        self.plug({})
        self.run(700)
        self.authorise()
        for _ in range(45):
            self.run(1000)
            if self.station.outlet.contactor.contacts_closed:
                return
        raise Broken("06: a healthy car was not charged")

    def wait(self):
        """Until nothing has to be waited for any more."""
        for _ in range(PATIENCE_MS // SLOW_TICK_MS):
            waits = set(self.oracle.pending()) - {"Offer"}
            if not waits:
                return
            self.doze(SLOW_TICK_MS)
        raise Broken("06: there is always something to wait for: %s" % waits)

    def repair(self):
        """Every cause is gone."""
        for name in (*FAULTS, *OF_A_SOCKET, "phase_stuck"):
            self.station.world.clear(name)
        self.station.world.set(mains_mv=0, place_dc=-400, ambient_dc=250, noise_mv=40)
        self.fasten()
        self.mirror(0)
        self.bolt(0)

    def _moved(self):
        self.moved_ms = self.oracle.now_ms
        self.oracle.grants.doubt()

    def _certain(self):
        """Whether nobody can doubt which plug-in is meant."""
        settled = self.oracle.now_ms - self.moved_ms >= 600
        return settled and (self.car.plugged or self.oracle.truth.away_ms >= 500)

    def _owns(self, source):
        """Rows of a session are written for the plug-in that is."""
        of_session = source in (*OF_THE_SESSION, limits.SESSION_ENERGY)
        mailbox, number = self.station.mailbox, self.station.controller.session.number
        if of_session and mailbox.limited_session != number:
            mailbox.limited_session = number
            mailbox.end_wh = 0
        return not of_session or self._certain()

    def _wrote(self, source, values_ma, life_ms, fallback_ma, power_w=0):
        of_session = source in OF_THE_SESSION
        row = Row(self.oracle.now_ms, values_ma, life_ms, fallback_ma, of_session, power_w)
        self.oracle.grants.limit(source, row)
