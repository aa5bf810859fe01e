"""Store on the flash of an ESP32: the journal on a raw partition of its own, files on littlefs.

The image's partition table has to name that partition, of type data. Whatever is programmed or erased stops
both cores but for what runs from internal memory: some 1 ms a page of 256 bytes, and an erase some 45 ms.
Nothing of this has run on a chip yet.
"""

import esp32

from hal.sectors import SECTOR_BYTES, SectorStore

_SIZE = 3  # in what `Partition.info` tells


def make(facts, number, parts):
    """The board's store; `facts.journal`: (the partition's label, sectors). ValueError: there is no such
    partition, or it is smaller."""
    label, sectors = facts.journal
    found = esp32.Partition.find(esp32.Partition.TYPE_DATA, label=label)
    size = found[0].info()[_SIZE] if found else 0
    if size < sectors * SECTOR_BYTES:
        raise ValueError(
            "the journal needs a data partition '%s' of %d bytes and there is one of %d; flash this board's"
            " own partition table" % (label, sectors * SECTOR_BYTES, size)
        )
    return SectorStore(found[0], sectors)
