"""A car that goes to and fro between B and C. One that answers changes of the offer with a false state B is
bothered less often (2)."""

from tests.control.invariants.truth import B_OHM
from tests.control.watching import Since, Watch, promise

OWN_MS = 1000
"""State B so soon after a change of the duty is an answer to it."""
PATIENCE = 2
APART_MS = 60000
SHOWN_MS = 100
"""What the car shows for so long, the firmware has seen ..."""
KNOWN_MS = 300
"""... and that it asks, after so long."""
MOST = 6
WITHIN_MS = 61000
REST_MS = 31000
"""More than `MOST` swaps in a minute are an accident, after which there is a pause."""


class Swaps(Watch):
    """Counts the swaps of a minute; and in a plug-in those that answer a change of the offer: which were
    surely seen, and which may have been."""

    def __init__(self):
        self._duty_bp = 0
        self._changed_ms = 0
        self._offer_ma = 0
        self._rose_ms = -(10**9)
        self._asked = False
        self._asks_ms = 0
        self._swaps_ms = []
        self._unrest_ms = -(10**9)
        self._restless = False
        self._accidents = 0
        self._forget()

    def look(self, truth):
        if truth.duty_bp != self._duty_bp:
            self._duty_bp = truth.duty_bp
            self._changed_ms = truth.now_ms
        if not truth.outlet.car.plugged:
            self._forget()
        elif truth.asks != self._asked:
            soon = truth.now_ms - self._changed_ms <= OWN_MS + SHOWN_MS
            self._possible += self._asked and soon
            self._swaps_ms.append(truth.now_ms)
        self._asked = truth.asks
        self._note_unrest(truth)

    def tick(self, truth):
        line = truth.outlet.line
        seen = truth.heard and truth.offer_ma > 0 and not truth.late and not line.loose
        denies = seen and line.load_ohm == B_OHM
        if denies and self._denies.at_ms is None:
            soon = truth.now_ms - self._changed_ms < OWN_MS - SHOWN_MS
            self._answers = soon and self._asks_ms >= KNOWN_MS
        if self._denies.note(denies, truth.now_ms) >= SHOWN_MS and self._answers:
            self._answers = False
            self._sure += 1
        self._asks_ms = self._asks.note(seen and truth.asks, truth.now_ms)
        self._check_02_patience(truth)

    def ended(self, truth):
        self._accidents = 0

    def restarted(self, truth):
        self._offer_ma = 0
        self._rose_ms = -(10**9)
        self._forget()

    def pending(self, truth):
        patient = self._possible >= PATIENCE and truth.now_ms - self._rose_ms < APART_MS + OWN_MS
        return patient or self._accidents > 1 or truth.now_ms - self._unrest_ms < REST_MS

    def _note_unrest(self, truth):
        """Some of these swaps were seen, or all."""
        while self._swaps_ms and truth.now_ms - self._swaps_ms[0] > WITHIN_MS:
            self._swaps_ms.pop(0)
        restless = len(self._swaps_ms) > MOST
        self._accidents += restless and not self._restless
        self._restless = restless
        if restless:
            self._unrest_ms = truth.now_ms

    def _forget(self):
        self._sure = self._possible = 0
        self._asks, self._denies = Since(), Since()
        self._asks_ms = 0
        self._answers = False

    def _check_02_patience(self, truth):
        """After two such answers the offer of this plug-in rises once a minute at most."""
        if truth.offer_ma > self._offer_ma:
            apart_ms = truth.now_ms - self._rose_ms
            patient = self._sure < PATIENCE or apart_ms >= APART_MS
            promise("02", patient, "an offer rose %d ms after the last rise, for a car that minds", apart_ms)
            self._rose_ms = truth.now_ms
        self._offer_ma = truth.offer_ma
