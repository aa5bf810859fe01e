"""The faults of a connector: one row each says what it does and how it ends. A reader may check it against
IEC 61851-1 and docs; the controller only raises causes.

A fault is active from the tick in which its cause is first seen. It ends when its cause has been gone for
`good_ms` and its row allows another self-recovery, or, with the cause gone, when no car is plugged in and
the row says that this ends it. What nothing but a technician or unplugging will end is latched: the
firmware keeps it over restarts and power cuts.
"""

EV_STATE_E = 0
CP_ILLEGAL = 1
VENTILATION = 2
CP_DIODE = 3
RCD_TRIP = 4
RCD_TEST = 5
RELAY_WELDED = 6
RELAY_STUCK_OPEN = 7
PP_INVALID = 8

NEVER = 0
"""`tries`: never ends by itself."""
_FOREVER_MS = 0x1FFFFFFF


class Row:
    """What one fault does and how it ends."""

    def __init__(self, code, name, good_ms, tries, unplug, state_f=False):
        self.code = code
        self.bit = 1 << code
        self.name = name
        """vendorErrorCode in OCPP, and what people search for."""
        self.good_ms = good_ms
        """The cause must be gone this long before the fault ends by itself."""
        self.tries = tries
        """How many times a plug-in it may end by itself."""
        self.unplug = unplug
        """Whether unplugging, with the cause gone, ends it."""
        self.state_f = state_f
        """Signals state F to the car, instead of a steady +12 V."""


ROWS = (
    Row(EV_STATE_E, "EV_STATE_E", good_ms=30000, tries=3, unplug=True),
    Row(CP_ILLEGAL, "CP_ILLEGAL", good_ms=30000, tries=3, unplug=True),
    Row(VENTILATION, "EV_STATE_D", good_ms=30000, tries=3, unplug=True),
    # Two recoveries: the third time the diode is bad it stays so until the car is unplugged.
    Row(CP_DIODE, "CP_DIODE", good_ms=5000, tries=2, unplug=True),
    Row(RCD_TRIP, "RCD_TRIP", good_ms=_FOREVER_MS, tries=NEVER, unplug=True),
    Row(RCD_TEST, "RCD_TEST", good_ms=_FOREVER_MS, tries=NEVER, unplug=False),
    Row(
        RELAY_WELDED,
        "RELAY_WELDED",
        good_ms=_FOREVER_MS,
        tries=NEVER,
        unplug=False,
        state_f=True,
    ),
    Row(RELAY_STUCK_OPEN, "RELAY_STUCK_OPEN", good_ms=60000, tries=2, unplug=False),
    Row(PP_INVALID, "PP_INVALID", good_ms=30000, tries=3, unplug=True),
)

STATE_F = 0
"""Bits of the faults that signal state F."""
SERVICE = 0
"""Bits of the faults that unplugging does not end: what a technician may clear."""
for _row in ROWS:
    if _row.state_f:
        STATE_F |= _row.bit
    if not _row.unplug:
        SERVICE |= _row.bit


class Faults:
    """The active faults of one connector, as a bit mask, and how often each has ended by itself."""

    def __init__(self):
        self.active = 0
        self.latched = 0
        """Bits of the active faults that time alone will not end."""
        self.raised = 0
        """Bits that became active in the last `update`."""
        self.cleared = 0
        """Bits that ended in the last `update`."""
        self._good_ms = [0] * len(ROWS)
        self._tries = [0] * len(ROWS)

    def restore(self, latched):
        """Take back the faults that were latched when the power or the processor went: a restart is no way
        out of them, and gives none of their tries back."""
        for row in ROWS:
            if latched & row.bit:
                self.active |= row.bit
                self._tries[row.code] = row.tries

    def update(self, elapsed_ms, causes, away):
        """`causes`: bits whose cause is there now; `away`: no car is plugged in."""
        self.raised = causes & ~self.active
        self.cleared = 0
        if self.active | causes:
            self._work(elapsed_ms, causes, away)

    def begin_session(self):
        """A new plug-in starts with all its tries, but for the faults that unplugging does not touch, and for
        one that stands: after a restart the car that is found is the one that was there."""
        for row in ROWS:
            if row.unplug and not self.active & row.bit:
                self._tries[row.code] = 0

    def clear(self, bits):
        """A technician cleared these (of `SERVICE`); a cause that is still there raises its fault again in
        the next tick."""
        bits &= SERVICE
        self.active &= ~bits
        self.latched &= ~bits
        for row in ROWS:
            if bits & row.bit:
                self._tries[row.code] = 0

    def _work(self, elapsed_ms, causes, away):
        self.active |= causes
        self.latched = 0
        for row in ROWS:
            if self.active & row.bit:
                if self._tries[row.code] >= row.tries:
                    self.latched |= row.bit
                if causes & row.bit:
                    self._good_ms[row.code] = 0
                else:
                    self._recover(row, elapsed_ms, away)

    def _recover(self, row, elapsed_ms, away):
        code = row.code
        self._good_ms[code] = min(self._good_ms[code] + elapsed_ms, _FOREVER_MS)
        if away and row.unplug:
            self._end(row)
        elif self._good_ms[code] >= row.good_ms and self._tries[code] < row.tries:
            self._tries[code] += 1
            self._end(row)

    def _end(self, row):
        self.active &= ~row.bit
        self.latched &= ~row.bit
        self.cleared |= row.bit
