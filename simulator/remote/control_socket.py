"""The control socket: commands for a simulated charger over TCP, a JSON object a line in, one a line out.

It listens on loopback alone. A client's lines are done in their order, clients beside each other.
"""

import asyncio
import json

HOST = "127.0.0.1"
LINE_BYTES = 65_536
"""Longest line that is taken, without its end."""
MOST_CLIENTS = 32

_HTTP = (b"HTTP/1.0", b"HTTP/1.1")


class ControlSocket:
    """Hands the lines of any number of clients to `perform(command)`, which returns the answer."""

    def __init__(self, perform):
        self._perform = perform
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task] = set()
        self.port = 0

    async def open(self, port=0):
        """Listen on `port` (0: any that is free); `self.port` is the one it became. OSError."""
        self._server = await asyncio.start_server(self._serve, HOST, port, limit=LINE_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self):
        """End all conversations and free the port."""
        if self._server:
            self._server.close()
        clients = list(self._clients)
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        assert task, "a server's handlers run as tasks"
        self._clients.add(task)
        try:
            await self._converse(reader, writer)
            writer.close()
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()  # the client has gone, or the charger goes: nobody is left to be told
        finally:
            self._clients.discard(task)

    async def _converse(self, reader, writer):
        """Answer line after line, until the client ends or does what is not to be answered twice."""
        farewell = None
        if len(self._clients) > MOST_CLIENTS:
            farewell = f"{MOST_CLIENTS} clients are here already; close one of them first"
        while not farewell:
            try:
                line = await reader.readline()
            except ValueError:
                farewell = f"a command has at most {LINE_BYTES} bytes; connect again for the next"
                break
            if not line:
                return
            if line.rstrip().endswith(_HTTP):
                # A web page in somebody's browser may post here: what it posts is never looked at.
                farewell = "this is no web server; send a JSON object a line"
            elif line.strip():
                await _answer(writer, await self._do(line))
            # A flood of lines that are here already must not keep the tick waiting.
            await asyncio.sleep(0)
        await _answer(writer, _refusal(farewell))

    async def _do(self, line):
        try:
            command = json.loads(line)
        except (ValueError, RecursionError):
            return _refusal('this line is no JSON; send an object such as {"do": "get"}')
        return await self._perform(command)


def _refusal(error):
    return {"ok": False, "error": error}


async def _answer(writer, answer):
    writer.write(json.dumps(answer).encode() + b"\n")
    await writer.drain()
