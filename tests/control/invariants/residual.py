"""Residual current: no trip is missed, and no test is done on a live car (5, 7, 8)."""

from tests.control.watching import Since, Watch, promise

TEST_EVERY_MS = 86400000
ANSWER_MS = 400
"""A device that does not trip on so much test current is broken; the firmware may say so from 300 ms on."""
MOST_TRIPS = 3
REST_MS = 31000


class Residual(Watch):
    """The earth fault, the latch, and the tests."""

    def __init__(self):
        self._tested_ms = None
        self._declared = False
        self._tripped = False
        self._unplugged = False
        self._trips_ms = []
        self._tests = Since()
        self._failed = False
        self._calm_ms = 0
        self._tripped_ms = -(10**9)

    def look(self, truth):
        residual = truth.outlet.residual
        answered = residual.active and not residual.leaking
        tests = residual.testing or answered
        self._declared = self._declared or tests
        # Whatever trips the device while test current flows shows that it trips.
        if answered or (residual.testing and residual.latched):
            self._tested_ms = truth.now_ms
            if self._unplugged:
                self._tripped = self._unplugged = False
        self._check_08_open(truth, tests)
        if residual.latched or tests or residual.dead or residual.leaking:
            self._calm_ms = truth.now_ms

    def tick(self, truth):
        residual = truth.outlet.residual
        if residual.latched and not self._declared:
            self._trip(truth)
        elif not (residual.latched or residual.testing or residual.active):
            # A declared test is over once a tick has found the latch clear.
            self._declared = False
        self._unplugged = self._tripped and (self._unplugged or truth.away_ms >= 180)
        if self._tests.note(residual.testing, truth.attended_ms) >= ANSWER_MS:
            self._failed = True
        self._check_07_residual(truth)
        promise("08", not (truth.driven and residual.testing), "driven during a test")

    def rise(self, truth):
        self._check_05_test(truth)
        promise("07", not self._tripped, "closed after a trip without an unplug and a test")
        trips = sum(truth.now_ms - at_ms < TEST_EVERY_MS for at_ms in self._trips_ms)
        promise("07", trips < MOST_TRIPS, "closed after %d trips", trips)
        promise("07", not self._failed, "closed after a test had failed")

    def ended(self, truth):
        self._tested_ms = None

    def restarted(self, truth):
        self._tests = Since()
        self._tested_ms = None

    def cleared(self, truth):
        self._trips_ms.clear()
        self._failed = False

    def pending(self, truth):
        latched = (self._tripped and not self._unplugged) or self._failed or len(self._trips_ms) >= MOST_TRIPS
        rests = truth.now_ms - self._calm_ms < 500 or truth.now_ms - self._tripped_ms < REST_MS
        return latched or rests or truth.outlet.residual.dead

    def _trip(self, truth):
        if not self._tripped:
            self._trips_ms.append(truth.now_ms)
        self._tripped = True
        self._tripped_ms = truth.now_ms
        self._unplugged = False

    def _check_05_test(self, truth):
        promise("05", self._tested_ms is not None, "closed without a test of the RCD")
        promise("05", truth.now_ms - self._tested_ms <= TEST_EVERY_MS, "closed long after the last test")

    def _check_07_residual(self, truth):
        """An edge of any width, at any time, is seen by the next tick; the gate is faster still."""
        live = truth.driven or truth.outlet.contactor.coil_on
        promise("07", not (truth.outlet.residual.latched and live), "driven with a tripped RCD")

    def _check_08_open(self, truth, tests):
        """Test current only with the coil off and the contacts open."""
        live = truth.outlet.contactor.coil_on or truth.contacts
        promise("08", not (tests and live), "a test over a live car")
