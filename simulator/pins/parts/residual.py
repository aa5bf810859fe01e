"""Residual-current device: its trip line and its test input. What its short way to the contactor does is the
world's (`simulator.portable.residual`), as the board's `rcd_path` says."""

from simulator.pins.parts.lines import Input, output

PULSE_US = 200
"""How long the line shows a trip whose cause has gone by then."""
REST_MS = 60
"""How long after a trip the gate holds the drive off: until the tick must have seen it, and no longer."""


class ResidualCircuit:
    """The device of one outlet."""

    def __init__(self, circuit, facts, outlet):
        self._circuit = circuit
        self._residual = outlet.residual
        self._level = facts.trip_level
        self._test_level = facts.test_level
        self._line = Input(circuit.chip.pin(facts.pins["trip"]), 1 - self._level)
        self._trips = self._residual.trips
        self._rests_ms = 0
        output(circuit, facts.pins["test"], 1 - self._test_level, self._test)

    def look(self):
        """The trip line follows the device."""
        residual, chip = self._residual, self._circuit.chip
        if residual.trips != self._trips:
            # It may have been shorter than the time between two looks.
            self._trips = residual.trips
            self._line.say(self._level)
            chip.at(chip.now_us + PULSE_US, self._calm)
        else:
            self._calm()
        if residual.active or self._line.level == self._level:
            self._rests_ms = 0
        elif residual.latched:
            self._rest()

    def _calm(self):
        self._line.say(self._level if self._residual.active else 1 - self._level)

    def _rest(self):
        self._rests_ms += self._circuit.STEP_US // 1000
        if self._rests_ms >= REST_MS:
            self._residual.rearm()

    def _test(self, level):
        self._residual.test(level == self._test_level)
