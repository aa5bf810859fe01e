"""Boot, a transaction, a time offline and a power cut, sans I/O and in virtual time. Prints the frames, one a
line.

The server's half is written out here, because MicroPython has no `websockets`; frames are sorted by key,
because its dicts keep no order.
"""

import binascii
import hashlib
import json

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import CORE_KEYS
from ocpp_client.timestamps import to_text
from ocpp_client.websocket import masked
from tests.ocpp_client.ports_in_memory import NOON, MemoryCharger, MemoryStore, VirtualClock


class Server:
    """Answers what the client sends, byte by byte."""

    def __init__(self, clock):
        self.clock = clock
        self.data = b""
        self.open = False
        self.transactions = 100

    def received(self, data):
        """Bytes for the client, in answer to `data`."""
        self.data += data
        if not self.open:
            return self.shake_hands()
        reply = b""
        while len(self.data) >= 6:
            length, start = self.data[1] & 0x7F, 2
            if length == 126:
                length, start = int.from_bytes(self.data[2:4], "big"), 4
            mask = self.data[start : start + 4]
            body = self.data[start + 4 : start + 4 + length]
            if len(body) < length:
                break
            opcode = self.data[0] & 0x0F
            self.data = self.data[start + 4 + length :]
            body = masked(body, mask)
            if opcode == 1:
                reply += self.text(body)
            elif opcode == 9:
                reply += bytes((0x8A, length)) + body
        return reply

    def shake_hands(self):
        head = self.data.decode()
        self.data = b""
        self.open = True
        key = [line[19:] for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Key: ")][0]  # noqa: RUF015
        digest = hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
        accept = binascii.b2a_base64(digest).strip()
        return (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
        )

    def text(self, body):
        message = json.loads(body)
        show("out", message)
        if message[0] != 2:
            return b""
        return frame([3, message[1], self.answer(message[2])])

    def answer(self, action):
        now = to_text(NOON + self.clock.at_ms)
        if action == "BootNotification":
            return {"status": "Accepted", "currentTime": now, "interval": 300}
        if action == "StartTransaction":
            self.transactions += 1
            return {"transactionId": self.transactions, "idTagInfo": {"status": "Accepted"}}
        return {"currentTime": now} if action == "Heartbeat" else {}


def frame(message):
    body = json.dumps(message).encode()
    if len(body) < 126:
        return bytes((0x81, len(body))) + body
    return bytes((0x81, 126)) + len(body).to_bytes(2, "big") + body


def show(direction, message):
    print(direction, canonical(message))


def canonical(value):
    """The value as text that is the same on every runtime."""
    if isinstance(value, dict):
        return "{" + ",".join([key + ":" + canonical(value[key]) for key in sorted(value)]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([canonical(item) for item in value]) + "]"
    return str(value)


class World:
    def __init__(self, store, boot):
        self.clock = VirtualClock(boot, boot)
        self.store = store
        self.charger = MemoryCharger(store, self.clock)
        configuration = Configuration(CORE_KEYS, store)
        configuration.write("MeterValueSampleInterval", "20")
        self.client = Client(
            self.charger, store, self.clock, configuration, "ws://10.0.0.1:9000/ocpp", "secret", "CP001"
        )
        self.charger.attach(self.client)
        self.server = Server(self.clock)
        self.linked = False
        self.network = True

    def run(self, seconds):
        end_ms = self.clock.at_ms + seconds * 1000
        self.settle()
        while self.clock.at_ms < end_ms:
            self.clock.at_ms = min(end_ms, self.clock.at_ms + self.client.next_poll_ms(self.clock.at_ms))
            self.settle()

    def settle(self):
        now_ms = self.clock.at_ms
        self.client.poll(now_ms)
        if not self.linked and now_ms >= self.client.reconnect_at_ms:
            if self.network:
                self.server = Server(self.clock)
                self.linked = True
                self.client.connected(now_ms)
            else:
                self.client.closed(now_ms, "nobody there")
        data = self.client.data_to_send()
        while data:
            for byte in self.server.received(data):
                self.client.received(bytes((byte,)), now_ms)
            data = self.client.data_to_send()

    def cut(self):
        self.linked = False
        self.client.closed(self.clock.at_ms, "the cable was pulled")

    def ask(self, message):
        show("in", message)
        self.client.received(frame(message), self.clock.at_ms)
        self.settle()


store = MemoryStore()
world = World(store, 1)
world.run(1)
world.ask([2, "a", "RemoteStartTransaction", {"idTag": "CARD1", "connectorId": 1}])
world.charger.show(1, "Preparing")
world.charger.begin()
world.charger.show(1, "Charging")
world.run(50)
world.ask([2, "b", "RemoteStopTransaction", {"transactionId": 101}])
world.ask([2, "c", "GetConfiguration", {"key": ["heartbeatinterval", "Colour"]}])
world.ask([2, "d", "ChangeConfiguration", {"key": "MeterValuesSampledData", "value": "Voltage,RPM"}])
world.ask([2, "e", "Reset", {"type": 5}])
world.client.received(frame([[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]), world.clock.at_ms)
world.network = False
world.cut()
world.run(100)
world.charger.end()
world = World(store, 2)
world.run(120)
print(world.client.state, len(store.records), store.released)
world.client.received(b"\x83\x00", world.clock.at_ms)
world.cut()
print(world.client.state)
