"""Addresses of the firmware's buffers, as its DMA sees them.

The buffers are the host's; the addresses are those of a heap at the start of the chip's RAM, given out in the
order in which they are asked for, so that a run repeats.
"""

import sys

RAM = 0x20008010
GRAIN = 16
"""Alignment of what the garbage collector hands out (bytes)."""

if sys.implementation.name == "micropython":
    from uctypes import addressof  # type: ignore[import-not-found]  # MicroPython's
else:
    import ctypes

    def addressof(buffer):
        """The host's address of a buffer's first byte."""
        size = memoryview(buffer).nbytes
        return ctypes.addressof((ctypes.c_char * size).from_buffer(buffer))


class Memory:
    """The blocks whose addresses somebody wanted to know."""

    def __init__(self):
        self._blocks = []
        self._next = RAM

    def address(self, buffer):
        """The chip's address of `buffer`, or of a part of a buffer that it has seen."""
        host = addressof(buffer)
        for base, size, start, _ in self._blocks:
            if base <= host < base + size:
                return start + host - base
        size = byte_count(buffer)
        start = self._next
        self._blocks.append((host, size, start, buffer))
        self._next = (start + size + GRAIN - 1) // GRAIN * GRAIN
        return start

    def find(self, address):
        """(start, bytes, buffer) of the block that holds `address`, or None."""
        for _, size, start, buffer in self._blocks:
            if start <= address < start + size:
                return start, size, buffer
        return None


def byte_count(buffer):
    """Bytes in a buffer, whatever its items."""
    return len(bytes(buffer))
