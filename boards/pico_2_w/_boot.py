"""What an image for this board runs first, in place of MicroPython's own: files before the journal's sectors.

(Its own gives all of the flash to files, and would make them anew over the journal.)
"""

import rp2
import vfs

from boards.pico_2_w.definition import BOARD

SECTOR_BYTES = 4096
BLOCKS = 4
"""What `ioctl` is asked for: how many there are."""

flash = rp2.Flash()
files = rp2.Flash(start=0, len=(flash.ioctl(BLOCKS, 0) - BOARD.journal[1]) * SECTOR_BYTES)
try:
    system = vfs.VfsLfs2(files, progsize=256)
except OSError:
    vfs.VfsLfs2.mkfs(files, progsize=256)
    system = vfs.VfsLfs2(files, progsize=256)
vfs.mount(system, "/")
