"""`machine.PWM`: the slices of RP2, whose two outputs share a counter, and the LEDC of ESP32."""

from simulator.pins.gpio import number_of
from simulator.pins.node import Waveform
from simulator.pins.rules import Undefined
from simulator.pins.wired import Wired

TOP_MOST = 65534
"""So that 65535 of 65535 can be steady (ports/rp2/machine_pwm.c)."""
LEDC_BITS = 14
LEDC_HZ = 40000000


class Pwm(Wired):
    """What both families share; each has its own counters."""

    def freq(self, value=None):
        """Frequency in Hz."""
        raise NotImplementedError

    def _period_ns(self):
        raise NotImplementedError

    def _high_ns(self, duty_u16):
        raise NotImplementedError

    def _drive(self, number):
        self._node = self._chip.pin(number)
        self._node.waveform = Waveform()
        self._node.assign("pwm", 0)
        self._duty = None

    def _configure(self, freq, duty_u16, duty_ns, invert):
        if freq != -1:
            self.freq(freq)
        if duty_u16 != -1:
            self.duty_u16(duty_u16)
        if duty_ns != -1:
            self.duty_ns(duty_ns)
        if invert != -1:
            self._node.waveform.inverted = 1 if invert else 0
            self._node.reshaped()

    def duty_u16(self, value=None):
        """High time in 65535ths of the period."""
        if value is None:
            return self._duty[1] if self._duty and self._duty[0] == "u16" else 0
        if not 0 <= value <= 65535:
            raise ValueError("duty_u16 must be from 0 to 65535")
        self._duty = ("u16", value)
        self._shape()
        return None

    def duty_ns(self, value=None):
        """High time in ns."""
        if value is None:
            return self._node.waveform.high_ns
        if value < 0 or 0 < self._period_ns() < value:
            raise ValueError("duty larger than period")
        self._duty = ("ns", value)
        self._shape()
        return None

    def _shape(self):
        self._chip.look()  # what was sampled until now saw the old duty
        waveform = self._node.waveform
        if waveform is None:
            raise Undefined("pin %d is no longer this PWM's: somebody else took it" % self._node.number)
        period_ns = self._period_ns()
        if self._duty and period_ns:
            if waveform.period_ns != period_ns:
                waveform.start(period_ns, self._chip.now_us)
            kind, value = self._duty
            waveform.shape(self._high_ns(value) if kind == "u16" else value, self._chip.now_us)
        self._node.reshaped()


class Slice:
    """A counter of RP2: its settings, and the PWMs on its two channels."""

    def __init__(self):
        self.div16 = 16
        self.top = 0
        self.channels = {}


class Rp2Pwm(Pwm):
    """PWM of ports/rp2: silent until it has a frequency and a duty."""

    def __init__(self, dest, *, freq=-1, duty_u16=-1, duty_ns=-1, invert=-1):
        number = number_of(self._chip, dest)
        slices = self._chip.parts.setdefault("slices", {})
        self._slice = slices.setdefault(self._chip.rules.pwm_slice(number), Slice())
        other = self._slice.channels.get(number & 1)
        if other and other._node.number != number and other._node.waveform:
            raise Undefined("pins %d and %d are one PWM channel" % (number, other._node.number))
        self._slice.channels[number & 1] = self
        self._drive(number)
        self._configure(freq, duty_u16, duty_ns, invert)

    def init(self, *, freq=-1, duty_u16=-1, duty_ns=-1, invert=-1):
        """Change what is named."""
        self._configure(freq, duty_u16, duty_ns, invert)

    def freq(self, value=None):
        """Frequency in Hz, of both channels of the slice."""
        source_hz = self._chip.rules.sys_hz
        counter = self._slice
        if value is None:
            ticks16 = counter.div16 * (counter.top + 1)
            return (16 * source_hz + ticks16 // 2) // ticks16
        counter.div16, counter.top = _divide(source_hz, value)
        for channel in counter.channels.values():
            channel._shape()
        return None

    def deinit(self):
        """The counter stands still, for both channels."""
        self._chip.look()
        for channel in self._slice.channels.values():
            if channel._node.waveform:
                channel._node.waveform.period_ns = 0
                channel._node.reshaped()
        self._slice.top = 0

    def _period_ns(self):
        top = self._slice.top
        return self._ns(top + 1) if top else 0

    def _high_ns(self, duty_u16):
        return self._ns((duty_u16 * (self._slice.top + 1) + 32767) // 65535)

    def _ns(self, ticks):
        return ticks * self._slice.div16 * 1000000000 // (16 * self._chip.rules.sys_hz)


def _divide(source_hz, freq):
    """(sixteenths of the divider, top): the finest counter for `freq`; ValueError out of reach."""
    if freq <= 0:
        raise ValueError("freq too small")
    div16 = max(-(-16 * source_hz // (TOP_MOST * freq)), 16)
    ticks16 = div16 * freq
    top = (16 * source_hz + ticks16 // 2) // ticks16 - 1
    if div16 >= 256 * 16:
        raise ValueError("freq too small")
    if top < 1:
        raise ValueError("freq too large")
    return div16, top


class Esp32Pwm(Pwm):
    """PWM of ports/esp32: starts with 5 kHz and 50 % where nothing is said."""

    def __init__(self, dest, *, freq=5000, duty_u16=-1, duty_ns=-1, invert=-1):
        number = number_of(self._chip, dest)
        self._outputs = self._chip.parts.setdefault("ledc", {})
        if number not in self._outputs and len(self._outputs) >= self._chip.rules.pwm_channels:
            raise ValueError("out of PWM channels:%d" % self._chip.rules.pwm_channels)
        self._drive(number)
        self._configure(freq, 32768 if (duty_u16, duty_ns) == (-1, -1) else duty_u16, duty_ns, invert)

    def init(self, *, freq=-1, duty_u16=-1, duty_ns=-1, invert=-1):
        """Change what is named."""
        self._configure(freq, duty_u16, duty_ns, invert)

    def freq(self, value=None):
        """Frequency in Hz. Outputs of one frequency share one of the few timers."""
        number = self._node.number
        if value is None:
            return self._outputs.get(number, 0)
        if not 0 < value <= LEDC_HZ:
            raise ValueError("bad frequency %d" % value)
        others = {self._outputs[pin] for pin in self._outputs if pin != number}
        if value not in others and len(others) >= self._chip.rules.pwm_timers:
            raise ValueError("out of PWM timers:%d" % self._chip.rules.pwm_timers)
        self._outputs[number] = value
        self._shape()
        return None

    def duty(self, value=None):
        """High time in 1024ths of the period."""
        if value is None:
            return self.duty_u16() >> 6
        if not 0 <= value <= 1023:
            raise ValueError("duty must be from 0 to 1023")
        return self.duty_u16(value * 65535 // 1023)

    def deinit(self):
        """Give the channel back; the pin drives low."""
        self._chip.look()
        self._outputs.pop(self._node.number, None)
        self._node.assign("pin", 0)

    def _period_ns(self):
        freq = self._outputs.get(self._node.number)
        return 1000000000 // freq if freq else 0

    def _high_ns(self, duty_u16):
        if duty_u16 == 65535:
            return self._period_ns()
        return self._period_ns() * (duty_u16 >> 16 - LEDC_BITS) >> LEDC_BITS
