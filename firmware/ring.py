"""The raw sectors of the store as two endless strips of numbered records: the log, and latest values.

Sectors are filled one after another and used again in turn, so that all wear alike. What is in use is known
by two small integers a sector, whatever the number of records: its own number, and that of its first record.

Each has sectors of its own: a value that is written each minute must not fill those that a log record holds
back, and a sector of values is free as soon as they are saved elsewhere. The numbers are common to both.

A write that a power cut tore, or that the store refused half-way, is the last thing in its sector: what comes
after goes into another one. So what cannot be read and has something after it has decayed.
"""

from firmware.records import (
    RECORD_HEAD,
    SECTOR_HEAD,
    STATE,
    Walk,
    record,
    record_bytes,
    sector_header,
    sector_turn,
)

EFBIG = 27
ENOSPC = 28

RECORD_BYTES = 1024
"""Longest record with its header. A page of 256 bytes programs in about 0.7 ms (serial NOR flash), so that a
write stays within 5 ms."""


class _Strip:
    """Sectors that are filled one after another."""

    def __init__(self):
        self.sectors = []
        """Oldest first; the last one is written to."""
        self.first = []
        """The number that each of them starts with."""
        self.end = 0
        """Where the next record goes in the last one."""
        self.broken = False
        """The last one has a header that has decayed, and nobody knows what is behind it."""


def _age(strip):
    return strip.first[0]


