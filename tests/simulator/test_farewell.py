"""How `python -m simulator charger` takes its leave of the backend."""

import json
import signal
import threading

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.sync.server import serve

from ocpp_client.timestamps import to_text
from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.ports_in_memory import NOON
from tests.simulator.processes import ChargerProcess

SOON_S = 15
"""Of the wall clock, for what takes a moment."""


class Server:
    """Accepts a charger, answers all it says, and remembers how the conversation ended."""

    def __enter__(self):
        self.ended = threading.Event()
        self.closed: ConnectionClosed | None = None
        self._server = serve(self._converse, "127.0.0.1", 0, subprotocols=[OCPP16])
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/ocpp"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()

    def farewell(self):
        """The close code and the reason that came, None where none did."""
        assert self.ended.wait(SOON_S)
        assert self.closed
        frame = self.closed.rcvd
        return frame and frame.code

    def _converse(self, connection):
        try:
            while True:
                _, message_id, action, _ = json.loads(connection.recv())
                boot = {"status": "Accepted", "currentTime": to_text(NOON), "interval": 300}
                answer = boot if action == "BootNotification" else {}
                connection.send(json.dumps([3, message_id, answer]))
        except ConnectionClosed as closed:
            self.closed = closed
        self.ended.set()


@pytest.mark.parametrize("speed", [0, 1, 200])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_says_that_it_goes_away(speed, number, code):
    with Server() as server, ChargerProcess(server.url, "--speed", speed) as charger:
        charger.wait("connected", 100)
        assert charger.end(number) == code
        assert server.farewell() == CloseCode.GOING_AWAY


def test_who_is_killed_says_nothing():
    with Server() as server, ChargerProcess(server.url, "--speed", 0) as charger:
        charger.wait("connected")
        charger.end(signal.SIGKILL)
        assert server.farewell() is None


def test_a_power_cut_says_nothing():
    with Server() as server, ChargerProcess(server.url, "--speed", 0) as charger:
        charger.wait("connected")
        charger.do("power", to="off")
        assert server.farewell() is None


def test_a_network_that_is_cut_keeps_nobody_waiting():
    with Server() as server, ChargerProcess(server.url, "--speed", 0) as charger:
        charger.wait("connected")
        charger.do("network", to="cut")
        assert charger.end(signal.SIGTERM) == 0


def test_without_a_backend_there_is_nobody_to_tell():
    with ChargerProcess("ws://127.0.0.1:1/ocpp", "--speed", 0) as charger:
        charger.says("no backend")
        assert charger.end(signal.SIGTERM) == 0
