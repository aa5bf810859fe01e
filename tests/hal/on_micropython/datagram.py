"""Sends a datagram to a port of this machine and prints the answer, then why there is none from elsewhere."""

import asyncio
import sys

from hal.host import SocketNetwork


async def main(port):
    network = SocketNetwork()
    print(await asyncio.wait_for(network.ask("127.0.0.1", port, b"what time is it?"), 10))
    try:
        await asyncio.wait_for(network.ask("127.0.0.1", port, b"silence"), 0.2)
    except asyncio.TimeoutError:  # noqa: UP041 - on MicroPython it is no other
        print("time-out")
    try:
        await network.ask("no-such-host.invalid", port, b"")
    except OSError as error:
        print(network.explain(error))


asyncio.run(main(int(sys.argv[1])))
