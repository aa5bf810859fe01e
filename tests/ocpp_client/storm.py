"""A bad network and a bad server around a client, in memory and in virtual time.

`Storm` owns the byte stream as `link.py` does on a charger, does to it what networks do, and tells a `Judge`
all that happens at the charger's end.
"""

import heapq
import itertools
import json
from typing import Any

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from tests.ocpp_client.backend import OCPP16, URL
from tests.ocpp_client.judge import Judge
from tests.ocpp_client.moods import Server
from tests.ocpp_client.ports_in_memory import MemoryCharger, MemoryStore, VirtualClock
from tests.ocpp_client.transaction_rules import STARTS, STOPS

MOST_AT_ONCE = 1000
"""Pieces of bytes at one moment; more are a charger that never falls quiet."""
OPEN_MS = 30_000
"""A byte stream that is not open by then never will be."""
CALM_S = 7200
"""Longer than everything that may keep a message waiting once all is well: the longest rejection, pause
between two dials, and waits between tries."""


class Charger(MemoryCharger):
    """One whose meter runs without a pause, so that its register tells what came first."""

    storm: Any
    """Whose `now_ms` the meter goes by."""

    @property
    def energy_wh(self):
        return self.storm.now_ms // 10

    @energy_wh.setter
    def energy_wh(self, value):
        """Time alone moves it."""


