"""The converter of RP2, running freely: registers, round robin, FIFO, and the DMA channel that empties it.

RP2350 data sheet, 12.4 (RP2040: 4.9). Nothing is converted until somebody looks: then the samples since the
last look are taken from the circuit, each at its moment, but no more of them than the buffer still holds.
"""

from simulator.pins.rules import Undefined
from simulator.portable.noise import Noise

CS, RESULT, FCS, FIFO, DIV = 0, 4, 8, 12, 16
SENSOR_MV = 706
_EN, _TS_EN, _START_ONCE, _START_MANY, _READY = 1, 2, 4, 8, 0x100
_FIFO_EN, _SHIFT, _DREQ = 1, 2, 8
_UNDER, _OVER = 0x400, 0x800
_AINSEL, _RROBIN = 12, 16


def source_of(chip, number):
    """The voltage at input `number` as a function of the moment (mV); the chip's own sensor says 27 degC."""
    if number < chip.rules.adc_inputs - 1:
        return chip.pin(chip.rules.adc_pins[number]).mv_at
    return _sensor


def _sensor(at_us):
    return SENSOR_MV


def raw_of(mv, noise):
    """What the converter makes of a voltage: 0-4095."""
    raw = (mv * 4095 + 1650) // 3300 + noise.next()
    return 0 if raw < 0 else 4095 if raw > 4095 else raw


class Converter:
    """The registers, as `machine.mem32` reads and writes them."""

    def __init__(self, chip):
        self._chip = chip
        self._noise = Noise(chip.random, chip.rules.adc_noise_lsb)
        self._cs = self._fcs = self._div = 0
        self._fifo = []
        self._flags = 0
        self._input = 0
        self._begun_us = 0
        self._done = 0
        self._result = 0
        self._source_of, self._source = 0, source_of(chip, 0)

    @property
    def free(self):
        """Whether it converts without being asked."""
        return self._cs & (_EN | _START_MANY) == _EN | _START_MANY

    def read(self, offset):
        """A register's value now."""
        self.catch_up()
        if offset == CS:
            ready = 0 if self.free else _READY
            return self._cs | ready | self._input << _AINSEL
        if offset == RESULT:
            return self._result
        if offset == FCS:
            count = len(self._fifo)
            empty, full = (0 if count else 1), (1 if count == self._chip.rules.fifo_depth else 0)
            return self._fcs | empty << 8 | full << 9 | self._flags | count << 16
        if offset == FIFO:
            if not self._fifo:
                self._flags |= _UNDER
                return 0
            return self._fifo.pop(0)
        return self._div

    def write(self, offset, value):
        """Change a register."""
        self.catch_up()
        if offset == CS:
            self._control(value)
        elif offset == FCS:
            self._flags &= ~value
            self._fcs = value & 0x0F00000F
        elif offset == DIV:
            self._div = value & 0xFFFFFF
            self._restart()
        else:
            raise Undefined("the converter's register at offset %d cannot be written" % offset)

    def catch_up(self):
        """Take the samples that have come since the last look."""
        if not self.free:
            return
        channel = self._channel()
        due = self._count_at(self._chip.now_us)
        if channel:
            skip = max(due - self._done - channel.room(), 0) // self._turns() * self._turns()
            self._done += skip
            channel.skip(skip)
        period256 = self._period256()
        while self._done < due:
            if not channel and not self._takes():
                self._drop(due)
            self._done += 1
            self._convert(self._begun_us + self._done * period256 // (48 * 256), channel)

    def single(self, number):
        """Convert input `number` now, and stay at it."""
        self._input = number
        self._convert(self._chip.now_us, self._channel())
        return self._result

    def _takes(self):
        return self._fcs & _FIFO_EN and len(self._fifo) < self._chip.rules.fifo_depth

    def _drop(self, due):
        """Nobody takes more: all but the last round of the samples are lost."""
        if self._fcs & _FIFO_EN:
            self._flags |= _OVER
        self._done += max(due - self._done - self._turns(), 0) // self._turns() * self._turns()

    def _control(self, value):
        was = self.free
        self._cs = value & (_EN | _TS_EN | _START_MANY | 0x1FF << _RROBIN)
        self._input = value >> _AINSEL & 15
        inputs = self._chip.rules.adc_inputs
        if self._input >= inputs or value >> _RROBIN & 0x1FF >= 1 << inputs:
            raise Undefined("this converter has only the inputs 0 to %d" % (inputs - 1))
        if value & _EN and value & _START_ONCE:
            self._chip.spend(2)
            self._convert(self._chip.now_us, self._channel())
        if self.free and not was:
            self._restart()

    def _restart(self):
        self._begun_us = self._chip.now_us
        self._done = 0

    def _convert(self, at_us, channel):
        if self._source_of != self._input:
            self._source_of, self._source = self._input, source_of(self._chip, self._input)
        self._result = raw = raw_of(self._source(at_us), self._noise)
        if self._cs >> _RROBIN:
            self._next_input()
        if not self._fcs & _FIFO_EN:
            return
        if self._fcs & _SHIFT:
            raw >>= 4
        if channel:
            channel.take(raw)
        elif len(self._fifo) < self._chip.rules.fifo_depth:
            self._fifo.append(raw)
        else:
            self._flags |= _OVER

    def _next_input(self):
        robin, inputs = self._cs >> _RROBIN, self._chip.rules.adc_inputs
        self._input = (self._input + 1) % inputs
        while not robin >> self._input & 1:
            self._input = (self._input + 1) % inputs

    def _turns(self):
        """Conversions after which the round robin is where it was."""
        robin = self._cs >> _RROBIN & 0x1FF
        count = 0
        while robin:
            count += robin & 1
            robin >>= 1
        return max(count, 1)

    def _period256(self):
        """Clocks from one conversion to the next, in 256ths."""
        return max(self._div + 256, self._chip.rules.adc_cycles * 256)

    def _count_at(self, now_us):
        return (now_us - self._begun_us) * 48 * 256 // self._period256()

    def _channel(self):
        if not self._fcs & _DREQ:
            return None
        for channel in self._chip.parts.get("dma", {}).values():
            if channel.waits_for(self._chip.rules.adc_dreq, self._chip.rules.adc_base + FIFO):
                return channel
        return None
