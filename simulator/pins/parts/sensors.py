"""Resistors that tell something: the one in a plug, and the temperature sensor; each below or above another
one, before the converter."""

from math import exp

KELVIN_0C = 273.15
KELVIN_25C = 298.15


class ProximityCircuit:
    """Proximity pilot: the plug's resistor to earth, below a pull-up."""

    def __init__(self, circuit, facts, outlet):
        self._cable = outlet.cable
        self._supply_mv = facts.supply_mv
        self._pull_ohm = facts.proximity_pull_ohm
        circuit.chip.pin(facts.pins["proximity"]).feed(self.pin_mv_at)

    def pin_mv_at(self, at_us):
        """The voltage at the pin (mV), which no moment changes."""
        cable = self._cable
        if cable.shorted:
            return 0
        if cable.open or cable.fitted_ohm >= cable.OPEN_OHM:
            return self._supply_mv
        return self._supply_mv * cable.fitted_ohm // (cable.fitted_ohm + self._pull_ohm)

    def look(self):
        """Nothing: it is there when the converter looks."""


class ThermistorCircuit:
    """An NTC from the pin to ground, a resistor to the supply."""

    def __init__(self, circuit, facts, outlet):
        self._heat = outlet.heat
        self._supply_mv = facts.supply_mv
        self._at_25_ohm, self._beta_k, self._series_ohm = facts.ntc
        self._felt_dc = None
        self._mv = 0
        circuit.chip.pin(facts.pins["temperature"]).feed(self.pin_mv_at)

    def pin_mv_at(self, at_us):
        """The voltage at the pin (mV), which no moment changes."""
        if self._heat.sensor_open:
            return self._supply_mv
        felt_dc = self._heat.felt_dc()
        if felt_dc != self._felt_dc:
            self._felt_dc = felt_dc
            ohm = self._at_25_ohm * exp(self._beta_k * (1 / (felt_dc / 10 + KELVIN_0C) - 1 / KELVIN_25C))
            self._mv = round(self._supply_mv * ohm / (ohm + self._series_ohm))
        return self._mv

    def look(self):
        """Nothing: it is there when the converter looks."""
