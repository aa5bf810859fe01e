"""One datagram out and one back, on each runtime."""

import asyncio
import os
import sys

import pytest

from hal.explanations import UNKNOWN_NAME
from tests import runtimes

SCRIPT = runtimes.ROOT / "tests/hal/on_micropython/datagram.py"


class Echo(asyncio.DatagramProtocol):
    """Answers most questions with more bytes than are taken."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if data != b"silence":
            self.transport.sendto(data.upper() + bytes(1000), addr)


@pytest.mark.parametrize(
    "name",
    [
        "cpython",
        pytest.param("micropython", marks=pytest.mark.micropython),
        pytest.param("micropython-i386", marks=pytest.mark.micropython),
    ],
)
def test_a_question_and_its_answer(name):
    runtime = sys.executable if name == "cpython" else runtimes.find(name)
    path = {"MICROPYPATH": f".frozen:{runtimes.ROOT}", "PYTHONPATH": str(runtimes.ROOT)}

    async def story():
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        process = await asyncio.create_subprocess_exec(
            runtime, SCRIPT, str(port), env={**os.environ, **path}, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await asyncio.wait_for(process.communicate(), 60)
        transport.close()
        return output.decode().splitlines()

    answer, silence, nowhere = asyncio.run(story())
    assert answer == repr(b"WHAT TIME IS IT?" + bytes(496))
    assert (silence, nowhere) == ("time-out", UNKNOWN_NAME)