class Ring:
    """Records in sectors; recovers from whatever a power cut left.

    A record of the sort `STATE` does not hold its sector; any other does until it is released. `sequence` is
    the least number to go on with, `released` the least that is known to be released, and `visit` is called
    with the `Walk` at each record that is there, oldest first.
    """

    def __init__(self, store, sequence, released, visit):
        self.store = store
        self.sequence = sequence
        """The number of the next record."""
        self.released = released
        """Records up to this number are no longer needed."""
        self.durable = released
        """The same as the store knows it."""
        self.decayed = 0
        """No value with a greater number has decayed together with its header. With its header as it was,
        it is in `Walk.skipped` when `visit` is called."""
        self.to_erase = []
        self._log = _Strip()
        self._values = _Strip()
        self._free = []  # erased sectors with a header, in order of use
        self._turn = 0
        # (sequence, sector, offset): where the search for what follows `sequence` goes on.
        self._cursors: tuple = ()
        self._recover(visit)

    def write(self, sort, payload):
        """Write a record and return its number; durable on return, within 5 ms, never erases.

        OSError: too long (EFBIG), no erased sector (ENOSPC), or the store refused. A record that was refused
        may be found later, but no other one ever has its number.
        """
        size = record_bytes(len(payload))
        if size > RECORD_BYTES or SECTOR_HEAD + size > self.store.sector_bytes:
            raise OSError(EFBIG, "a record of %d bytes is longer than the journal takes; split it" % size)
        strip = self._values if sort == STATE else self._log
        self._make_way(strip, size)
        sequence = self.sequence
        self.sequence += 1  # even if the write fails: it may have reached the flash
        self.store.program(strip.sectors[-1], strip.end, record(sort, sequence, self.released, payload))
        strip.end += size
        self.durable = self.released
        return sequence

    def after(self, sequence, sorts):
        """The `Walk` at the first record of the log after `sequence` whose sort is in `sorts`, or None."""
        walk = self._seek(sequence)
        while walk:
            while walk.step():
                if walk.sequence > sequence and walk.sort in sorts:
                    here = (sequence, walk.sector, walk.offset)
                    self._cursors = (here, (walk.sequence, walk.sector, walk.end))
                    return walk
            self._cursors = ((sequence, walk.sector, walk.end),)
            walk = self._following(walk.sector)
        return None

    def release(self, sequence):
        """Records up to `sequence` are no longer needed. Durable with the next record."""
        self.released = max(self.released, min(sequence, self.sequence - 1))

    def room(self):
        """Bytes that can be written before the next erase: what is left of the log's sector, and all erased
        ones."""
        last = self.store.sector_bytes - self._log.end if self._log.sectors else 0
        return last + len(self._free) * (self.store.sector_bytes - SECTOR_HEAD)

    def held(self):
        """Sectors that no erase gives back before more of the log is released."""
        first = self._log.first
        index = len(first) - 1
        while index > 0 and first[index] > self.released + 1:
            index -= 1
        return len(first) - max(index, 0)

    def find_unneeded(self):
        """The strip whose oldest sector holds nothing but values or released records, the older one first;
        None when there is none."""
        found = [strip for strip in (self._values, self._log) if len(strip.sectors) > 1]
        if self._log in found and self._is_needed():
            found.remove(self._log)
        return min(found, key=_age) if found else None

    def retire(self, strip):
        """Leave the oldest sector of a strip to be erased."""
        self.to_erase.append(strip.sectors.pop(0))
        strip.first.pop(0)
        self._cursors = ()

    def erase(self):
        """Erase one of the sectors to be erased, and prove it by a header: up to 1 s. OSError: the store
        refused; the next call takes another one."""
        sector = self.to_erase.pop(0)
        try:
            self.store.erase(sector)
            self.store.program(sector, 0, sector_header(self._turn + 1))
        except OSError:
            self.to_erase.append(sector)
            raise
        self._turn += 1
        self._free.append(sector)

    def _make_way(self, strip, size):
        # The last erased sector is for the log: no value is worth the end of a transaction.
        spare = 1 if strip is self._values else 0
        while not self._is_erased(strip, size):
            if len(self._free) <= spare:
                raise OSError(
                    ENOSPC, "the journal has no erased sector; prepare it while the contactor is open"
                )
            strip.sectors.append(self._free.pop(0))
            strip.first.append(self.sequence)
            strip.end = SECTOR_HEAD

    def _is_erased(self, strip, size):
        """Whether the next record fits, and no write that failed nor a decayed cell is in its way."""
        if not strip.sectors or strip.end + size > self.store.sector_bytes:
            return False
        return self.store.read(strip.sectors[-1], strip.end, size) == b"\xff" * size

    def _seek(self, sequence):
        for known, sector, offset in self._cursors:
            if known == sequence:
                return Walk(self.store, sector, offset)
        log = self._log
        index = len(log.sectors) - 1
        while index > 0 and log.first[index] > sequence:
            index -= 1
        return Walk(self.store, log.sectors[index]) if log.sectors else None

    def _following(self, sector):
        log = self._log
        index = log.sectors.index(sector) + 1
        return Walk(self.store, log.sectors[index]) if index < len(log.sectors) else None

    def _is_needed(self):
        """Whether the oldest sector of the log is."""
        if self._log.first[1] <= self.released + 1:
            return False
        walk = Walk(self.store, self._log.sectors[0])
        while walk.step():
            if walk.sort != STATE and walk.sequence > self.released:
                return True
        return False

    def _recover(self, visit):
        written, blank, hidden_bytes = self._sort_out()
        last_turn = 0
        for first, sector, turn in written:
            last_turn = max(last_turn, turn)
            hidden_bytes += self._replay(first, sector, visit)
        for turn, sector in blank:
            # One older than the sectors in use is what half an erase left, however blank it looks.
            (self._free if turn > last_turn else self.to_erase).append(sector)
        if self._values.broken:
            self.decayed = self.sequence - 1
        self.durable = self.released
        # What cannot be read may have had numbers: none is given twice.
        self.sequence += hidden_bytes // RECORD_HEAD

    def _sort_out(self):
        """Look at the beginning of every sector. Returns those with records, as (first number, sector, turn)
        in order, those that look blank, as (turn, sector) in order, and the bytes that nobody can read."""
        # Integers in lists that do not grow: a tuple for each sector, with all that is read in between, would
        # leave a small heap in shreds.
        turns = [-1] * self.store.sectors
        firsts = [-1] * self.store.sectors
        hidden_bytes = 0
        for sector in range(self.store.sectors):
            header = self.store.read(sector, 0, SECTOR_HEAD)
            turn = sector_turn(header)
            self._turn = max(self._turn, turn or 0)
            walk = Walk(self.store, sector)
            if turn is not None and walk.step():
                turns[sector], firsts[sector] = turn, walk.sequence
            elif turn is not None and walk.end == SECTOR_HEAD:
                turns[sector] = turn
            else:
                self.to_erase.append(sector)
                hidden_bytes += 0 if header == b"\xff" * SECTOR_HEAD else self.store.sector_bytes
        sectors = [sector for sector in range(self.store.sectors) if turns[sector] >= 0]
        written = [(firsts[sector], sector, turns[sector]) for sector in sectors if firsts[sector] >= 0]
        blank = [(turns[sector], sector) for sector in sectors if firsts[sector] < 0]
        return sorted(written), sorted(blank), hidden_bytes

    def _replay(self, first, sector, visit):
        walk = Walk(self.store, sector)
        strip = self._values
        while walk.step():
            if walk.sort != STATE:
                strip = self._log
            self.sequence = max(self.sequence, walk.sequence + 1)
            self.released = max(self.released, walk.released)
            visit(walk)
        if strip.broken and strip is self._values:
            self.decayed = max(self.decayed, first - 1)
        strip.broken = walk.decayed
        strip.sectors.append(sector)
        strip.first.append(first)
        strip.end = self.store.sector_bytes if walk.skipped else walk.end
        return walk.hidden_bytes
