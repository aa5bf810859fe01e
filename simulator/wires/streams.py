"""Byte streams in memory, in the form of asyncio's: bytes written at one end are read in order at the other.

As in asyncio, `write` takes any number of bytes at once; `drain` waits while the other end does not keep up,
and raises ConnectionResetError once the connection is lost. No byte is lost without a word.
"""

from __future__ import annotations

import asyncio
import collections

CAPACITY_BYTES = 65_536
"""More than this unread, and `drain` waits."""


class Pipe:
    """One direction. Bytes are first *under way*, for `delay_s()` seconds or while held, then *arrived*."""

    def __init__(self, delay_s=None):
        self.arrived = bytearray()
        self.ended = False
        """True when nothing follows what is in `arrived`."""
        self.lost = None
        """Why the connection was lost, or None."""
        self.refused = False
        """True when bytes came to an end that had closed: its answer is a reset."""
        self.abandoned = False
        """True when nobody reads any more."""
        self.wanted_bytes = 0
        """What a waiting reader needs at once; a full pipe lets that much through."""
        self._delay_s = delay_s
        self._last_due_s = 0.0
        self._under_way: collections.deque[bytes] = collections.deque()
        self._under_way_bytes = 0
        self._due_count = 0
        self._held = False
        self._waiters: list[asyncio.Future] = []

    @property
    def full(self):
        """True while a writer should wait."""
        unread_bytes = len(self.arrived) + self._under_way_bytes
        return unread_bytes > max(CAPACITY_BYTES, self.wanted_bytes)

    @property
    def idle(self):
        """True when nothing is under way and nothing will come."""
        return self.lost is not None or self.refused or (self.ended and not self._under_way)

    def send(self, data):
        """Put `data` under way; b"" is the end."""
        if self.lost is not None or self.refused:
            return
        self._under_way.append(bytes(data))
        self._under_way_bytes += len(data)
        if self._delay_s is None:
            self._mature()
            return
        loop = asyncio.get_running_loop()
        self._last_due_s = max(self._last_due_s, loop.time() + self._delay_s())
        loop.call_at(self._last_due_s, self._mature)

    def hold(self, held):
        """Keep everything under way (True), or let it flow again (False)."""
        self._held = held
        self._deliver()

    def abandon(self):
        """Nobody reads any more: bytes that arrive from now on are refused."""
        self.abandoned = self.ended = True
        self._changed()

    def lose(self, reason):
        """Break the connection: what was not read is gone, and both ends are told `reason`."""
        if self.lost is None:
            self.lost = reason
            self.arrived.clear()
            self._under_way.clear()
            self._under_way_bytes = self._due_count = 0
            self._changed()

    async def until(self, condition):
        """Wait for `condition()`, or for the connection to be lost, which raises ConnectionResetError."""
        while self.lost is None and not condition():
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            finally:
                self._waiters.remove(waiter)
        if self.lost is not None:
            raise ConnectionResetError(self.lost)

    def take(self, count):
        """The first `count` bytes that arrived."""
        data = bytes(self.arrived[:count])
        del self.arrived[:count]
        self._changed()
        return data

    def _mature(self):
        """One more piece was under way long enough; counting them keeps their order whatever the clock."""
        self._due_count += 1
        self._deliver()

    def _deliver(self):
        while self._under_way and self._due_count and not self._held:
            self._due_count -= 1
            data = self._under_way.popleft()
            self._under_way_bytes -= len(data)
            self._arrive(data)

    def _arrive(self, data):
        if not data:
            self.ended = True
        elif self.abandoned:
            self.refused = True
        else:
            self.arrived += data
        self._changed()

    def _changed(self):
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


class Reader:
    """The reading end, as asyncio.StreamReader: a lost connection raises ConnectionResetError."""

    def __init__(self, pipe):
        self._pipe = pipe

    async def read(self, n=-1):
        """Up to `n` bytes as soon as there are any, b"" at the end; all bytes up to the end with n = -1."""
        pipe = self._pipe
        if n < 0:
            return await self._whole(lambda: False, lambda: len(pipe.arrived))
        if n:
            await pipe.until(lambda: pipe.arrived or pipe.ended)
        return pipe.take(n)

    async def readexactly(self, n):
        """`n` bytes; asyncio.IncompleteReadError, with what there is, when the end comes first."""
        pipe = self._pipe
        data = await self._whole(lambda: len(pipe.arrived) >= n, lambda: min(n, len(pipe.arrived)), n)
        if len(data) < n:
            raise asyncio.IncompleteReadError(data, n)
        return data

    async def readline(self):
        """Bytes up to and with the next line feed, or up to the end."""
        arrived = self._pipe.arrived
        return await self._whole(lambda: b"\n" in arrived, lambda: arrived.find(b"\n") + 1 or len(arrived))

    def at_eof(self):
        """True when the end has come and all bytes were read."""
        return self._pipe.ended and not self._pipe.arrived

    async def _whole(self, complete, count, wanted_bytes=1 << 62):
        """What `count()` says, once it is complete or the end has come; a cancelled wait takes nothing."""
        pipe = self._pipe
        pipe.wanted_bytes = wanted_bytes
        pipe._changed()
        try:
            await pipe.until(lambda: complete() or pipe.ended)
        finally:
            pipe.wanted_bytes = 0
        return pipe.take(count())


class Writer:
    """The writing end, as asyncio.StreamWriter. It knows the opposite pipe, because `close` ends both."""

    def __init__(self, pipe, opposite):
        self._pipe = pipe
        self._opposite = opposite
        self._closing = False

    def write(self, data):
        """Send `data`, at once and without a limit: `drain` is where to wait."""
        if self._closing:
            raise ConnectionResetError("this end of the stream was closed: nothing more can be written to it")
        if data:
            self._pipe.send(data)

    async def drain(self):
        """Wait until the other end keeps up. ConnectionResetError when the connection is lost."""
        pipe = self._pipe
        await pipe.until(lambda: pipe.refused or not pipe.full)
        if pipe.refused:
            raise ConnectionResetError("the other end closed the connection and reads no more")

    def write_eof(self):
        """Send the end after what was written, and go on reading."""
        self._pipe.send(b"")

    def close(self):
        """Send the end after what was written, and read no more."""
        if not self._closing:
            self._closing = True
            self._pipe.send(b"")
            self._opposite.abandon()

    def is_closing(self):
        """True after `close`, or when the connection is lost."""
        return self._closing or self._pipe.refused or self._pipe.lost is not None

    async def wait_closed(self):
        """Nothing to wait for: the bytes that were written go their way."""
        await asyncio.sleep(0)


class Link:
    """A connection: two pipes, and the ends (reader, writer) at either side of them."""

    def __init__(self, delay_s=None):
        self.pipes = there, back = Pipe(delay_s), Pipe(delay_s)
        self.near = (Reader(back), Writer(there, back))
        self.far = (Reader(there), Writer(back, there))

    @property
    def idle(self):
        """True when neither direction will carry anything any more."""
        return all(pipe.idle for pipe in self.pipes)

    def hold(self, held):
        """Keep all bytes under way, in both directions, or let them flow again."""
        for pipe in self.pipes:
            pipe.hold(held)

    def lose(self, reason):
        """Break both directions."""
        for pipe in self.pipes:
            pipe.lose(reason)


def pair():
    """Two connected ends: ((reader, writer), (reader, writer))."""
    link = Link()
    return link.near, link.far
