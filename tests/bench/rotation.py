"""A backend with TLS that gives each connection another password, so that the charger connects anew at once.

    python -m tests.bench.rotation CERTIFICATE KEY

Prints its port; when its input ends, how many connections there were, and is gone.
"""

import asyncio
import collections
import functools
import json
import ssl
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.bench.flood import ANSWERS


async def attend(connection, counts):
    """Change the password, and answer what is asked until the charger goes."""
    counts["connections"] += 1
    change = {"key": "AuthorizationKey", "value": f"password-number-{counts['connections']}"}
    try:
        await connection.send(json.dumps([2, "change", "ChangeConfiguration", change]))
        async for text in connection:
            frame = json.loads(text)
            if frame[0] == 2:
                await connection.send(json.dumps([3, frame[1], ANSWERS.get(frame[2], {})]))
    except ConnectionClosed:
        pass


async def main(certificate, key):
    counts: collections.Counter[str] = collections.Counter()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    handler = functools.partial(attend, counts=counts)
    async with serve(handler, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp1.6")], ssl=tls) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(counts["connections"], flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
