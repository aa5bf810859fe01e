"""Control pilot on Linux: a PWM of the kernel's, and two peak detectors that a slow converter can read.

Linux cannot sample within a period of 1 ms. So one detector holds the highest level of the pilot and one the
lowest, both of the divided pilot, and a read of each is a plateau. They must lose 99 % of a step within 15 ms
(a time constant of 3 ms), so that a tick of 20 ms sees the next level, and no less than 1 ms, so that a short
plateau is still there when the converter looks. A spike as long as it takes to charge them passes for a
plateau: what cannot be is told apart by control, which wants two readings in a row.
"""

from hal import contract
from hal.contract import STATE_F_BP, STEADY_BP
from hal.silicon import machine

FREQUENCY_HZ = 1000
EDGE_MV = 20
"""A reading so close to an end of the converter's range is no reading: the divider keeps clear of both."""


class PeakPilot(contract.Pilot):
    """`pwm`, the two converters, and the relay (a pin, or None) that takes the pilot off the wire."""

    def __init__(self, pwm, high, low, relay, facts):
        self.high_mv = 0
        self.low_mv = 0
        self.valid = False
        self._pwm = pwm
        self._high = high
        self._low = low
        self._relay = relay
        (cp_mv, pin_mv), (other_mv, other_pin_mv) = facts.pilot_points
        self._cp_mv, self._pin_mv = cp_mv, pin_mv
        self._slope_mv = (other_mv - cp_mv, other_pin_mv - pin_mv)
        self._least_mv, self._most_mv = EDGE_MV, facts.supply_mv - EDGE_MV
        self._duty_bp = STATE_F_BP
        self.drive(STATE_F_BP)

    def sample(self, now_ms):
        try:
            high_mv = self._high.read_uv() // 1000
            low_mv = self._low.read_uv() // 1000
        except (OSError, ValueError):
            # No converter answers: that is no plateau, and control opens over it.
            self.valid = False
            return
        # Where the level is steady only one detector is at its peak; the other one holds what was.
        if self._duty_bp == STATE_F_BP:
            high_mv = low_mv
        elif self._duty_bp == STEADY_BP:
            low_mv = high_mv
        self.valid = self._least_mv < low_mv and high_mv < self._most_mv
        self.high_mv = self._at_pilot(high_mv)
        self.low_mv = self._at_pilot(low_mv)

    def drive(self, duty_bp):
        self._duty_bp = duty_bp
        self._pwm.duty_u16(duty_bp * 65535 // STEADY_BP)  # rounded down: no more than was said

    def disconnect(self, apart):
        if self._relay is not None:
            self._relay.value(1 if apart else 0)

    def _at_pilot(self, pin_mv):
        rise_mv, run_mv = self._slope_mv
        return self._cp_mv + (pin_mv - self._pin_mv) * rise_mv // run_mv


def make(facts, number, parts):
    """The pilot of a connector."""
    pins = facts.pins
    pwm = machine.PWM(machine.Pin(pins["pilot"]), freq=FREQUENCY_HZ, duty_u16=0)
    relay = machine.Pin(pins["pilot_relay"], machine.Pin.OUT, value=0) if "pilot_relay" in pins else None
    high = machine.ADC(machine.Pin(pins["pilot_high"]))
    low = machine.ADC(machine.Pin(pins["pilot_low"]))
    return PeakPilot(pwm, high, low, relay, facts)
