"""Where the tick runs on Linux: in a thread of its own, before all others where the system lets it.

Linux promises no time, and CPython runs one thread at once: a tick may be late. The dead-man is the
monostable before the contactor, which opens it 100 ms after the last tick, whatever the process does.
"""

import os
import sys
import time

PLACES = ("thread",)
PRIORITY = 50
"""Among threads with real-time scheduling (1-99), where the process may ask for it (CAP_SYS_NICE)."""
SWITCH_S = 0.001
"""The other threads let the tick have the interpreter after so long."""


def start(tick, now_ms, period_ms, place):
    """Tick for ever, the first time at once: `tick(now_ms())` each `period_ms`. Returns what has a `stop`.

    A tick that fails is the last one: the monostable opens, and the watchdog restarts the machine.
    ValueError: there is no such `place`.
    """
    if place not in PLACES:
        raise ValueError("Linux has no '%s' to tick on; choose 'thread' or 'task'" % place)
    return Thread(tick, now_ms, period_ms)


class Thread:
    """The schedule is that of the first tick: a late one does not move it, and one that was missed is
    gone."""

    def __init__(self, tick, now_ms, period_ms):
        import threading

        self.hastened = False
        """The thread runs with real-time scheduling."""
        self._tick = tick
        self._now_ms = now_ms
        self._period_ns = period_ms * 1000000
        self._end = threading.Event()
        sys.setswitchinterval(SWITCH_S)  # MicroPython has none, and no such threads
        self._runner = threading.Thread(target=self._run, name="tick", daemon=True)
        self._runner.start()

    def stop(self):
        """Let the tick that is under way be the last one, and wait for its end."""
        self._end.set()
        self._runner.join()

    def _run(self):
        self.hastened = _hasten()
        due_ns = time.monotonic_ns()
        while not self._end.is_set():
            self._tick(self._now_ms())
            late_ns = time.monotonic_ns() - due_ns
            due_ns += late_ns - late_ns % self._period_ns + self._period_ns
            self._end.wait(max(due_ns - time.monotonic_ns(), 0) / 1000000000)


def _hasten():
    """Ask for real-time scheduling of this thread; whether it was granted."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    except OSError:
        return False
    return True
