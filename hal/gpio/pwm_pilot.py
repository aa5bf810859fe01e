"""The driving half of a control pilot: a PWM of 1 kHz, and the relay that takes it off the wire.

A high output is +12 V, a low one -12 V; so is what a reset leaves, state F. The relay takes the pilot off the
wire while its line is high.
"""

from hal.contract import STATE_F_BP, STEADY_BP, Pilot
from hal.gpio.lines import line_out
from hal.silicon import machine

PILOT_HZ = 1000
_FULL = 65535


class PwmPilot(Pilot):
    """Drives; how it samples is the processor's matter, into `plateaus`."""

    def __init__(self, facts, plateaus):
        self.high_mv = 0
        self.low_mv = 0
        self.valid = False
        self._plateaus = plateaus
        self._steady = True
        pin = line_out(facts.pins["pilot"], 0)
        self._pwm = machine.PWM(pin, freq=PILOT_HZ, duty_u16=0)
        relay = facts.pins.get("pilot_relay")
        self._relay = None if relay is None else line_out(relay, 0)

    def drive(self, duty_bp):
        # Rounded down: the wire never offers more than was said.
        self._pwm.duty_u16(duty_bp * _FULL // STEADY_BP)
        self._steady = duty_bp <= STATE_F_BP or duty_bp >= STEADY_BP

    def disconnect(self, apart):
        if self._relay:
            self._relay.value(1 if apart else 0)

    def _look(self):
        """Take what `plateaus` finds in its new values."""
        plateaus = self._plateaus
        self.valid = plateaus.find(self._steady)
        self.high_mv = plateaus.high_mv
        self.low_mv = plateaus.low_mv
