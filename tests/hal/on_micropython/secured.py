"""Opens a stream with TLS to each server, sends two bytes and reads. Prints JSON: what came, or why nothing
did, and how many descriptors are open in the end that were not in the beginning.

    secured.py ROOTS_FILE SERVERS_FILE

The servers are JSON: [name, host, port] each.
"""

import asyncio
import json
import os
import sys

from hal.host import SocketNetwork

ANSWER_S = 2


async def converse(network, host, port, roots):
    reader, writer = await network.open(host, port, (host, roots))
    try:
        writer.write(b"hi")
        await writer.drain()
        text = b""
        while len(text) < 3000:  # more than one read, of one record
            data = await reader.read(512)
            if not data:
                break
            text += data
        return "%d bytes" % len(text)
    finally:
        try:
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass


async def main(roots, servers):
    network = SocketNetwork()
    begun = len(os.listdir("/proc/self/fd"))
    told = {}
    for name, host, port in servers:
        try:
            told[name] = await asyncio.wait_for(converse(network, host, port, roots), ANSWER_S)
        except asyncio.TimeoutError:  # noqa: UP041 - on MicroPython it is no other
            told[name] = "time-out"
        except (OSError, ValueError) as error:
            told[name] = network.explain(error)
    await asyncio.sleep(0.1)
    told["left open"] = len(os.listdir("/proc/self/fd")) - begun
    print(json.dumps(told))


def content(path):
    with open(path, "rb") as file:
        return file.read()


asyncio.run(main(content(sys.argv[1]), json.loads(content(sys.argv[2]))))
