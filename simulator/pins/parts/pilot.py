"""Control pilot: PWM to the line driver, relay, and the divider before the converter."""

from hal.contract import STATE_F_BP, STEADY_BP
from simulator.pins.parts.lines import output

EDGE_US = 10
SETTLED_PERCENT = (0, 39, 63, 78, 86, 92, 95, 97, 98, 99)
"""How far an edge has come after so many us: a time constant of 2 us (IEC 61851-1, table A.2, lets the
charger's own edges take 2 us from 10 % to 90 %, and cable and car make them slower)."""
LOST_MV = 12000
"""How far readings stray where the measurement finds no plateau."""
LOOKS_A_SAMPLE = 4
"""What comes and goes does so at every fourth look, some 20 ms apart: a tick."""


class PilotCircuit:
    """The pilot of one outlet. What the converter sees is computed when it looks, reading by reading."""

    def __init__(self, circuit, facts, outlet):
        pins = facts.pins
        self._circuit = circuit
        self._line = outlet.line
        self._looks = 0
        (self._from_mv, self._pin_from_mv), (to_mv, pin_to_mv) = facts.pilot_points
        self._span_mv, self._pin_span_mv = to_mv - self._from_mv, pin_to_mv - self._pin_from_mv
        self._node = output(circuit, pins["pilot"], 0, self._drive)
        if "pilot_relay" in pins:
            output(circuit, pins["pilot_relay"], 0, self._part)
        circuit.chip.pin(pins["pilot_sense"]).feed(self.pin_mv_at)

    def pin_mv_at(self, at_us):
        """The voltage at the converter's pin at `at_us` (mV)."""
        line, level_at = self._line, self._node.level_at
        level = level_at(at_us)
        cp_mv = line.true_high_mv if level else line.true_low_mv
        if level_at(at_us - EDGE_US) != level:
            cp_mv += self._to_come_mv(level, at_us)
        cp_mv += (
            line.noise.next() * LOST_MV // max(line.noise.amplitude, 1) if line.lost else line.noise.next()
        )
        return self._pin_from_mv + (cp_mv - self._from_mv) * self._pin_span_mv // self._span_mv

    def _to_come_mv(self, level, at_us):
        """Right behind an edge to `level`: how far the line still is from its plateau."""
        line = self._line
        step_mv = line.true_low_mv - line.true_high_mv
        age_us = 1
        while age_us < EDGE_US - 1 and self._node.level_at(at_us - age_us) == level:
            age_us += 1
        return (step_mv if level else -step_mv) * (100 - SETTLED_PERCENT[age_us - 1]) // 100

    def _drive(self, level):
        waveform = self._node.waveform
        if waveform and waveform.period_ns:
            high_ns = min(waveform.high_ns, waveform.period_ns)
            duty_bp = (high_ns * STEADY_BP + waveform.period_ns // 2) // waveform.period_ns
            self._line.drive(STEADY_BP - duty_bp if waveform.inverted else duty_bp)
        else:
            self._line.drive(STEADY_BP if level else STATE_F_BP)

    def _part(self, level):
        self._line.disconnect(level == 1)

    def look(self):
        """What comes and goes in the line."""
        self._looks = (self._looks + 1) % LOOKS_A_SAMPLE
        if self._line.loose and not self._looks:
            self._line.sample(self._circuit.now_ms)
