"""`machine.Timer` and `machine.WDT`."""

from simulator.pins.wired import Wired


class Timer(Wired):
    """A timer in virtual time; its callback is a hard interrupt where the port has those, else scheduled."""

    ONE_SHOT, PERIODIC = 0, 1

    def __init__(self, id=-1, *, mode=1, period=-1, freq=None, tick_hz=1000, callback=None, hard=None):
        if id not in self._chip.rules.timers:
            raise ValueError("Timer doesn't exist")
        self._id = id
        self._event = None
        if (period, freq) != (-1, None):
            self.init(mode=mode, period=period, freq=freq, tick_hz=tick_hz, callback=callback, hard=hard)

    def init(self, *, mode=1, period=-1, freq=None, tick_hz=1000, callback=None, hard=None):
        """Start, for the first time or anew."""
        self.deinit()
        self._hard = self._may_be_hard(hard)
        if freq is not None:
            self._period_us = int(1000000 / freq)
        else:
            self._period_us = (0xFFFFFFFF if period == -1 else period) * 1000000 // tick_hz
        if self._id == -1 and self._chip.rules.family == "esp32" and self._period_us < 1000:
            raise ValueError("period too small for soft timer")
        self._period_us = max(self._period_us, 1)
        self._repeats = mode == self.PERIODIC
        self._callback = callback
        self._due_us = self._chip.now_us + self._period_us
        self._start()

    def deinit(self):
        """Stop."""
        if self._event:
            self._event.cancel()
        self._event = None

    def _start(self):
        self._event = self._chip.at(self._due_us, self._fire)
        if self._id != -1:  # one timer, however many objects
            timers = self._chip.parts.setdefault("timers", {})
            running = timers.get(self._id)
            if running and running is not self:
                running.deinit()
            timers[self._id] = self

    def _fire(self):
        if self._repeats:
            self._due_us += self._period_us
            self._start()
        if self._callback:
            self._chip.interrupt(self._callback, self, self._hard)

    def _may_be_hard(self, hard):
        if hard is None:
            return False
        since = self._chip.rules.hard_timers_from
        if self._chip.version < (since or (1, 27)):
            raise TypeError("extra keyword arguments given")
        if hard and not since:
            raise ValueError("hard Timers are not implemented")
        return bool(hard)


class WDT(Wired):
    """The watchdog: once started nothing stops it but a restart."""

    def __init__(self, id=0, timeout=5000):
        most_ms = self._chip.rules.wdt_max_ms
        if id != 0:
            raise ValueError("WDT(%d) doesn't exist" % id)
        if timeout > most_ms:
            raise ValueError("timeout exceeds %d" % most_ms)
        if timeout <= 0:
            raise ValueError("WDT timeout too short")
        self._chip.parts["watchdog"] = self
        self._timeout_us = timeout * 1000
        self.feed()
        self._watch()

    def feed(self):
        """Not yet."""
        self._fed_us = self._chip.now_us

    def _watch(self):
        if self._chip.parts.get("watchdog") is self:
            self._chip.at(self._fed_us + self._timeout_us, self._bite)

    def _bite(self):
        if self._chip.now_us - self._fed_us >= self._timeout_us:
            self._chip.reset("watchdog")
        else:
            self._watch()
