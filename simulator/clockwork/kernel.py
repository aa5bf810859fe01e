"""One clock for everything: an asyncio event loop on simulated time, with a tick like a timer interrupt.

Time is an integer of microseconds inside; asyncio's float seconds are derived from it, so that a timer fires
at exactly its microsecond after weeks too. A tick comes before the timers of the same instant, and timers of
one instant fire in the order in which they were set.
"""

from __future__ import annotations

import asyncio
import collections
import heapq
import math

from simulator.clockwork import tasks
from simulator.clockwork.pace import US_PER_S, Gate, Manual, Paced, Stalled, Virtual

__all__ = ["Kernel", "Manual", "Paced", "Stalled", "Virtual", "current", "run"]

RESOLUTION_S = 1e-7
"""Well below the microsecond grid and well above the rounding of a float second (1.9e-9 after 100 days)."""
GRID_NOISE_US = 0.01
"""What float arithmetic on seconds may add to a deadline without pushing it to the next microsecond."""


class Timer(asyncio.TimerHandle):
    """A timer that knows its microsecond, and its place among the timers of that microsecond."""

    __slots__ = ("key",)
    _scheduled: bool

    def __init__(self, key, callback, args, loop, context):
        super().__init__(key[0] / US_PER_S, callback, args, loop, context)
        self.key = key

    def __lt__(self, other):
        return self.key < other.key


