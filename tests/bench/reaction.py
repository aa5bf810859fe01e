"""How fast the contactor's command ends after its cause: worst case over noisy runs, read from the world.

Each run takes a charging station - one of some that differ in car, offer and chance - lets it live on for a
random while under random noise, makes the cause come at a random moment between two ticks, and waits for the
drive of the coil to end.
"""

import pickle
import random

from control import limits
from tests.control.station import NEAR_WRAP_MS, TICK_MS, Station

STATIONS = 24
LONGEST_MS = 1000
"""A command that lasts this long after its cause is a failure, not a figure."""
NOISE_MV = 300
B_OHM = 2740
VENTILATED = {"ventilation": True}
PLACES: tuple[tuple[str, dict], ...] = (
    ("simulated", {}),
    ("simulated_two", {}),
    ("simulated", {}),
    ("simulated", VENTILATED),
)
"""Board and options, in turn: a tethered cable, a socket, and a place where cars in state D may charge."""


def measure(runs=10000, seed=61851):
    """Figures by name: {"value": ms, "unit": "ms"}, the worst of `runs` runs each."""
    chance = random.Random(seed)
    stations = [pickle.dumps(charging_station(chance, number)) for number in range(STATIONS)]
    figures = {}
    for name, cause in CAUSES.items():
        worst_ms = max(reaction_ms(stations, cause, chance) for _ in range(runs))
        figures[f"reaction_{name}_ms"] = {"value": worst_ms, "unit": "ms"}
    return figures


def charging_station(chance, number):
    """A station whose car charges; every second one wraps its clock soon."""
    start_ms = NEAR_WRAP_MS - chance.randrange(10000) if number % 2 else chance.randrange(2**29)
    board, options = PLACES[number % len(PLACES)]
    station = Station(board, seed=chance.randrange(2**29), start_ms=start_ms, **options)
    station.mailbox.set_limit(limits.BACKEND, chance.randrange(6000, 32001))
    station.charge(
        max_a=chance.randrange(6, 33),
        phases=chance.choice([1, 3]),
        ramp_a_s=chance.randrange(1, 81),
        ventilation=int(options is VENTILATED),
    )
    if not station.outlet.contactor.contacts_closed:
        raise RuntimeError("a station that should charge does not")
    return station


def reaction_ms(stations, cause, chance):
    """One run: from the physical cause to the end of the coil's drive."""
    station = pickle.loads(chance.choice(stations))
    line = station.outlet.line
    line.noise_mv = chance.randrange(NOISE_MV + 1)
    line.settle()
    for _ in range(chance.randrange(64)):
        line.noise.next()
    station.run(TICK_MS * chance.randrange(2, 12))
    phase_ms = chance.randrange(TICK_MS + 1)
    station.pass_by(phase_ms)
    began_ms = station.now_ms
    left_ms = TICK_MS - phase_ms
    left_ms -= cause(station, chance, left_ms)
    station.tick(left_ms)
    return ended_ms(station, began_ms)


def ended_ms(station, began_ms):
    """Ticks until the drive has ended; ms from `began_ms` to then."""
    contactor = station.outlet.contactor
    for _ in range(LONGEST_MS // TICK_MS):
        if not contactor.driven:
            return (contactor.driven_at_ms - began_ms) & 0x3FFFFFFF
        station.tick()
    raise RuntimeError(f"the contactor was still driven {LONGEST_MS} ms after the cause")


# A cause takes the ms that are left until the next tick, and says how many of them it took.


def c_to_b(station, chance, _):
    """S2 opens, or the plug comes out."""
    if chance.random() < 0.5 or station.outlet.lock.holds:
        station.outlet.line.load(B_OHM)
    else:
        station.outlet.unplug()
    return 0


def rcd(station, chance, left_ms):
    """An earth fault that lasts, or one of any width that is over before the next tick. The gate in hardware
    is faster; this is the firmware's own command."""
    width_ms = 0
    if chance.random() < 0.5:
        station.world.fault("rcd_trip")
    elif width_ms := chance.randrange(left_ms + 1):
        station.world.fault("rcd_trip")
        station.pass_by(width_ms)
        station.world.clear("rcd_trip")
    else:
        station.outlet.residual.pulse()
    if station.outlet.contactor.coil_on:
        raise RuntimeError("the gate in hardware did not hold the coil off")
    return width_ms


def cp_short(station, *_):
    """The pilot's wire touches earth."""
    station.world.fault("cp_short")
    return 0


def diode(station, *_):
    """The diode in the car conducts both ways."""
    station.world.fault("cp_diode")
    return 0


CAUSES = {"c_to_b": c_to_b, "rcd": rcd, "cp_short": cp_short, "diode": diode}
