"""Waiting for a condition to hold: in simulated time, with a bound."""

import asyncio
import contextlib
import threading

LOOK_S = 0.1
"""How often a wait looks, beside at every event: as often as the firmware looks after its connectors."""


async def until(bench, condition, timeout_s, manual=False):
    """True as soon as `condition` holds, False when it did not within `timeout_s` of simulated time.

    Where time is `manual` it might never pass: the wall clock bounds the wait as well.
    """
    return await _Watch(bench, condition).until(timeout_s, manual)


class _Watch:
    """One wait."""

    def __init__(self, bench, condition):
        self._bench = bench
        self._condition = condition
        self._look = asyncio.Event()
        self._over = False

    async def until(self, timeout_s, manual):
        loop = asyncio.get_running_loop()
        alarms = [loop.call_later(timeout_s, self._give_up)]
        if manual:
            alarms.append(_wall_alarm(timeout_s, loop, self._give_up))
        forget = self._bench.observe(self._heard)
        try:
            return await self._holds_in_time()
        finally:
            forget()
            for alarm in alarms:
                alarm.cancel()

    async def _holds_in_time(self):
        while not self._condition.holds():
            if self._over:
                return False
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_S)
            self._look.clear()
        return True

    def _heard(self, entry):
        self._condition.hear(entry)
        self._look.set()

    def _give_up(self):
        self._over = True
        self._look.set()


def _wall_alarm(seconds, loop, callback):
    """Call `callback` in `loop` after `seconds` of the wall clock."""

    def ring():
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(callback)

    alarm = threading.Timer(min(seconds, threading.TIMEOUT_MAX), ring)
    alarm.daemon = True
    alarm.start()
    return alarm
