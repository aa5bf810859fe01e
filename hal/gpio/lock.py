"""Lock of a socket: a motor between two outputs (H-bridge), and a position switch.

The motor runs for `lock_ms` and no longer: `sample`, which the tick calls, ends it. A tick that stops leaves
it driven, so the bridge or the motor must bear that until the watchdog bites (8 s).
"""

from control.ticks import diff
from hal.contract import Lock
from hal.gpio.lines import line_in, line_out


class MotorLock(Lock):
    """Output a high locks, output b high unlocks; never both."""

    fitted = True

    def __init__(self, facts):
        self.locked = False
        self._level = facts.lock_level
        self._drive_ms = facts.lock_ms
        self._engaging = line_out(facts.pins["lock_a"], 0)
        self._releasing = line_out(facts.pins["lock_b"], 0)
        # A broken wire reads as unlocked.
        self._switch = line_in(facts.pins["locked"], 1 - self._level)
        self._runs = False
        self._now_ms = 0
        self._began_ms = 0

    def sample(self, now_ms):
        self._now_ms = now_ms
        self.locked = self._switch.value() == self._level
        if self._runs and diff(now_ms, self._began_ms) >= self._drive_ms:
            self._stop()

    def engage(self):
        self._run(self._engaging)

    def release(self):
        self._run(self._releasing)

    def _run(self, line):
        self._stop()
        line.value(1)
        self._runs = True
        self._began_ms = self._now_ms

    def _stop(self):
        self._engaging.value(0)
        self._releasing.value(0)
        self._runs = False


def make(facts, number, parts):
    """The lock of the connector with these facts."""
    return MotorLock(facts)
