"""A client under fire: frames in, one after the other, and what it does to each. Runs on MicroPython too."""

import json

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from tests.ocpp_client.on_micropython.server import Server, frame
from tests.ocpp_client.ports_in_memory import MemoryCharger, MemoryStore, VirtualClock

_CLOSE = 8


class Far(Server):
    """The server's end, which notices farewells too."""

    farewell = 0
    """The code of the client's close frame."""

    def received(self, data):
        """As of any server."""
        if self.open and data[0] & 0x0F == _CLOSE:
            mask, body = data[2:6], data[6:8]
            self.farewell = (body[0] ^ mask[0]) << 8 | body[1] ^ mask[1]
            return b""
        return Server.received(self, data)


class Charger(MemoryCharger):
    """One whose locks take no time, and that keeps no book of what it was asked but a count."""

    def __init__(self, store, clock):
        MemoryCharger.__init__(self, store, clock)
        self.deeds = 0
        self.asked = self  # type: ignore[assignment]  # a list that forgets

    def append(self, deed):
        self.deeds += 1

    def unlock(self, connector_id, answer):
        self.deeds += 1
        answer("Unlocked" if connector_id == 1 else "NotSupported")


class Target:
    """An accepted client. Time stands still, so whatever it says is an answer."""

    def __init__(self):
        self.clock = VirtualClock()
        self.store = MemoryStore()
        self.charger = Charger(self.store, self.clock)
        configuration = Configuration(OCPP_KEYS, self.store)
        configuration.write("SecurityProfile", "0")
        self.client = Client(self.charger, self.store, self.clock, configuration, "ws://10.0.0.1/ocpp", "CP1")
        self.charger.attach(self.client)
        self.replies = []  # type: list
        """What came back since `shoot` began: messages that are no CALLs."""
        self.connect()

    def connect(self):
        """A new link, and all that follows from it."""
        self.server = Far(self.clock, self._hear)
        self.client.connected(0)
        self._converse()
        assert self.client.accepted

    def disconnect(self):
        """The end of a link that one of the two wanted to end."""
        self._converse()
        self.client.closed(0, "cut")

    def shoot(self, pieces):
        """Bytes at the client, piece by piece; returns the replies."""
        self.replies = []
        for piece in pieces:
            self.client.received(piece, 0)
        self._converse()
        return self.replies

    def ask(self, action, payload):
        """A request that is right, and the payload of its answer."""
        (reply,) = self.shoot([frame([2, "q", action, payload])])
        return reply[2]

    def state(self):
        """All that a frame with a fault must leave as it is."""
        client = self.client
        known = len(self.store.records), self.store.released, self.charger.deeds, client.boot.status
        return known, dict(self.store.saved), client.wants_close, client.awaiting

    def _hear(self, message):
        if message[0] != 2:
            self.replies.append(message)

    def _converse(self):
        """Until nobody has anything left to say."""
        data = self._said()
        while data:
            self.client.received(self.server.received(data), 0)
            data = self._said()

    def _said(self):
        """All that the client has to send, of which it gives a piece at a time."""
        data = piece = self.client.data_to_send()
        while piece:
            piece = self.client.data_to_send()
            data += piece
        return data


def text_frame(text):
    """A text as a server sends it."""
    return message_frame(text.encode())


def message_frame(body, first=0x81):
    """Any payload under any first byte."""
    length = len(body)
    if length < 126:
        return bytes((first, length)) + body
    if length < 65536:
        return bytes((first, 126)) + length.to_bytes(2, "big") + body
    return bytes((first, 127)) + length.to_bytes(8, "big") + body


def outcome(reply):
    """A reply in one word: 'result', or the code of a CALLERROR."""
    return "result" if reply[0] == 3 else reply[2]


def canonical(reply):
    """A reply as text that is the same on every runtime."""
    return json.dumps(reply[:3] if reply[0] == 4 else reply[:2])
