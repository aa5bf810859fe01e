"""The moods of a bad server on real sockets of the loopback, in hastened time: an endpoint for
`moods.Server`."""

import asyncio
import json
import socket
import struct

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.link import Link
from simulator.clockwork import haste, kernel
from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.judge import ORDER, Judge
from tests.ocpp_client.moods import Server
from tests.ocpp_client.ports_in_memory import MemoryStore, VirtualClock
from tests.ocpp_client.storm import Charger
from tests.ocpp_client.transaction_rules import STARTS, STOPS

SPEED = 50
LONGEST_S = 900
"""Of simulated time, for one story."""
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: to close is to reset."""


class KernelClock(VirtualClock):
    """The loop's time."""

    def now_ms(self):
        return kernel.current().now_ms()

    def stamp(self):
        self.at_ms = self.now_ms()
        return super().stamp()


class Watched(Client):
    """A client whose owner's deeds the judge hears of."""

    judge: Judge

    def opening(self, now_ms):
        self.judge.opening(now_ms)
        super().opening(now_ms)

    def closed(self, now_ms, reason):
        self.judge.closed(now_ms, reason)
        super().closed(now_ms, reason)


class SocketStream:
    """The server's end of a connection."""

    def __init__(self, storm, reader, writer):
        self._storm = storm
        self._reader = reader
        self._writer = writer
        self.protocol = ServerProtocol(subprotocols=[OCPP16])
        self.deaf = asyncio.Event()

    async def serve(self):
        """Until the charger leaves, or for ever where nobody tells it anything any more."""
        while data := await self._reader.read(4096):
            if self.deaf.is_set():
                continue
            self.protocol.receive_data(data)
            for event in self.protocol.events_received():
                if isinstance(event, Request):
                    self._storm.server.welcome(self, event)
                elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    self._storm.server.hear(self, json.loads(bytes(event.data)))
            self.flush()

    def say(self, message, pieces=1, pause_ms=0):
        self.protocol.send_text(json.dumps(message).encode())
        self.flush(pieces)

    def fragment(self, message):
        data = json.dumps(message).encode()
        self.protocol.send_text(data[:9], fin=False)
        self.protocol.send_ping(b"there?")
        self.protocol.send_continuation(data[9:], fin=True)
        self.flush()

    def tear(self, message, share):
        self.protocol.send_text(json.dumps(message).encode())
        data = b"".join(self.protocol.data_to_send())
        self._writer.write(data[: int(len(data) * share)])
        self.reset()

    def flush(self, pieces=1):
        data = b"".join(self.protocol.data_to_send())
        size = max(1, len(data) // pieces)
        for at in range(0, len(data), size):
            if not self.deaf.is_set():
                self._writer.write(data[at : at + size])

    def raw(self, data):
        self._writer.write(data)

    def later(self, way, action, *values):
        action(*values)

    def end(self, reason):
        self._writer.close()

    def reset(self):
        """Break off."""
        plain = self._writer.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._writer.transport.abort()


class SocketStorm:
    """A charger's client and link, and the server that `server` has the moods of."""

    latency_ms = 0

    def __init__(self, network, scheme="ws", settings=None, tls=None, roots=b""):
        """`network`: `hal.contract.Network`; `tls`: contexts of the server, one for each time it listens."""
        self.server = Server(self)
        self.stream: SocketStream | None = None
        self.connections = 0
        self._network = network
        self._scheme = scheme
        self._tls = list(tls or [None])
        self._roots = roots
        self._settings = {
            "SecurityProfile": 0,
            "MeterValueSampleInterval": 5,
            "MessageTimeout": 10,
            **(settings or {}),
        }
        self.judge = Judge(1, settings=self._settings, rules=ORDER)
        self._tasks: list[asyncio.Task] = []
        self.actions: list[str] = []
        """Of the charger's CALLs, so far."""

    # What `moods.Server` needs.

    @property
    def now_ms(self):
        return kernel.current().now_ms()

    def at(self, at_ms, action, *values):
        asyncio.get_running_loop().call_later((at_ms - self.now_ms) / 1000, action, *values)

    def deafen(self):
        """Half-open from now on."""
        assert self.stream
        self.stream.deaf.set()

    def restart_server(self, down_s):
        """The server ends without a farewell, and listens again on its port."""
        self._listener.close()
        if self.stream:
            self.stream.reset()
        self._tasks.append(asyncio.create_task(self._listen_again(down_s)))

    # The story.

    def play(self, story):
        """Run `story(storm)` beside the link."""
        kernel.run(self._play(story), haste.pace(SPEED))

    async def until(self, held):
        """Wait for what comes."""
        async with asyncio.timeout(LONGEST_S):
            while not held():
                if self._link.done():
                    await self._link
                await asyncio.sleep(0.1)

    async def charge(self, seconds=12):
        """A whole charge, delivered to the last message."""
        facts = {"connectorId": 1, "idTag": "CARD", "meterStart": self.charger.energy_wh}
        self.judge.happened(self.now_ms, STARTS, self._tx, facts)
        self.charger.begin("CARD")
        await asyncio.sleep(seconds)
        facts = {"meterStop": self.charger.energy_wh, "reason": "Local"}
        self.judge.happened(self.now_ms, STOPS, self._tx, facts)
        self.charger.end()
        self._tx += 1
        await self.until(lambda: self.judge.story.next is None and self.judge.story.message is None)

    async def _play(self, story):
        self._tx = 1
        await self._listen(0)
        store = MemoryStore()
        clock = KernelClock()
        configuration = Configuration(OCPP_KEYS, store)
        for name, value in self._settings.items():
            assert configuration.write(name, str(value)) == "Accepted"
        self.charger = Charger(store, clock)
        self.charger.storm = self
        url = f"{self._scheme}://127.0.0.1:{self.port}/ocpp"
        self.client = Watched(self.charger, store, clock, configuration, url, "CP001")
        self.client.judge = self.judge
        self.client.observer = self._observe
        self.charger.attach(self.client)
        link = Link(self.client, self._network, lambda: self._roots)
        self._link = asyncio.create_task(link.run())
        try:
            await story(self)
            self.judge.finish(self.now_ms)
        finally:
            self._listener.close()
            tasks = [self._link, *self._tasks]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _observe(self, direction, text):
        if not self.judge.wire.up:
            self.judge.opened(self.now_ms)
        message = json.loads(text)
        if direction == "out":
            self.actions += message[2:3] if message[0] == 2 else []
            self.judge.sent(self.now_ms, message)
        else:
            self.judge.heard(self.now_ms, message)

    async def _listen(self, port):
        tls = self._tls.pop(0) if len(self._tls) > 1 else self._tls[0]
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", port, ssl=tls)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _listen_again(self, down_s):
        await asyncio.sleep(down_s)
        await self._listen(self.port)

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        assert task
        self._tasks.append(task)
        self.connections += 1
        self.stream = SocketStream(self, reader, writer)
        try:
            await self.stream.serve()
        except OSError:
            pass  # the charger has broken off, as it may
        finally:
            writer.close()
