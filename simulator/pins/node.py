"""One pin: what the chip drives onto it, what the circuit puts there, and who looks at it."""

RISING = 1
FALLING = 2


class Waveform:
    """A PWM output: levels computed from the counter's phase, at any moment since the last change."""

    def __init__(self):
        self.period_ns = 0
        """0: the counter stands still."""
        self.high_ns = 0
        """High time in each period, from the next wrap of the counter on."""
        self.inverted = 0
        self._origin_ns = 0
        self._was_ns = 0
        self._from_ns = 0

    def start(self, period_ns, now_us):
        """The counter runs from 0 with this period."""
        self.period_ns = period_ns
        self._origin_ns = self._from_ns = now_us * 1000

    def shape(self, high_ns, now_us):
        """Change the high time: the hardware does so when the counter wraps next."""
        now_ns = now_us * 1000
        if now_ns >= self._from_ns:
            self._was_ns = self.high_ns
        self.high_ns = high_ns
        if self.period_ns:
            wraps = (now_ns - self._origin_ns + self.period_ns - 1) // self.period_ns
            self._from_ns = self._origin_ns + wraps * self.period_ns

    def level_at(self, at_us):
        """The level at `at_us`, which is not before the last change."""
        at_ns = at_us * 1000
        high_ns = self.high_ns if at_ns >= self._from_ns else self._was_ns
        phase_ns = (at_ns - self._origin_ns) % self.period_ns if self.period_ns else 0
        return (1 if phase_ns < high_ns else 0) ^ self.inverted


class Irq:
    """What `Pin.irq` returns."""

    def __init__(self, pin, handler, trigger, hard, edges):
        self._pin = pin
        self._handler = handler
        self._trigger = trigger
        self._hard = hard
        self._edges = edges
        self._flags = 0

    def flags(self):
        """The triggers of the last interrupt."""
        return self._flags

    def trigger(self):
        """The triggers that it waits for."""
        return self._trigger

    def edge(self, chip, level):
        """The wire has come to `level`."""
        flag = self._edges[0 if level else 1] & self._trigger
        if flag and self._handler:
            self._flags = flag
            chip.interrupt(self._handler, self._pin, self._hard)


class Node:
    """A pin of the chip with its wire, for the circuit (`watch`, `feed`, `feed_level`) and for the ports."""

    def __init__(self, chip, number):
        self.number = number
        self._chip = chip
        self._watchers = []  # type: list
        self._millivolts = None
        self._far = None
        self._level = 0
        self.waveform = None
        self.release()

    def release(self):
        """The processor restarts: the pin is an input without pull, and nobody waits for its edges."""
        if self.waveform:
            self._level = -1
        self.drive = ""
        """Who drives: 'pin', 'pwm', 'pio', 'uart' or nobody of the chip ('')."""
        self.out = 0
        """The level that the chip drives, or would."""
        self.latch = 0
        """The level that the port's register holds for it."""
        self.mode = -1
        """As the port's Pin calls it; -1: none yet."""
        self.pull = None
        self.waveform = None
        self.irq = None
        self.analogue = False

    @property
    def level(self):
        """What is on the wire now."""
        return self.level_at(self._chip.now_us)

    def level_at(self, at_us):
        """What is on the wire at `at_us`: now, or since the last change of anything."""
        if self.drive:
            return self.waveform.level_at(at_us) if self.waveform else self.out
        far = self._far
        if callable(far):
            far = far(at_us)
        return (1 if self.pull == "up" else 0) if far is None else far

    @property
    def restless(self):
        """Whether the level changes without an event: by PWM, or a function of the circuit."""
        return self.drive == "pwm" or (not self.drive and callable(self._far))

    def mv_at(self, at_us):
        """The voltage at the pin (mV) as the circuit feeds it; 0 where it feeds none."""
        return self._millivolts(at_us) if self._millivolts else 0

    def watch(self, callback):
        """`callback(level, now_us)` from now on whenever the wire's level changes; on a pin with PWM whenever
        the duty does, for the edges of PWM are told by `level_at` and `waveform` alone."""
        self._watchers.append(callback)

    def feed(self, millivolts):
        """The circuit's voltage: `millivolts(at_us)` is asked for any moment since the last look."""
        self._millivolts = millivolts

    def feed_level(self, level):
        """The circuit's level: 0, 1, None (it lets go), or a function of now_us that returns one of these
        and is asked whenever somebody looks, and at least at both ends of each `Chip.advance`."""
        self._far = level
        self._chip.lively(self, callable(level))
        self.settle()

    def assign(self, drive, out):
        """For the ports: `drive` drives the level `out` from now on; '' lets go."""
        if "pwm" in (self.drive, drive):
            self._level = -1  # all who watch are told, whatever it was
        if drive != "pwm":
            self.waveform = None
        self.drive = drive
        self.out = out
        self.settle()

    def reshaped(self):
        """For the ports: the waveform has changed."""
        self._tell(self.level)

    def settle(self):
        """Tell everybody if the level has changed."""
        level = self.level
        if level != self._level:
            self._tell(level)

    def _tell(self, level):
        changed = level != self._level
        self._level = level
        for callback in self._watchers:
            callback(level, self._chip.now_us)
        if changed and self.irq:
            self.irq.edge(self._chip, level)
