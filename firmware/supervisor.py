"""Named tasks: each runs for ever; one that fails is started again after a pause, and told of."""

import asyncio

from control.ticks import MASK
from firmware.services import wording

FIRST_PAUSE_MS = 1000
LONGEST_PAUSE_MS = 60000
"""A task that worked at least this long begins with the shortest pause again."""
BEAT_MS = 1000


class Supervisor:
    """Starts the firmware's tasks, starts them again when they fail, and vouches for them to the guard."""

    def __init__(self, clock, guard, report, alive):
        """`report(event)` takes a dict when a task failed; `alive()`: whether the charger's work goes on."""
        self._clock = clock
        self._guard = guard
        self._report = report
        self._alive = alive
        self._tasks = []

    def start(self, name, work):
        """Keep `work()` (a coroutine function) running as `name`."""
        self._tasks.append(asyncio.create_task(self._keep(name, work)))

    async def stop(self):
        """End all tasks."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except asyncio.CancelledError:
                pass

    async def beat(self):
        """The sign of life: this loop turns only while the scheduler does, and vouches for the work only
        while that turns too."""
        while True:
            if self._alive():
                self._guard.tasks_live(self._clock.now_ms())
            await self._clock.sleep_ms(BEAT_MS)

    async def _keep(self, name, work):
        pause_ms = FIRST_PAUSE_MS
        while True:
            began_ms = self._clock.now_ms()
            try:
                await work()
            except Exception as error:
                # Whatever it was must not take the other tasks with it; the tick never depends on a task.
                self._report({"event": "task_failed", "task": name, "reason": wording(error)})
            if (self._clock.now_ms() - began_ms) & MASK >= LONGEST_PAUSE_MS:
                pause_ms = FIRST_PAUSE_MS
            await self._clock.sleep_ms(pause_ms)
            pause_ms = min(pause_ms * 2, LONGEST_PAUSE_MS)
