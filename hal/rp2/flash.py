"""Store on the flash of an RP2: the journal on its last sectors, files on littlefs before them.

The image's own boot script has to make and mount the file system so that it ends there, as MicroPython's
takes all that there is. Whatever is programmed or erased stops the other core and every interrupt: 0.7 ms a
page of 256 bytes, and an erase some 45 ms. Nothing of this has run on a chip yet.
"""

import rp2

from hal.rp2.littlefs import file_system_blocks
from hal.sectors import SECTOR_BYTES, SectorStore

PAGE_BYTES = 256
"""What the boot ROM programs at once, and at multiples of which."""

_COUNT = 4  # the `ioctl` that tells how many blocks there are


def make(facts, number, parts):
    """The board's store; `facts.journal`: ("", sectors). ValueError: the journal has no room, and would
    destroy the file system."""
    sectors = facts.journal[1]
    whole = rp2.Flash()
    before = whole.ioctl(_COUNT, 0) - sectors
    taken = file_system_blocks(whole)
    if not 0 < taken <= before:
        raise ValueError(
            "the file system takes %d sectors of flash and the journal leaves it %d; make it anew with those,"
            " from the image's boot script" % (taken, before)
        )
    return SectorStore(
        rp2.Flash(start=before * SECTOR_BYTES, len=sectors * SECTOR_BYTES), sectors, PAGE_BYTES
    )
