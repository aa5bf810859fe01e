"""How long a command to close outlasts a cause that must end it, read from the world's truth alone."""

from tests.control.oracle import Oracle
from tests.control.watching import Watch

TICK_MS = 20
A_OHM, B_OHM = 0, 2740
SOUND_LOW_MV = -10000
BOUNCE_MS = 5
"""What goes and comes back within so long of its beginning bounced: it counts from the first edge."""
LONGEST_MS = 1000
"""A command that lasts so long after its cause is a failure, not a figure."""
CLOCK_MASK = 0x3FFFFFFF

ON_TIME = "on time"
"""Ticks came as they should, and the pilot could be read."""
DISTURBED = "disturbed"
"""Interference or a loose contact spoilt readings of the pilot meanwhile."""
LATE = "late"
"""The pilot could be read, but at least one tick came late, or not at all."""


def let_go(truth):
    """The wire shows state A or B."""
    line = truth.outlet.line
    return line.load_ohm in (A_OHM, B_OHM) and not line.shorted


def shorted(truth):
    return truth.outlet.line.shorted


def diode_bad(truth):
    """The car's diode conducts both ways, and a square wave shows it. On a load between A and B its low
    plateau is a sound one; there the load itself is what must end the command."""
    line = truth.outlet.line
    return line.diode_shorted and truth.signals and line.true_low_mv > SOUND_LOW_MV


def tripped(truth):
    """The residual-current device has tripped, however briefly its line was up."""
    return truth.outlet.residual.latched


class Stopwatch(Watch):
    """Runs from a cause under a closed command to the end of that command, the edge of the drive pin. A cause
    that goes before is no more than a least time."""

    def __init__(self, holds, of_pilot=True):
        """`holds(truth)`: whether the cause is there; `of_pilot`: interference on the pilot hides it."""
        self.worst_ms = dict.fromkeys((ON_TIME, DISTURBED, LATE), 0)
        self.begun = self.answered = 0
        """Causes so far, and those of them after which the command ended."""
        self.running = False
        self._holds = holds
        self._of_pilot = of_pilot
        self._began_ms = -LONGEST_MS
        self._late = self._disturbed = False

    def look(self, truth):
        driven = truth.driven
        if self.running:
            self._note_circumstances(truth)
            if not driven:
                contactor = truth.outlet.contactor
                self.answered += 1
                self._stop(truth.now_ms - ((contactor.now_ms - contactor.driven_at_ms) & CLOCK_MASK))
        there = driven and self._holds(truth)
        if there and not self.running:
            self._start(truth)
        elif self.running and not there:
            self._stop(truth.now_ms)
        if self.running and truth.now_ms - self._began_ms > LONGEST_MS:
            raise RuntimeError(f"the contactor was still driven {LONGEST_MS} ms after {self._holds.__name__}")

    def restarted(self, truth):
        """Whatever the processor was about to do, its pins are at rest now."""
        if self.running:
            self.begun -= 1
            self._stop(truth.now_ms)

    def forget(self):
        """Another life begins, with a time of its own."""
        self._began_ms = -LONGEST_MS

    def _start(self, truth):
        self.running = True
        if truth.now_ms - self._began_ms > BOUNCE_MS:
            self.begun += 1
            self._began_ms = truth.now_ms
            self._late = self._disturbed = False
        self._note_circumstances(truth)

    def _stop(self, at_ms):
        self.running = False
        kind = DISTURBED if self._disturbed else LATE if self._late else ON_TIME
        self.worst_ms[kind] = max(self.worst_ms[kind], at_ms - self._began_ms)

    def _note_circumstances(self, truth):
        line = truth.outlet.line
        self._late = self._late or truth.unattended_ms > TICK_MS
        if self._of_pilot and (line.disturbed or line.lost or line.loose):
            self._disturbed = True


class Timekeeper(Oracle):
    """Takes the place of an oracle that judges: nothing but time is told."""

    def __init__(self, oracle, watches):
        self.outlet, self.grants, self.truth = oracle.outlet, oracle.grants, oracle.truth
        # Who moves a plug asks for how long it has been out.
        self._watches = [oracle.noun("Session"), *watches]
        self._told = {what: self._heirs(what) for what in vars(Watch) if not what.startswith("_")}
