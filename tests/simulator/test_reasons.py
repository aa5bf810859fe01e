"""Why a connection does not come about, in words for people: the reason and the way out, and no number."""

import asyncio
import errno
import re
import socket

import pytest

from simulator.clockwork.kernel import Paced, run
from simulator.wires import reasons
from simulator.wires.network import HostNetwork, Network
from tests.simulator.processes import ChargerProcess

NOBODY = "nobody listens there, so start the server or correct the address"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 1)"), NOBODY),
        (
            OSError("Multiple exceptions: [Errno 111] Connect call failed ('::1', 1), [Errno 111] Connect"),
            NOBODY,
        ),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "nobody knows that name, so correct the address",
        ),
        (
            OSError(errno.ENETUNREACH, "x"),
            "no way leads there, so check the network or correct the address",
        ),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
        (OSError("Multiple exceptions: [Errno 111] one, [Errno 113] two"), "Multiple exceptions: one, two"),
        (OSError("the network was cut"), "the network was cut"),
        (OSError(), "OSError"),
    ],
)
def test_a_reason_has_no_number(error, words):
    assert reasons.of(error) == words


def test_real_sockets_and_those_in_memory_refuse_in_the_same_words():
    async def main():
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        with pytest.raises(ConnectionRefusedError) as refused:
            await HostNetwork().open("127.0.0.1", port)
        return str(refused.value)

    async def in_memory():
        with pytest.raises(ConnectionRefusedError) as refused:
            await Network().open("backend", 80)
        return str(refused.value)

    assert run(main(), Paced()) == asyncio.run(in_memory()) == NOBODY


def test_a_cut_network_says_so_without_a_number():
    async def main():
        network = Network()
        network.cut()
        with pytest.raises(OSError, match=r"^the network was cut$"):
            await network.open("backend", 80)

    asyncio.run(main())


def test_the_address_the_reason_and_the_way_out_are_on_the_screen():
    with ChargerProcess("ws://127.0.0.1:1/ocpp", "--speed", 0) as charger:
        line = charger.says("no backend").string
        assert f"no backend: 127.0.0.1:1 cannot be reached: {NOBODY}; next try in" in line
        state = charger.do("get")["backend"]["state"]
        assert re.fullmatch(rf"waiting \d s: 127\.0\.0\.1:1 cannot be reached: {NOBODY}", state)
