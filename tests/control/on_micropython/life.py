"""A station whose every tick runs under a locked heap, and what the ticks have passed through."""

import micropython

from control import faults, pilot, residual, states
from tests.control.station import TICK_MS, Station

EVERY_FAULT = (1 << len(faults.ROWS)) - 1


class Seen:
    """States, transitions, levels and faults that were there in some tick."""

    def __init__(self):
        self.states = set()
        self.moves = set()
        self.rcd = set()
        self.levels = set()
        self.faults = 0
        self.ticks = 0

    def note(self, controller, before):
        snapshot = controller.snapshot
        self.ticks += 1
        self.states.add(states.NAMES[snapshot.state])
        if snapshot.state != before:
            self.moves.add((before, snapshot.state))
        self.rcd.add(residual.NAMES[controller.protection.rcd.state])
        self.levels.add(pilot.NAMES[snapshot.level])
        self.faults |= snapshot.faults

    def tell(self):
        """Print it all, a line each."""
        print("states", *sorted(self.states))
        print("rcd", *sorted(self.rcd))
        print("levels", *sorted(self.levels))
        print("faults", *["%d" % row.code for row in faults.ROWS if self.faults & row.bit])
        print("moves", *sorted(["%d>%d" % move for move in self.moves]))
        print("ticks", self.ticks)


def locked(tick, now_ms):
    """One tick that may not allocate."""
    micropython.heap_lock()
    try:
        tick(now_ms)
    finally:
        micropython.heap_unlock()


class Life:
    """What may happen to one station, every tick of it locked."""

    def __init__(self, seen, board="simulated", **options):
        self.seen = seen
        self.station = Station(board, **options)
        self.mailbox = self.station.mailbox
        self.outlet = self.station.outlet
        self.world = self.station.world

    def run(self, duration_ms, gap_ms=TICK_MS):
        station = self.station
        while duration_ms > 0:
            duration_ms -= gap_ms
            station.pass_by(gap_ms)
            station.meter.poll(station.now_ms)
            before = station.snapshot.state
            locked(station.lane.tick, station.now_ms)
            self.seen.note(station.controller, before)
            if self.seen.ticks % 50 == 0:
                station.drain()

    def until(self, holds, within_ms):
        """Ticks until `holds()`; what it was that did not come about is printed, and fails the test."""
        for _ in range(within_ms // 100):
            if holds():
                return
            self.run(100)
        print("it did not come about in", within_ms, "ms; faults", self.station.snapshot.faults)

    def leave(self):
        self.station.withdraw()
        if self.outlet.car.plugged:
            self.until(lambda: not self.outlet.lock.holds, 10000)
            self.outlet.unplug()
            self.run(600)

    def charge(self, **traits):
        """A car comes, the last one having gone and ten minutes having passed, and charges."""
        self.leave()
        self.station.controller.protection.operations.recent.update(600000)
        self.outlet.plug(**traits)
        self.station.authorise()
        self.until(lambda: self.outlet.contactor.contacts_closed, 40000)

    def clear(self):
        """A technician clears what lasts."""
        self.run(500)
        self.mailbox.clear(EVERY_FAULT)
        self.run(500)

    def boot(self, latched=0, active=0):
        """The processor starts anew."""
        self.station.boot(latched, active)
        self.mailbox = self.station.mailbox

    def accident(self, cause, duration_ms, **traits):
        """A cause comes while a car charges, stays, and goes."""
        self.charge(**traits)
        self.world.fault(cause)
        self.run(duration_ms)
        self.world.clear(cause)
        self.clear()
