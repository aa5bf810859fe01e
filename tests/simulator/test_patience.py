"""With `--speed 0` time stands still while an answer is on its way: for how long, and when it is not."""

import socket
import time

from tests.simulator.processes import BackendProcess, ChargerProcess


def test_time_stands_still_for_a_backend_that_thinks_and_moves_when_patience_ends():
    """A server that takes connections and never answers them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"ws://127.0.0.1:{server.getsockname()[1]}/ocpp"
        with ChargerProcess(url, "--speed", 0, "--patience", 0.2) as charger:
            began_s = time.monotonic()
            charger.do("advance", s=1)
            assert time.monotonic() - began_s >= 0.2
            charger.do("advance", s=300)
            charger.says(r"no backend: .*next try in \d+ s")


def test_where_the_network_is_cut_no_answer_is_waited_for(tmp_path):
    """With patience for longer than this test may take."""
    with (
        BackendProcess(tmp_path) as backend,
        ChargerProcess(backend.url, "--speed", 0, "--patience", 3600) as charger,
    ):
        charger.begin_a_charge()
        charger.do("network", to="cut")
        charger.do("advance", s=600)
        assert charger.do("get")["connected"] is False
        charger.do("network", to="restore")
        charger.do("advance", s=600)
        assert charger.do("get")["connected"] is True
