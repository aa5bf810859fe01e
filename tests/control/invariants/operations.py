"""When the contactor may move at all: what every closing needs (5, 14), and how often (16)."""

from tests.control.watching import Watch, promise

PAUSE_MS = 5000
BUDGET = 6
WITHIN_MS = 600000
SLACK_MS = 1000
INVERTED_MV = -10000


class Operations(Watch):
    """Counts the operations of the contactor, and the pauses between them."""

    def __init__(self):
        self._fell_ms = -(10**9)
        self._moves_ms = []
        self._counted_ms = []
        self._inverted = False
        self.closings = 0

    def look(self, truth):
        line = truth.outlet.line
        inverted = line.true_high_mv if truth.duty_bp == 0 else line.true_low_mv
        self._inverted = self._inverted or (truth.duty_bp < 10000 and inverted < INVERTED_MV)

    def rise(self, truth):
        self.closings += 1
        self._check_05_leave(truth)
        self._check_05_pause(truth)
        self._check_16_budget(truth)
        promise("14", self._inverted, "closed before the pilot was seen to follow")

    def fall(self, truth):
        self._fell_ms = truth.now_ms
        self._note(truth)

    def restarted(self, truth):
        promise("14", not truth.driven, "driven by a processor that was just reset")
        if truth.fell:
            self._note(truth)
        # It knows how many operations there were, and not when.
        self._counted_ms = [truth.now_ms] * len(self._recent(self._counted_ms, truth))
        # Nobody in there knows when the contactor opened.
        self._fell_ms = truth.now_ms
        self._inverted = False

    def pending(self, truth):
        counted = len(self._recent(self._counted_ms, truth, SLACK_MS))
        return truth.now_ms - self._fell_ms < PAUSE_MS or counted > BUDGET - 2

    def rested(self, truth):
        self._moves_ms.clear()
        self._counted_ms.clear()

    def _note(self, truth):
        self._moves_ms = [*self._recent(self._moves_ms, truth), truth.now_ms]
        self._counted_ms = [*self._recent(self._counted_ms, truth, SLACK_MS), truth.now_ms]

    def _recent(self, moves_ms, truth, slack_ms=0):
        return [at_ms for at_ms in moves_ms if truth.now_ms - at_ms < WITHIN_MS + slack_ms]

    def _check_05_leave(self, truth):
        allowed_ma = truth.grants.allowed_ma(truth.now_ms, truth.phases())
        promise("05", allowed_ma >= 6000, "closed although %d mA are allowed", allowed_ma)
        promise("05", truth.offer_ma >= 6000, "closed without an offer")
        promise("05", truth.outlet.car.plugged, "closed for no car")

    def _check_05_pause(self, truth):
        rest_ms = truth.now_ms - self._fell_ms
        promise("05", rest_ms >= PAUSE_MS, "closed again %d ms later", rest_ms)

    def _check_16_budget(self, truth):
        """A close needs room for itself and for the opening that belongs to it."""
        moves = len(self._recent(self._moves_ms, truth)) + 2
        promise("16", moves <= BUDGET, "operation %d within ten minutes", moves)
        self._note(truth)
