"""Power cuts for the journal's tests: a story, what it was told is written, and what a cut leaves of it."""

import random

from firmware.journal import Journal
from simulator.portable.flash import Flash


class PowerCut(Exception):
    """The supply went away in the middle of a change."""


class Bench:
    """A journal on a small flash, and beside it what the journal has acknowledged."""

    def __init__(self, sectors=6, sector_bytes=512):
        self.flash = Flash(None, sectors, sector_bytes)
        self.log = []
        """(sequence, record) of every acknowledged log record."""
        self.values = {}
        self.pending = {}
        """What is being written: {'record': ...} or {'name': ..., 'value': ...}."""
        self.released = 0
        self.cut = None
        """(changes that are still whole, bytes of the one after them that is not), or None."""
        self.changes = []
        """What was changed, since it was last emptied."""
        self.flash.observer = self._observe
        self.boot()

    def boot(self):
        """Start the firmware again; whatever it finds must hold what was acknowledged."""
        self.journal = Journal(self.flash)
        self._check()

    def do(self, name, *args):
        """One operation of the story; one that the journal refuses is no longer pending."""
        try:
            getattr(self, "_" + name)(*args)
        except OSError:
            self.pending = {}
        except PowerCut:
            self.boot()

    def prepare(self):
        """All that may be erased, is."""
        prepare(self.journal)

    def _append(self, kind, size):
        record = {"kind": kind, "tx": len(self.log), "text": "x" * size}
        self.pending = {"record": record}
        self._acknowledge(self.journal.append(dict(record)))

    def _put(self, name, value):
        self.pending = {"name": name, "value": value}
        self.journal.put(name, value)
        self.values[name] = value
        self.pending = {}

    def _keep(self, name, value):
        self.pending = {"name": name, "value": value}
        self.journal.keep(name, value)
        self.values[name] = value
        self.pending = {}

    def _release(self, count):
        if self.log:
            self.released = max(self.released, self.log[min(count, len(self.log)) - 1][0])
            self.journal.release(self.released)

    def _prepare(self, times):
        for _ in range(times):
            self.journal.prepare()

    def _reboot(self):
        self.boot()

    def _full(self, full):
        self.flash.full = full

    def _acknowledge(self, sequence):
        assert sequence > (self.log[-1][0] if self.log else 0), "a sequence number went back"
        self.log.append((sequence, self.pending["record"]))
        self.pending = {}

    def _check(self):
        found = read_all(self.journal)
        acknowledged = self.log
        pending, self.pending = self.pending, {}
        if found and "record" in pending and found[-1][1] == pending["record"]:
            acknowledged = [*acknowledged, found[-1]]
        # Released records may be there or not, but never with a hole: the log is a tail of what was written.
        assert found == (acknowledged[-len(found) :] if found else [])
        kept = [entry for entry in acknowledged if entry[0] > self.released]
        assert len(found) >= len(kept), "an acknowledged record is lost"
        self.log = acknowledged
        if "name" in pending and self.journal.get(pending["name"]) == pending["value"]:
            self.values[pending["name"]] = pending["value"]
        assert {name: self.journal.get(name) for name in self.values} == self.values

    def _observe(self, operation, *args):
        self.changes.append((operation, args))
        if self.cut is None:
            return
        whole, at = self.cut
        self.cut = (whole - 1, at)
        if whole == 0:
            self.cut = None
            self.flash.observer = None
            half_done(self.flash, operation, args, at)
            self.flash.observer = self._observe
            raise PowerCut


def until_refused(write):
    """Call `write` until it raises OSError; the message."""
    for _ in range(10000):
        try:
            write()
        except OSError as refusal:
            return str(refusal)
    return "never refused"


def prepare(journal):
    """Erase whatever may be erased."""
    while journal.prepare():
        pass
    return journal


def prepared(flash):
    """A journal that is ready to write."""
    return prepare(Journal(flash))


def filled(flash, count):
    """A journal with so many records, and their sequence numbers."""
    journal = prepared(flash)
    return journal, [
        journal.append({"kind": "stop", "tx": number, "text": "x" * 40}) for number in range(count)
    ]


def read_all(journal):
    """[(sequence, record)] as a client reads them."""
    found = []
    entry = journal.after(0)
    while entry:
        found.append(entry)
        entry = journal.after(entry[0])
    return found


def half_done(flash, operation, args, at):
    """Leave of a change what a power cut after `at` bytes leaves."""
    if operation == "program":
        sector, offset, data = args
        # Of the byte at the cut some zeros are there.
        flash.program(sector, offset, data[:at] + bytes(byte | 0x55 for byte in data[at : at + 1]))
    elif operation == "erase":
        chance = random.Random(at)
        old = flash.read(args[0], 0, flash.sector_bytes)
        # Each cell on its own is as before, erased, or on the way there; some sectors keep a whole header.
        kept = chance.choice((0, 0, 16, 32, 100))
        flash.overwrite(args[0], old[:kept] + bytes(_cell(byte, chance) for byte in old[kept:]))
    elif at % 2:
        flash.save(*args)


def _cell(byte, chance):
    return chance.choice((byte, 0xFF, byte | chance.randrange(256)))


def cuts(operation, args):
    """All the places where a change is cut: each byte of a program, some ways to half an erase, before and
    after a rename."""
    if operation == "program":
        return range(len(args[2]) + 1)
    return range(12) if operation == "erase" else range(2)
