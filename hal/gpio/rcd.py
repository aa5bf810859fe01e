"""Residual-current device: a trip line that an interrupt latches, and a test input.

A pulse of any width that the pin can see sets the latch, and drops the contactor there and then. Where the
port has hard interrupts (RP2) that takes some us, and `rcd_path` may be 'hard_irq'; where it has none (ESP32,
Linux) the interrupt waits for the interpreter, and a gate must stand in the way of the drive
('hardware_gate').
"""

from hal.contract import Rcd
from hal.gpio.lines import line_in, line_out
from hal.silicon import machine


class TripLine(Rcd):
    """`contactor`: what a trip drops; None where it is not one of ours."""

    def __init__(self, facts, contactor=None):
        self._level = facts.trip_level
        self._test_level = facts.test_level
        self._contactor = contactor
        # A broken wire reads as a trip.
        self._line = line_in(facts.pins["trip"], self._level)
        self._input = line_out(facts.pins["test"], 1 - self._test_level)
        self.tripped = False
        edge = machine.Pin.IRQ_RISING if self._level else machine.Pin.IRQ_FALLING
        _listen(self._line, self._trip, edge, facts.rcd_path == "hard_irq")
        if contactor:
            contactor.gate(self)
        self.sample(0)

    def sample(self, now_ms):
        if self._line.value() == self._level:
            self.tripped = True

    def test(self, on):
        self._input.value(self._test_level if on else 1 - self._test_level)

    def rearm(self):
        # In this order: a trip between the two is latched by its interrupt.
        self.tripped = False
        self.sample(0)

    def _trip(self, line):
        """*interrupt* Latch, and open."""
        self.tripped = True
        if self._contactor:
            self._contactor.drop()


def _listen(line, handler, edge, must_be_hard):
    """Call `handler` at each `edge`, from a hard interrupt where there are such."""
    try:
        line.irq(handler=handler, trigger=edge, hard=True)
    except TypeError:
        if must_be_hard:
            raise ValueError(
                "rcd_path is 'hard_irq' and no pin of this processor has hard interrupts; put a gate into the"
                " contactor's drive and say 'hardware_gate'"
            )
        line.irq(handler=handler, trigger=edge)


def make(facts, number, parts):
    """The device of the connector with these facts. ValueError: a trip could not open as `rcd_path` says."""
    contactor = getattr(parts, "contactor", None)
    if hasattr(contactor, "gate"):
        return TripLine(facts, contactor)
    if facts.rcd_path == "hard_irq":
        raise ValueError(
            "rcd_path is 'hard_irq' and the contactor's driver cannot be dropped by an interrupt; choose"
            " 'rp2.contactor', or a gate in the drive and 'hardware_gate'"
        )
    return TripLine(facts)
