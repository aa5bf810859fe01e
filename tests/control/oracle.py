"""What must be true of the world whatever the firmware does. Reads the world alone, and shares no number with
control: everything in `invariants` is written down anew."""

from tests.control.grants import Grants
from tests.control.invariants import watches
from tests.control.invariants.truth import Truth
from tests.control.watching import Watch


class Oracle:
    """Watches one outlet in real time."""

    def __init__(self, outlet, rated_ma=32000, ventilated=False):
        self.outlet = outlet
        self.grants = Grants(outlet.cable if outlet.lock.fitted else None, rated_ma)
        self.truth = Truth(outlet, self.grants, ventilated)
        self._watches = watches()
        self._told = {name: self._heirs(name) for name in vars(Watch) if not name.startswith("_")}

    @property
    def now_ms(self):
        """Real time since the start."""
        return self.truth.now_ms

    @property
    def ticks(self):
        """Ticks watched so far."""
        return self.truth.ticks

    @property
    def closings(self):
        """How often the contactor was commanded closed."""
        return self.noun("Operations").closings

    def noun(self, name):
        """The watch of this name."""
        return next(watch for watch in self._watches if type(watch).__name__ == name)

    def look(self):
        """Something in the world may just have changed."""
        self.truth.look()
        self._look()

    def pass_by(self, duration_ms):
        """`duration_ms` passed and no tick came."""
        self.truth.pass_by(duration_ms)
        self._look()

    def tick(self):
        """A tick has ended."""
        truth = self.truth
        truth.tick()
        self._look()
        self._tell("tick")
        if truth.session_ended:
            truth.session_ended = False
            self._tell("ended")
        truth.unattended_ms = 0

    def restarted(self):
        """The processor was reset: its memory of pauses and grants is gone, not that of a weld."""
        self.truth.look()
        self.grants.restarted()
        self.truth.restarted()
        self._tell("restarted")

    def off(self, duration_ms):
        """`duration_ms` passed without any power."""
        self.truth.pass_by(duration_ms)
        self.truth.unattended_ms = 0
        self.truth.session_ended = False

    def rested(self):
        """The charger was without power for longer than anybody counts, or anything stays warm."""
        self._tell("rested")

    def pending(self):
        """The nouns for which something has to be waited."""
        return [type(watch).__name__ for watch in self._watches if watch.pending(self.truth)]

    def cleared(self):
        """A technician has looked after everything that lasts."""
        self._tell("cleared")

    def _look(self):
        truth = self.truth
        self._tell("look")
        if truth.rose:
            self._tell("rise")
        elif truth.fell:
            self._tell("fall")

    def _tell(self, what):
        for told in self._told[what]:
            told(self.truth)

    def _heirs(self, name):
        """The methods of this name that do something."""
        told = [watch for watch in self._watches if name in vars(type(watch))]
        return [getattr(watch, name) for watch in told]
