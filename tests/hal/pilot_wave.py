"""What a converter sees of a control pilot: a square wave through cable and divider, noise, ripple, and two
clocks that do not agree. Floats: this is the world, not the charger."""

import math
import random

PERIOD_US = 1000
RP2_POINTS = ((-12000, 324), (12000, 2919))
ESP32_POINTS = ((-12000, 297), (12000, 2676))


class Wave:
    """A pilot of `duty_bp` between two plateaus (mV), with edges of the time constant `edge_us`.

    `noise(random)` gives the mV that one reading is wrong by; `ripple_mv` is the amplitude of a hum of
    100 Hz on both plateaus; `drift_ppm`: how much faster the pilot's clock runs than the converter's.
    """

    def __init__(self, duty_bp, high_mv, low_mv, edge_us=0.0, noise=None, ripple_mv=0, drift_ppm=0, seed=0):
        self.high_mv, self.low_mv = high_mv, low_mv
        self._high_us = PERIOD_US * duty_bp / 10000
        self._edge_us = max(edge_us, 0.001)
        self._noise = noise
        self._ripple_mv = ripple_mv
        self._speed = 1 + drift_ppm / 1e6
        self._random = random.Random(seed)
        self._phase_us = self._random.uniform(0, PERIOD_US)
        self._hum = self._random.uniform(0, 2 * math.pi)
        self._risen_mv, self._fallen_mv = self._turns()

    def _turns(self):
        """The voltage at the end of the high and of the low part, once the wave repeats itself."""
        rise = math.exp(-self._high_us / self._edge_us)
        fall = math.exp(-(PERIOD_US - self._high_us) / self._edge_us)
        high, low = self.high_mv, self.low_mv
        fallen = (low + (high * (1 - rise) - low) * fall) / (1 - rise * fall) if rise * fall < 1 else low
        return high + (fallen - high) * rise, fallen

    def mv_at(self, at_us):
        """The pilot's voltage."""
        phase_us = (at_us * self._speed + self._phase_us) % PERIOD_US
        if phase_us < self._high_us:
            begun, end, since_us = self._fallen_mv, self.high_mv, phase_us
        else:
            begun, end, since_us = self._risen_mv, self.low_mv, phase_us - self._high_us
        mv = end + (begun - end) * math.exp(-since_us / self._edge_us)
        mv += self._ripple_mv * math.sin(2 * math.pi * at_us / 10000 + self._hum)
        return mv + (self._noise(self._random) if self._noise else 0)


def pin_mv(points, mv):
    """What the divider makes of `mv`."""
    (low, low_pin), (high, high_pin) = points
    return low_pin + (mv - low) * (high_pin - low_pin) / (high - low)


def rp2_reading(mv):
    """12 bits of 3.3 V."""
    return min(max(int(pin_mv(RP2_POINTS, mv) * 4096 / 3300), 0), 4095)


def esp32_reading(mv):
    """mV, which end at 2900."""
    return min(max(int(pin_mv(ESP32_POINTS, mv)), 0), 2900)


def rp2_window(wave, at_us=0.0):
    """Two periods at 50.5 readings a ms."""
    return [rp2_reading(wave.mv_at(at_us + index * 1000 / 50.5)) for index in range(101)]


def esp32_burst(wave, at_us=0.0, read_us=(40, 70), seed=0):
    """100 readings on the driver's grid; each takes `read_us`, from ... to, and its value is that of its
    first 5 us."""
    times = random.Random(seed)
    place, passed_us, burst = 0, 0.0, []
    for _ in range(100):
        place = max(place, int(passed_us) * 25 // 2019) + 1
        passed_us = max(passed_us, place * 2019 // 25)
        burst.append(esp32_reading(wave.mv_at(at_us + passed_us + 5)))
        passed_us += times.uniform(*read_us) + 8
    return burst
