"""From plug to unplug: what ends with a car (13)."""

from tests.control.invariants.truth import OPEN_OHM
from tests.control.watching import Since, Watch, promise

GONE_MS = 300
"""A car that was visibly away for so long is gone for everybody; the firmware may say so from 200 ms on."""
EARLIEST_MS = 180


class Session(Watch):
    """Tells the others when a plug-in is over, and that nothing of it outlives it."""

    def __init__(self):
        self._away = Since()
        self._went_ms = 0
        self._present = False

    def tick(self, truth):
        line = truth.outlet.line
        gone = truth.heard and not line.loose and line.load_ohm == OPEN_OHM
        if truth.late:
            self._away.note(False, 0)
        if gone and self._away.at_ms is None:
            self._went_ms = truth.now_ms - truth.unattended_ms
        truth.away_ms = self._away.note(gone, truth.attended_ms)
        truth.session_ended = self._present and truth.away_ms >= GONE_MS
        if truth.session_ended:
            truth.grants.unplugged(self._went_ms + EARLIEST_MS)
        self._present = truth.outlet.car.plugged or (self._present and not truth.session_ended)
        self._check_13_authorisation(truth)

    def _check_13_authorisation(self, truth):
        """The next car finds nothing granted."""
        lapsed = truth.grants.lapsed and truth.offer_ma
        promise("13", not lapsed, "offered on an authorisation that went with another car")
