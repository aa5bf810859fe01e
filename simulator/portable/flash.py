"""A NOR flash with a small file system beside it, in memory or kept in a folder.

With a folder every change is in the folder's files when the call returns, so that a killed process loses
nothing that was acknowledged, and no image is held in memory. Runs on CPython and on MicroPython.
"""

import os

from hal.contract import Store

EIO = 5
EINVAL = 22
ENOSPC = 28  # MicroPython's errno module does not know it

SECTORS = 256
"""With 4 KiB each a MiB: room for a day's session and 1,000 transactions (as firmware/journal.py reckons)."""

PAGE_BYTES = 256
"""A sector is erased page by page: on a small heap there is no room for a whole one."""


class Memory:
    """Cells and named files in memory."""

    def __init__(self, sectors, sector_bytes):
        self._files = {}
        self._cells = bytearray(sectors * sector_bytes)
        for sector in range(sectors):
            self.write(sector * sector_bytes, b"\xff" * sector_bytes)

    def read(self, start, length):
        """`length` bytes from `start`."""
        return bytes(self._cells[start : start + length])

    def write(self, start, data):
        """Replace the bytes from `start`."""
        self._cells[start : start + len(data)] = data

    def names(self):
        """The names of all files."""
        return sorted(self._files)

    def load(self, name):
        """The bytes of a file, or None."""
        return self._files.get(name)

    def save(self, name, data):
        """Replace a file."""
        self._files[name] = bytes(data)


class Folder:
    """The same in a folder: 'sectors.bin', and one file a name. Every access opens and closes its file."""

    def __init__(self, path, sectors, sector_bytes):
        self._path = path
        self._sectors = path + "/sectors.bin"
        try:
            os.mkdir(path)
        except OSError:
            pass  # it is there; when it cannot be, the next lines say so
        try:
            found = os.stat(self._sectors)[6]
        except OSError:
            self._replace(self._sectors, b"\xff" * sector_bytes, sectors)
        else:
            if found != sectors * sector_bytes:
                raise ValueError(
                    "%s holds %d bytes but this board's flash has %d; remove the folder or choose another"
                    % (self._sectors, found, sectors * sector_bytes)
                )

    def read(self, start, length):
        """`length` bytes from `start`."""
        with open(self._sectors, "rb") as file:
            file.seek(start)
            return file.read(length)

    def write(self, start, data):
        """Replace the bytes from `start`."""
        with open(self._sectors, "r+b") as file:
            file.seek(start)
            file.write(data)

    def names(self):
        """The names of all files."""
        return sorted([name[:-6] for name in os.listdir(self._path) if name.endswith(".saved")])

    def load(self, name):
        """The bytes of a file, or None."""
        try:
            with open(self._file(name), "rb") as file:
                return file.read()
        except OSError:
            return None

    def save(self, name, data):
        """Replace a file, by renaming a whole one over it."""
        self._replace(self._file(name), data, 1)

    def _file(self, name):
        if not name or "/" in name:
            raise ValueError("'%s' cannot name a file of the store; use letters, digits and '_'" % name)
        return "%s/%s.saved" % (self._path, name)

    def _replace(self, path, data, times):
        with open(path + ".new", "wb") as file:
            for _ in range(times):
                file.write(data)
            file.flush()
        os.rename(path + ".new", path)


class Flash(Store):
    """Non-volatile memory as `hal.contract.Store` describes it: programming only turns ones into zeros.

    ValueError: the folder keeps an image of another size.
    """

    def __init__(self, folder=None, sectors=SECTORS, sector_bytes=4096):
        self.sectors = sectors
        self.sector_bytes = sector_bytes
        self.full = False
        """The fault `store_full`: every change is refused with ENOSPC."""
        self.decayed = False
        """The fault `store_decayed`: below each file a cell reads the other way round, for good."""
        self.observer = None
        """Called before each change with ('program', sector, offset, data), ('erase', sector) or ('save',
        name, data): the log from which the image of a power cut at any byte is built (see `copy`)."""
        self._medium = Folder(folder, sectors, sector_bytes) if folder else Memory(sectors, sector_bytes)

    def copy(self):
        """A copy in memory of what is there now, as a power cut leaves it."""
        other = Flash(None, self.sectors, self.sector_bytes)
        for sector in range(self.sectors):
            other.overwrite(sector, self.read(sector, 0, self.sector_bytes))
        for name in self._medium.names():
            other.save(name, self.load(name))
        return other

    def overwrite(self, sector, data):
        """Set a sector's bytes whatever they were: half an erase, or a decayed cell. No device can."""
        self._medium.write(self._start(sector, 0, len(data)), data)

    def read(self, sector, offset, length):
        """`length` bytes from `offset` of `sector`. OSError outside the sector."""
        return self._medium.read(self._start(sector, offset, length), length)

    def program(self, sector, offset, data):
        """Turn ones into zeros. OSError: a zero cannot become a one, or outside the sector, or `full`."""
        start = self._start(sector, offset, len(data))
        cells = int.from_bytes(self._medium.read(start, len(data)), "big")
        wanted = int.from_bytes(data, "big")
        if cells & wanted != wanted:
            raise OSError(EIO, "sector %d is not erased at %d; erase it first" % (sector, offset))
        self._change("program", sector, offset, data)
        self._medium.write(start, data)

    def erase(self, sector):
        """Set all bytes of a sector to 0xFF."""
        start = self._start(sector, 0, self.sector_bytes)
        self._change("erase", sector)
        for page in range(start, start + self.sector_bytes, PAGE_BYTES):
            self._medium.write(page, b"\xff" * PAGE_BYTES)

    def load(self, name):
        """The bytes saved under `name`, or None."""
        data = self._medium.load(name)
        if not data or not self.decayed:
            return data
        middle = len(data) // 2
        return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]

    def save(self, name, data):
        """Replace the bytes under `name` at once. ValueError: not a name."""
        self._change("save", name, data)
        self._medium.save(name, data)

    def _change(self, *operation):
        if self.full:
            raise OSError(ENOSPC, "the store is full")
        if self.observer:
            self.observer(*operation)

    def _start(self, sector, offset, length):
        if not 0 <= sector < self.sectors or offset < 0 or offset + length > self.sector_bytes:
            raise OSError(EINVAL, "the store has no %d bytes at %d of sector %d" % (length, offset, sector))
        return sector * self.sector_bytes + offset
