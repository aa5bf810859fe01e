"""How fast the contactor's command ends after its cause: worst case over the fuzz, read from the world.

The same lives as in the tests of every promise - people, servers, cars, supplies and processors do anything,
in any order (`tests.control.repertoire`) - are led by stations whose cars charge. Into them come, at any
moment and in the midst of whatever goes on, the causes that must end the command (`tests.control.ambush`):
the car lets go, the pilot's wire touches earth, the diode fails, a residual current of any width; one or two
at once, with or without a bounce, alone or with noise, loose contacts, other faults and missed ticks.

What counts is the time from the cause, as the world has it, to the edge of the drive pin; nothing is taken
off it. What may rightly lengthen it has a row of its own, named in the unit: ticks that came late or not at
all, and readings of the pilot that were spoilt.
"""

import functools
import itertools
import random

from control.ticks import MASK
from tests.control.ambush import Ambush, Over
from tests.control.repertoire import CARS, SETUPS
from tests.control.timekeeper import DISTURBED, LATE, ON_TIME, Stopwatch, diode_bad, let_go, shorted, tripped

TICKS = 300_000
NEAR_MS = 34000
STARTS_MS = (5000, MASK - NEAR_MS)
"""With one of them the clock wraps soon after the lives have begun."""
BEFORE_WRAP_MS = 1500
CARS_A_SETUP = 4
NOISE_MV = 300
NOISE = 1024
LASTING = 0.05
"""How many lives go on after the first causes ..."""
STEPS = 8
"""... for so many steps."""
STEADY = 0.8
"""How many have a timer that keeps its beat, whatever happens between two ticks."""
END_MS = 5000
ELSEWHERE = ("mend",)
"""Another life brings a sound station sooner."""


def measure(ticks=TICKS, seed=61851):
    """Figures by name: {"value": N, "unit": "..."}, over so many ticks of life."""
    chance = random.Random(seed)
    watches = {
        "c_to_b": Stopwatch(let_go),
        "rcd": Stopwatch(tripped, of_pilot=False),
        "cp_short": Stopwatch(shorted),
        "diode": Stopwatch(diode_bad),
    }
    stations = charging_stations(seed)
    lived = lives = 0
    while lived < ticks:
        setup, kept = chance.choice(stations)
        lived += live(Ambush.again(kept), setup, chance, watches.values())
        lives += 1
    return figures(watches, lived, lives)


@functools.cache
def charging_stations(seed):
    """(setup, station) of every kind, in front of some cars each."""
    chance, found = random.Random(seed), []
    for setup, start_ms in itertools.product(SETUPS, STARTS_MS):
        healthy = Ambush(chance.randrange(2**29), start_ms, setup)
        healthy.mend()
        plays = [healthy]
        for traits in chance.sample(CARS, CARS_A_SETUP):
            play = Ambush.again(healthy.kept())
            play.another(traits, authorised=True)
            plays.append(play)
        for play in plays:
            approach_wrap(play)
        found += [(setup, play.kept()) for play in plays if play.oracle.truth.contacts]
    return found


def approach_wrap(play):
    """Time passes until the clock is about to wrap, where it does so soon."""
    left_ms = MASK - play.station.now_ms
    play.run(left_ms - BEFORE_WRAP_MS if left_ms < NEAR_MS else 2000)


def live(play, setup, chance, watches):
    """One life; the ticks it took."""
    play.steady = chance.random() < STEADY
    line = play.station.outlet.line
    play.noise(chance.randrange(NOISE_MV + 1))
    for _ in range(chance.randrange(NOISE)):
        line.noise.next()
    begun = play.oracle.ticks
    play.lie_in_wait(chance, watches, lasting=chance.random() < LASTING)
    try:
        for _ in range(STEPS):
            step, duration_ms = SETUPS[setup].step(chance)
            if step[0] not in ELSEWHERE:
                play.act(*step)
                play.run(duration_ms)
        play.plan(0, "end")
        play.run(END_MS)
    except Over:
        for watch in watches:
            watch.forget()
        return play.oracle.ticks - begun
    raise RuntimeError("a life does not end")


def figures(watches, ticks, lives):
    """Of stopwatches by name, after so many ticks in so many lives."""
    rcd, every = watches["rcd"], watches.values()
    found = {}
    for name, watch in watches.items():
        found[f"reaction_{name}_ms"] = watch.worst_ms[ON_TIME], "ms, ticks on time"
    for name, watch in watches.items():
        found[f"reaction_{name}_late_ms"] = watch.worst_ms[LATE], "ms, ticks late or missed"
    found["reaction_disturbed_ms"] = max(watch.worst_ms[DISTURBED] for watch in every), "ms, readings spoilt"
    found["reaction_rcd_pulses"] = rcd.begun, "pulses"
    found["reaction_rcd_missed"] = rcd.begun - rcd.answered, "pulses"
    found["reaction_causes"] = sum(watch.answered for watch in every), f"causes in {lives} lives"
    found["reaction_ticks"] = ticks, "ticks"
    return {name: {"value": value, "unit": unit} for name, (value, unit) in found.items()}
