"""The images of a flash that a power cut leaves, at every byte of every change, and what must be in them.

What was written is told from the bytes of the changes alone, by code that shares nothing with the journal's.
"""

import copy
import json
import struct

from hal.contract import Store

STATE, START, METER, STOP = 0, 1, 2, 3
MESSAGES = {START: "StartTransaction", METER: "MeterValues", STOP: "StopTransaction"}


class Image(Store):
    """A flash in memory, quick to read and to copy."""

    def __init__(self, sectors, sector_bytes):
        self.sectors, self.sector_bytes = sectors, sector_bytes
        self.cells = bytearray(b"\xff" * sectors * sector_bytes)
        self.files: dict[str, bytes] = {}

    def copy(self):
        other = copy.copy(self)
        other.cells, other.files = bytearray(self.cells), dict(self.files)
        return other

    def read(self, sector, offset, length):
        start = sector * self.sector_bytes + offset
        return bytes(self.cells[start : start + length])

    def program(self, sector, offset, data):
        start = sector * self.sector_bytes + offset
        for place, byte in enumerate(data, start):
            self.cells[place] &= byte

    def erase(self, sector):
        start = sector * self.sector_bytes
        self.cells[start : start + self.sector_bytes] = b"\xff" * self.sector_bytes

    def load(self, name):
        return self.files.get(name)

    def save(self, name, data):
        self.files[name] = bytes(data)

    def change(self, change):
        """Do one of `simulator.portable.flash.Flash.observer`'s changes."""
        getattr(self, change[0])(*change[1:])


class Written:
    """What has been written whole: a model of the journal that knows no sectors."""

    def __init__(self):
        self.log: list[tuple[int, int, bytes]] = []
        """(number, sort, payload) of all log records, oldest first, released or not."""
        self.values: dict[str, bytes] = {}
        self.released = 0
        self.last = 0

    def change(self, change):
        """Take in a change that was done whole."""
        if change[0] == "save":
            saved = json.loads(change[2][8:])
            self.released = max(self.released, saved["released"])
            for name, value in saved["values"].items():
                self.values[name] = json.dumps(value, separators=(",", ":")).encode()
        elif change[0] == "program" and change[2]:
            _, sort, length, number, released, _ = struct.unpack_from("<BBHIII", change[3])
            payload = bytes(change[3][16 : 16 + length])
            self.last, self.released = number, released
            if sort == STATE:
                name, _, value = payload.partition(b"\0")
                self.values[name.decode()] = value
            else:
                self.log.append((number, sort, payload))

    def with_change(self, change):
        """What it is after that change, as another one."""
        other = copy.copy(self)
        other.log, other.values = list(self.log), dict(self.values)
        other.change(change)
        return other

    def value(self, name, default):
        """A latest value."""
        return json.loads(self.values[name]) if name in self.values else default

    def kept(self):
        """The log records that must be there."""
        return [entry for entry in self.log if entry[0] > self.released]

    def messages(self):
        """(action, record) of all that the backend has to hear of, in order."""
        return [(MESSAGES[sort], json.loads(text)) for _, sort, text in self.log if sort in MESSAGES]

    def running(self):
        """The 'start' records of transactions without a 'stop', by connector."""
        found = {}
        for action, record in self.messages():
            if action == "StartTransaction":
                found[record["connector"]] = record
            elif action == "StopTransaction":
                found.pop(record["connector"])
        return found


def is_whole(image, change):
    """Whether a program lacks nothing: half a byte may be all of it, and padding may follow."""
    return change[0] == "program" and image.read(change[1], change[2], len(change[3])) == change[3]


def cuts(image, change, chance):
    """Bring `image` into each state that a cut in `change` leaves, one after the other; yields how far it
    came, as a word and a number. In the end the change is done whole."""
    if change[0] == "save":
        # A new file, whole or in part, that has not taken the place of the old one is not seen.
        yield "save", 0
    elif change[0] == "program":
        yield from _programmed(image, change, chance)
    else:
        yield from _erased(image, change, chance)
    image.change(change)


def _programmed(image, change, chance):
    """Byte after byte, and the one at the cut half done: some of its zeros are there. A byte of 0xFF is as it
    was."""
    start = change[1] * image.sector_bytes + change[2]
    for at, byte in enumerate(change[3]):
        if byte != 0xFF:
            image.cells[start + at] = byte | chance.randrange(256)
            yield "program", at
            image.cells[start + at] = byte


def _erased(image, change, chance):
    """Byte after byte; and, as real cells do, each on its own way."""
    start, size = change[1] * image.sector_bytes, image.sector_bytes
    old = bytes(image.cells[start : start + size])
    for at, byte in enumerate(old):
        if byte != 0xFF:
            image.cells[start + at] |= chance.randrange(256)
            yield "erase", at
            image.cells[start + at] = 0xFF
    for at in range(64 if old.strip(b"\xff") else 0):
        kept = chance.choice((0, 0, 16, 32, 100))
        mixed = [chance.choice((byte, 0xFF, byte | chance.randrange(256))) for byte in old[kept:]]
        image.cells[start : start + size] = old[:kept] + bytes(mixed)
        yield "mixture", at