class Kernel(asyncio.SelectorEventLoop):
    """Event loop on simulated time that starts at 0, in the given pace (`Virtual()` unless told).

    `start_unix_ms` is the wall clock at that moment: 2026-01-01T00:00:00Z, or the host's clock when paced.
    """

    # asyncio's own queues, the same since Python 3.4: due callbacks, and the heap of timers.
    _ready: collections.deque
    _scheduled: list[Timer]

    def __init__(self, pace=None, start_unix_ms=None):
        self.reached_us = 0
        """How far jumps have brought time; what time it is, `now_us` says."""
        self.tick_gap_max_ms = 0
        """Longest simulated time between two ticks when paced; elsewhere no tick is late and this is 0."""
        self.ticking = False
        self._gate = Gate()
        super().__init__(self._gate)
        self._clock_resolution = RESOLUTION_S
        self._order = 0
        self._horizon_ms = -1
        self._set_pace(pace or Virtual())
        self._start_unix_ms = self._pace.start_unix_ms() if start_unix_ms is None else start_unix_ms

    def _set_pace(self, pace):
        pace.attach(self, self._gate)
        self._pace = self._gate.pace = pace

    # What time it is

    def now_us(self):
        """Simulated microseconds since start."""
        return self._pace.now_us()

    def now_ms(self):
        """Simulated milliseconds since start; never wraps."""
        return self._pace.now_us() // 1000

    def unix_ms(self):
        """Simulated wall clock: milliseconds since 1970."""
        return self._start_unix_ms + self.now_ms()

    def time(self):
        """Simulated seconds since start, for asyncio."""
        return self._pace.now_us() / US_PER_S

    # Timers

    def call_at(self, when, callback, *args, context=None):  # type: ignore[override]
        """As asyncio's, on whole microseconds and first in, first out; a time to come never fires at once."""
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        at_us = math.ceil(when * US_PER_S - GRID_NOISE_US)
        now_us = self._pace.now_us()
        if at_us <= now_us < when * US_PER_S:
            at_us = now_us + 1
        self._order += 1
        timer = Timer((at_us, self._order), callback, args, self, context)
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        if at_us // 1000 < self._horizon_ms:
            self._horizon_ms = at_us // 1000
        return timer

    @property
    def waiting(self):
        """True when a timer is set."""
        return bool(self._scheduled)

    def next_us(self):
        """When the next timer or tick is due, or None."""
        due = [self._scheduled[0].key[0]] if self._scheduled else []
        if self.ticking:
            due.append(self._tick_ms * 1000)
        return min(due, default=None)

    # The tick

    def every(self, period_ms, callback):
        """Call `callback(now_ms)` each `period_ms`, first after one period, until `cancel_tick`.

        One tick at a time: a second is a RuntimeError. An exception from the callback leaves the loop's run.
        """
        if self.ticking:
            raise RuntimeError("a tick runs already: cancel_tick() comes first")
        if period_ms < 1:
            raise ValueError(f"a tick period of {period_ms} ms is not possible: give 1 or more whole ms")
        self._horizon_ms = -1
        now_us = self.now_us()
        self._period_ms, self._callback = period_ms, callback
        self._tick_ms = now_us // 1000 + period_ms
        self._ticked_us = now_us
        self.ticking = True

    def cancel_tick(self):
        """Take the tick away, if there is one; also from inside it."""
        self.ticking = False
        self._horizon_ms = -1

    def jump(self, limit_us):
        """Move time to the next timer or `limit_us`, tick by tick; stop where a tick made work."""
        if self._scheduled and (limit_us is None or self._scheduled[0].key[0] < limit_us):
            limit_us = self._scheduled[0].key[0]
        horizon_ms = self._horizon_ms = limit_us // 1000
        if self.ticking:
            self._run_ticks()
        if self._horizon_ms == horizon_ms and not self._ready:
            self.reached_us = limit_us

    def _run_ticks(self):
        """Run ticks up to the horizon, which any change to timers or to the tick itself draws nearer."""
        ready, callback, period_ms, tick_ms = self._ready, self._callback, self._period_ms, self._tick_ms
        while tick_ms <= self._horizon_ms and not ready:
            self.reached_us = tick_ms * 1000
            self._tick_ms = next_ms = tick_ms + period_ms
            callback(tick_ms)
            tick_ms = next_ms

    def catch_up(self):
        """Run the tick once if it is due, with the time it really is; ticks that were missed are gone."""
        if not self.ticking:
            return
        now_us = self.now_us()
        now_ms = now_us // 1000
        late_ms = now_ms - self._tick_ms
        if late_ms < 0:
            return
        self.tick_gap_max_ms = max(self.tick_gap_max_ms, (now_us - self._ticked_us) // 1000)
        self._ticked_us = now_us
        self._tick_ms = now_ms + self._period_ms - late_ms % self._period_ms
        self._callback(now_ms)

    # Time by hand

    async def advance(self, seconds):
        """Let `seconds` of manual time pass. RuntimeError where time moves by itself."""
        if not isinstance(self._pace, Manual):
            raise RuntimeError("time moves by itself here: only manual time (speed 0) can be advanced")
        await self._pace.advance(seconds)

    def hold_while(self, busy):
        """Manual time stands still while `busy()` is true, up to its patience; other paces do not ask.

        `busy` best returns a name for what is awaited, such as the id of the CALL: patience begins anew with
        each.
        """
        if isinstance(self._pace, Manual):
            self._pace.busy = busy

    # Begin and end

    def stop(self):
        """As asyncio's; also from inside the tick."""
        super().stop()
        self._horizon_ms = -1

    def wind_down(self):
        """No more ticks; manual time passes by the wall clock from here, so that clean-up can wait."""
        self.cancel_tick()
        if isinstance(self._pace, Manual):
            self.follow_wall_clock()

    def follow_wall_clock(self):
        """Simulated time goes on at the speed of life."""
        self.reached_us = self.now_us()
        self._set_pace(Paced())


def current() -> Kernel:
    """The kernel that runs this code; RuntimeError where none does."""
    kernel = asyncio.get_running_loop()
    if not isinstance(kernel, Kernel):
        raise RuntimeError(
            "simulated time is needed here, and this loop runs on the wall clock: use kernel.run()"
        )
    return kernel


def run(main, pace=None, start_unix_ms=None):
    """Run the coroutine `main` to its end on a kernel of its own and return its result.

    Inside, `current()` is the kernel. Tasks that are left at the end are cancelled, always in the same order.
    """
    kernel = Kernel(pace, start_unix_ms)
    with asyncio.Runner(loop_factory=lambda: kernel) as runner:
        try:
            return runner.run(main)
        finally:
            kernel.wind_down()
            runner.run(tasks.cancel_the_rest(kernel))
            kernel.follow_wall_clock()  # what the runner still waits for is real: threads
