"""The faults of a connector: one row each says what it does and how it ends. A reader may check it against
IEC 61851-1 and docs; `control.protection` only raises causes.

A fault is active from the tick in which its cause is first seen. It ends when its cause has been gone for
`good_ms` and its row allows another self-recovery, or, with the cause gone for `unplug_ms`, when no car is
plugged in. What nothing but a technician or unplugging will end is latched. The firmware keeps what is
latched, what is active and the tries that were used over restarts and power cuts.
"""

from collections import namedtuple

EV_STATE_E = 0
CP_ILLEGAL = 1
VENTILATION = 2
CP_DIODE = 3
RCD_TRIP = 4
RCD_TEST = 5
RELAY_WELDED = 6
RELAY_STUCK_OPEN = 7
PP_INVALID = 8
CP_FLAPPING = 9
RCD_REPEATED = 10
OVER_CURRENT = 11
UNDER_VOLTAGE = 12
OVER_VOLTAGE = 13
OVERTEMP_STOP = 14
TEMP_SENSOR = 15
HIGH_TEMPERATURE = 16
METER_COMM = 17
METER_FALLBACK = 18
PE_LOST = 19
LOCK_FAILED = 20
LOCK_STUCK = 21
PHASE_SWITCH = 22
SYS_POST = 23
SYS_WATCHDOG = 24
SYS_CONFIG = 25
SYS_OVERRUN = 26

OPENS = 0
"""Effect: the contactor opens at once."""
OPENS_IN_F = 1
"""Effect: the same, and the car is shown state F instead of a steady +12 V."""
WITHDRAWS = 2
"""Effect: the offer ends; the contactor opens when the car lets go, after 6 s at the latest."""
WARNS = 3
"""Effect: people are told; charging goes on, with less where a limit row says so."""

NEVER = 0
"""`tries`: never ends by itself."""
ALWAYS = 255
"""`tries`: ends by itself whenever its cause does."""
STAYS = -1
"""`unplug_ms`: unplugging does not end it."""
_FOREVER_MS = 0x1FFFFFFF

# A plain class would take twice the heap.
Row = namedtuple("Row", ("code", "bit", "name", "good_ms", "tries", "unplug_ms", "effect", "reboot"))
"""What one fault does and how it ends.

code       its number here
bit        1 << code
name       vendorErrorCode in OCPP, and what people search for
good_ms    the cause must be gone this long before the fault ends by itself
tries      how many times it may end by itself: in a plug-in, or until they are given back
unplug_ms  with no car plugged in, a cause that is gone for so long ends it; `STAYS`: nothing of the kind
effect     what it does: `OPENS` ... `WARNS`
reboot     a restart ends it, once; what comes back within an hour stays
"""


def fault(code, name, good_ms, tries, unplug_ms=0, effect=OPENS, reboot=False):
    """A row; what is left out is as usual."""
    return Row(code, 1 << code, name, good_ms, tries, unplug_ms, effect, reboot)


def _service(code, name, **effect):
    """A row that only a technician ends."""
    return fault(code, name, good_ms=_FOREVER_MS, tries=NEVER, unplug_ms=STAYS, **effect)


def _system(code, name):
    """A row about the charger itself."""
    return _service(code, name, effect=OPENS_IN_F, reboot=True)


def _passing(code, name, good_ms, effect):
    """A row that ends with its cause, however often, and not by unplugging."""
    return fault(code, name, good_ms, tries=ALWAYS, unplug_ms=STAYS, effect=effect)


ROWS = (
    fault(EV_STATE_E, "EV_STATE_E", good_ms=30000, tries=3),
    fault(CP_ILLEGAL, "CP_ILLEGAL", good_ms=30000, tries=3),
    fault(VENTILATION, "EV_STATE_D", good_ms=30000, tries=3),
    # Two recoveries: the third time the diode is bad it stays so until the car is unplugged.
    fault(CP_DIODE, "CP_DIODE", good_ms=5000, tries=2),
    fault(RCD_TRIP, "RCD_TRIP", good_ms=_FOREVER_MS, tries=NEVER),
    _service(RCD_TEST, "RCD_TEST"),
    _service(RELAY_WELDED, "RELAY_WELDED", effect=OPENS_IN_F),
    # Unplugging gives no try back; a closing that was seen to last until it was ended does.
    fault(RELAY_STUCK_OPEN, "RELAY_STUCK_OPEN", good_ms=60000, tries=2, unplug_ms=STAYS),
    fault(PP_INVALID, "PP_INVALID", good_ms=30000, tries=3),
    fault(CP_FLAPPING, "CP_FLAPPING", good_ms=30000, tries=3),
    _service(RCD_REPEATED, "RCD_REPEATED"),
    fault(OVER_CURRENT, "OVER_CURRENT", good_ms=60000, tries=3),
    _passing(UNDER_VOLTAGE, "UNDER_VOLTAGE", 30000, OPENS),
    _passing(OVER_VOLTAGE, "OVER_VOLTAGE", 30000, OPENS),
    # The cause ends below 55 degC; from then on it takes five minutes.
    _passing(OVERTEMP_STOP, "OVERTEMP_STOP", 300000, WITHDRAWS),
    _passing(TEMP_SENSOR, "TEMP_SENSOR", 300000, WITHDRAWS),
    _passing(HIGH_TEMPERATURE, "HIGH_TEMPERATURE", 0, WARNS),
    # A cycle of the meter is a second.
    _passing(METER_COMM, "METER_COMM", 1000, WITHDRAWS),
    _passing(METER_FALLBACK, "METER_COMM", 1000, WARNS),
    fault(PE_LOST, "PE_LOST", good_ms=_FOREVER_MS, tries=NEVER, unplug_ms=30000),
    fault(LOCK_FAILED, "LOCK_FAILED", good_ms=30000, tries=3),
    _passing(LOCK_STUCK, "LOCK_STUCK", 0, WARNS),
    _service(PHASE_SWITCH, "PHASE_SWITCH", effect=WITHDRAWS),
    _system(SYS_POST, "SYS_1"),
    _system(SYS_WATCHDOG, "SYS_2"),
    _system(SYS_CONFIG, "SYS_3"),
    _system(SYS_OVERRUN, "SYS_4"),
)


