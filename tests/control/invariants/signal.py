"""What is on the pilot's wire: a duty that means something, and state F only for a reason (10, state F)."""

from tests.control.invariants.truth import LEASE_MS, OPEN_OHM
from tests.control.watching import Since, Watch, promise

STEADY_BP = 10000
STATE_F_MS = 300
BOOT_MS = 2200
NO_ANSWER_MS = 29900
STALLS = 3
LATE_MS = 50
OVERRUN_MS = 1500
"""So much in late ticks may be an overrun."""


class Signal(Watch):
    """The duty on the wire."""

    def __init__(self):
        self._duty_bp = 0
        self._since_ms = 0
        self._booted_ms = 0
        self._unanswered = Since()
        self._stalls = 0
        self._late_ms = 0

    def look(self, truth):
        waits = truth.offer_ma > 0 and not truth.asks
        self._unanswered.note(waits or self._unanswered.at_ms is not None, truth.now_ms)

    def tick(self, truth):
        duty_bp = truth.duty_bp
        self._watch_pace(truth)
        sayable = duty_bp in (0, STEADY_BP) or 1000 <= duty_bp <= 9600
        promise("10", sayable, "%d bp on the wire", duty_bp)
        if duty_bp != self._duty_bp:
            self._changed(truth)
        if (truth.asks and truth.heard) or duty_bp == STEADY_BP:
            self._unanswered.note(False, 0)

    def fall(self, truth):
        # By the end of its lease: the tick stalled.
        self._stalls += truth.unattended_ms >= LEASE_MS

    def cleared(self, truth):
        self._stalls = self._late_ms = 0

    def pending(self, truth):
        return truth.duty_bp == 0 or truth.outlet.line.apart or self._stalls >= STALLS

    def restarted(self, truth):
        self._duty_bp = 0
        self._since_ms = self._booted_ms = truth.now_ms
        self._unanswered.note(False, 0)

    def _watch_pace(self, truth):
        gap_ms = truth.unattended_ms
        late = truth.driven and LATE_MS < gap_ms < LEASE_MS
        self._late_ms = self._late_ms + gap_ms if late else max(self._late_ms - gap_ms // 4, 0)

    def _changed(self, truth):
        held_ms = truth.now_ms - self._since_ms
        short = self._duty_bp == 0 and held_ms < STATE_F_MS
        promise("state F", not short, "state F for %d ms", held_ms)
        if truth.duty_bp == 0:
            self._check_10_steady(truth)
        self._duty_bp = truth.duty_bp
        self._since_ms = truth.now_ms

    def _check_10_steady(self, truth):
        """0 A is a steady +12 V: in state F nobody could see the car. State F has its own reasons."""
        booting = truth.now_ms - self._booted_ms < BOOT_MS
        wakes = self._unanswered.note(self._unanswered.at_ms is not None, truth.now_ms) >= NO_ANSWER_MS
        line = truth.outlet.line
        vacant = line.load_ohm == OPEN_OHM or line.shorted or line.disturbed or line.rail_dead
        alone = truth.danger or (truth.contacts and not truth.driven)
        overrun = self._stalls >= STALLS or self._late_ms >= OVERRUN_MS
        reason = booting or wakes or vacant or alone or overrun
        promise("10", reason, "state F although nothing is wrong")