class Stream:
    """One byte stream, with the server's WebSocket at its far end."""

    def __init__(self, storm):
        self._storm = storm
        self.protocol = ServerProtocol(subprotocols=[OCPP16])
        self.deaf = False
        """Half-open: nothing arrives any more, and nobody says so."""
        self._clear_ms = {"out": 0, "in": 0}

    def take(self, data):
        """Bytes leave the charger."""
        storm = self._storm
        self.protocol.receive_data(data)
        for event in self.protocol.events_received():
            if isinstance(event, Request):
                self.later("out", storm.server.welcome, self, event)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                message = json.loads(bytes(event.data))
                storm.judge.sent(storm.now_ms, message)
                self.later("out", storm.server.hear, self, message)
        self.flush()

    def say(self, message, pieces=1, pause_ms=0):
        """Send a message, perhaps in pieces with pauses between."""
        if self.protocol.state.name == "OPEN":
            self.protocol.send_text(json.dumps(message).encode())
            self.flush(message, pieces, pause_ms)

    def fragment(self, message):
        """Send a message in two frames, with a ping between."""
        if self.protocol.state.name == "OPEN":
            data = json.dumps(message).encode()
            self.protocol.send_text(data[:9], fin=False)
            self.protocol.send_ping(b"there?")
            self.protocol.send_continuation(data[9:], fin=True)
            self.flush(message)

    def tear(self, message, share):
        """Send a part of a message, and break off."""
        if self.protocol.state.name == "OPEN":
            self.protocol.send_text(json.dumps(message).encode())
            data = b"".join(self.protocol.data_to_send())
            self.later("in", self._deliver, data[: int(len(data) * share)], None)
        self.later("in", self.end, "the connection broke: reset by peer")

    def flush(self, message=None, pieces=1, pause_ms=0):
        """Send what the protocol has to say; with its last byte `message` is there."""
        data = b"".join(self.protocol.data_to_send())
        size = max(1, len(data) // pieces)
        parts = [data[at : at + size] for at in range(0, len(data), size)]
        for part in parts:
            self.later("in", self._deliver, part, message if part is parts[-1] else None, pause_ms=pause_ms)
        if self.protocol.close_expected() and not message:
            self.later("in", self.end, "the server closed the connection")

    def raw(self, data):
        """Send bytes that are no WebSocket."""
        self.later("in", self._deliver, data, None)

    def end(self, reason):
        """The charger learns that the stream is over."""
        if self._storm.stream is self:
            self._storm.closed(reason)

    def later(self, way, action, *values, pause_ms=0):
        """Do it when bytes that leave now have arrived; what left before arrives before."""
        storm = self._storm
        at_ms = max(self._clear_ms[way] + pause_ms, storm.now_ms + storm.latency_ms)
        self._clear_ms[way] = at_ms
        storm.at(at_ms, self._arrive, action, values)

    def _arrive(self, action, values):
        if not self.deaf and self._storm.stream is self:
            action(*values)

    def _deliver(self, data, message):
        storm = self._storm
        if message is None:
            storm.judge.came(storm.now_ms)
            if self.protocol.state.name == "OPEN" and not storm.judge.wire.up:
                storm.judge.opened(storm.now_ms)
        else:
            storm.judge.heard(storm.now_ms, message)
        storm.client.received(data, storm.local_ms)


class Storm:
    """A client in the storm. Steps of a story are its public methods; `calm` is the end of each."""

    def __init__(self, connectors=1, settings=None):
        self.now_ms = 0
        self.latency_ms = 0
        self.way = "open"
        """What becomes of an attempt to connect: 'open', 'refused', 'unknown', 'untrusted' or 'hanging'."""
        self.stream: Stream | None = None
        self.asked = self.answered = 0
        """Questions for a card's authorisation, and answers to them."""
        self.judge = Judge(connectors, settings)
        self.server = Server(self)
        self._alarms: list = []
        self._order = itertools.count()
        self.charger: Charger
        self.clock: VirtualClock
        self._opening = False
        self._down_until_ms = 0
        self._number = 0
        self._boot = 0
        self._running = [0] * (connectors + 1)
        self._store = MemoryStore()
        self._connectors = connectors
        configuration = Configuration(OCPP_KEYS, self._store)
        for name, value in {"SecurityProfile": 0, **(settings or {})}.items():
            assert configuration.write(name, str(value)) == "Accepted"
        self.power(0)

    # What a story does.

    def time(self, seconds):
        """Let time pass."""
        self._reach(self.now_ms + round(seconds * 1000))

    def begin(self, connector):
        """A transaction begins."""
        if self._running[connector]:
            return
        self._number += 1
        tx = self._running[connector] = self._number
        facts = {"connectorId": connector, "idTag": "CARD", "meterStart": self.charger.energy_wh}
        self.judge.happened(self.now_ms, STARTS, tx, facts)
        self._log("start", connector, meter_wh=self.charger.energy_wh)
        self.charger.running[connector] = tx
        self.show(connector, "Charging")

    def end(self, connector, reason="Local"):
        """It ends."""
        if not self._running[connector]:
            return
        self.show(connector, "Available")
        self._stop(connector, reason, self.charger.energy_wh, self.clock.stamp())

    def show(self, connector, status):
        """The connector has this status."""
        if self.charger.statuses[connector] != status:
            self.judge.shows(self.now_ms, connector, status)
            self.charger.show(connector, status)

    def swipe(self, card):
        """Somebody asks whether a card may charge."""
        self.asked += 1
        self.client.authorise(card, self._settled)

    def unlocked(self, outcome):
        """The lock has moved, where it was to."""
        if self.charger.unlocking:
            self.charger.unlocking.pop(0)(outcome)

    def network(self, way):
        """From now on attempts to connect end so."""
        self.way = way

    def latency(self, ms):
        """Bytes are under way for so long."""
        self.latency_ms = ms

    def cut(self, reason="the connection broke: reset by peer"):
        """What is open breaks."""
        if self.stream:
            self.closed(reason)

    def deafen(self):
        """What is open is half-open from now on."""
        if self.stream:
            self.stream.deaf = True

    def power(self, off_s):
        """The power is off for so long; what is in the store stays, all else is lost."""
        if self._boot:
            lost = (self.charger.energy_wh, self.clock.stamp())
            self.judge.closed(self.now_ms, "power cut")
            self._alarms.clear()
            self.answered = self.asked
            self.now_ms += round(off_s * 1000)
            self.judge.restarted(self.now_ms)
        self.stream, self._opening = None, False
        self._boot += 1
        self._boot_ms = self.now_ms
        self.clock = VirtualClock(self._boot, self._boot)
        self.charger = Charger(self._store, self.clock, self._connectors)
        self.charger.storm = self
        configuration = Configuration(OCPP_KEYS, self._store)
        self.client = Client(self.charger, self._store, self.clock, configuration, URL, identity="CP001")
        self.charger.attach(self.client)
        for connector in range(self._connectors + 1):
            self.judge.shows(self.now_ms, connector, "Available")
            if self._running[connector]:
                self.charger.running[connector] = self._running[connector]
                self._stop(connector, "PowerLoss", *lost, earlier=True)

    def restart_server(self, down_s):
        """The server ends without a farewell, and listens again after so long."""
        self.cut()
        self._down_until_ms = self.now_ms + round(down_s * 1000)

    def calm(self):
        """All is well again, until nothing is left to do and for a while longer."""
        self.way, self.latency_ms, self._down_until_ms = "open", 0, 0
        self.server.be_good()
        end_ms = self.now_ms + CALM_S * 1000
        while self.now_ms < end_ms and not self._is_done():
            self.time(60)
        for connector in range(1, self._connectors + 1):
            self.end(connector)
        self.time(900)
        self.judge.finish(self.now_ms)
        assert self.asked == self.answered

    # What the stream and the server need.

    @property
    def local_ms(self):
        """ms since the charger's start."""
        return self.now_ms - self._boot_ms

    def at(self, at_ms, action, *values):
        """Do it then."""
        heapq.heappush(self._alarms, (at_ms, next(self._order), action, values))

    def closed(self, reason):
        """The byte stream is over."""
        self.stream, self._opening = None, False
        self.judge.closed(self.now_ms, reason)
        self.client.closed(self.local_ms, reason)
        assert self.asked == self.answered, "somebody waits for an answer that nobody can give"

    # Inside.

    def _is_done(self):
        story = self.judge.story
        return self.judge.wire.idle and not story.next and not story.message

    def _reach(self, end_ms):
        self._settle()
        while self.now_ms < end_ms:
            wait_ms = self.client.next_poll_ms(self.local_ms)
            assert 1 <= wait_ms <= 10_000
            due_ms = self._alarms[0][0] if self._alarms else end_ms
            self.now_ms = min(end_ms, self.now_ms + wait_ms, due_ms)
            self._settle()

    def _settle(self):
        """All that happens at this moment. The charger looks at its clock first: an answer that comes at the
        very end of its time is late."""
        self._pieces = 0
        self._poll()
        while self._alarms and self._alarms[0][0] <= self.now_ms:
            _, _, action, values = heapq.heappop(self._alarms)
            action(*values)
            self._poll()
        self.judge.quiet(self.now_ms)

    def _poll(self):
        client = self.client
        self.clock.at_ms = self.local_ms
        client.poll(self.local_ms)
        data = client.data_to_send()
        while data and self.stream:
            self._pieces += 1
            assert self._pieces < MOST_AT_ONCE
            self.stream.take(data)
            data = client.data_to_send()
        if self.stream and client.wants_close:
            self.closed("closed by the charger")
        if not self.stream and not self._opening and self.local_ms >= client.outage.until_ms:
            self._open()

    def _open(self):
        self._opening = True
        self.judge.opening(self.now_ms)
        self.client.opening(self.local_ms)
        ways = {
            "open": (self.latency_ms * 2, None),
            "refused": (self.latency_ms * 2, "cannot be reached: nobody listens there"),
            "unknown": (5000, "cannot be reached: its name is not known"),
            "untrusted": (self.latency_ms * 4, "cannot be reached: its certificate has expired"),
            "hanging": (OPEN_MS, "did not answer in time"),
        }
        wait_ms, reason = ways["refused" if self.now_ms < self._down_until_ms else self.way]
        self.at(self.now_ms + wait_ms, self._opened, reason)

    def _opened(self, reason):
        if reason:
            self.closed(reason)
        else:
            self.stream = Stream(self)
            self.client.connected(self.local_ms)

    def _settled(self, info):
        self.answered += 1

    def _stop(self, connector, reason, meter_wh, stamp, earlier=False):
        tx, self._running[connector] = self._running[connector], 0
        facts = {"meterStop": meter_wh, "reason": reason}
        self.judge.happened(self.now_ms, STOPS, tx, facts, earlier)
        self._log("stop", connector, meter_wh=meter_wh, reason=reason, stamp=stamp)
        self.charger.running[connector] = 0

    def _log(self, kind, connector, **fields):
        tx = self._running[connector] or self.charger.running[connector]
        record = {
            "kind": kind,
            "tx": tx,
            "connector": connector,
            "id_tag": "CARD",
            "stamp": self.clock.stamp(),
        }
        self.client.log({**record, **fields})
