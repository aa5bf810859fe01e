"""Store on Linux: a folder with the journal's sectors in one file, and below it a file for each saved name.

Everything is durable on return: `fsync` after each change. How long that takes is the medium's: a good eMMC
needs 1-5 ms, an SD card sometimes 100 ms and more. It stops the task that writes, not the tick, which is a
thread.
"""

import os

from hal.files import Files

EIO, EINVAL = 5, 22
SECTORS_FILE = "/sectors.bin"
FILES = "/files"


class FolderStore(Files):
    """`folder` is made where it is missing; ValueError: it keeps a journal of another size, or cannot be.
    Files are written as `Files` does, and are on the medium before they take the old one's name."""

    def __init__(self, folder, sectors):
        self.sectors = sectors
        self.folder = folder + FILES
        self._size = sectors * self.sector_bytes
        try:
            os.makedirs(self.folder, exist_ok=True)
            self._cells = self._open(folder + SECTORS_FILE)
        except OSError as error:
            raise ValueError(
                "the store %s cannot be used: %s; give this user the folder" % (folder, error)
            ) from None

    def read(self, sector, offset, length):
        return os.pread(self._cells, length, self._place(sector, offset, length))

    def program(self, sector, offset, data):
        """As the contract's; OSError too where a zero should become a one."""
        place = self._place(sector, offset, len(data))
        cells = int.from_bytes(os.pread(self._cells, len(data), place), "big")
        wanted = int.from_bytes(data, "big")
        if cells & wanted != wanted:
            raise OSError(EIO, "sector %d is not erased at %d; erase it first" % (sector, offset))
        self._write(data, place)

    def erase(self, sector):
        self._write(b"\xff" * self.sector_bytes, self._place(sector, 0, self.sector_bytes))

    def save(self, name, data):
        """As the contract's; ValueError: not a name."""
        _replace(self._path(name), data)

    def _open(self, path):
        if not os.path.exists(path):
            _replace(path, b"\xff" * self._size)
        found = os.stat(path).st_size
        if found != self._size:
            raise ValueError(
                "%s holds %d bytes and this board's journal %d; move the folder away or name another"
                % (path, found, self._size)
            )
        return os.open(path, os.O_RDWR)

    def _write(self, data, place):
        if os.pwrite(self._cells, data, place) != len(data):
            raise OSError(EIO, "the medium took only a part; is it full?")
        os.fdatasync(self._cells)

    def _place(self, sector, offset, length):
        if not 0 <= sector < self.sectors or offset < 0 or offset + length > self.sector_bytes:
            raise OSError(EINVAL, "the store has no %d bytes at %d of sector %d" % (length, offset, sector))
        return sector * self.sector_bytes + offset


def _replace(path, data):
    """A whole file takes the place of the old one: after a power cut it is either."""
    fresh = path + ".new"
    try:
        with open(fresh, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        if os.path.exists(fresh):
            os.remove(fresh)  # it takes room, of which there may be none
        raise
    os.rename(fresh, path)
    folder = os.open(path.rsplit("/", 1)[0], os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make(facts, number, parts):
    """The board's store, where `Board.journal` says."""
    folder, sectors = facts.journal
    return FolderStore(folder, sectors)
