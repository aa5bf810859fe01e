"""A station of world, lane and controller, which tests move on tick by tick. Runs on MicroPython too."""

import boards
from control.controller import Controller
from control.ticks import MASK, add, diff
from firmware.guard import Lane
from hal.contract import Earth, Meter
from simulator.portable.parts import connector_parts
from simulator.portable.world import World

TICK_MS = 20
NEAR_WRAP_MS = MASK - 4000
"""A start from which the monotonic clock wraps while the first car charges."""


class TrueMeter(Meter):
    """Reads the world's truth once a second, unless its line is cut."""

    period_ms = 1000

    def __init__(self, energy):
        Meter.__init__(self)
        self._energy = energy
        self._asked_at_ms = -1

    def poll(self, now_ms):
        """Take a reading when it is time."""
        if self._asked_at_ms < 0 or diff(now_ms, self._asked_at_ms) >= self.period_ms:
            self._asked_at_ms = now_ms
            if not self._energy.silent:
                self.read(now_ms)

    def read(self, now_ms):
        """Take a reading now."""
        self.current_ma = list(self._energy.current_ma)
        self.voltage_mv = list(self._energy.voltage_mv)
        self.energy_wh = self._energy.energy_wh
        self.read_at_ms = now_ms
        self.readings += 1


class Parts:
    """What a lane touches: the world's parts of one outlet, and a meter."""

    def __init__(self, outlet, meter):
        roles = connector_parts(outlet)
        for role in roles:
            setattr(self, role, roles[role])
        self.earth = getattr(outlet, "earth", Earth())
        self.meter = meter


class Station:
    """One outlet of a simulated world, and the firmware's lane in front of it."""

    def __init__(self, board="simulated", seed=1, start_ms=NEAR_WRAP_MS, **options):
        """`options`: those of `Controller`, where they are not the board's."""
        facts = boards.load(board)
        connector = facts.connectors[0]
        self._options = {
            "rated_ma": min(facts.rated_ma, connector.rated_ma),
            "phases": connector.phases,
            "cable_ma": connector.cable_ma,
            "ventilation": connector.ventilation,
            "lockable": connector.cable_ma == 0,
        }
        self._options.update(options)
        self.world = World(facts, seed, start_ms)
        self.outlet = self.world.connectors[0]
        self.meter = TrueMeter(self.outlet.energy)
        self.now_ms = start_ms
        self.boot()

    def boot(
        self,
        latched=0,
        active=0,
        lifetime_wh=0,
        register_wh=-1,
        cycles=0,
        closings=0,
        trips=0,
        spent=0,
        marks=0,
    ):
        """The processor starts: nothing is known but what was kept."""
        self.world.reset_pins()
        self.controller = Controller(**self._options)
        self.controller.restore(
            latched, active, lifetime_wh, register_wh, cycles, closings, trips, spent, marks
        )
        self.lane = Lane(self.controller, Parts(self.outlet, self.meter))

    @property
    def snapshot(self):
        """What the controller says of itself."""
        return self.controller.snapshot

    @property
    def mailbox(self):
        """What is asked of the controller."""
        return self.controller.mailbox

    def restart(self, kept=None, closings=None):
        """The processor starts again, and was told what stood before: in this snapshot, else in the last."""
        kept = kept or self.snapshot
        active = kept.faults | kept.restarted
        if closings is None:
            closings = kept.closings
        self.boot(kept.latched, active, 0, -1, kept.cycles, closings, kept.trips, kept.spent, kept.marks)

    def pass_by(self, duration_ms):
        """Time passes in the world, and no tick comes."""
        self.now_ms = add(self.now_ms, duration_ms)
        self.world.step(self.now_ms)

    def tick(self, gap_ms=TICK_MS):
        """The next tick, `gap_ms` after whatever was last."""
        self.pass_by(gap_ms)
        self.meter.poll(self.now_ms)
        self.lane.tick(self.now_ms)

    def run(self, duration_ms):
        """Ticks for `duration_ms`."""
        for _ in range(duration_ms // TICK_MS):
            self.tick()

    def ms_until(self, holds, within_ms):
        """Ticks until `holds()`; the ms that took, or a failure after `within_ms`."""
        for passed_ms in range(0, within_ms + TICK_MS, TICK_MS):
            if holds():
                return passed_ms
            self.tick()
        raise AssertionError("it did not come about in %d ms" % within_ms)

    def authorise(self):
        """Grant current to the session that is, or comes next."""
        self.mailbox.authorised_session = self.controller.session.number

    def withdraw(self):
        """Take the authorisation back."""
        self.mailbox.authorised_session = 0

    def charge(self, **traits):
        """Plug a car in, authorise it, and wait until it draws what it wants."""
        self.run(500)
        self.outlet.plug(**traits)
        self.authorise()
        self.ms_until(lambda: self.outlet.contactor.contacts_closed, 6000)
        self.run(6000)

    def replug(self, **traits):
        """The car leaves, and comes back after two seconds."""
        self.outlet.unplug()
        self.run(2000)
        self.outlet.plug(**traits)

    def drain(self):
        """All events since the last time, as (code, a, b)."""
        events = []
        event = self.controller.events.take()
        while event:
            events.append(event[1:])
            event = self.controller.events.take()
        return events
