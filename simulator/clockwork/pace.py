"""How time passes: *virtual* (as fast as the machine allows), *paced* by the wall clock, *manual* by command.

asyncio waits in one place only, its selector's `select`. A pace is what the kernel does there instead: it
decides when simulated time moves, with the tick on the way, and looks at real sockets as often as its kind of
time needs.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections.abc import Callable
from typing import Protocol

from simulator.clockwork import tasks

US_PER_S = 1_000_000
STRIDE_US = US_PER_S
"""While a tick runs, time moves at most this far before sockets, signals and threads are looked at again."""
ROUNDS_AT_ONE_INSTANT = 1_000_000
"""Rounds of callbacks without any time passing after which virtual time calls it a loop that never ends."""
TICK_ALONE_S = 86_400
"""Virtual time gives up after a simulated day in which nothing but the tick ran."""
OUTSIDE_WAIT_S = 10
"""Wall-clock seconds that virtual time waits for a real socket or thread when nothing else can happen."""

LONGEST_POLL_S = 86_400
"""The system call takes no more than 24 days."""
PATIENCE_S = 30.0
"""Wall-clock seconds that manual time stands still for one answer: longer than a server may sensibly take."""


class Stalled(RuntimeError):
    """Virtual time cannot go on: nothing that is left could ever wake the tasks that wait."""


class Timeline(Protocol):
    """What a pace moves: simulated time with its timers and its tick, as the kernel keeps them."""

    reached_us: int
    ticking: bool

    @property
    def waiting(self) -> bool:
        """True when a timer is set."""

    def now_ms(self) -> int:
        """Simulated milliseconds since start."""

    def next_us(self) -> int | None:
        """When the next timer or tick is due, or None."""

    def jump(self, limit_us: int | None) -> None:
        """Move time to the next timer or `limit_us`, tick by tick; stop where a tick made work."""

    def catch_up(self) -> None:
        """Run the tick once if it is due, with the time it really is."""

    def create_future(self) -> asyncio.Future:
        """As asyncio's."""


class Gate(selectors.DefaultSelector):
    """The selector that asyncio gets: the pace decides what waiting means."""

    pace: Pace

    def select(self, timeout=None):
        return self.pace.select(timeout)

    def poll(self, timeout):
        """Events of real files, within `timeout` wall-clock seconds (None: until there is one)."""
        return super().select(timeout)

    def outside(self):
        """True when there are files beside the loop's own self-pipe."""
        return len(self.get_map()) > 1


class Pace:
    """What all three share: a kernel to move, and the gate through which it sees the outside."""

    kernel: Timeline
    gate: Gate

    def attach(self, kernel, gate):
        """Start to pace `kernel`, from the time it shows now."""
        self.kernel, self.gate = kernel, gate

    def now_us(self):
        """Simulated microseconds since the kernel started."""
        return self.kernel.reached_us

    def start_unix_ms(self):
        """The wall clock at simulated time zero where nobody says otherwise: 2026-01-01T00:00:00Z."""
        return 1_767_225_600_000

    def select(self, timeout):
        """asyncio's `select`: events of real files. `timeout` is 0 when there is something to run now."""
        raise NotImplementedError


class Virtual(Pace):
    """Time jumps to the next timer as soon as nothing is left to do; the wall clock is never read."""

    def __init__(self):
        self._rounds = 0
        self._alone_since_us = None

    def select(self, timeout):
        """Jump when idle; a look outside costs a system call and comes with each jump."""
        if timeout == 0:
            self._alone_since_us = None
            self._count_round()
            return self.gate.poll(0) if self.gate.outside() else ()
        self._rounds = 0
        kernel = self.kernel
        if not kernel.ticking and not kernel.waiting:
            return self._wait_outside()
        events = self.gate.poll(0)
        if events:
            return events
        self._watch_solitude()
        kernel.jump(kernel.reached_us + STRIDE_US if kernel.ticking else None)
        return ()

    def _count_round(self):
        self._rounds += 1
        if self._rounds > ROUNDS_AT_ONE_INSTANT:
            self._rounds = 0
            raise Stalled(self._says("time cannot pass because a task never waits (sleep(0) in a loop?)"))

    def _watch_solitude(self):
        reached_us = self.kernel.reached_us
        if self.kernel.waiting:
            self._alone_since_us = None
        elif self._alone_since_us is None:
            self._alone_since_us = reached_us
        elif reached_us - self._alone_since_us > TICK_ALONE_S * US_PER_S:
            raise Stalled(self._says("nothing but the tick has run for a simulated day"))

    def _wait_outside(self):
        somebody = self.gate.outside() or threading.active_count() > 1
        events = self.gate.poll(OUTSIDE_WAIT_S if somebody else 0)
        if events:
            return events
        raise Stalled(self._says("there is no timer, no tick and nothing ready"))

    def _says(self, reason):
        waiting = ", ".join(tasks.title(task) for task in tasks.in_order(self.kernel))
        return f"virtual time is stuck at {self.kernel.now_ms()} ms: {reason}; unfinished tasks: {waiting}"


