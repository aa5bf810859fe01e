"""A WebSocket connection over any byte stream, such as one in memory, by websockets' sans-I/O server.

The event loop's clock is the only one it knows, so it runs in a simulator's time as well as in real time.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.protocol import Event, State
from websockets.server import ServerProtocol

CHUNK = 4096
OPEN_TIMEOUT_S = 10
CLOSE_TIMEOUT_S = 2
DRAIN_TIMEOUT_S = 30

DATA = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)


class Reader(Protocol):
    """The receiving half of a stream, as asyncio.StreamReader has it."""

    async def read(self, n: int) -> bytes:
        """Up to `n` bytes, b"" at the end of the stream; survives being cancelled."""


class Writer(Protocol):
    """The sending half of a stream, as asyncio.StreamWriter has it."""

    def write(self, data: bytes) -> None:
        """Sends, or keeps to send."""

    async def drain(self) -> None:
        """Waits until there is room for more."""

    def close(self) -> None:
        """Ends the stream."""

    async def wait_closed(self) -> None:
        """Waits until it has ended."""


class StreamConnection:
    """The server's end of one WebSocket connection; `recv` must have one caller only."""

    def __init__(
        self, reader: Reader, writer: Writer, protocol: ServerProtocol, ping_interval_s: float | None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = protocol
        self._ping_interval_s = ping_interval_s
        self._ended = False
        self._pinged = False
        self._deadline: asyncio.Timeout | None = None
        self._events: deque[Event] = deque()
        self._message = bytearray()
        self._is_text = True

    async def handshake(self, respond: Callable[[Request], Response]) -> bool:
        """Answers the opening request with what `respond` makes of it; whether the connection is open.

        TimeoutError when no request comes.
        """
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            while not self._events and not self._ended:
                await self._receive()
            if self._ended:
                return False
            request = self._events.popleft()
            assert isinstance(request, Request)
            self._protocol.send_response(respond(request))
            await self._flush()
        return self._protocol.state is State.OPEN

    async def recv(self) -> str | bytes:
        """The next message; pings a silent peer, and gives it up when that is not answered."""
        while True:
            while self._events:
                message = self._assemble(self._events.popleft())
                if message is not None:
                    return message
            await self._listen()

    async def send(self, message: str) -> None:
        """Sends a text message."""
        if self._protocol.state is not State.OPEN:
            raise self._closed()
        self._protocol.send_text(message.encode())
        await self._flush()

    async def close(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> None:
        """Begins the closing handshake; `recv` ends with the peer's answer, or after a while without it."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
            if self._deadline is not None and not self._deadline.expired():
                self._deadline.reschedule(asyncio.get_running_loop().time() + CLOSE_TIMEOUT_S)
            await self._flush()

    async def end(self) -> None:
        """Lets go of the stream; one that was reset or will not end is as good as closed."""
        self._writer.close()
        with suppress(OSError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._writer.wait_closed()

    async def _listen(self) -> None:
        """Takes in what comes next, or does what silence calls for; raises once the connection is over."""
        await self._flush()
        if self._ended:
            raise self._closed()
        closing = self._protocol.state is State.CLOSING
        try:
            async with asyncio.timeout(
                CLOSE_TIMEOUT_S if closing else self._ping_interval_s
            ) as self._deadline:
                await self._receive()
            self._pinged = False
        except TimeoutError:
            await self._hear_nothing()
        finally:
            self._deadline = None

    async def _hear_nothing(self) -> None:
        if self._pinged or self._protocol.state is not State.OPEN:
            self._protocol.fail(CloseCode.INTERNAL_ERROR, "no sign of life")
        else:
            self._protocol.send_ping(b"")
            self._pinged = True
        await self._flush()

    async def _receive(self) -> None:
        data = await self._reader.read(CHUNK)
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._events.extend(self._protocol.events_received())
        await self._flush()

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._writer.write(data)
            else:
                self._ended = True
                self._writer.close()
        if not self._ended:
            await self._drain()

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_TIMEOUT_S):
                await self._writer.drain()
        except TimeoutError:
            # Not to be taken for a silence that a ping could end.
            raise ConnectionResetError("the charger takes no data") from None

    def _assemble(self, event: Event) -> str | bytes | None:
        """The message that this frame completes, if it completes one."""
        if not isinstance(event, Frame) or event.opcode not in DATA:
            return None
        if event.opcode is not Opcode.CONT:
            self._is_text = event.opcode is Opcode.TEXT
        self._message += event.data
        if not event.fin:
            return None
        message = bytes(self._message)
        self._message.clear()
        try:
            return message.decode() if self._is_text else message
        except UnicodeDecodeError:
            self._protocol.fail(CloseCode.INVALID_DATA, "a text frame that is not UTF-8")
            return None

    def _closed(self) -> ConnectionClosed:
        ends = self._protocol.close_rcvd, self._protocol.close_sent, self._protocol.close_rcvd_then_sent
        return ConnectionClosedError(*ends)
