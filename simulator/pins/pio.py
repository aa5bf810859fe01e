"""A PIO state machine that executes its program, in leaps where a loop only counts.

RP2350 data sheet, 11.4 (instruction set) and 11.5.6.1 (clock divider). It tells the chip when its pins are to
change next; in between nobody can see where it is.
"""

from simulator.pins.instructions import Registers


class Core(Registers):
    """State machine with the memory `words` of its block."""

    def __init__(self, chip, words):
        Registers.__init__(self, chip)
        self._words = words
        self.enabled = False
        self._changing = False

    def load(self, program, offset, settings, div256):
        """Set up with `program` at `offset`; `settings`: pins by role, shifts and thresholds."""
        self.enabled = False
        self.program = program
        self.offset = offset
        self.settings = settings
        self._rate = (div256 * 1000000, 256 * self._chip.rules.sys_hz)
        self.tx, self.rx = [], []
        self.restart()

    def restart(self):
        """Begin the program anew."""
        self.clear()
        self._origin_us, self._cycles = self._chip.now_us, 0
        self._seen = {}

    def enable(self, on):
        """Run, or halt where it stands."""
        if on and not self.enabled:
            self._origin_us, self._cycles = self._chip.now_us, 0
        self.enabled = on

    def next_us(self, limit_us):
        """Run on; the moment of the next change of a pin until `limit_us`, or None."""
        if self._changing:
            return None  # who sees the change takes time, and so asks again
        self._saved = self._state()
        last = self._cycle_at(limit_us)
        while self._cycles <= last:
            if not self._step(False):
                return self._us_of(self._cycles)
            if self._stalled:
                self._cycles = last + 1 if self._patient else self._cycles + 1
            elif self._back:
                self._leap(last)
        return None

    def until(self, now_us):
        """Others have moved first: be where it is at `now_us`."""
        if self._cycles > self._cycle_at(now_us) and not self._changing:
            self._restore(self._saved)
            self.next_us(now_us)

    def change(self):
        """Change the pins as `next_us` foretold."""
        self._changing = True
        try:
            self._step(True)
        finally:
            self._changing = False

    def moment_us(self):
        return max(self._us_of(self._cycles), self._chip.now_us)

    def execute(self, word):
        """Execute an instruction at once, out of turn."""
        self._changing = True
        try:
            self._execute(word, True)
        finally:
            self._changing = False

    def _us_of(self, cycles):
        return self._origin_us + -(-cycles * self._rate[0] // self._rate[1])

    def _cycle_at(self, at_us):
        return (at_us - self._origin_us) * self._rate[1] // self._rate[0]

    def _state(self):
        return (
            self.pc, self.x, self.y, self.isr, self.osr, self.in_count, self.out_count, self._cycles,
            list(self.tx), list(self.rx),
        )  # fmt: skip

    def _restore(self, state):
        (
            self.pc, self.x, self.y, self.isr, self.osr, self.in_count, self.out_count, self._cycles,
            self.tx, self.rx,
        ) = state  # fmt: skip
        self._seen = {}

    def _leap(self, last):
        """Pass many rounds of a loop at once when a round only counts down, as long as nothing can differ."""
        now = (self._cycles, self.x, self.y, self.osr, self.isr, self.in_count, self.out_count, self._deeds)
        before = self._seen.get(self.pc)
        self._seen[self.pc] = now
        if before is None or before[4:] != now[4:]:
            return
        took = now[0] - before[0]
        steps = [before[i] - now[i] for i in (1, 2, 3)]
        rounds = (last - self._cycles) // took - 1
        for index in range(3):
            if steps[index] not in (0, 1):
                return
            if steps[index]:
                rounds = min(rounds, now[1 + index] - 2)
        if steps[0] != steps[1]:
            rounds = min(rounds, abs(self.x - self.y) - 2)
        if rounds > 0:
            self.x -= rounds * steps[0]
            self.y -= rounds * steps[1]
            self.osr -= rounds * steps[2]
            self._cycles += rounds * took
            self._seen = {}

    def _step(self, may_change):
        """Execute the next instruction; False when it would change a pin and may not."""
        self._stalled = self._back = False
        self._patient = True
        at = self.pc
        word = self._words[at]
        delay, side = self._split(word)
        if not may_change and ((side is not None and self._differs("sideset", side)) or self._visible(word)):
            return False
        if side is not None:
            self._put_pins("sideset", side)
        self._execute(word, False)
        if not self._stalled:
            self._cycles += 1 + delay
            self._back = self.pc <= at
        return True

    def _split(self, word):
        program = self.program
        bits = program.side_count + (1 if program.side_optional else 0)
        field = word >> 8 & 31
        if not bits or (program.side_optional and not field & 16):
            return field & 31 >> bits, None
        return field & 31 >> bits, field >> 5 - bits & (1 << program.side_count) - 1

    def _visible(self, word):
        kind, dest = word >> 13, word >> 5 & 7
        if kind == 7 and dest == 0:
            return self._differs("set", word & 31)
        # The rest is rare, and shown whether it changes anything or not.
        return (kind == 7 and dest == 4) or (kind in (3, 5) and dest in (0, 4))
