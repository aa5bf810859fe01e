"""The raw sectors of the store as one endless strip of numbered records.

Sectors are filled one after another and used again in turn, so that all wear alike. What is in use is known
by two small integers a sector, whatever the number of records: its own number, and that of its first record.
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
        self.sectors = []
        """Sectors with records, oldest first; the last one is written to."""
        self.first = []
        """The number that each of them starts with."""
        self.to_erase = []
        self._free = []  # erased sectors with a header, in order of use
        self._turn = 0
        self._end = 0  # where the next record goes in the last of `sectors`
        # (sequence, sector, offset): where the search for what follows `sequence` goes on.
        self._cursors: tuple = ()
        self._searched = None
        self._recover(visit)

    def write(self, sort, payload):
        """Write a record and return its number; durable on return, within 5 ms, never erases.

        OSError: too long (EFBIG), no erased sector (ENOSPC), or the store refused. A record that was refused
        may be found later, but no other one ever has its number.
        """
        size = record_bytes(len(payload))
        if size > RECORD_BYTES or SECTOR_HEAD + size > self.store.sector_bytes:
            raise OSError(EFBIG, "a record of %d bytes is longer than the journal takes; split it" % size)
        self._make_way(size)
        sequence = self.sequence
        self.sequence += 1  # even if the write fails: it may have reached the flash
        self.store.program(self.sectors[-1], self._end, record(sort, sequence, self.released, payload))
        self._end += size
        self.durable = self.released
        return sequence

    def after(self, sequence, sorts):
        """The `Walk` at the first record after `sequence` whose sort is in `sorts`, or None."""
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
        """Bytes that can be written before the next erase."""
        last = self.store.sector_bytes - self._end if self.sectors else 0
        return last + len(self._free) * (self.store.sector_bytes - SECTOR_HEAD)

    def find_unneeded(self):
        """The index in `sectors` of the oldest one that holds nothing but released records, or None."""
        state = (self.released, len(self.sectors))
        if state == self._searched:
            return None
        for index in range(len(self.sectors) - 1):
            if not self._needed(index):
                return index
        self._searched = state
        return None

    def retire(self, index):
        """Leave the sector at `index` to be erased."""
        self.to_erase.append(self.sectors.pop(index))
        self.first.pop(index)
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

    def _make_way(self, size):
        while not self._is_erased(size):
            if not self._free:
                raise OSError(
                    ENOSPC, "the journal has no erased sector; prepare it while the contactor is open"
                )
            self.sectors.append(self._free.pop(0))
            self.first.append(self.sequence)
            self._end = SECTOR_HEAD

    def _is_erased(self, size):
        """Whether the next record fits, and no write that failed nor a decayed cell is in its way."""
        if not self.sectors or self._end + size > self.store.sector_bytes:
            return False
        return self.store.read(self.sectors[-1], self._end, size) == b"\xff" * size

    def _seek(self, sequence):
        for known, sector, offset in self._cursors:
            if known == sequence:
                return Walk(self.store, sector, offset)
        index = len(self.sectors) - 1
        while index > 0 and self.first[index] > sequence:
            index -= 1
        return Walk(self.store, self.sectors[index]) if self.sectors else None

    def _following(self, sector):
        index = self.sectors.index(sector) + 1
        return Walk(self.store, self.sectors[index]) if index < len(self.sectors) else None

    def _needed(self, index):
        if self.first[index + 1] <= self.released + 1:
            return False
        walk = Walk(self.store, self.sectors[index])
        while walk.step():
            if walk.sort != STATE and walk.sequence > self.released:
                return True
        return False

    def _recover(self, visit):
        written, blank, hidden_bytes = self._sort_out()
        last_turn = written[-1][2] if written else 0
        for first, sector, _ in written:
            self.sectors.append(sector)
            self.first.append(first)
            hidden_bytes += self._replay(sector, visit)
        for turn, sector in blank:
            # One older than the sector in use is what half an erase left, however blank it looks.
            (self._free if turn > last_turn else self.to_erase).append(sector)
        self.durable = self.released
        # What cannot be read may have had numbers: none is given twice.
        self.sequence += hidden_bytes // RECORD_HEAD

    def _sort_out(self):
        """Look at the beginning of every sector. Returns those with records, as (first number, sector, turn)
        in order, those that look blank, as (turn, sector) in order, and the bytes that nobody can read."""
        written = []
        blank = []
        hidden_bytes = 0
        for sector in range(self.store.sectors):
            header = self.store.read(sector, 0, SECTOR_HEAD)
            turn = sector_turn(header)
            self._turn = max(self._turn, turn or 0)
            walk = Walk(self.store, sector)
            if turn is not None and walk.step():
                written.append((walk.sequence, sector, turn))
            elif turn is not None and walk.end == SECTOR_HEAD:
                blank.append((turn, sector))
            else:
                self.to_erase.append(sector)
                hidden_bytes += 0 if header == b"\xff" * SECTOR_HEAD else self.store.sector_bytes
        return sorted(written), sorted(blank), hidden_bytes

    def _replay(self, sector, visit):
        walk = Walk(self.store, sector)
        while walk.step():
            self.sequence = max(self.sequence, walk.sequence + 1)
            self.released = max(self.released, walk.released)
            visit(walk)
        self._end = walk.end
        return walk.hidden_bytes
