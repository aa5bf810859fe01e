"""A charger's life in a simulated world, every tick under a locked heap. Prints what the test expects.

The last line says which states the controller, its RCD and its pilot were in, and which faults it had.
"""

import micropython

from control import faults, limits, pilot, residual, states
from control.controller import Controller
from control.windows import Inputs, Outputs
from tests.control.station import NEAR_WRAP_MS, TICK_MS, Station

LARGEST = 0x3FFFFFFF
EVERY_FAULT = (1 << len(faults.ROWS)) - 1


class Seen:
    """What the ticks have passed through, as bit masks and pairs."""

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
        self.rcd.add(residual.NAMES[controller._rcd.state])
        self.levels.add(pilot.NAMES[snapshot.level])
        self.faults |= snapshot.faults


def locked(lane, now_ms):
    """One tick that may not allocate."""
    tick = lane.tick
    micropython.heap_lock()
    try:
        tick(now_ms)
    finally:
        micropython.heap_unlock()


class Life:
    """A station whose every tick is locked."""

    def __init__(self, seen, board="simulated", **options):
        self.seen = seen
        self.station = Station(board, **options)
        self.outlet = self.station.outlet
        self.world = self.station.world

    def run(self, duration_ms, gap_ms=TICK_MS):
        station = self.station
        while duration_ms > 0:
            duration_ms -= gap_ms
            station.pass_by(gap_ms)
            station.meter.poll(station.now_ms)
            before = station.snapshot.state
            locked(station.lane, station.now_ms)
            self.seen.note(station.controller, before)
            if self.seen.ticks % 50 == 0:
                station.drain()

    def charge(self, **traits):
        """A car comes, the last one having gone, and charges."""
        self.station.withdraw()
        if self.outlet.car.plugged:
            self.outlet.unplug()
            self.run(600)
        self.outlet.plug(**traits)
        self.station.authorise()
        for _ in range(80):
            self.run(500)
            if self.outlet.contactor.contacts_closed:
                return
        print("a healthy car was not charged")

    def accident(self, name, duration_ms):
        """A cause comes while a car charges, stays, and goes; then a technician clears what lasts."""
        self.charge()
        self.world.fault(name)
        self.run(duration_ms)
        self.world.clear(name)
        self.run(500)
        self.station.mailbox.clear(EVERY_FAULT)
        self.run(500)


def ordinary(life):
    """Charges, pauses, limits, withdrawals, leaving."""
    life.run(500)
    life.charge()
    mailbox = life.station.mailbox
    for limit_ma in (32000, 6000, 5999, 80000):
        mailbox.set_limit(limits.BACKEND, limit_ma, 4000, 16000)
        life.run(7000)
    life.outlet.car.set(charge=0)
    life.run(3000)
    life.outlet.car.set(charge=1)
    life.run(8000)
    life.station.withdraw()
    life.run(7000)
    life.station.authorise()
    life.run(100)
    life.station.withdraw()
    life.run(100)
    life.station.authorise()
    life.run(8000)
    mailbox.enabled = False
    life.run(2000)
    mailbox.enabled = True
    life.run(8000)


def accidents(life):
    """Every fault by its cause, in every state that knows it."""
    life.outlet.unplug()
    life.run(600)
    life.outlet.residual.pulse()
    life.run(1000)
    life.charge()
    life.station.withdraw()
    life.run(100)
    life.outlet.residual.pulse()
    life.run(1000)
    for name, duration_ms in (
        ("cp_short", 300),
        ("cp_noise", 3000),
        ("cp_diode", 300),
        ("ventilation", 200),
        ("rcd_trip", 300),
        ("meter_silent", 3000),
        ("over_current", 3000),
    ):
        life.accident(name, duration_ms)


def breakages(life):
    """Silence, a weld, a dead RCD, contacts that stay open, late ticks, a restart."""
    life.charge()
    life.outlet.line.powered = False
    life.outlet.settle()
    life.run(200)
    life.outlet.line.powered = True
    life.outlet.settle()
    life.charge()
    life.world.fault("relay_welded")
    life.outlet.car.set(charge=0)
    life.run(3000)
    life.world.clear("relay_welded")
    life.run(500)
    life.station.mailbox.clear(EVERY_FAULT)
    life.charge()
    life.outlet.unplug()
    life.run(600)
    life.world.fault("rcd_dead")
    life.outlet.plug()
    life.run(1000)
    life.world.clear("rcd_dead")
    life.station.mailbox.clear(EVERY_FAULT)
    life.world.fault("relay_stuck_open")
    life.station.authorise()
    life.run(40000)
    life.world.clear("relay_stuck_open")
    life.station.mailbox.clear(EVERY_FAULT)
    life.charge()
    life.outlet.residual.pulse()
    life.run(200, gap_ms=250)  # late ticks
    life.station.boot(EVERY_FAULT, EVERY_FAULT)
    life.run(500)


def sockets(life):
    """What only a socket has: lock and cable."""
    life.run(500)
    life.charge(cable_a=20)
    life.world.fault("pp_short")
    life.run(500)
    life.world.clear("pp_short")
    life.station.withdraw()
    life.run(2000)


def extremes():
    """The largest numbers that any part may give: nothing in the tick may leave the small integers."""
    controller = Controller(80000, cable_ma=0)
    controller.restore(0, 0, LARGEST - 5, 0)
    inputs, outputs = Inputs(), Outputs()
    gaps_ms = (1, 20, 99, 100, 100000, 0x1FFFFFFF)
    now_ms = 0
    for turn in range(3000):
        now_ms = (now_ms + gaps_ms[turn % 6 if turn % 100 == 0 else 1]) & LARGEST
        inputs.pilot_valid = turn % 7 != 0
        inputs.high_mv = (-LARGEST, LARGEST, 12000, 9000, 6000, 0)[turn // 50 % 6]
        inputs.low_mv = LARGEST if turn % 11 == 0 else -LARGEST
        inputs.closed = turn % 13 == 0
        inputs.rcd_tripped = outputs.rcd_test
        inputs.hazard = turn % 19 == 0
        inputs.proximity_ohm = LARGEST if turn % 17 == 0 else 100
        inputs.metered = True
        inputs.meter_age_ms = (0, 0x1FFFFFFF)[turn & 1]
        inputs.current_ma = LARGEST
        inputs.energy_wh = (LARGEST, 0)[turn // 3 & 1]
        controller.mailbox.authorised_session = controller.session.number
        controller.mailbox.set_limit(limits.BACKEND, LARGEST, LARGEST, LARGEST)
        tick = controller.tick
        micropython.heap_lock()
        try:
            tick(now_ms, inputs, outputs)
        finally:
            micropython.heap_unlock()
        while controller.events.take():
            pass
    return controller.energy.lifetime_wh


def main():
    seen = Seen()
    life = Life(seen, start_ms=NEAR_WRAP_MS)
    ordinary(life)
    accidents(life)
    breakages(life)
    for options in ({"cable_ma": 0, "lockable": True}, {"ventilation": True}):
        life = Life(seen, "simulated_two" if "cable_ma" in options else "simulated", **options)
        if "cable_ma" in options:
            sockets(life)
        else:
            life.run(500)
            life.charge(ventilation=1)
            life.outlet.unplug()
            life.run(1000)
    print("extremes", extremes())
    print("states", *sorted(seen.states))
    print("rcd", *sorted(seen.rcd))
    print("levels", *sorted(seen.levels))
    print("faults", *[row.name for row in faults.ROWS if seen.faults & row.bit])
    print("moves", *sorted(["%d>%d" % move for move in seen.moves]))
    print("ticks", seen.ticks)


main()
