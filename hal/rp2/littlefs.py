"""How far a littlefs reaches (SPEC.md of littlefs 2, "superblock"), so that nobody writes into it."""

_MAGIC = b"littlefs"
_MAGIC_AT, _BLOCKS_AT = 8, 28


def file_system_blocks(device):
    """How many blocks the file system on a block device takes, from its first one on; 0: there is none."""
    head = bytearray(_BLOCKS_AT + 4)
    for block in range(2):  # either may be the one that counts
        device.readblocks(block, head, 0)
        if head[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC:
            return int.from_bytes(head[_BLOCKS_AT:], "little")
    return 0
