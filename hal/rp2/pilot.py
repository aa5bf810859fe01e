"""Control pilot on RP2040 and RP2350: a PWM slice drives, and the free-running converter sees the last 2 ms.

A reading costs the tick the copy and the sort of 101 numbers: some 2 ms on RP2040 and 1 ms on RP2350, as
counted in instructions and not yet measured on copper. Nothing of it waits.
"""

from hal.gpio.pwm_pilot import PwmPilot
from hal.plateaus import Plateaus
from hal.rp2.converter import WINDOW, Converter

_STEPS = 4096
"""Of the converter's full scale, which is its supply."""


class SampledPilot(PwmPilot):
    """Its `analogue` reads the other inputs of the one converter."""

    def __init__(self, facts):
        PwmPilot.__init__(self, facts, Plateaus(WINDOW, facts.pilot_points, facts.supply_mv, _STEPS))
        self._converter = Converter(facts.pins["pilot_sense"])

    def sample(self, now_ms):
        if self._converter.take(self._plateaus.values):
            self._look()
        else:
            self.valid = False

    def analogue(self, pin):
        """An input of the same converter, for another driver."""
        return self._converter.lend(pin)


def make(facts, number, parts):
    """The pilot of the connector with these facts. ValueError: another connector has the converter."""
    if number > 1:
        raise ValueError(
            "connector %d cannot have the driver 'rp2.pilot': the chip's one converter follows the pilot of"
            " connector 1; choose a board with one connector" % number
        )
    return SampledPilot(facts)
