"""What the journal writes into a sector: one header, then records one behind the other.

    sector   magic 'M3J1' | turn u32 | crc32 u32 | 0xFFFFFFFF
    record   mark u8 | sort u8 | length u16 | sequence u32 | released u32 | crc32 u32 | payload | padding

Little-endian. A sector's header is programmed after its erase is complete, so it also proves that: half an
erase leaves no valid header, or an old one. The CRC of a record covers its header and its payload. Padding
of 0xFF lets everything start at a multiple of 8 bytes, the widest unit that the flash of a microcontroller
programs at once. `released` tells, with each record, how far the log was no longer needed, so that this
costs no record of its own.
"""

import struct
from binascii import crc32

MAGIC = b"M3J1"
SECTOR_HEAD = 16
RECORD_HEAD = 16
MARK = 0xFA  # never part of UTF-8 text, so a payload is not taken for a record
BLANK = 0xFF

STATE = 0
"""The sort of a record that is only the latest value of something; every other sort belongs to the log."""

_SECTOR = "<4sI"
_RECORD = "<BBHII"
_CRC = "<I"


def sector_header(turn):
    """The header of a freshly erased sector; `turn` counts preparations, and gives the order of use."""
    body = struct.pack(_SECTOR, MAGIC, turn)
    return body + struct.pack(_CRC, crc32(body)) + b"\xff" * 4


def sector_turn(header):
    """The turn in a sector's header, or None when the header is not valid."""
    magic, turn = struct.unpack_from(_SECTOR, header)
    if magic != MAGIC or struct.unpack_from(_CRC, header, 8)[0] != crc32(header[:8]):
        return None
    return turn


def record_bytes(length):
    """The flash that a record with a payload of `length` bytes takes."""
    return (RECORD_HEAD + length + 7) & ~7


def record(sort, sequence, released, payload):
    """The bytes of a record."""
    head = struct.pack(_RECORD, MARK, sort, len(payload), sequence, released)
    body = head + struct.pack(_CRC, crc32(payload, crc32(head))) + payload
    return body + b"\xff" * (record_bytes(len(payload)) - len(body))


class Walk:
    """Goes over the records of one sector that check, and over what does not without an error.

    A damaged payload costs its own record. A damaged header costs the rest of its sector, for nobody knows
    where the next record begins.
    """

    def __init__(self, store, sector, offset=SECTOR_HEAD):
        self.store = store
        self.sector = sector
        self.offset = offset
        """Where the record that `step` found begins."""
        self.end = offset
        """Where the next one begins or may be written; the sector's size when nothing more fits."""
        self.hidden_bytes = 0
        """Bytes passed over that may hold records which nobody can read."""
        self.skipped = []  # type: list
        """Payloads that do not check, which the last `step` passed over to a header that could be read."""
        self.decayed = False
        """A header cannot be read and has something after it: no power cut leaves that."""
        self.sort = 0
        self.sequence = 0
        self.released = 0
        self.payload = b""

    def step(self):
        """Read the next record into the attributes. False: there is none."""
        self.skipped = []
        while self.end + RECORD_HEAD <= self.store.sector_bytes:
            head = self.store.read(self.sector, self.end, RECORD_HEAD)
            if head[0] == BLANK:
                return False
            mark, self.sort, length, self.sequence, self.released = struct.unpack_from(_RECORD, head)
            size = record_bytes(length)
            if mark != MARK or self.end + size > self.store.sector_bytes:
                self.decayed = self._has_more()
                break
            self.offset = self.end
            self.end += size
            self.payload = self.store.read(self.sector, self.offset + RECORD_HEAD, length)
            if struct.unpack_from(_CRC, head, 12)[0] == crc32(self.payload, crc32(head[:12])):
                return True
            self.skipped.append(self.payload)
            self.hidden_bytes += size
        self.hidden_bytes += self.store.sector_bytes - self.end
        self.end = self.store.sector_bytes
        return False

    def _has_more(self):
        """Whether anything was written behind the header at `end`: a payload of 8 bytes at least."""
        behind = self.end + RECORD_HEAD
        length = min(8, self.store.sector_bytes - behind)
        return self.store.read(self.sector, behind, length) != b"\xff" * length
