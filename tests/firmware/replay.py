"""A boot from the image that a power cut left, and the bundled backend as it was at that moment: the real
firmware, client and handlers without a network between them, in time that moves by hand."""

import random
from datetime import UTC, datetime

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

import boards
from control.ticks import MASK
from firmware.compose import Firmware
from firmware.fitting import BOARD_ROLES, CONNECTOR_ROLES
from hal import contract
from simulator.backend.central import seeded_ids
from simulator.backend.handlers import ChargerLink
from simulator.backend.store import IN_MEMORY, Store
from simulator.station import IDENTITY, URL
from tests.firmware.recorded_day import BACKEND, BOARD, CARDS, SETTINGS

_BOARD = boards.load(BOARD)
SILENT_METER_MS = 121000
"""What a restart cut off ends by then, whatever the meter says."""


class Backend:
    """The bundled backend's handlers over its store; `load` takes them back to an earlier `save`."""

    def __init__(self):
        self.unix_ms = 0
        self.answers = []
        self._store = Store(IN_MEMORY, self)
        for id_tag, status in CARDS.items():
            self._store.cards.add(id_tag, status)
        self._store.chargers.add(IDENTITY, BACKEND.register_as)
        self._link = _Link(self)

    def now(self):
        """The date, for handlers and store."""
        return datetime.fromtimestamp(self.unix_ms / 1000, UTC)

    def take(self, text):
        """The answer to a request of the charger."""
        self.answers.clear()
        work = self._link.route_message(text)
        try:
            work.send(None)
        except StopIteration:
            return self.answers.pop()
        raise AssertionError("a handler waits")

    def transactions(self):
        """What the backend would bill."""
        return self._store.transactions.all(IDENTITY)

    def save(self):
        return self._database().serialize()

    def load(self, saved):
        self._database().deserialize(saved)

    def close(self):
        self._store.close()

    def _database(self):
        return self._store._engine.raw_connection().driver_connection

    def emit(self, event, **fields):
        # What is not valid by the official schemas is refused.
        assert event not in ("call_refused", "frame_dropped"), fields


class _Link(ChargerLink):
    def __init__(self, backend):
        super().__init__(
            IDENTITY,
            None,  # type: ignore[arg-type]  # `_send` is all there is
            store=backend._store,
            clock=backend,
            ids=seeded_ids(random.Random(1)),
            settings=BACKEND,
            emit=backend.emit,
        )
        self._backend = backend

    async def _send(self, message):
        self._backend.emit("call_refused" if message.startswith("[4,") else "frame", text=message)
        self._backend.answers.append(message)


class _Clock(contract.Clock):
    def __init__(self):
        self.at_ms = 0
        self._unix_offset_s = None
        self._chance = random.Random(2)

    def now_ms(self):
        return self.at_ms & MASK

    def random_bytes(self, count):
        return self._chance.randbytes(count)


class Boot:
    """A charger that has just come up from an image (which it writes to)."""

    def __init__(self, image, **chosen):
        self._clock = _Clock()
        drivers = {(role, "simulated"): _absent(part) for role, part in (*CONNECTOR_ROLES, *BOARD_ROLES)}
        drivers["store", "simulated"] = lambda facts, number, parts: image
        drivers["clock", "simulated"] = lambda facts, number, parts: self._clock
        settings = {"BackendUrl": URL, "BackendIdentity": IDENTITY, **SETTINGS, **chosen}
        self.firmware = Firmware(_BOARD, drivers, settings)
        self.firmware.charger.recover("power_on")

    def pass_time(self, duration_ms):
        """Time goes by."""
        self._clock.at_ms += duration_ms

    def settle(self):
        """Let what was cut off end, at what the journal knows."""
        for _ in range(3):
            for connector in self.firmware.charger.connectors:
                connector.work(self.firmware.clock.now_ms())
            self.pass_time(SILENT_METER_MS)

    def talk(self, backend):
        """Tell the backend all that it is to hear; the texts of the frames that went out."""
        client, sent = self.firmware.client, []
        assert client is not None
        protocol = ServerProtocol(subprotocols=[Subprotocol("ocpp1.6")])
        now_ms = self.firmware.clock.now_ms()
        client.opening(now_ms)
        client.connected(now_ms)
        data = client.data_to_send()
        while data:
            protocol.receive_data(data)
            for event in protocol.events_received():
                if isinstance(event, Request):
                    protocol.send_response(protocol.accept(event))
                elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    sent.append(bytes(event.data).decode())
                    protocol.send_text(backend.take(sent[-1]).encode())
            client.received(b"".join(protocol.data_to_send()), now_ms)
            client.poll(now_ms)
            data = client.data_to_send()
        assert client.transactions.is_drained()
        return sent


def _absent(part):
    return lambda facts, number, parts: part()
