"""A backend that asks more than anybody could want, as fast as the charger takes it.

    python -m tests.bench.flood

Prints its port; when its input ends, how many answers it had and how many connections, and is gone.
"""

import asyncio
import collections
import functools
import itertools
import json
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

NOW = "2026-01-01T00:00:00.000Z"
ANSWERS = {
    "BootNotification": {"status": "Accepted", "currentTime": NOW, "interval": 1},
    "Heartbeat": {"currentTime": NOW},
    "StartTransaction": {"transactionId": 1, "idTagInfo": {"status": "Accepted"}},
}
LARGE = 15_000
"""Characters: nearly the longest message that a charger takes."""


def requests():
    """Questions without end: all settings, changes that are written down, large ones, and nonsense."""
    for number in itertools.count():
        yield [2, f"a{number}", "GetConfiguration", {}]
        interval = {"key": "MeterValueSampleInterval", "value": str(1 + number % 9)}
        yield [2, f"b{number}", "ChangeConfiguration", interval]
        yield [2, f"c{number}", "DataTransfer", {"vendorId": "x", "data": "y" * LARGE}]
        yield [2, f"d{number}", "GetConfiguration", {"key": [f"Key{i}" for i in range(50)]}]
        yield {"nonsense": ["z"] * 300}


async def attend(connection, counts):
    """Ask without waiting for answers, and answer what is asked."""
    counts["connections"] += 1
    asking = asyncio.create_task(ask(connection))
    try:
        async for text in connection:
            frame = json.loads(text)
            counts["answers"] += frame[0] != 2
            if frame[0] == 2:
                await connection.send(json.dumps([3, frame[1], ANSWERS.get(frame[2], {})]))
    except ConnectionClosed:
        pass
    finally:
        asking.cancel()


async def ask(connection):
    for request in requests():
        await connection.send(json.dumps(request))


async def main():
    counts: collections.Counter[str] = collections.Counter()
    handler = functools.partial(attend, counts=counts)
    async with serve(handler, "127.0.0.1", 0, subprotocols=[Subprotocol("ocpp1.6")]) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        print(counts["answers"], counts["connections"], flush=True)


if __name__ == "__main__":
    asyncio.run(main())
