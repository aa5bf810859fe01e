"""`machine.UART`: a port on a serial line, with its buffers and its time."""

from simulator.pins.gpio import number_of
from simulator.pins.wired import Wired

STEP_US = 100
LEAST_BUFFER, MOST_BUFFER = 32, 32766


class UART(Wired):
    """UART of both families; it refuses pins that it cannot have."""

    def __init__(
        self, id, baudrate=9600, bits=8, parity=None, stop=1, *, tx=None, rx=None, txbuf=None, rxbuf=None,
        timeout=None, timeout_char=None, invert=None
    ):  # fmt: skip
        if not 0 <= id < self._chip.rules.uarts:
            raise ValueError("UART(%d) doesn't exist" % id)
        self._id = id
        self._pins = [None, None]
        self._rxbuf = self._txbuf = 256
        self._timeout_us = self._timeout_char_us = 0
        self.init(
            baudrate, bits, parity, stop, tx=tx, rx=rx, txbuf=txbuf, rxbuf=rxbuf, timeout=timeout,
            timeout_char=timeout_char, invert=invert
        )  # fmt: skip

    def init(
        self, baudrate=9600, bits=8, parity=None, stop=1, *, tx=None, rx=None, txbuf=None, rxbuf=None,
        timeout=None, timeout_char=None, invert=None
    ):  # fmt: skip
        """Set up anew."""
        if baudrate <= 0 or bits not in (5, 6, 7, 8) or stop not in (1, 2) or invert:
            raise ValueError("invalid baudrate, bits, stop or inversion")
        self._buffers(txbuf, rxbuf)
        self._take_pins(tx, rx)
        self._timeout_us = self._timeout_us if timeout is None else timeout * 1000
        frame = 1 + bits + stop + (parity is not None)
        self._byte_us = frame * 1000000 // baudrate
        self._timeout_char_us = max((timeout_char or 0) * 1000, (13000 // baudrate + 1) * 1000)
        self._received = b""
        self._free_us = self._chip.now_us
        self._line = self._chip.serial(*self._pins)
        self._line.join(baudrate, frame)

    def any(self):
        """Bytes that wait to be read."""
        self._fetch()
        return len(self._received)

    def read(self, nbytes=-1):
        """Up to `nbytes`, or all that come without a pause; None where there are none within the time-out."""
        waited_us, patience_us = 0, self._timeout_us
        got = b""
        while nbytes < 0 or len(got) < nbytes:
            self._fetch()
            if self._received:
                count = len(self._received) if nbytes < 0 else nbytes - len(got)
                got, self._received = got + self._received[:count], self._received[count:]
                waited_us, patience_us = 0, self._timeout_char_us
            elif waited_us >= patience_us:
                break
            else:
                self._chip.spend(STEP_US)
                waited_us += STEP_US
        return got or None

    def readinto(self, buf, nbytes=-1):
        """The same into `buf`; returns how many."""
        got = self.read(len(buf) if nbytes < 0 else min(nbytes, len(buf)))
        if got is None:
            return None
        buf[: len(got)] = got
        return len(got)

    def readline(self):
        """A line, or what there is of one within the time-out."""
        line = b""
        while not line.endswith(b"\n"):
            got = self.read(1)
            if got is None:
                break
            line += got
        return line or None

    def write(self, buf):
        """Send; what the buffer has no room for is waited for."""
        chip = self._chip
        data = bytes(buf)
        waiting = max(self._free_us - chip.now_us, 0) // self._byte_us
        room = self._txbuf + 32 - waiting  # and the FIFO
        if len(data) > room:
            chip.spend((len(data) - room) * self._byte_us)
        self._free_us = max(self._free_us, chip.now_us) + len(data) * self._byte_us
        chip.at(self._free_us, lambda: self._line.sent(data))
        return len(data)

    def txdone(self):
        """Whether the last bit is out."""
        return self._chip.now_us >= self._free_us

    def flush(self):
        """Wait until it is."""
        self._chip.spend(max(self._free_us - self._chip.now_us, 0))

    def deinit(self):
        """Let go of the line."""
        self._line.release()

    def _buffers(self, txbuf, rxbuf):
        for size in (txbuf, rxbuf):
            if size is not None and size > MOST_BUFFER:
                raise ValueError("buffer too large")
        if txbuf is not None:
            self._txbuf = max(txbuf, LEAST_BUFFER)
        if rxbuf is not None:
            self._rxbuf = max(rxbuf, LEAST_BUFFER)

    def _take_pins(self, tx, rx):
        for index, role, pin in ((0, "tx", tx), (1, "rx", rx)):
            if pin is not None:
                number = number_of(self._chip, pin)
                if not self._chip.rules.uart_pin(self._id, role, number):
                    raise ValueError("bad %s pin" % role.upper())
                self._pins[index] = number
        if None in self._pins:
            raise ValueError("name the pins tx and rx: each board has its own")
        self._chip.pin(self._pins[0]).assign("uart", 1)
        self._chip.pin(self._pins[1]).assign("", 0)

    def _fetch(self):
        self._received = (self._received + self._line.take())[: self._rxbuf]
