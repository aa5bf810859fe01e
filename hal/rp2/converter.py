"""The converter of RP2040 and RP2350: it follows one pin by itself, and the others are read in between.

It runs freely, and DMA lays what it finds into a ring whose newest 2 ms are looked at. `ADC.read_u16`
during that would corrupt both (one converter, one multiplexer), so other inputs are read by `take`, which
stops the converter for them, some 10 us each; until it is called again they show what they were then.

Sources: data sheets of RP2040 (2.5 DMA, 4.9 ADC) and RP2350 (12.4, 12.6); MicroPython's ports/rp2/rp2_dma.c
and machine_adc.c.
"""

from array import array

import rp2

from hal.gpio.analogue import open_input
from hal.silicon import machine

WINDOW = 101
"""Readings of two periods of a pilot, each at a place of its own in the period."""
_RING = 128
_RING_BITS = 8
"""log2 of its bytes: DMA wraps there, and it must lie on a multiple of that."""
_DIVIDER = 949 << 8 | 127
"""48 MHz / (1 + 949.5) are 50.5 readings in each ms. So in the second period of a pilot of 1 kHz the readings
stand midway between those of the first, 10 us apart in all, where a rate of 50 would see the same phases
twice."""
_COUNT = 0xFFFFFFF
"""Transfers until DMA must be started anew, the most that both chips count: 88 minutes. One reading is lost
then."""

# Register: offset; its bits.
_CS = 0x00
_ENABLE = 1
_START_MANY = 1 << 3
_READY = 1 << 8
_INPUT = 12
_FCS = 0x08
_LEVEL, _LEVEL_MASK = 16, 15
_TO_DMA = 1 | 1 << 3 | 1 << 24
"""FIFO on, asks DMA from the first reading on."""
_FIFO = 0x0C
_DIV = 0x10

_FIRST_PIN = 26


class Other:
    """An input that is read while the converter pauses; looks like a `machine.ADC`."""

    def __init__(self, source):
        self.source = source
        self.value = 0

    def read_u16(self):
        """*tick* What it was at the last pause."""
        return self.value


class Converter:
    """Follows `pin`. There is one in a chip, and so may be one of these."""

    def __init__(self, pin):
        base, request = _place()
        self._others = []  # type: list
        self._input = open_input(pin)  # kept, and with it the pin's function
        self._control = base + _CS
        self._paused = _ENABLE | (pin - _FIRST_PIN) << _INPUT
        self._running = self._paused | _START_MANY
        self._settle(base)
        self._dma = rp2.DMA()
        self._left = 0
        self._begin(base + _FIFO, request)
        machine.mem32[self._control] = self._running

    def lend(self, pin):
        """Another input of the chip, `Other`; not to be called from the tick."""
        machine.mem32[self._control] = self._paused
        self._wait()
        other = Other(open_input(pin))
        self._others.append(other)
        self._pause()
        return other

    def take(self, values):
        """*tick* Copy the newest readings into the list `values`, of `WINDOW`; False when they are not all
        new since the last call: the converter or DMA stands still. Refreshes the other inputs."""
        dma = self._dma
        left = dma.count
        fresh = left > 0 and self._left - left >= _RING
        self._left = left
        if fresh:
            ring = self._ring
            oldest = (dma.write >> 1) - WINDOW  # the ring lies on a multiple of its size
            for index in range(WINDOW):
                values[index] = ring[oldest + index & _RING - 1]
        elif not left:
            dma.active(1)
            self._left = _COUNT
        self._pause()
        return fresh

    def _pause(self):
        """Read the other inputs. Their readings land in the ring too, and are overwritten 2.5 ms later:
        `take` does not look before."""
        machine.mem32[self._control] = self._paused
        self._wait()
        for other in self._others:
            other.value = other.source.read_u16()
        machine.mem32[self._control] = self._running

    def _wait(self):
        """Let the conversion that is under way end: 2 us."""
        for _ in range(10):
            if machine.mem32[self._control] & _READY:
                return

    def _settle(self, base):
        """Stop what may run from before a soft reset, empty the FIFO, set the rate."""
        machine.mem32[self._control] = self._paused
        self._wait()
        while machine.mem32[base + _FCS] >> _LEVEL & _LEVEL_MASK:
            machine.mem32[base + _FIFO]
        machine.mem32[base + _FCS] = _TO_DMA
        machine.mem32[base + _DIV] = _DIVIDER

    def _begin(self, fifo, request):
        """Let DMA fill the ring from now on."""
        dma = self._dma
        self._memory = array("H", [0] * (2 * _RING))
        dma.config(write=self._memory)
        past = dma.write & (1 << _RING_BITS) - 1  # the address of the memory, told by DMA itself
        first = ((1 << _RING_BITS) - past >> 1) % _RING
        self._ring = memoryview(self._memory)[first : first + _RING]
        ctrl = dma.pack_ctrl(
            size=1, inc_read=False, ring_size=_RING_BITS, ring_sel=True, treq_sel=request, high_pri=True
        )
        dma.config(read=fifo, write=self._ring, count=_COUNT, ctrl=ctrl, trigger=True)
        self._left = _COUNT


def _place():
    """(address, DMA request) of the converter: of the two chips only RP2350 has a third block of PIO."""
    try:
        rp2.PIO(2)
    except ValueError:
        return 0x4004C000, 36
    return 0x400A0000, 48
