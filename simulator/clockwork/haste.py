"""Time that passes faster (or slower) than the wall clock, without losing a tick.

In real time (`simulator.clockwork.pace.Paced`) a tick that comes late comes late, as on a board. Times a
hundred the same pause of the host would be a hundred times as long, and the firmware would rightly open its
contactors over it. Here simulated time waits instead: it never runs ahead of the wall clock times `speed`,
and where the machine cannot keep up it falls behind.
"""

import time

from simulator.clockwork.pace import LONGEST_POLL_S, PATIENCE_S, STRIDE_US, US_PER_S, Manual, Pace, Paced


class Hastened(Pace):
    """Timer by timer and tick by tick, up to where `speed` times the wall clock has come."""

    def __init__(self, speed):
        Paced(speed)  # the same speeds are possible
        self._per_mille = round(speed * 1000)

    def attach(self, kernel, gate):
        super().attach(kernel, gate)
        self._from_us = kernel.reached_us
        self._from_ns = time.monotonic_ns()

    def start_unix_ms(self):
        """Now, by the host's clock."""
        return time.time_ns() // 1_000_000

    def select(self, timeout):
        """Serve sockets first; move when nothing is left to do at this instant."""
        events = self.gate.poll(0)
        if events or timeout == 0:
            return events
        kernel = self.kernel
        next_us, due_us = kernel.next_us(), self._due_us()
        if next_us is None or next_us > due_us:
            return self.gate.poll(self._wait_s(next_us))
        kernel.jump(min(due_us, kernel.reached_us + STRIDE_US))
        return ()

    def _due_us(self):
        return self._from_us + (time.monotonic_ns() - self._from_ns) * self._per_mille // US_PER_S

    def _wait_s(self, until_us):
        if until_us is None:
            return None
        return min((until_us - self._due_us()) * 1000 / self._per_mille / US_PER_S, LONGEST_POLL_S)


def pace(speed, patience_s=PATIENCE_S):
    """The pace for a `--speed`: 0 is manual, 1 real time, the rest hastened. ValueError: not possible."""
    if speed == 0:
        return Manual(patience_s)
    return Paced() if speed == 1 else Hastened(speed)
