"""A backend on the `websockets` package's sans-I/O server, wired to a client in memory and in virtual
time."""

import json

from ocpp.messages import get_validator
from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.timestamps import to_text
from tests.ocpp_client.ports_in_memory import NOON, MemoryCharger, MemoryStore, VirtualClock

OCPP16 = Subprotocol("ocpp1.6")

URL = "ws://127.0.0.1:9000/ocpp"

SILENCE = None
"""An answer that never comes."""


class Refusal:
    """An answer that is a CALLERROR."""

    def __init__(self, code="InternalError"):
        self.code = code


class Frame:
    """One OCPP frame on the wire."""

    def __init__(self, at_ms, direction, message):
        self.at_ms = at_ms
        self.direction = direction
        self.kind, self.message_id = message[0], message[1]
        self.action = message[2] if self.kind == 2 else ""
        self.payload = message[3] if self.kind == 2 else message[2]
        self.message = message

    def __repr__(self):
        return f"{self.at_ms} {self.direction} {json.dumps(self.message)}"


class Backend:
    """Answers as `answers` says (action to payload, `Refusal`, `SILENCE` or a function of the request's
    payload), holds every frame against the official schemas and keeps them all."""

    def __init__(self, clock):
        self.clock = clock
        self.frames = []
        self.requests = []
        self.next_transaction = 100
        self.asked = {}
        self.count = 0
        self.deaf = False
        self.open_call = None
        self.admits = lambda request: True
        """Whether a handshake is answered with 101, not with 401."""
        self.answers = {}
        self.be_good()

    def be_good(self, interval=300):
        """Answer as a backend should."""
        self.answers = {
            "BootNotification": lambda payload: self.boot("Accepted", interval),
            "Heartbeat": lambda payload: {"currentTime": self.time()},
            "StatusNotification": {},
            "MeterValues": {},
            "Authorize": {"idTagInfo": {"status": "Accepted"}},
            "StartTransaction": lambda payload: self.start("Accepted"),
            "StopTransaction": {},
        }

    def time(self):
        return to_text(NOON + self.clock.at_ms)

    def boot(self, status, interval=300):
        return {"status": status, "currentTime": self.time(), "interval": interval}

    def start(self, status):
        self.next_transaction += 1
        return {"idTagInfo": {"status": status}, "transactionId": self.next_transaction}

    def connect(self):
        self.open_call = None
        self.protocol = ServerProtocol(subprotocols=[OCPP16])

    def receive(self, data):
        """Take bytes of the client."""
        if self.deaf:
            return
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, Request):
                self.requests.append(event)
                let_in = self.admits(event)
                answer = self.protocol.accept(event) if let_in else self.protocol.reject(401, "go away")
                self.protocol.send_response(answer)
            elif isinstance(event, WireFrame) and event.opcode is Opcode.TEXT:
                self.take(json.loads(bytes(event.data)))

    def take(self, message):
        frame = Frame(self.clock.at_ms, "out", message)
        self.frames.append(frame)
        if frame.kind == 2:
            # One call at a time, unless the one before has timed out (OCPP-J 1.6, 4.1.1).
            assert self.open_call is None or frame.at_ms - self.open_call.at_ms >= 30000, self.open_call
            self.open_call = frame
            get_validator(2, frame.action, "1.6").validate(frame.payload)
            self.answer(frame)
        elif frame.kind == 3:
            get_validator(3, self.asked[frame.message_id], "1.6").validate(frame.payload)
        else:
            assert len(message) == 5
            assert isinstance(message[4], dict)

    def answer(self, frame):
        answer = self.answers[frame.action]
        if callable(answer):
            answer = answer(frame.payload)
        if answer is not SILENCE:
            self.open_call = None
        if isinstance(answer, Refusal):
            self.send([4, frame.message_id, answer.code, "no", {}])
        elif answer is not SILENCE:
            self.send([3, frame.message_id, answer])

    def call(self, action, payload):
        """Send a request; its message id."""
        self.count += 1
        message_id = f"server-{self.count}"
        self.asked[message_id] = action
        self.send([2, message_id, action, payload])
        return message_id

    def send(self, message):
        self.send_text(json.dumps(message))

    def send_text(self, text):
        self.protocol.send_text(text.encode())

    def out(self, *actions):
        """Requests of the charger, of these actions or of all."""
        return [
            frame for frame in self.frames if frame.kind == 2 and (not actions or frame.action in actions)
        ]

    def reply(self, message_id):
        """The charger's answer to a request."""
        found = [frame for frame in self.frames if frame.kind != 2 and frame.message_id == message_id]
        assert len(found) == 1, found
        return found[0]


