"""The server's half of a story on any runtime: MicroPython has no `websockets`."""

import binascii
import hashlib
import json

from ocpp_client.timestamps import to_text
from ocpp_client.websocket import masked
from tests.ocpp_client.ports_in_memory import NOON


class Server:
    """Answers what the client sends, byte by byte. `show(message)` hears of each OCPP frame."""

    def __init__(self, clock, show):
        self.clock = clock
        self.show = show
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
        self.show(message)
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
    """A message as a server sends it."""
    body = json.dumps(message).encode()
    if len(body) < 126:
        return bytes((0x81, len(body))) + body
    return bytes((0x81, 126)) + len(body).to_bytes(2, "big") + body
