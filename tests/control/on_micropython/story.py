"""A charger's life in a simulated world, every tick under a locked heap. Prints what the test expects:
which states the controller, its RCD and its pilot were in, which transitions they made, and which faults."""

from control import faults, limits
from tests.control.on_micropython.life import EVERY_FAULT, Life, Seen
from tests.control.station import NEAR_WRAP_MS

# Cause, and for how long it is there.
ACCIDENTS = (
    ("cp_short", 300),
    ("cp_noise", 3000),
    ("cp_diode", 300),
    ("ventilation", 200),
    ("rcd_trip", 300),
    ("over_current", 14000),
    ("under_voltage", 6000),
    ("over_voltage", 6000),
    ("phase_lost", 6000),
    ("hot", 2000),
    ("meter_silent", 7000),
)
# These last so long afterwards that a restart is waited for instead.
LASTING = (
    ("earth_lost", 300),
    ("over_temperature", 7000),
    ("temperature_sensor", 2000),
)


def ordinary(life):
    """Charges, pauses, limits of every kind, withdrawals, leaving."""
    life.run(500)
    life.charge()
    mailbox = life.mailbox
    for limit_ma in (32000, 6000, 5999, 80000):
        mailbox.set_limit(limits.BACKEND, limit_ma, 4000, 16000)
        life.run(7000)
    life.run(11000)
    mailbox.limited_session = life.station.controller.session.number
    mailbox.set_power(limits.SESSION_POWER, 6000, 8000, 16000)
    mailbox.set_phases(limits.LOAD_BALANCING, 20000, 18000, 16000)
    life.run(10000)
    mailbox.end_wh = life.station.snapshot.lifetime_wh
    life.run(1000)
    mailbox.end_wh = 0
    life.outlet.car.set(charge=0)
    life.run(3000)
    life.outlet.car.set(charge=1)
    life.run(12000)
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
    life.run(12000)
    life.outlet.unplug()
    life.run(1000)


def sleepers(life):
    """A car that is woken twice; one that is withdrawn, one that trips meanwhile; a car with a resistor."""
    life.leave()
    for end in (lambda: life.run(70000), life.station.withdraw, life.outlet.residual.pulse):
        life.outlet.plug(charge=0)
        life.station.authorise()
        life.run(32000)
        end()
        life.run(1000)
        life.leave()
        life.run(1000)
    life.clear()
    life.charge(simplified=1)
    life.charge(false_b_ms=500)
    life.run(12000)


def trips(life):
    """A residual current before, in and after a charge, three times in all."""
    life.leave()
    life.outlet.residual.pulse()
    life.run(1000)
    life.charge()
    life.station.withdraw()
    life.run(100)
    life.outlet.residual.pulse()
    life.run(1000)
    life.leave()
    life.run(1000)
    life.outlet.residual.pulse()
    life.run(100)
    life.clear()


def breakages(life):
    """Silence, a weld, a dead RCD, contacts that stay open or chatter, late ticks, stalls."""
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
    life.clear()
    life.accident("coil_chatter", 3000)
    life.charge()
    life.leave()
    life.world.fault("rcd_dead")
    life.outlet.plug()
    life.run(1000)
    life.world.clear("rcd_dead")
    life.clear()
    life.world.fault("relay_stuck_open")
    life.station.authorise()
    life.run(40000)
    life.world.clear("relay_stuck_open")
    life.clear()
    life.leave()
    life.outlet.plug(flap_ms=2000)
    life.station.authorise()
    life.run(25000)
    life.mailbox.billing = True
    life.accident("meter_silent", 7000)
    life.charge()
    for _ in range(3):
        life.until(lambda: life.outlet.contactor.contacts_closed, 6000)
        life.run(250, gap_ms=250)
    life.clear()


def starts(life):
    """A defect of the pilot, errors that the firmware sees, and a start with every fault there is."""
    life.leave()
    life.world.fault("pilot_dead")
    life.boot()
    life.run(3000)
    life.world.clear("pilot_dead")
    life.boot(0, 1 << faults.SYS_POST)
    life.run(1000)
    life.mailbox.system_faults = (1 << faults.SYS_WATCHDOG) | (1 << faults.SYS_CONFIG)
    life.run(1000)
    life.boot(EVERY_FAULT, EVERY_FAULT)
    life.run(500)


def phases(life):
    """From three phases to one and back, and a switch that is stuck."""
    life.mailbox.phase_wait_ms = 2000
    life.charge(phases=1)
    life.mailbox.set_power(limits.OWNER, 5000)
    life.run(12000)
    life.mailbox.phases = 1
    life.run(12000)
    life.world.fault("phase_stuck")
    life.mailbox.phases = 0
    life.run(12000)
    life.world.clear("phase_stuck")
    life.clear()


def sockets(life):
    """What only a socket has: cable and lock."""
    life.charge(cable_a=20)
    life.world.fault("lock_stuck")
    life.station.withdraw()
    life.run(12000)
    life.world.clear("lock_stuck")
    life.accident("pp_short", 500)
    life.leave()
    life.world.fault("lock_stuck")
    life.outlet.plug()
    life.station.authorise()
    life.run(7000)
    life.world.clear("lock_stuck")


def main():
    seen = Seen()
    life = Life(seen, start_ms=NEAR_WRAP_MS)
    ordinary(life)
    sleepers(life)
    trips(life)
    for cause, duration_ms in ACCIDENTS:
        life.accident(cause, duration_ms)
    for cause, duration_ms in LASTING:
        life.accident(cause, duration_ms)
        life.boot()
    breakages(life)
    starts(life)
    phases(Life(seen, switchable=True))
    sockets(Life(seen, "simulated_two"))
    Life(seen, ventilation=True).charge(ventilation=1)
    seen.tell()


main()
