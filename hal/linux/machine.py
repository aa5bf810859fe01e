"""What stands in the place of MicroPython's `machine` on Linux and CPython, with the same names and meanings,
so far as the drivers over it use them.

A line is named 'gpiochip0:17' (the character device, by libgpiod), a PWM 'pwmchip0/0' and a converter's
channel 'iio:device0/3' (sysfs), a UART by its device, '/dev/ttyS0'. An OSError is the kernel's.
"""

import os
import sys
import time

from hal.linux import files
from hal.linux.pin import Pin as Pin
from hal.linux.sysfs import ADC as ADC
from hal.linux.sysfs import PWM as PWM

PWRON_RESET = 1
HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5

_CARD_RESET = 0x20
"""In a watchdog's `bootstatus`: it has restarted the machine (Linux, watchdog-api: WDIOF_CARDRESET)."""
_SET_TIMEOUT = 0xC0045706
"""WDIOC_SETTIMEOUT, on all architectures but a few that nobody builds chargers of."""


class UART:
    """A serial line, by pyserial. The kernel keeps what arrives: 4 KiB, whatever `rxbuf` asks for."""

    def __init__(self, id, baudrate=9600, bits=8, parity=None, stop=1, *, timeout=0, rxbuf=0):
        import serial

        self._line = serial.Serial(
            files.path(id),
            baudrate,
            bytesize=bits,
            parity=serial.PARITY_NONE if parity is None else "EO"[parity],
            stopbits=stop,
            timeout=timeout / 1000,
            write_timeout=0,
            exclusive=True,
        )

    def any(self):
        """How many bytes can be read at once."""
        return self._line.in_waiting

    def read(self, count=None):
        """At most `count` bytes, or all that are there; None where there are none."""
        return self._line.read(self.any() if count is None else count) or None

    def write(self, data):
        """Hand `data` to the kernel; how many bytes it took."""
        return self._line.write(bytes(data))

    def flush(self):
        """Wait until all has left."""
        self._line.flush()

    def deinit(self):
        """Close the line."""
        self._line.close()


class WDT:
    """The machine's watchdog. Once begun it cannot be stopped: a process that dies takes the machine with
    it, as a program does on a chip."""

    def __init__(self, id=0, timeout=5000):
        import fcntl
        import struct

        name = "/dev/watchdog%d" % id
        try:
            self._file = os.open(files.path(name), os.O_WRONLY)
        except OSError as error:
            raise OSError(error.errno, "%s cannot be opened: let this user write it" % name) from None
        try:
            fcntl.ioctl(self._file, _SET_TIMEOUT, struct.pack("i", -(-timeout // 1000)))
        except OSError:
            pass  # a simple one has one time of its own

    def feed(self):
        """As long as this comes in time, nothing happens."""
        os.write(self._file, b"\0")


class RTC:
    """The system's date, in UTC. Where it may not be set, the right one is known to this process alone."""

    _correction_s = 0

    def datetime(self, moment=None):
        """(year, month, day, weekday from Monday 0, hours, minutes, seconds, 0); or set it."""
        if moment is None:
            now = time.gmtime(time.time() + RTC._correction_s)
            return now.tm_year, now.tm_mon, now.tm_mday, now.tm_wday, now.tm_hour, now.tm_min, now.tm_sec, 0
        import calendar

        year, month, day, _, hours, minutes, seconds, _ = moment
        unix_s = calendar.timegm((year, month, day, hours, minutes, seconds))
        try:
            time.clock_settime(time.CLOCK_REALTIME, unix_s)
            RTC._correction_s = 0
        except PermissionError:
            RTC._correction_s = unix_s - int(time.time())
        return None


def reset():
    """Start the program anew. The machine goes on."""
    os.execv(sys.executable, sys.orig_argv)


def reset_cause():
    """Why the program runs: `PWRON_RESET` or `WDT_RESET` for the first one since the machine started, and
    `SOFT_RESET` for those after it, however the one before ended."""
    try:
        os.close(os.open(files.path("/run/mode3-started"), os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return SOFT_RESET
    try:
        bootstatus = int(files.read("/sys/class/watchdog/watchdog0/bootstatus"))
    except OSError:
        return PWRON_RESET
    return WDT_RESET if bootstatus & _CARD_RESET else PWRON_RESET


def unique_id():
    """What tells this machine from others."""
    return bytes.fromhex(files.read("/etc/machine-id"))
