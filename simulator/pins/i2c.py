"""`machine.I2C` and `SoftI2C` on a bus whose devices the circuit attaches."""

from simulator.pins.gpio import number_of
from simulator.pins.wired import Wired

ETIMEDOUT = 110
ENODEV = 19
FASTEST_HZ = 1000000


class Master(Wired):
    """The transfers that both kinds have; each takes its time on the wires."""

    def _open(self, scl, sda, freq, timeout):
        if not 0 < freq <= FASTEST_HZ:
            raise ValueError("freq must be from 1 to %d" % FASTEST_HZ)
        self._bus = self._chip.bus(number_of(self._chip, sda), number_of(self._chip, scl))
        self._freq = freq
        self._timeout_us = timeout
        self._silence = self._chip.rules.no_device

    def scan(self):
        """The addresses that acknowledge, of 0x08 to 0x77."""
        found = []
        for address in range(0x08, 0x78):
            self._take(1)
            if self._bus.write(address, b""):
                found.append(address)
        return found

    def writeto(self, addr, buf, stop=True):
        """Write; returns how many bytes were acknowledged."""
        data = bytes(buf)
        self._take(1 + len(data))
        if not self._bus.write(addr, data):
            raise OSError(self._silence)
        return len(data)

    def writevto(self, addr, vector, stop=True):
        """Write the pieces of `vector` as one."""
        return self.writeto(addr, b"".join([bytes(piece) for piece in vector]), stop)

    def readfrom(self, addr, nbytes, stop=True):
        """Read `nbytes`."""
        self._take(1 + nbytes)
        data = self._bus.read(addr, nbytes)
        if data is None:
            raise OSError(self._silence)
        return bytes(data)

    def readfrom_into(self, addr, buf, stop=True):
        """Fill `buf`."""
        buf[:] = self.readfrom(addr, len(buf), stop)

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        """Write to a place of the device's memory, whose address has `addrsize` bits."""
        self.writeto(addr, self._place(memaddr, addrsize) + bytes(buf))

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        """Read from a place of it."""
        self.writeto(addr, self._place(memaddr, addrsize), False)
        return self.readfrom(addr, nbytes)

    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        """Fill `buf` from a place of it."""
        buf[:] = self.readfrom_mem(addr, memaddr, len(buf), addrsize=addrsize)

    def _place(self, memaddr, addrsize):
        if addrsize not in (8, 16, 24, 32):
            raise ValueError("addrsize must be 8, 16, 24 or 32")
        return bytes([memaddr >> shift & 0xFF for shift in range(addrsize - 8, -1, -8)])

    def _take(self, count):
        if self._bus.stuck:
            self._chip.spend(self._timeout_us)
            raise OSError(ETIMEDOUT)
        self._chip.spend((count * 9 + 2) * 1000000 // self._freq)


class I2C(Master):
    """A bus in hardware."""

    def __init__(self, id, *, scl, sda, freq=400000, timeout=50000):
        rules = self._chip.rules
        if not 0 <= id < rules.i2cs:
            raise ValueError("I2C(%d) doesn't exist" % id)
        for role, pin in (("sda", sda), ("scl", scl)):
            if not rules.i2c_pin(id, role, number_of(self._chip, pin)):
                raise ValueError("bad %s pin" % role.upper())
        self._open(scl, sda, freq, timeout)


class SoftI2C(Master):
    """A bus on any two pins."""

    def __init__(self, scl, sda, *, freq=400000, timeout=50000):
        self._open(scl, sda, freq, timeout)
        self._silence = ENODEV
