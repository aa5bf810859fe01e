"""Residual current: the trip latch and the self-test of the device (IEC 61851-1, 8.5; IEC 62955, 6 mA DC).

The device latches a trip of any width by itself; this machine decides what a trip means. It tests the
device after each plug-in and every 24 hours, with the contactor open and confirmed open, and recovers from
a trip only after the car was unplugged and a test passed.
"""

from control.recent import Recent

UNTESTED = 0
"""Not tested since the last car, or longer ago than a day."""
TESTING = 1
"""Test current flows; the device must trip."""
REARMING = 2
"""It tripped on the test; the latch is being cleared."""
READY = 3
"""Tested and armed: the only state in which the contactor may close."""
TRIPPED = 4
"""A residual current was seen."""
RESETTING = 5
"""After a trip, with the car gone: the latch is being cleared, then the device is tested."""
FAILED = 6
"""The device did not trip on its test: nothing here ends that."""

NAMES = ("untested", "testing", "rearming", "ready", "tripped", "resetting", "failed")

CLOSED_MS = 100
"""For so long a contactor must not be seen open to end a test: its feedback may be wrong for a moment."""
ANSWER_MS = 300
"""A healthy device trips on its test, and rearms, within 100 ms; three times that is a failure."""
TEST_EVERY_MS = 86400000
"""A day."""
MOST_TRIPS = 3
"""So many trips within a day are for a technician to look after."""

# What is true in a tick.
TRIP = 1
QUIET = 2
TESTABLE = 4
LATE = 8
CAR_GONE = 16
DUE = 32
RECOVERABLE = 64
CLOSED = 128

TRANSITIONS = (
    ((TRIP, TRIPPED), (TESTABLE, TESTING)),
    ((TRIP, REARMING), (CLOSED, UNTESTED), (LATE, FAILED)),
    ((QUIET, READY), (LATE, TRIPPED)),
    ((TRIP, TRIPPED), (CAR_GONE, UNTESTED), (DUE, UNTESTED)),
    ((RECOVERABLE, RESETTING),),
    ((QUIET, TESTING), (LATE, TRIPPED)),
    (),
)
"""By state: the first condition that holds decides the next state."""


class ResidualCurrent:
    """Latch and self-test of one residual-current device."""

    def __init__(self):
        self.state = UNTESTED
        self.recovering = False
        """A trip is waiting for its unplug and test."""
        self.trips = Recent(MOST_TRIPS, TEST_EVERY_MS)
        self._interrupted = False
        self._in_state_ms = 0
        self._closed_ms = 0
        self._since_test_ms = TEST_EVERY_MS

    def tests(self):
        """Whether a trip would be that of a test."""
        return self.state == TESTING or self.state == REARMING

    def drives_test(self):
        """Whether the test input is driven now."""
        return self.state == TESTING

    def rearms(self):
        """Whether the latch is being cleared now."""
        return self.state == REARMING or self.state == RESETTING or self._interrupted

    def fail(self):
        """Take back a failed test from before a power cut."""
        self.state = FAILED

    def trip(self):
        """Take back a trip from before a restart: it waits for its unplug and its test."""
        self.state = TRIPPED
        self.recovering = True

    def interrupt(self):
        """A restart came into a test: what stands in the latch is that test's, once, and it is to be
        repeated. What does not clear at once is a trip after all."""
        self._interrupted = self.state == UNTESTED

    def forget(self):
        """Another car: the device must pass a test for it."""
        self._since_test_ms = TEST_EVERY_MS

    def clear_failure(self):
        """A technician replaced or repaired the device: it must pass a test again."""
        if self.state == FAILED:
            self._enter(UNTESTED)

    def update(self, elapsed_ms, tripped, contactor_open, plugged, away):
        """`tripped`: the latched line; `contactor_open`: commanded and confirmed open; `plugged`: a car is
        there."""
        self._in_state_ms = min(self._in_state_ms + elapsed_ms, ANSWER_MS)
        self._since_test_ms = min(self._since_test_ms + elapsed_ms, TEST_EVERY_MS)
        self._closed_ms = 0 if contactor_open else min(self._closed_ms + elapsed_ms, CLOSED_MS)
        self.trips.update(elapsed_ms)
        self._interrupted = self._interrupted and tripped and self._in_state_ms < ANSWER_MS
        if self._interrupted:
            return
        if self.state == READY and plugged and not tripped and self._since_test_ms < TEST_EVERY_MS:
            return
        seen = self._conditions(tripped, contactor_open, plugged, away)
        for condition, state in TRANSITIONS[self.state]:
            if seen & condition:
                self._enter(state)
                return

    def _conditions(self, tripped, contactor_open, plugged, away):
        seen = TRIP if tripped else QUIET
        if contactor_open:
            if plugged or self.recovering:
                seen |= TESTABLE
            if away:
                seen |= RECOVERABLE
            if self._since_test_ms >= TEST_EVERY_MS:
                seen |= DUE
        elif self._closed_ms >= CLOSED_MS:
            seen |= CLOSED
        if away:
            seen |= CAR_GONE
        if self._in_state_ms >= ANSWER_MS:
            seen |= LATE
        return seen

    def _enter(self, state):
        # A latch that does not clear is still the trip that it was.
        if state == TRIPPED and self.state != RESETTING:
            self.trips.add()
        self.state = state
        self._in_state_ms = 0
        if state == TRIPPED:
            self.recovering = True
        elif state == READY:
            self.recovering = False
            self._since_test_ms = 0