class Paced(Pace):
    """Simulated time is wall time times `speed`; real sockets are served meanwhile."""

    def __init__(self, speed=1.0):
        if not 0.001 <= speed <= 100_000:
            raise ValueError(f"speed {speed} is not possible: choose 0.001 to 100000, or manual time")
        self._per_mille = round(speed * 1000)

    def attach(self, kernel, gate):
        super().attach(kernel, gate)
        self._from_us = kernel.reached_us
        self._from_ns = time.monotonic_ns()

    def now_us(self):
        return self._from_us + (time.monotonic_ns() - self._from_ns) * self._per_mille // US_PER_S

    def start_unix_ms(self):
        """Now, by the host's clock."""
        return time.time_ns() // 1_000_000

    def select(self, timeout):
        """Wait for sockets until the next timer or tick; a tick that is late runs once."""
        events = self.gate.poll(0) if timeout == 0 else self._wait(self.kernel.next_us())
        self.kernel.catch_up()
        return events

    def _wait(self, until_us):
        if until_us is None:
            return self.gate.poll(None)
        wall_us = max(0, until_us - self.now_us()) * 1000 // self._per_mille
        whole_ms = wall_us // 1000
        if whole_ms:
            return self.gate.poll(min(whole_ms / 1000, LONGEST_POLL_S))
        time.sleep(wall_us / US_PER_S)  # `epoll` rounds up to 1 ms: too coarse for a tick at a high speed
        return self.gate.poll(0)


class Manual(Pace):
    """Time moves only by `advance`, timer by timer, and stands still while `busy` awaits an answer.

    After `patience_s` of the wall clock without that answer time moves all the same, so that time-outs can
    happen.
    """

    def __init__(self, patience_s=PATIENCE_S):
        self.busy: Callable[[], object] = lambda: None
        self._patience_s = patience_s
        self._awaited: object = None
        self._hold_until_s = 0.0
        self._goals: list[tuple[int, asyncio.Future]] = []

    async def advance(self, seconds):
        """Let `seconds` pass, after those of earlier calls; returns when the last instant's work is done."""
        if not 0 <= seconds < 1e9:
            raise ValueError(f"time cannot advance by {seconds} s: give 0 or more seconds")
        pending = [goal_us for goal_us, reached in self._goals if not reached.done()]
        goal = (
            max(pending, default=self.kernel.reached_us) + round(seconds * US_PER_S),
            self.kernel.create_future(),
        )
        self._goals.append(goal)
        try:
            await goal[1]
        finally:
            self._goals.remove(goal)

    def select(self, timeout):
        """Serve sockets first; move one step when nothing is left to do and no answer is on its way."""
        events = self.gate.poll(0)
        if events or timeout == 0:
            return events
        if not self._goals:
            return self.gate.poll(None)
        hold_s = self._hold_s()
        if hold_s > 0:
            return self.gate.poll(hold_s)
        return self._step(*self._goals[0])

    def _step(self, goal_us, reached):
        kernel = self.kernel
        if kernel.reached_us >= goal_us:
            reached.set_result(None)
            return ()
        kernel.jump(min(goal_us, kernel.reached_us + STRIDE_US) if kernel.ticking else goal_us)
        return self.gate.poll(0)

    def _hold_s(self):
        """Wall-clock seconds that time may still stand still for what is awaited now."""
        awaited = self.busy()
        if not awaited:
            self._awaited = None
            return 0
        now_s = time.monotonic()
        if awaited != self._awaited:
            self._awaited = awaited
            self._hold_until_s = now_s + self._patience_s
        return self._hold_until_s - now_s
