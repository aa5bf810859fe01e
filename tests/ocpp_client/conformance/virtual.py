"""Virtual time on MicroPython: its event loop with a clock of our own. On CPython there is
`simulator.clockwork`."""

import asyncio
import time

START_MS = 1 << 27
"""Ahead of the real clock, which the loop still looks at where a task is to go on at once."""


class Loop:
    """`Loop().run(coroutine)`: time jumps to whatever is due next."""

    def __init__(self):
        self._began = self._now = time.ticks_add(time.ticks_ms(), START_MS)  # type: ignore[attr-defined]
        self.map = {0: 0}  # somebody may always come in, as far as the loop can see

    def now_ms(self):
        """Since the beginning."""
        return time.ticks_diff(self._now, self._began)  # type: ignore[attr-defined]

    def wait_io_event(self, duration_ms):
        """What the loop calls instead of sleeping."""
        if duration_ms > 0:
            self._now = time.ticks_add(self._now, duration_ms)  # type: ignore[attr-defined]

    def run(self, coroutine):
        """Returns what it returns."""
        core = asyncio.core  # type: ignore[attr-defined]
        core.ticks = lambda: self._now
        core._io_queue = self
        return asyncio.run(coroutine)
