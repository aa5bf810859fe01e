"""The charger's way out, in memory or over the host's sockets, on a cable that can be cut.

Both keep `hal.contract.Network`. A cut holds the bytes that are under way, as TCP does: after `restore` they
flow on in order, unless an end has given up by then. `cut(reset=True)` breaks what is open instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import random

from hal import contract
from hal.host import SocketNetwork
from simulator.wires import reasons
from simulator.wires.streams import Link

CHUNK_BYTES = 65_536
CUT = "the network was cut"


class Cable(contract.Network):
    """What both networks share: the links that are open, and the cut that stops all of them."""

    connected = True
    has_roots = True

    def __init__(self):
        self._links: list[Link] = []
        self._tasks: list[asyncio.Task] = []

    def cut(self, reset=False):
        """Open streams go dead until `restore`, or break with `reset`; opening another is an OSError."""
        self.connected = False
        for link in self._links:
            if reset:
                link.lose(CUT)
            link.hold(True)

    def restore(self):
        """Whole again: what is still open flows on."""
        self.connected = True
        for link in self._links:
            link.hold(False)

    async def quiet(self):
        """Wait until all that was written has gone its way and every link has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _check(self):
        if not self.connected:
            raise OSError(CUT)

    def _carry(self, link, work, name):
        """Keep `link` under the cut from now on, with the task that is at work behind it."""
        self._links = [other for other in self._links if not other.idle]
        self._links.append(link)
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        task.add_done_callback(lambda done: self._ended(done, link))
        return link.near

    def _ended(self, task, link):
        """Who fails behind a link takes the link with it, and is heard of, as asyncio's servers are."""
        self._tasks.remove(task)
        if task.cancelled() or task.exception() is None:
            return
        link.lose("the other end failed")
        failure = {"message": f"{task.get_name()} failed", "exception": task.exception(), "task": task}
        task.get_loop().call_exception_handler(failure)


class Network(Cable):
    """Streams in memory to those who `listen`.

    Each piece is `latency_ms` plus up to `jitter_ms` (by `seed`) under way. `peers` is another Network whose
    listeners are reached from here too: many chargers, each on a cable of its own, and one backend. TLS is
    accepted and means nothing: no wire carries these bytes.
    """

    def __init__(self, latency_ms=0, jitter_ms=0, seed=0, peers=None):
        super().__init__()
        self._listeners = {} if peers is None else peers._listeners
        self._latency_ms, self._jitter_ms = latency_ms, jitter_ms
        self._random = random.Random(seed)

    def listen(self, host, port, accept):
        """Run `await accept(reader, writer)` as a task for each connection; returns a function to end this.

        OSError when somebody listens there already.
        """
        address = (host, port)
        if address in self._listeners:
            raise OSError(errno.EADDRINUSE, f"somebody listens on {host}:{port} already")
        self._listeners[address] = accept
        return lambda: self._listeners.pop(address, None)

    async def open(self, host, port, tls=None):
        """Connect within one round trip; returns (reader, writer)."""
        self._check()
        delay_s = self._delay_s if self._latency_ms or self._jitter_ms else None
        if delay_s:
            await asyncio.sleep(delay_s() + delay_s())
            self._check()
        accept = self._listeners.get((host, port))
        if accept is None:
            raise ConnectionRefusedError(reasons.REFUSED)
        link = Link(delay_s)
        return self._carry(link, accept(*link.far), f"accept {host}:{port}")

    def _delay_s(self):
        return (self._latency_ms + self._random.randint(0, self._jitter_ms)) / 1000


class HostNetwork(Cable):
    """The host's own sockets behind a cable in memory: two pumps carry the bytes of each connection."""

    def __init__(self):
        super().__init__()
        self._host = SocketNetwork()

    async def open(self, host, port, tls=None):
        """As the host's own, behind the cable."""
        self._check()
        try:
            reader, writer = await self._host.open(host, port, tls)
        except OSError as error:
            raise type(error)(reasons.of(error)) from None
        if not self.connected:
            _abort(writer)
            self._check()
        link = Link()
        return self._carry(link, _join(link, reader, writer), f"carry {host}:{port}")

    async def ask(self, host, port, question):
        """As the host's own, while the cable is whole."""
        self._check()
        answer = await self._host.ask(host, port, question)
        self._check()
        return answer

    def explain(self, error):
        """The host's words, or the cable's."""
        return CUT if CUT in str(error) else self._host.explain(error)


async def _join(link, reader, writer):
    """Carry both ways until the near end of the link closes; what it had written still goes out."""
    link_reader, link_writer = link.far
    inbound = asyncio.create_task(_bring_in(link, reader, link_writer))
    try:
        await _pump(link_reader, writer)
        if not link.pipes[1].abandoned:
            if writer.can_write_eof():
                writer.write_eof()
            await inbound
        writer.close()
        await writer.wait_closed()
    except OSError as error:
        link.lose(reasons.of(error))
    finally:
        inbound.cancel()
        _abort(writer)


def _abort(writer):
    # With TLS that was closed twice there is nothing left to abort, which CPython 3.11 has no check for.
    with contextlib.suppress(AttributeError):
        writer.transport.abort()


async def _bring_in(link, reader, link_writer):
    try:
        await _pump(reader, link_writer)
        link_writer.write_eof()
    except OSError as error:
        if not link_writer.is_closing():
            link.lose(reasons.of(error))


async def _pump(reader, writer):
    while data := await reader.read(CHUNK_BYTES):
        writer.write(data)
        await writer.drain()
