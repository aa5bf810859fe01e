"""Causes that must open the contactor, at moments of their own, into whatever else is being played."""

import heapq

from tests.control.play import Play
from tests.control.repertoire import ACTIONS, FAULTS
from tests.control.timekeeper import B_OHM, Timekeeper

LASTS_MS = 1500
"""Longer than any command may outlast its cause."""
AFTERMATH_MS = 300
SOON_MS = 1000
WIDEST_MS = 60
"""Pulses of residual current are no wider; others stay."""
TOGETHER_MS = 120
"""How far apart things are that come together."""
COMPANY = ("nothing", "nothing", "nothing", "stalls", "interference", "loose_contact", "faults")
"""What else happens around a cause."""


class Over(Exception):
    """The life has shown what it was to show."""


class Ambush(Play):
    """A play with an agenda: what is on it comes at its time, between two ticks or in the midst of an act."""

    def __init__(self, seed, start_ms, setup="tethered"):
        super().__init__(seed, start_ms, setup)
        self._agenda: list[tuple] = []
        self._planned = 0
        self._lasting = False

    def lie_in_wait(self, chance, watches, lasting):
        """Causes come from now on, and `watches` measure. Not `lasting`: one, or two together, and the life
        is over; else they come again and again. Raises `Over`."""
        self.oracle = Timekeeper(self.oracle, watches)
        self._stopwatches = list(watches)
        self._chance = chance
        self._lasting = lasting
        self.plan(chance.randrange(SOON_MS), "strike")

    def plan(self, delay_ms, name, *values):
        """An act `delay_ms` from now."""
        self._planned += 1
        heapq.heappush(self._agenda, (self.oracle.now_ms + delay_ms, self._planned, name, *values))

    def strike(self):
        """A cause comes, if there is a command for it to end."""
        chance = self._chance
        truth = self.oracle.truth
        if truth.driven and truth.contacts:
            for _ in range(chance.choice((1, 1, 2))):
                self._strike(chance.randrange(TOGETHER_MS))
            getattr(self, "_with_" + chance.choice(COMPANY))()
        elif not self._lasting:
            self.end()
        if self._lasting:
            self.plan(chance.randrange(500, 8000), "strike")
        else:
            self.plan(TOGETHER_MS + AFTERMATH_MS, "end")

    def end(self):
        """The life is over, as soon as nothing is being measured any more."""
        if not any(watch.running for watch in self._stopwatches):
            raise Over
        self.plan(AFTERMATH_MS, "end")

    def open_s2(self):
        self.car.pulse(LASTS_MS)

    def trip(self):
        """An earth fault so short that it has no width."""
        self.station.outlet.residual.pulse()

    def _pass_by(self, duration_ms):
        self.oracle.look()
        until_ms = self.oracle.now_ms + duration_ms
        # What comes in the same ms as a tick comes after it: there it has to wait longest.
        while self._agenda and self._agenda[0][0] < until_ms:
            at_ms, _, name, *values = heapq.heappop(self._agenda)
            super()._pass_by(max(at_ms - self.oracle.now_ms, 0))
            self.act(name, *values)
            self.oracle.look()
        super()._pass_by(max(until_ms - self.oracle.now_ms, 0))

    def _with_nothing(self):
        """But what the play does anyway."""

    def _with_stalls(self):
        """The processor is busy now and then, or for long."""
        for _ in range(self._chance.randrange(1, 8)):
            self.plan(self._chance.randrange(2 * TOGETHER_MS), "miss", self._chance.randrange(1, 130))

    def _with_interference(self):
        """Bursts of noise."""
        for _ in range(self._chance.randrange(1, 4)):
            begins_ms = self._chance.randrange(TOGETHER_MS)
            self.plan(begins_ms, "fault", "cp_noise")
            self.plan(begins_ms + self._chance.randrange(1, 400), "clear", "cp_noise")

    def _with_loose_contact(self):
        step = map(self._chance.choice, ACTIONS["loosen"])
        self.plan(self._chance.randrange(TOGETHER_MS), "loosen", *step)

    def _with_faults(self):
        for name in self._chance.sample(FAULTS, 2):
            self.plan(self._chance.randrange(TOGETHER_MS), "fault", name)

    def _strike(self, delay_ms):
        getattr(self, "_" + self._chance.choice(("let_go", "cp_short", "cp_diode", "rcd")))(delay_ms)

    def _let_go(self, delay_ms):
        """S2 opens, with or without a bounce, or the plug comes out."""
        if self._chance.random() < 0.3 and not self.station.outlet.lock.holds:
            self.plan(delay_ms, "unplug")
        else:
            asks_ohm = self.station.outlet.line.load_ohm
            delay_ms = self._bounce(delay_ms, ("show", B_OHM), ("show", asks_ohm))
            self.plan(delay_ms, "open_s2")

    def show(self, ohm):
        if self.car.plugged:
            self.station.outlet.line.load(ohm)

    def _cp_short(self, delay_ms):
        self._fault("cp_short", delay_ms)

    def _cp_diode(self, delay_ms):
        self._fault("cp_diode", delay_ms)

    def _fault(self, name, delay_ms):
        delay_ms = self._bounce(delay_ms, ("fault", name), ("clear", name))
        self.plan(delay_ms, "fault", name)
        self.plan(delay_ms + LASTS_MS, "clear", name)

    def _rcd(self, delay_ms):
        """A residual current of any width: none at all, less than a tick, some ticks, or it stays."""
        width_ms = self._chance.choice((0, self._chance.randrange(1, WIDEST_MS), LASTS_MS))
        if width_ms:
            self.plan(delay_ms, "fault", "rcd_trip")
            self.plan(delay_ms + width_ms, "clear", "rcd_trip")
        else:
            self.plan(delay_ms, "trip")

    def _bounce(self, delay_ms, there, gone):
        """There and gone a few times, half of the time; when it is there for good."""
        swings = self._chance.choice((0, 0, 1, 2))
        for swing in range(swings):
            self.plan(delay_ms + 2 * swing, *there)
            self.plan(delay_ms + 2 * swing + 1, *gone)
        return delay_ms + 2 * swings
