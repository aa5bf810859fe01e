"""Store on an I2C FRAM: the journal there, files on the processor's file system.

FRAM takes every write at once and forgets nothing in 10^13 of them (Fujitsu MB85RC512T, MB85RC1MT: 64 and 128
KiB, two bytes of address). It needs no erasing, so the sectors are pretended: an erase writes ones. Neither
stops the tick where that has its own core or timer, but other tasks: at 400 kHz a record of 100 bytes takes 7
ms with what is read before and after it, and an erase 93 ms.
"""

from hal.gpio.i2c import bus
from hal.sectors import ERASE, SECTOR_BYTES, SectorStore

ADDRESS = 0x50
"""With all address pins at ground. Its last bit takes the 17th bit of a cell's address."""
_CHUNK_BYTES = 256
_ONES = b"\xff" * _CHUNK_BYTES


class Fram:
    """An FRAM as one of MicroPython's block devices, as far as a store needs one. OSError: it does not
    answer."""

    def __init__(self, i2c):
        self._i2c = i2c

    def readblocks(self, block, data, offset):
        """Fill `data` from a place."""
        at = block * SECTOR_BYTES + offset
        view = memoryview(data)
        for start in range(0, len(data), _CHUNK_BYTES):
            place = at + start
            self._i2c.readfrom_mem_into(
                ADDRESS | place >> 16, place & 0xFFFF, view[start : start + _CHUNK_BYTES], addrsize=16
            )

    def writeblocks(self, block, data, offset):
        """Replace what is at a place. Whoever programs has looked: only ones become zeros."""
        self._write(block * SECTOR_BYTES + offset, data)

    def ioctl(self, operation, block):
        """Erase a block: the only operation."""
        if operation == ERASE:
            for offset in range(0, SECTOR_BYTES, _CHUNK_BYTES):
                self._write(block * SECTOR_BYTES + offset, _ONES)

    def _write(self, at, data):
        view = memoryview(data)
        for start in range(0, len(data), _CHUNK_BYTES):
            place = at + start
            self._i2c.writeto_mem(
                ADDRESS | place >> 16, place & 0xFFFF, view[start : start + _CHUNK_BYTES], addrsize=16
            )


def make(facts, number, parts):
    """The board's store; `facts.journal`: ("", sectors), 16 for 64 KiB."""
    return SectorStore(Fram(bus(facts.pins)), facts.journal[1])