class World:
    """Client, charger and backend in virtual time. `network` False: the cable is out."""

    def __init__(self, connector_count=1, store=None, boot=1, keys=OCPP_KEYS, settings=None, clock=None):
        self.clock = clock or VirtualClock(boot, seed=boot)
        self.store = store or MemoryStore()
        self.charger = MemoryCharger(self.store, self.clock, connector_count)
        self.backend = Backend(self.clock)
        self.configuration = Configuration(keys, self.store)
        # ws:// and no password, unless a test says more.
        for name, value in {"SecurityProfile": "0", **(settings or {})}.items():
            assert self.configuration.write(name, value) == "Accepted"
        self.network = True
        self.linked = False
        self.power()

    def power(self):
        """The charger starts."""
        self.client = Client(self.charger, self.store, self.clock, self.configuration, URL, identity="CP001")
        self.charger.attach(self.client)
        self.linked = False

    def reboot(self):
        """Power cut: what is in the store stays, all else is lost."""
        former = self.backend
        self.clock = VirtualClock(self.clock.boot + 1, self.clock.seed)
        self.charger = MemoryCharger(self.store, self.clock, self.charger.connector_count)
        self.charger.last_tx = max([record["tx"] for record in self.store.of_kind("start")], default=0)
        self.configuration = Configuration(OCPP_KEYS, self.store)
        self.backend = Backend(self.clock)
        self.backend.next_transaction = former.next_transaction
        self.power()

    def run(self, seconds):
        """Let time pass."""
        end_ms = self.clock.at_ms + round(seconds * 1000)
        self.settle()
        while self.clock.at_ms < end_ms:
            step_ms = self.client.next_poll_ms(self.clock.at_ms)
            self.clock.at_ms = min(end_ms, self.clock.at_ms + step_ms)
            self.settle()

    def settle(self):
        """Move bytes until both sides are quiet."""
        now_ms = self.clock.at_ms
        self.client.poll(now_ms)
        if not self.linked and now_ms >= self.client.outage.until_ms:
            self.open()
        while self.linked:
            to_server = self.client.data_to_send()
            if to_server:
                self.backend.receive(to_server)
            to_client = b"" if self.backend.deaf else b"".join(self.backend.protocol.data_to_send())
            if to_client:
                self.client.received(to_client, now_ms)
            if self.client.wants_close and not to_server and not to_client:
                self.cut("closed by the charger")
            elif not to_server and not to_client:
                return

    def open(self):
        """What the owner of the byte stream does when it is time to reconnect."""
        self.client.opening(self.clock.at_ms)
        assert self.client.awaiting
        self.linked = self.network
        if self.linked:
            self.backend.connect()
            self.client.connected(self.clock.at_ms)
        else:
            self.client.closed(self.clock.at_ms, "nobody there")

    def cut(self, reason="the cable was pulled"):
        """The link breaks."""
        self.linked = False
        self.client.closed(self.clock.at_ms, reason)

    def ask(self, action, payload):
        """A request of the backend, and the charger's answer."""
        message_id = self.backend.call(action, payload)
        self.settle()
        return self.backend.reply(message_id)


def booted(**options):
    """A world whose backend has accepted the charger."""
    world = World(**options)
    world.run(1)
    assert world.client.accepted
    return world


def actions(world):
    """The charger's requests by name, in their order."""
    return [frame.action for frame in world.backend.out()]
