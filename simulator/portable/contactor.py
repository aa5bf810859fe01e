"""Main contactor: a coil behind a retriggerable monostable, slow contacts, and a mirror contact."""

from control.ticks import add, diff
from hal import contract

CLOSE_MS = 15
"""From the coil's current to closed contacts."""
CHATTER_MS = 256
GAP_MS = 96
"""Of every `CHATTER_MS`, how long a loose coil wire has no contact: enough for the contacts to part."""


class Contactor(contract.Contactor):
    """One contactor, with the exact moment of each change; `step` may come late."""

    def __init__(self, release_ms, now_ms):
        self.release_ms = release_ms
        """From the end of the coil's current to open contacts."""
        self.now_ms = now_ms
        self.driven = False
        """The lease runs: the drive pin asks for closed contacts."""
        self.coil_on = False
        """The coil carries current: driven, powered and not held off by a trip."""
        self.contacts_closed = self.closed = False
        """The power contacts; the mirror contact is tied to them mechanically."""
        self.driven_at_ms = self.coil_at_ms = self.contacts_at_ms = now_ms
        self.cycles = self.edges = 0
        """Closings of the contacts, and edges of the drive pin, since the contactor was made."""
        self.load_ma = self.opened_ma = 0
        """Current of the phase that carries most, and what it was when the contacts last parted."""
        self.powered = True
        self.tripped = False
        """The hardware gate holds the drive off."""
        self.barred = False
        """The driver sees the RCD's latch set."""
        self.welded = False
        """Cause: closed contacts do not part."""
        self.stuck_open = False
        """Cause: open contacts do not meet."""
        self.chattering = False
        """Cause: the coil's wire is loose, its current comes and goes."""
        self._gap = False
        self._renewed_at_ms = self._travels_from_ms = now_ms

    def sample(self, now_ms):
        self.closed = self.contacts_closed

    def renew(self, now_ms):
        if self.barred:
            return
        self._renewed_at_ms = now_ms
        if not self.driven:
            self._drive(True, now_ms)

    def drop(self):
        if self.driven:
            self._drive(False, self.now_ms)

    def settle(self, at_ms):
        """Drive, power or gate changed at `at_ms`."""
        coil_on = self.driven and self.powered and not (self.tripped or self._gap)
        if coil_on != self.coil_on:
            self.coil_on = coil_on
            self.coil_at_ms = self._travels_from_ms = at_ms

    def step(self, now_ms):
        """Let time come to `now_ms`."""
        self.now_ms = now_ms
        if self.chattering or self._gap:
            self._chatter(now_ms)
        if self.driven and diff(now_ms, self._renewed_at_ms) >= contract.LEASE_MS:
            self._drive(False, add(self._renewed_at_ms, contract.LEASE_MS))
        if self.contacts_closed != self.coil_on:
            self._travel(now_ms)

    def _drive(self, on, at_ms):
        self.driven = on
        self.driven_at_ms = at_ms
        self.edges += 1
        self.settle(at_ms)

    def _chatter(self, now_ms):
        self._gap = self.chattering and now_ms % CHATTER_MS < GAP_MS
        self.settle(now_ms)

    def _travel(self, now_ms):
        if self.stuck_open if self.coil_on else self.welded:
            self._travels_from_ms = now_ms
            return
        arrives_ms = add(self._travels_from_ms, CLOSE_MS if self.coil_on else self.release_ms)
        if diff(now_ms, arrives_ms) >= 0:
            self.contacts_closed = self.coil_on
            self.contacts_at_ms = arrives_ms
            if self.coil_on:
                self.cycles += 1
            else:
                self.opened_ma = self.load_ma
