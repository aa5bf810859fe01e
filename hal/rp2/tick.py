"""Where the tick runs on RP2040 and RP2350: on the second core, which has nothing else to do ('core'), or in
a hard timer interrupt ('timer', MicroPython 1.27).

Neither waits for the network, a garbage collection or another task. Only who writes flash stops both: that
is for the board to declare (`Board.stalls`).
"""

import time

STACK_BYTES = 8192
"""Of the second core, for which MicroPython takes 4096 unasked: the tick's calls are ten deep."""


def start(tick, now_ms, period_ms, place):
    """Tick for ever, the first time at once: `tick(now_ms())` each `period_ms`. Returns what has a `stop`.

    A tick that fails on the second core is the last one: the lease opens every contactor, and the watchdog
    restarts the charger. ValueError: the chip has no such `place`.
    """
    if place == "core":
        return Core(tick, now_ms, period_ms)
    if place == "timer":
        return Interrupt(tick, now_ms, period_ms)
    raise ValueError("this chip has no '%s' to tick on; choose 'core', 'timer' or 'task'" % place)


class Core:
    """The second core. The schedule is that of the first tick: a late one does not move it, and one that was
    missed is gone."""

    def __init__(self, tick, now_ms, period_ms):
        threads = __import__("_thread")  # whose name looks private to a build for boards

        self._tick = tick
        self._now_ms = now_ms
        self._period_us = period_ms * 1000
        self._ends = False
        usual_bytes = threads.stack_size(STACK_BYTES)
        threads.start_new_thread(self._run, ())
        threads.stack_size(usual_bytes)

    def stop(self):
        """Let the tick that is under way be the last one."""
        self._ends = True

    def _run(self):
        ticks_us, ticks_diff = time.ticks_us, time.ticks_diff  # type: ignore[attr-defined]
        ticks_add, sleep_us = time.ticks_add, time.sleep_us  # type: ignore[attr-defined]
        tick, now_ms, period_us = self._tick, self._now_ms, self._period_us
        due_us = ticks_us()
        while not self._ends:
            tick(now_ms())
            late_us = ticks_diff(ticks_us(), due_us)
            due_us = ticks_add(due_us, late_us - late_us % period_us + period_us)
            sleep_us(max(ticks_diff(due_us, ticks_us()), 0))


class Interrupt:
    """A hard timer interrupt: nothing of the tick may allocate, as nothing of it does."""

    def __init__(self, tick, now_ms, period_ms):
        from hal.silicon import machine

        self._tick = tick
        self._now_ms = now_ms
        tick(now_ms())
        self._timer = machine.Timer(-1)
        self._timer.init(mode=machine.Timer.PERIODIC, period=period_ms, callback=self._ring, hard=True)

    def stop(self):
        """No more ticks."""
        self._timer.deinit()

    def _ring(self, timer):
        self._tick(self._now_ms())
