"""What goes on in the background while nobody waits for it."""

import asyncio

from firmware.services import wording

MOST = 4
"""Cards and remote starts that may wait for an authorisation at once: more is not people, and memory is
small."""


class Errands:
    """Background tasks of the facade; one that fails is told of."""

    def __init__(self, services):
        self._services = services
        self._tasks = []

    def has_hands(self):
        """Whether one more may go on."""
        self._prune()
        return len(self._tasks) < MOST

    def run(self, work, *args):
        """Let `work(*args)` (a coroutine function) go on."""
        self._prune()
        self._tasks.append(asyncio.create_task(self._told(work, args)))

    def stop(self):
        """End them all."""
        for task in self._tasks:
            task.cancel()

    def _prune(self):
        self._tasks = [task for task in self._tasks if not task.done()]

    async def _told(self, work, args):
        try:
            await work(*args)
        except Exception as error:
            # Nobody awaits this: without it, nobody would know.
            self._services.publish({"event": "task_failed", "task": "background", "reason": wording(error)})
