"""The switch between one and three phases moves only where nothing can flow, and the car is given time."""

from tests.control.watching import Watch, promise

STEADY_BP = 10000


class Phases(Watch):
    """The phase switch."""

    def __init__(self):
        self._told = None
        self._moves = 0
        self._told_ms = self._lagged_ms = self._busy_ms = -(10**9)
        self._wait_ms = 0

    def look(self, truth):
        switch = truth.outlet.phase_switch
        if self._told is None:
            self._told, self._moves = switch.wanted, switch.moves
        self._wait_ms = truth.grants.phase_wait_ms
        if switch.wanted != self._told:
            self._told = switch.wanted
            self._told_ms = truth.now_ms
            self._check_phases_told(truth)
        if switch.moves != self._moves:
            self._moves = switch.moves
            promise("phases", not switch.live_moves, "the phase switch moved under closed contacts")
        if switch.joined != switch.wanted:
            self._lagged_ms = truth.now_ms

    def rise(self, truth):
        waited_ms = truth.now_ms - self._told_ms
        wait_ms = truth.grants.phase_wait_ms
        promise("phases", waited_ms >= wait_ms, "closed %d ms after phases were switched", waited_ms)
        promise("phases", self._lagged_ms < truth.now_ms, "closed before the phases were switched")

    def restarted(self, truth):
        # A wait that is not over goes on, or begins anew; one that is, may be over within.
        if truth.now_ms - self._told_ms >= self._wait_ms - 1000:
            self._told_ms = -(10**9)
        else:
            self._busy_ms = truth.now_ms

    def pending(self, truth):
        busy_ms = max(self._told_ms, self._lagged_ms, self._busy_ms)
        busy = truth.now_ms - busy_ms < truth.grants.phase_wait_ms + 6000
        return busy or truth.outlet.phase_switch.stuck

    def _check_phases_told(self, truth):
        promise("phases", not truth.contacts, "phases were switched under closed contacts")
        promise("phases", not truth.driven, "phases were switched under a command")
        quiet = truth.duty_bp in (0, STEADY_BP) or truth.outlet.line.apart
        promise("phases", quiet, "phases were switched while current was offered")
