"""Peers that answer with what they heard."""

import asyncio
import contextlib
import threading


async def echo(reader, writer):
    """Answers each piece with itself, until the end."""
    with contextlib.closing(writer):
        while data := await reader.read(1000):
            writer.write(data)
            await writer.drain()


async def late_echo(reader, writer):
    """A peer on a real socket, in a loop and a thread of its own, that answers after a little real time."""
    with contextlib.closing(writer):
        while line := await reader.readline():
            await asyncio.sleep(0.02)
            writer.write(line)


class EchoServer:
    """`late_echo` on a loopback port, on the wall clock."""

    def __enter__(self):
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    async def _serve(self):
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(late_echo, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            self._started.set()
            await self._end.wait()
