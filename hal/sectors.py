"""A store whose journal lies on raw memory, beside files on the processor's file system."""

from hal.files import Files

EIO = 5
EINVAL = 22
ERASE = 6
"""The `ioctl` of MicroPython's block devices that erases a block."""
SECTOR_BYTES = 4096
"""What NOR flash erases at once, and the block of both chips' devices."""


class SectorStore(Files):
    """Sectors on `device`, a block device of MicroPython's extended interface, from its first block on.

    `writeblocks` with an offset programs what it is given and erases nothing. `page_bytes`: the device takes
    whole pages only, at multiples of that; what surrounds the data is then written as ones, which on NOR
    flash leaves it as it is.
    """

    sector_bytes = SECTOR_BYTES

    def __init__(self, device, sectors, page_bytes=1):
        self.sectors = sectors
        self._device = device
        self._page_bytes = page_bytes
        self._page = bytearray(page_bytes)
        self._ones = b"\xff" * page_bytes

    def read(self, sector, offset, length):
        """`length` bytes from `offset` of `sector`. OSError: outside of it."""
        self._check(sector, offset, length)
        data = bytearray(length)
        self._device.readblocks(sector, data, offset)
        return bytes(data)

    def program(self, sector, offset, data):
        """Turn ones into zeros, within 5 ms for 1 KiB. OSError: a zero cannot become a one, the memory did
        not take it, or outside of the sector."""
        # As numbers: byte by byte it would take a small processor 20 ms.
        cells = int.from_bytes(self.read(sector, offset, len(data)), "big")
        wanted = int.from_bytes(data, "big")
        if cells & wanted != wanted:
            raise OSError(EIO, "sector %d is not erased at %d; erase it first" % (sector, offset))
        if self._page_bytes == 1:
            self._device.writeblocks(sector, data, offset)
        else:
            self._write_pages(sector, offset, data)
        if self.read(sector, offset, len(data)) != data:
            raise OSError(EIO, "sector %d did not take what was written at %d" % (sector, offset))

    def erase(self, sector):
        """Set all bytes of a sector to 0xFF. On both chips nothing else runs meanwhile: 45 ms as a rule, 400
        ms at worst (data sheet of the Winbond W25Q)."""
        self._check(sector, 0, 0)
        self._device.ioctl(ERASE, sector)

    def _write_pages(self, sector, offset, data):
        page = self._page
        size = self._page_bytes
        done = 0
        while done < len(data):
            at = (offset + done) % size
            count = min(size - at, len(data) - done)
            page[:] = self._ones
            page[at : at + count] = data[done : done + count]
            self._device.writeblocks(sector, page, offset + done - at)
            done += count

    def _check(self, sector, offset, length):
        if not 0 <= sector < self.sectors or offset < 0 or offset + length > SECTOR_BYTES:
            raise OSError(EINVAL, "the store has no %d bytes at %d of sector %d" % (length, offset, sector))
