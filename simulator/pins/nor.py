"""The flash chip: erased bytes are 0xFF, programming only clears bits, and both take their time.

Kept sparsely, so that a small heap has room for it.
"""

from simulator.pins.rules import Restarted

SECTOR_BYTES = 4096
PAGE_BYTES = 256


class Nor:
    """Flash of `size` bytes beside `chip`."""

    def __init__(self, chip, size):
        self.size = size
        self.fuel = None
        """Cause: the power is cut after so many more programmed bytes or erased sectors; None: it is not."""
        self._chip = chip
        self._sectors = {}

    def read(self, start, length):
        """`length` bytes from `start`."""
        data = bytearray(length)
        done = 0
        while done < length:
            sector, offset = divmod(start + done, SECTOR_BYTES)
            count = min(length - done, SECTOR_BYTES - offset)
            cells = self._sectors.get(sector)
            data[done : done + count] = cells[offset : offset + count] if cells else b"\xff" * count
            done += count
        return data

    def program(self, start, data):
        """Clear the bits that are zero in `data`. A power cut leaves a prefix."""
        count = self._burn(len(data))
        for index in range(count):
            sector, offset = divmod(start + index, SECTOR_BYTES)
            if sector not in self._sectors:
                self._sectors[sector] = bytearray(b"\xff" * SECTOR_BYTES)
            self._sectors[sector][offset] &= data[index]
        pages = (start + len(data) - 1) // PAGE_BYTES - start // PAGE_BYTES + 1
        self._chip.deafen(pages * self._chip.rules.page_us)
        self._end(count < len(data))

    def erase(self, start):
        """Erase the sector at `start`. A power cut leaves part of it as it was."""
        sector = start // SECTOR_BYTES
        cut = not self._burn(1)
        if not cut:
            self._sectors.pop(sector, None)
        elif sector in self._sectors:
            half = SECTOR_BYTES // 2
            self._sectors[sector][:half] = b"\xff" * half
        self._chip.deafen(self._chip.rules.erase_us)
        self._end(cut)

    def format(self, blocks):
        """Lay the head of an empty littlefs of so many blocks over the first one, as an image's boot script
        leaves it (littlefs, SPEC.md, "superblock"); the files themselves are the host's."""
        head = bytearray(b"\xff" * SECTOR_BYTES)
        head[8:16] = b"littlefs"
        head[24:28] = SECTOR_BYTES.to_bytes(4, "little")
        head[28:32] = blocks.to_bytes(4, "little")
        self._sectors[0] = head

    def _burn(self, count):
        if self.fuel is None:
            return count
        count = min(count, self.fuel)
        self.fuel -= count
        return count

    def _end(self, cut):
        if cut:
            raise Restarted("the power was cut while the flash was written")
