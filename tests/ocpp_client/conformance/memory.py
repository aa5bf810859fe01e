"""The suite in memory and in virtual time, on CPython and on MicroPython."""

import asyncio
import binascii
import json

from tests.ocpp_client.conformance.device import Device, Reader, Writer
from tests.ocpp_client.conformance.stage import Stage
from tests.ocpp_client.on_micropython.server import Server, frame

URL = "ws://backend/ocpp"
IDENTITY = "CP1"


class Far(Server):
    """The server's end of a connection, before `stage`."""

    def __init__(self, stage):
        Server.__init__(self, None, stage.hear)
        self._stage = stage
        self.reader = Reader()

    def take(self, data):
        """Bytes of the charger."""
        self.reader.feed(self.received(data))

    def shake_hands(self):
        head = self.data.decode()
        if not self._stage.welcome(*credentials(head)):
            self.data = b""
            return b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        return Server.shake_hands(self)

    def text(self, body):
        answer = self._stage.hear(json.loads(body))
        return frame(answer) if answer else b""


class Memory:
    """The ends of a stage. `now_ms()` is the time of the loop that runs it."""

    def __init__(self, now_ms, connectors):
        self.now_ms = now_ms
        self.stage = None  # type: Stage | None
        self._connectors = connectors
        self._device = Device(now_ms, connectors, self)
        self._far = None  # type: Far | None
        self._listens = True

    # What the stage does.

    async def start(self, settings):
        chosen = {"BackendUrl": URL, "BackendIdentity": IDENTITY, "SecurityProfile": "0"}
        if "AuthorizationKey" in settings:
            chosen["SecurityProfile"] = "1"
        chosen.update(settings)
        self._device.start(chosen)

    async def stop(self):
        await self._device.stop()

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)

    async def soon(self):
        await asyncio.sleep(0.01)

    async def send(self, message):
        assert self._far, "there is no link to send over"
        self._far.reader.feed(frame(message))

    async def hang_up(self, again):
        self._listens = again
        self.leave()

    async def listen(self):
        self._listens = True

    async def do(self, name, connector=1, ev=None, id_tag="", key="", value="", to=""):
        """As the control socket."""
        world, firmware = self._device.world, self._device.firmware
        outlet = world.outlet(connector)
        if name == "plug":
            outlet.plug(**ev)
        elif name == "unplug":
            outlet.unplug()
        elif name == "ev":
            outlet.car.set(**ev)
        elif name == "swipe":
            world.card_reader.swipe(id_tag)
        elif name == "set" and firmware:
            firmware.settings.assign(key, value)
        elif name == "power":
            await self._device.power(to == "on")

    # What the charger's network does.

    def accept(self, tls):
        """A connection of the charger."""
        if tls or not self._listens:
            raise OSError("nobody listens there" if not self._listens else "it does not speak TLS")
        self._far = far = Far(self.stage)
        return far.reader, Writer(far.take, far.reader.end)

    def leave(self):
        """Break it off."""
        far, self._far = self._far, None
        if far:
            far.reader.end()


def credentials(head):
    """(identity, password or None) of a handshake's text."""
    identity = head.split(" ")[1].split("/")[-1]
    for line in head.split("\r\n"):
        name, _, value = line.partition(": ")
        if name == "Authorization":
            return identity, binascii.a2b_base64(value.split(" ")[1]).partition(b":")[2]
    return identity, None


async def play(dialogue, now_ms, connectors, judge=None):
    """Run one dialogue; `judge` as a stage has it."""
    ends = Memory(now_ms, connectors)
    stage = ends.stage = Stage(ends, connectors)
    stage.judge = judge or stage.judge
    try:
        await dialogue(stage)
    finally:
        await ends.stop()
