"""Button from its pin to ground."""

from control.ticks import diff
from hal import contract
from hal.silicon import machine

STEADY_MS = 20
"""What lasts less is bouncing or a disturbance; people press for 50 ms at least."""


class PinButton(contract.Button):
    """Told of every edge by `edge`, so that no press is lost between two looks."""

    def __init__(self, pin, clock):
        self._pin = pin
        self._now_ms = clock.now_ms
        self._down_ms = -1
        """Since when it is down, or -1."""
        self._counted = False
        """Whether the present press has been told, or will be."""
        self._pressed = False

    def edge(self, _):
        """The pin's interrupt: it changed, maybe more than once since."""
        now_ms = self._now_ms()
        if self._down_ms >= 0:
            self._judge(now_ms)
        if self._pin.value():
            self._down_ms = -1
            self._counted = False
        elif self._down_ms < 0:
            self._down_ms = now_ms

    def pressed(self):
        if self._down_ms >= 0:
            self.edge(None)  # it may still be down, and of an interrupt that was lost nobody else would know
        pressed = self._pressed
        self._pressed = False
        return pressed

    def _judge(self, now_ms):
        if not self._counted and diff(now_ms, self._down_ms) >= STEADY_MS:
            self._counted = self._pressed = True


def make(facts, number, parts):
    """The board's button."""
    pin = machine.Pin(facts.pins["button"], machine.Pin.IN, machine.Pin.PULL_UP)
    button = PinButton(pin, parts.clock)
    pin.irq(handler=button.edge, trigger=machine.Pin.IRQ_FALLING | machine.Pin.IRQ_RISING)
    return button
