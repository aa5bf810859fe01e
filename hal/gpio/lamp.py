"""Lamp of up to three colours, each behind a pin that is high when it shines.

It blinks in a task of its own: there is no timer on every chip and Linux that the tick or a pilot might not
want, and nobody is hurt by a lamp that stays as it is while something else holds up the tasks.
"""

import asyncio

from hal import contract
from hal.silicon import machine

FREQUENCY_HZ = 1000
"""As the pilot's: where two pins of an RP2 share a slice, they share the frequency too."""
HALF_MS = 500
COLOURS = ("red", "green", "blue")


class ColourLamp(contract.Lamp):
    """`outputs`: (PWM, shift of its eight bits in 0xRRGGBB) of the colours that are fitted."""

    def __init__(self, outputs, clock):
        self._outputs = outputs
        self._sleep_ms = clock.sleep_ms
        self._colour = 0
        self._task = None

    def show(self, colour, blink):
        self._colour = colour
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._light(colour)
        if blink:
            self._task = asyncio.create_task(self._blink())

    async def _blink(self):
        while True:
            await self._sleep_ms(HALF_MS)
            self._light(0)
            await self._sleep_ms(HALF_MS)
            self._light(self._colour)

    def _light(self, colour):
        for output, shift in self._outputs:
            output.duty_u16((colour >> shift & 0xFF) * 257)


def make(facts, number, parts):
    """The board's lamp, of the colours that have a pin."""
    outputs = []
    for i, name in enumerate(COLOURS):
        if name in facts.pins:
            output = machine.PWM(machine.Pin(facts.pins[name]), freq=FREQUENCY_HZ, duty_u16=0)
            outputs.append((output, 16 - 8 * i))
    return ColourLamp(outputs, parts.clock)
