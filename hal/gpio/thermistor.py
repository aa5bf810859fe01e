"""Temperature sensor: an NTC from the line to ground, a resistor from the line to the supply.

R(T) = R25 * exp(beta * (1/T - 1/298.15 K)), the equation of every maker's data sheet. It is solved once,
every 5 K, into what the line shows; between these a straight line is good for 0.3 K. Below the table's
coldest or above its hottest voltage the sensor is open, shorted, or out of its range.
"""

from math import exp

from hal.contract import Temperature
from hal.gpio.analogue import analogue

_COLDEST_C = -40
_HOTTEST_C = 125
_STEP_C = 5
_MEAN_OF = 8
"""Readings that the mean reaches back over: a converter's noise of 8 mV is 4 K at 100 degC."""


class Thermistor(Temperature):
    """Floats are used once, when it is made."""

    def __init__(self, facts, source):
        self.temperature_dc = 0
        self.valid = False
        self._source = source
        self._sum_mv = 0
        self._line_mv = [
            _line_mv(facts.ntc, facts.supply_mv, temperature_c)
            for temperature_c in range(_COLDEST_C, _HOTTEST_C + 1, _STEP_C)
        ]

    def sample(self, now_ms):
        line_mv = self._source.read_mv()
        table = self._line_mv
        if table[len(table) - 1] <= line_mv <= table[0]:
            self._average(line_mv)
            self._solve(self._sum_mv // _MEAN_OF)
            self.valid = True
        else:
            self.valid = False

    def _average(self, line_mv):
        if self.valid:
            self._sum_mv += line_mv - self._sum_mv // _MEAN_OF
        else:
            self._sum_mv = line_mv * _MEAN_OF

    def _solve(self, line_mv):
        table = self._line_mv
        first, last = 0, len(table) - 1
        # The colder, the higher: halve until the line lies between two neighbours.
        while last - first > 1:
            index = (first + last) // 2
            if line_mv > table[index]:
                last = index
            else:
                first = index
        below_mv = (table[first] - line_mv) * 10 * _STEP_C
        self.temperature_dc = 10 * (_COLDEST_C + _STEP_C * first) + below_mv // (table[first] - table[last])


def _line_mv(ntc, supply_mv, temperature_c):
    """What the line shows at a temperature (degC)."""
    at_25_ohm, beta_k, series_ohm = ntc
    ohm = at_25_ohm * exp(beta_k * (1 / (temperature_c + 273.15) - 1 / 298.15))
    return round(supply_mv * ohm / (ohm + series_ohm))


def make(facts, number, parts):
    """The temperature sensor of the connector with these facts."""
    return Thermistor(facts, analogue(facts.pins["temperature"], parts, facts.supply_mv))
