"""PWM and converters of the kernel's, as `machine.PWM` and `machine.ADC` (Documentation/ABI: sysfs-class-pwm,
sysfs-bus-iio)."""

import os

from hal.linux import files
from hal.linux.pin import name_of


class PWM:
    """A channel of a PWM chip: the kernel's own counter, not a loop."""

    def __init__(self, dest, *, freq=0, duty_u16=0, invert=False):
        chip, _, channel = name_of(dest).partition("/")
        folder = "/sys/class/pwm/" + chip
        self._folder = folder + "/pwm" + channel
        if not os.path.isdir(files.path(self._folder)):
            files.write(folder + "/export", channel)
        files.wait_for(self._folder + "/period")
        self._period_ns = int(files.read(self._folder + "/period"))
        self._duty_u16 = duty_u16
        self._set("enable", 0)
        # A polarity that the chip does not have is only refused where it is asked for.
        if invert or files.read(self._folder + "/polarity") != "normal":
            self._set("polarity", "inversed" if invert else "normal")
        self.freq(freq or 1000)
        self._set("enable", 1)

    def freq(self, frequency_hz=None):
        """The frequency in Hz; or set it, and keep the share of the duty."""
        if frequency_hz is None:
            return files.NANO // self._period_ns
        self._set("duty_cycle", 0)  # which must never be longer than the period
        self._period_ns = files.NANO // frequency_hz
        self._set("period", self._period_ns)
        self._write_duty()
        return None

    def duty_u16(self, duty=None):
        """The share of the period that the pin is high, 0 to 65535: always; or set it."""
        if duty is None:
            return self._duty_u16
        self._duty_u16 = duty
        self._write_duty()
        return None

    def deinit(self):
        """The pin is low, and stays so."""
        self.duty_u16(0)
        self._set("enable", 0)

    def _write_duty(self):
        self._set("duty_cycle", (self._period_ns * self._duty_u16 + 32767) // 65535)

    def _set(self, name, value):
        files.write(self._folder + "/" + name, value)


class ADC:
    """A channel of a converter that the kernel drives (IIO). A read takes one conversion."""

    RANGE_UV = 3300000
    """What `read_u16` calls 65535, whatever the converter's own range is."""

    def __init__(self, pin):
        device, _, channel = name_of(pin).partition("/")
        self._stem = "/sys/bus/iio/devices/" + device + "/in_voltage"
        self._scale_pv = files.decimal(self._find(channel, "_scale", "1"))
        self._shift = files.decimal(self._find(channel, "_offset", "0")) // files.NANO
        self._file = os.open(files.path(self._stem + channel + "_raw"), os.O_RDONLY)

    def read_uv(self):
        """The voltage at the pin in uV."""
        raw = int(os.pread(self._file, 32, 0))
        # The kernel gives the scale in mV.
        return (raw + self._shift) * self._scale_pv // 1000000

    def read_u16(self):
        """The same, 0 to 65535 of `RANGE_UV`."""
        return min(max(self.read_uv() * 65535 // ADC.RANGE_UV, 0), 65535)

    def _find(self, channel, what, default):
        for name in (channel, ""):
            try:
                return files.read(self._stem + name + what)
            except FileNotFoundError:
                pass  # of this channel alone, or of all of them
        return default