def _bits(*chosen):
    bits = 0
    for row in chosen:
        bits |= row.bit
    return bits


STATE_F = _bits(*[row for row in ROWS if row.effect == OPENS_IN_F])
"""Bits of the faults that signal state F."""
SERVICE = _bits(*[row for row in ROWS if row.unplug_ms == STAYS and row.tries != ALWAYS])
"""Bits of the faults that neither time nor unplugging ends for good: what a technician may clear."""
OPENING = _bits(*[row for row in ROWS if row.effect in (OPENS, OPENS_IN_F)])
WITHDRAWING = _bits(*[row for row in ROWS if row.effect == WITHDRAWS])
WARNINGS = _bits(*[row for row in ROWS if row.effect == WARNS])
"""Bits of what people are told while charging goes on."""
SYSTEM = _bits(*[row for row in ROWS if row.reboot])
"""Bits of the faults that a restart ends, once."""
COUNTED = tuple([row for row in ROWS if row.tries not in (NEVER, ALWAYS)])
"""The rows whose tries are counted, up to 3 of each; where they stand in `Faults.spent` follows from here."""
HEALTHY_MS = 3600000
"""After so long without one, a system error may end by a restart again."""


class Faults:
    """The active faults of one connector, as a bit mask, and how often each has ended by itself."""

    def __init__(self):
        self.active = 0
        self.latched = 0
        """Bits of the active faults that time alone will not end."""
        self.restarted = 0
        """Bits of system errors that a restart has ended not long ago."""
        self.spent = 0
        """The tries used so far, two bits for each of `COUNTED`."""
        self.raised = 0
        """Bits that became active in the last `update`."""
        self.cleared = 0
        """Bits that ended in the last `update`."""
        self._good_ms = [0] * len(ROWS)
        self._tries = [0] * len(ROWS)
        self._healthy_ms = 0

    def restore(self, latched, active=0, spent=0):
        """Take back the faults that stood when the power or the processor went: a restart is no way out of
        them, and gives none of the tries back. Those that were only `active` begin their wait anew, but for
        warnings, and for a system error, which ends by the restart, for once. What ends with its cause was
        never latched, whatever an old record says."""
        self.restarted = active & SYSTEM & ~latched
        self.active = active & ~(SYSTEM | WARNINGS)
        for row in reversed(COUNTED):
            self._spend(row.code, spent & 3)
            spent >>= 2
        for row in ROWS:
            if latched & row.bit and row.tries != ALWAYS:
                self.active |= row.bit
                # A system error has no tries of its own, but has had its restart.
                self._spend(row.code, max(row.tries, 1))

    def update(self, elapsed_ms, causes, away):
        """`causes`: bits whose cause is there now; `away`: no car is plugged in."""
        self.raised = causes & ~self.active
        self.cleared = 0
        if self.restarted and not self.active & SYSTEM:
            self._recuperate(elapsed_ms)
        if self.active | causes:
            self._work(elapsed_ms, causes, away)
        if away and self.spent:
            for row in COUNTED:
                if row.unplug_ms != STAYS:
                    self.give_back(row.code)

    def give_back(self, code):
        """This fault has all its tries again, unless it stands."""
        if not self.active & ROWS[code].bit:
            self._spend(code, 0)

    def clear(self, bits):
        """A technician cleared these (of `SERVICE`); a cause that is still there raises its fault again in
        the next tick."""
        bits &= SERVICE
        self.active &= ~bits
        self.latched &= ~bits
        self.restarted &= ~bits
        for row in ROWS:
            if bits & row.bit:
                self._spend(row.code, 0)

    def _spend(self, code, tries):
        if self._tries[code] != tries:
            self._tries[code] = tries
            self.spent = 0
            for row in COUNTED:
                self.spent = self.spent << 2 | self._tries[row.code]

    def _recuperate(self, elapsed_ms):
        self._healthy_ms += elapsed_ms
        if self._healthy_ms >= HEALTHY_MS:
            self.restarted = 0
            self._healthy_ms = 0

    def _work(self, elapsed_ms, causes, away):
        self.active |= causes
        self.latched = 0
        for row in ROWS:
            if self.active & row.bit:
                if self._lasts(row):
                    self.latched |= row.bit
                if causes & row.bit:
                    self._good_ms[row.code] = 0
                else:
                    self._recover(row, elapsed_ms, away)

    def _lasts(self, row):
        """Whether time alone will not end it; a system error has one restart first."""
        if row.reboot:
            return self.restarted & row.bit or self._tries[row.code]
        return self._tries[row.code] >= row.tries

    def _recover(self, row, elapsed_ms, away):
        code = row.code
        self._good_ms[code] = min(self._good_ms[code] + elapsed_ms, _FOREVER_MS)
        if away and 0 <= row.unplug_ms <= self._good_ms[code]:
            self._end(row)
        elif self._good_ms[code] >= row.good_ms and self._tries[code] < row.tries:
            if row.tries != ALWAYS:
                self._spend(code, self._tries[code] + 1)
            self._end(row)

    def _end(self, row):
        self.active &= ~row.bit
        self.latched &= ~row.bit
        self.cleared |= row.bit
