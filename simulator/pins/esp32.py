"""What `import esp32` gives: the partitions of the module's flash."""

from simulator.pins.nor import SECTOR_BYTES
from simulator.pins.wired import Wired, bound

INVALID_SIZE = 0x104
NOT_FOUND = 2
TYPES = {"app": 0, "data": 1}


class Partition(Wired):
    """A partition as a block device. A write without an offset erases what it takes first."""

    BOOT, RUNNING = 0, 1
    TYPE_APP, TYPE_DATA = 0, 1

    def __init__(self, id, block_size=SECTOR_BYTES):
        if isinstance(id, int):
            if id not in (self.BOOT, self.RUNNING):
                raise ValueError
            rows = [row for row in table(self._chip) if row[0] == "app"]
        else:
            rows = [row for row in table(self._chip) if row[4] == id]
        if not rows:
            raise OSError(NOT_FOUND)
        self._kind, self._subtype, self._start, self._size, self._label = rows[0]
        self._block = block_size

    @classmethod
    def find(cls, type=0, subtype=255, label=None):
        """The partitions of a type, subtype (255: any) and label."""
        found = []
        for kind, of_subtype, _, _, of_label in table(cls._chip):
            if TYPES[kind] == type and subtype in (255, of_subtype) and label in (None, of_label):
                found.append(cls(of_label))
        return found

    def info(self):
        """(type, subtype, address, size, label, encrypted)."""
        return TYPES[self._kind], self._subtype, self._start, self._size, self._label, False

    def readblocks(self, block_num, buf, offset=0):
        """Fill `buf` from a block on."""
        buf[:] = self._chip.flash.read(self._place(block_num, offset, len(buf)), len(buf))

    def writeblocks(self, block_num, buf, offset=None):
        """Write `buf` from a block on."""
        at = self._place(block_num, offset or 0, len(buf))
        if offset is None:
            for start in range(at, at + len(buf), SECTOR_BYTES):
                self._chip.flash.erase(start)
        self._chip.flash.program(at, bytes(buf))

    def ioctl(self, op, arg=0):
        """What MicroPython's file systems ask of a block device."""
        if op == 4:
            return self._size // self._block
        if op == 5:
            return self._block
        if op == 6:
            self._chip.flash.erase(self._place(arg, 0, SECTOR_BYTES))
        return 0 if op in (1, 2, 3, 6) else None

    def _place(self, block, offset, length):
        at = block * self._block + offset
        if at < 0 or at + length > self._size:
            raise OSError(-INVALID_SIZE, "ESP_ERR_INVALID_SIZE")
        return self._start + at


def table(chip):
    """The partitions: the usual ones, and the board's journal in what they leave."""
    label, sectors = chip.board.journal
    rows = list(chip.rules.partitions)
    if label:
        start, room = chip.rules.spare
        rows.append(("data", 0x40, start, min(sectors * SECTOR_BYTES, room), label))
    return rows


def names(chip):
    """The module's names."""
    return {"Partition": bound(chip, Partition)}
