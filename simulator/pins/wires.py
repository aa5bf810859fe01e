"""What leaves the chip on more than one pin: a serial line and an I2C bus, with whatever hangs on them."""

FAR_OFF_PERCENT = 3
"""Baud rates that differ by more cannot read each other."""


class Serial:
    """A serial line: the chip's UART at one end, the circuit's device at the other."""

    def __init__(self, chip):
        self._chip = chip
        self._listeners = []
        self._arriving = []
        self.baud = 0
        """Rate of the device; 0: that of the chip, whatever it is."""
        self.release()

    def release(self):
        """The processor restarts: its UART lets go of the line."""
        self.uart_baud = 0
        self.bits = 10

    def join(self, baud, bits):
        """For the port: the UART drives the line with `bits` a character, start and stop bits included."""
        self.uart_baud = baud
        self.bits = bits
        self.take()

    def listen(self, callback):
        """`callback(data, now_us)` gets what the chip sent, when the last bit of it is out."""
        self._listeners.append(callback)

    def send(self, data):
        """The device sends, now or behind what it is still sending."""
        if not self.uart_baud:
            return  # nobody listens
        byte_us = self.bits * 1000000 // (self.baud or self.uart_baud)
        begin_us = self._chip.now_us
        if self._arriving:
            last_us, last_byte_us, rest = self._arriving[-1]
            begin_us = max(begin_us, last_us + last_byte_us * len(rest))
        self._arriving.append((begin_us, byte_us, self._heard(data)))

    def take(self):
        """For the port: the bytes that have come in since the last call."""
        taken = b""
        now_us = self._chip.now_us
        while self._arriving:
            begin_us, byte_us, data = self._arriving[0]
            count = (now_us - begin_us) // byte_us
            if count < len(data):
                if count > 0:
                    self._arriving[0] = (begin_us + count * byte_us, byte_us, data[count:])
                    taken += data[:count]
                break
            taken += data
            self._arriving.pop(0)
        return taken

    def sent(self, data):
        """For the port: the last bit of `data` is out."""
        data = self._heard(data)
        for callback in self._listeners:
            callback(data, self._chip.now_us)

    def _heard(self, data):
        """What the other end makes of it: the same, or rubbish where the rates differ."""
        far = abs((self.baud or self.uart_baud) - self.uart_baud) * 100
        if far <= self.uart_baud * FAR_OFF_PERCENT:
            return bytes(data)
        return bytes([(byte * 7 + 53) & 0xFF for byte in data])


class Bus:
    """An I2C bus. A device has `write(data)`, whether it acknowledges, and `read(count)`: bytes, or None."""

    def __init__(self):
        self._devices = {}
        self.stuck = False
        """Cause: a wire is held low; every transfer times out."""

    def attach(self, address, device):
        """`device` answers to the 7-bit `address`; None takes it off."""
        if device is None:
            self._devices.pop(address, None)
        else:
            self._devices[address] = device

    def write(self, address, data):
        """Whether somebody acknowledged."""
        device = self._devices.get(address)
        return device is not None and device.write(data)

    def read(self, address, count):
        """`count` bytes of a device, or None where nobody acknowledges."""
        device = self._devices.get(address)
        return None if device is None else device.read(count)
