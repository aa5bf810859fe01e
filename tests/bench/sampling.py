"""What a reading of the pilot costs, and how right it is where the signal is sound (`hal.plateaus` says what
that is).

The cost is that of RP2's driver: copy, sort and find among 101 readings. ESP32's is the 8 ms of its burst.
"""

import random
import time

from tests.hal.on_micropython.sampling_cost import reading_ns
from tests.hal.pilot_wave import Wave
from tests.hal.test_plateaus import look, uniform
from tests.runtimes import ROOT, find, run

SCRIPT = ROOT / "tests/hal/on_micropython/sampling_cost.py"
SIGNALS = 2000
SEED = 7


def measure():
    """us a reading (unix port, CPython); the worst error of a plateau over sound signals, and how many of
    them had none."""
    worst_mv, lost = accuracy()
    return {
        "sampling_us": {"value": round(on_micropython() / 1000, 1), "unit": "us"},
        "sampling_us_cpython": {"value": round(reading_ns(time.perf_counter_ns) / 1000, 1), "unit": "us"},
        "sampling_worst_mv": {"value": worst_mv, "unit": "mV"},
        "sampling_lost": {"value": lost, "unit": f"of {2 * SIGNALS}"},
    }


def on_micropython():
    """ns of one reading on the unix port."""
    done = run(find("micropython"), SCRIPT)
    if done.returncode or done.stderr:
        raise RuntimeError(f"the sampling could not be measured: {done.stderr.strip()}")
    return int(done.stdout)


def accuracy():
    """(worst error of a plateau in mV, readings without one) over sound signals of both samplers."""
    chance = random.Random(SEED)
    worst_mv = lost = 0
    for sampler in ("rp2", "esp32"):
        for _ in range(SIGNALS):
            seed = chance.randrange(2**32)
            found, whether = look(sampler, wave := sound(chance, seed), seed=seed)
            lost += not whether
            if whether:
                errors = abs(found.high_mv - wave.high_mv), abs(found.low_mv - wave.low_mv)
                worst_mv = max(worst_mv, *errors)
    return worst_mv, lost


def sound(chance, seed):
    """A signal within reason."""
    duty_bp = chance.randint(800, 9200)
    edge_us = chance.uniform(0, min(min(duty_bp, 10000 - duty_bp) / 200, 6))
    high_mv = chance.choice([12000, 9000, 6000, 3000])
    noise, drift_ppm = uniform(chance.uniform(0, 45)), chance.randint(-200, 200)
    return Wave(duty_bp, high_mv, -12000, edge_us, noise, chance.randint(0, 15), drift_ppm, seed)
