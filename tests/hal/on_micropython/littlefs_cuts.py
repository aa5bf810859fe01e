"""Saves a file on MicroPython's own littlefs, on memory whose power is cut at each write and erase in turn.

Prints for each history and each way in which a cut write may end: how many cuts there were, and how often the
old and the new file was there afterwards. Anything else is an exception.
"""

import os

import vfs

from hal.files import Files
from hal.rp2.littlefs import file_system_blocks

BLOCK, BLOCKS, PAGE = 4096, 12, 256
EIO = 5
TEARS = ("nothing", "a beginning", "all but the end", "rubbish")


class Memory:
    """A block device that dies when its `fuel` of writes and erases is spent: the one under way is torn, and
    nothing is changed any more."""

    def __init__(self, cells):
        self.cells = cells
        self.fuel = -1
        self.tear = 0
        self.gone = False
        """Nobody is there any more; what the garbage collector still closes on it takes no memory."""

    def readblocks(self, block, data, offset=0):
        if self.gone:
            return -EIO
        at = block * BLOCK + offset
        data[:] = self.cells[at : at + len(data)]
        return 0

    def writeblocks(self, block, data, offset=0):
        if self.gone:
            return -EIO
        at = block * BLOCK + offset
        for i in range(self._burn(len(data))):
            self.cells[at + i] &= data[i]
        if self.fuel == 0 and self.tear == 3:
            for i in range(0, len(data), 3):
                self.cells[at + i] &= 0x5A
        self._die()
        return 0

    def ioctl(self, operation, argument):
        if self.gone:
            return -EIO
        if operation == 4:
            return BLOCKS
        if operation == 5:
            return BLOCK
        if operation == 6:
            at = argument * BLOCK
            count = self._burn(BLOCK)
            self.cells[at : at + count] = b"\xff" * count
            if self.fuel == 0 and self.tear == 3:
                for i in range(0, BLOCK, 7):
                    self.cells[at + i] |= 0x5A
            self._die()
        return 0

    def _burn(self, count):
        """How many bytes of an operation take place."""
        if self.fuel == -2:
            raise OSError(EIO)
        if self.fuel > 0:
            self.fuel -= 1
        elif self.fuel == 0:
            return (0, count // 3, count - 1, count // 2)[self.tear]
        return count

    def _die(self):
        if self.fuel == 0:
            self.fuel = -2
            raise OSError(EIO)


def mount(memory):
    vfs.mount(vfs.VfsLfs2(memory, progsize=PAGE), "/ram")
    store = Files()
    store.folder = "/ram"
    return store


def history(saves):
    """What memory holds after so many saves of two files."""
    memory = Memory(bytearray(b"\xff" * (BLOCK * BLOCKS)))
    vfs.VfsLfs2.mkfs(memory, progsize=PAGE)
    store = mount(memory)
    store.save("roots", b"R" * 1500)
    for i in range(saves):
        store.save("settings", b"%03d" % i * (5 + i * 37 % 900))
    vfs.umount("/ram")
    return memory.cells


def cut(cells, old, new, fuel, tear):
    """Save `new` over `old` and cut the power: whether the save had ended, and what is there then."""
    memory = Memory(bytearray(cells))
    store = mount(memory)
    memory.fuel, memory.tear = fuel, tear
    try:
        store.save("settings", new)
        ended = True
    except OSError:
        ended = False
    vfs.umount("/ram")
    memory.gone = True
    store = mount(Memory(memory.cells))  # the power comes back
    found = store.load("settings")
    assert found == new if ended else found in (old, new), (fuel, tear, found)
    assert store.load("roots") == b"R" * 1500
    store.save("settings", b"after")
    assert store.load("settings") == b"after"
    vfs.umount("/ram")
    return ended, found == new


def main():
    print(file_system_blocks(Memory(history(0))))
    for saves in (1, 2, 30, 61):
        cells = history(saves)
        store = mount(Memory(cells))
        old = store.load("settings")
        vfs.umount("/ram")
        for size in (12, 3000):
            for tear in range(len(TEARS)):
                fuel, told = 0, [0, 0]
                while True:
                    ended, is_new = cut(cells, old, b"N" * size, fuel, tear)
                    if ended:
                        break
                    told[is_new] += 1
                    fuel += 1
                print(saves, size, TEARS[tear], fuel, told[0], told[1])
    print(sorted(os.listdir("/")) != [])


main()
