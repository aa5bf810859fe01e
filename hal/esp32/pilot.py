"""Control pilot on ESP32: LEDC drives, and each reading is a burst of the converter.

The converter is asked for one value at a time. Equal steps that divide 1000 us would see the same few phases
of the pilot again and again and could always miss a plateau of 10 %; so the reads stand on a grid of 80.76
us, whose multiples spread over the period like the golden section's: 100 of them leave no gap above 16 us. A
read that comes late takes the next place of the grid.

It costs 8.1 ms a tick where a read takes less than 80 us with all around it, and up to 16 ms where it takes
160 (40-100 us for the read alone are reported; not yet measured on this board).
"""

import time

from hal.gpio.analogue import open_input
from hal.gpio.pwm_pilot import PwmPilot
from hal.plateaus import Plateaus

READS = 100
# The grid: 2019/25 us are 1000 us / (12 + 0.382).
_GRID, _OF = 2019, 25


class BurstPilot(PwmPilot):
    """`read_uv` is calibrated, unlike `read_u16`."""

    def __init__(self, facts):
        PwmPilot.__init__(self, facts, Plateaus(READS, facts.pilot_points))
        self._source = open_input(facts.pins["pilot_sense"])

    def sample(self, now_ms):
        values = self._plateaus.values
        source = self._source
        began_us = time.ticks_us()  # type: ignore[attr-defined]
        place = 0
        for index in range(READS):
            passed_us = time.ticks_diff(time.ticks_us(), began_us)  # type: ignore[attr-defined]
            place = max(place, passed_us * _OF // _GRID) + 1
            time.sleep_us(place * _GRID // _OF - passed_us)  # type: ignore[attr-defined]
            values[index] = source.read_uv() // 1000
        self._look()


def make(facts, number, parts):
    """The pilot of the connector with these facts."""
    return BurstPilot(facts)
