"""The other ends for the backend's tests: a clock set by hand, pipes in memory, `ocpp`'s own charge point."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import connect
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from simulator.backend.central import Central
from simulator.backend.serve import accept, serve
from simulator.backend.settings import Settings
from simulator.backend.store import IN_MEMORY, Store

OCPP = [Subprotocol("ocpp1.6")]
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PATIENCE_S = 10
"""No test waits longer for anything; on a machine that works none waits at all."""


class HandClock:
    """Stands at noon until it is moved."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, **units: float) -> None:
        self.moment += timedelta(**units)


class Backend:
    """A central system in memory, with all that it told its observers."""

    def __init__(self, url: str = IN_MEMORY, **settings: Any) -> None:
        self.clock = HandClock()
        self.store = Store(url, self.clock)
        numbers = iter(range(1, 1000))
        self.central = Central(
            self.store, self.clock, lambda: f"backend-{next(numbers)}", Settings(**settings)
        )
        self.events: list[dict[str, Any]] = []
        self._changed = asyncio.Event()
        self.central.observe(self._note)

    def _note(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        self._changed.set()

    def told(self, name: str) -> list[dict[str, Any]]:
        """The events of this name so far."""
        return [event for event in self.events if event["event"] == name]

    async def until(self, name: str, count: int = 1) -> dict[str, Any]:
        """Waits for the `count`th event of this name."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.told(name)) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.told(name)[count - 1]


class PipeEnd:
    """The writing end of a pipe in memory whose other end is an asyncio.StreamReader."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.reader = reader
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.written += data
        self.reader.feed_data(data)

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.reader.feed_eof()

    async def wait_closed(self) -> None:
        await asyncio.sleep(0)


def pipes() -> tuple[PipeEnd, PipeEnd]:
    """What the client writes into and what the server writes into; each holds the other side's reader."""
    return PipeEnd(asyncio.StreamReader()), PipeEnd(asyncio.StreamReader())


class MemoryClient:
    """A WebSocket client over two pipes, by websockets' sans-I/O client."""

    def __init__(self, outgoing: PipeEnd, incoming: PipeEnd, path: str) -> None:
        self.protocol = ClientProtocol(parse_uri(f"ws://backend{path}"), subprotocols=OCPP)
        self.outgoing, self.incoming = outgoing, incoming
        self.frames: list[Any] = []

    async def open(self) -> None:
        self.protocol.send_request(self.protocol.connect())
        while self.protocol.state is State.CONNECTING and not self.protocol.handshake_exc:
            await self._exchange()
        if self.protocol.handshake_exc:
            raise self.protocol.handshake_exc

    async def send(self, message: str) -> None:
        self.protocol.send_text(message.encode())
        await self._flush()

    async def recv(self) -> str:
        while True:
            while self.frames:
                frame = self.frames.pop(0)
                if isinstance(frame, Frame) and frame.opcode is Opcode.TEXT:
                    return bytes(frame.data).decode()
            if self.protocol.state is State.CLOSED:
                raise self.protocol.close_exc
            await self._exchange()

    async def close(self) -> None:
        if self.protocol.state is State.OPEN:
            self.protocol.send_close(1000)
            await self._flush()

    async def _exchange(self) -> None:
        await self._flush()
        data = await self.incoming.reader.read(1000)
        if data:
            self.protocol.receive_data(data)
        else:
            self.protocol.receive_eof()
        self.frames += self.protocol.events_received()
        await self._flush()

    async def _flush(self) -> None:
        for data in self.protocol.data_to_send():
            if data:
                self.outgoing.write(data)
            else:
                self.outgoing.close()


class Charger(ChargePoint):
    """`ocpp`'s own charge point: accepts what it is told, and remembers it."""

    def __init__(self, identity: str, connection: Any) -> None:
        super().__init__(identity, connection, response_timeout=PATIENCE_S)
        self.connection = connection
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.changes = "RebootRequired"
        """What a ChangeConfiguration is answered."""

    @on("RemoteStartTransaction")
    def on_remote_start(self, **told: Any) -> call_result.RemoteStartTransaction:
        self.heard.append(("RemoteStartTransaction", told))
        return call_result.RemoteStartTransaction("Accepted")

    @on("RemoteStopTransaction")
    def on_remote_stop(self, **told: Any) -> call_result.RemoteStopTransaction:
        self.heard.append(("RemoteStopTransaction", told))
        return call_result.RemoteStopTransaction("Rejected")

    @on("ChangeConfiguration")
    def on_change_configuration(self, **told: Any) -> call_result.ChangeConfiguration:
        self.heard.append(("ChangeConfiguration", told))
        return call_result.ChangeConfiguration(self.changes)

    @on("GetConfiguration")
    def on_get_configuration(self, **told: Any) -> call_result.GetConfiguration:
        self.heard.append(("GetConfiguration", told))
        key = {"key": "HeartbeatInterval", "readonly": False, "value": "300"}
        return call_result.GetConfiguration([key], ["Nonsense"])

    @on("TriggerMessage")
    def on_trigger_message(self, **told: Any) -> call_result.TriggerMessage:
        self.heard.append(("TriggerMessage", told))
        return call_result.TriggerMessage("Accepted")

    async def boot(self) -> call_result.BootNotification:
        return await self.call(call.BootNotification("M3", "Mode3", firmware_version="1.2"), suppress=False)

    async def begin(
        self, timestamp: str, id_tag: str = "CARD", meter_wh: int = 100, connector: int = 1
    ) -> Any:
        request = call.StartTransaction(connector, id_tag, meter_wh, timestamp)
        return await self.call(request, suppress=False)

    async def finish(self, transaction_id: int, timestamp: str, meter_wh: int, **more: Any) -> Any:
        request = call.StopTransaction(meter_wh, timestamp, transaction_id, **more)
        return await self.call(request, suppress=False)


@asynccontextmanager
async def over_tcp(central: Central, path: str, **options: Any) -> AsyncIterator[Any]:
    """A client connection over loopback."""
    server = await serve(central)
    try:
        url = f"ws://127.0.0.1:{server.port}{path}"
        async with connect(url, subprotocols=OCPP, compression=None, proxy=None, **options) as connection:
            yield connection
    finally:
        await server.close()


@asynccontextmanager
async def over_memory(central: Central, path: str) -> AsyncIterator[Any]:
    """A client connection over pipes in memory."""
    outgoing, incoming = pipes()
    served = asyncio.create_task(accept(central, outgoing.reader, incoming))
    connection = MemoryClient(outgoing, incoming, path)
    try:
        await connection.open()
        yield connection
        await connection.close()
    finally:
        outgoing.close()
        await asyncio.wait_for(served, PATIENCE_S)


WAYS = {"tcp": over_tcp, "memory": over_memory}


@asynccontextmanager
async def charger(backend: Backend, way: str = "memory", identity: str = "CP1") -> AsyncIterator[Charger]:
    """A connected charge point that answers calls."""
    connections = len(backend.told("charger_connected"))
    async with WAYS[way](backend.central, f"/ocpp/{identity}") as connection:
        await backend.until("charger_connected", connections + 1)
        point = Charger(identity, connection)
        answering = asyncio.create_task(point.start())
        try:
            yield point
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError, ConnectionClosed):
                await answering
