"""The link on MicroPython's own asyncio and sockets, against the `websockets` package."""

import json
import socket
import threading

from websockets.sync.server import serve

from ocpp_client.timestamps import to_text
from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.ports_in_memory import NOON
from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/link.py"

ANSWERS = {
    "BootNotification": {"status": "Accepted", "currentTime": to_text(NOON), "interval": 300},
    "StartTransaction": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
}


def test_a_link_comes_breaks_comes_back_and_goes(micropython):
    seen = []

    def backend(connection):
        for text in connection:
            _, message_id, action, payload = json.loads(text)
            seen.append(action)
            if payload.get("status") == "Preparing" and seen.count("break") == 0:
                seen.append("break")
                # Not close(): while another thread reads from it, that ends the socket only once data comes.
                connection.socket.shutdown(socket.SHUT_RDWR)
                return
            connection.send(json.dumps([3, message_id, ANSWERS.get(action, {})]))

    with serve(backend, "127.0.0.1", 0, subprotocols=[OCPP16]) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        done = run(micropython, SCRIPT, str(server.socket.getsockname()[1]))
        server.shutdown()
        thread.join()
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["connected", "[[1, 'Accepted']] connected", "cancelled"]
    after = seen[seen.index("break") + 1 :]
    assert [action for action in after if action != "MeterValues"] == [
        "StatusNotification",
        "StartTransaction",
        "StopTransaction",
    ]
