"""A backend that asks faster than anybody should: while it reads the answers, the link holds and gives
them."""

import asyncio
import json

from websockets.asyncio.server import serve

from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.test_link import ANSWERS, cancelled, made, port_of, until

ROUNDS = 100
LARGE = {"vendorId": "x", "data": "y" * 15000}


async def ask(connection):
    """Everything at once; what is long costs more bytes than the answer to what is short."""
    for number in range(ROUNDS):
        await connection.send(json.dumps([2, f"short {number}", "GetConfiguration", {}]))
        await connection.send(json.dumps([2, f"long {number}", "DataTransfer", LARGE]))


def test_a_flood_of_requests_is_answered_in_order():
    """To read what has arrived takes no turn of the loop: a link that only read would never write, and take a
    server that waits for its answers for one that reads none."""
    answered = []

    async def backend(connection):
        asking = asyncio.create_task(ask(connection))
        async for text in connection:
            kind, message_id, *rest = json.loads(text)
            if kind == 2:
                await connection.send(json.dumps([3, message_id, ANSWERS[rest[0]]]))
            else:
                answered.append(message_id)
        await asking

    async def story():
        async with serve(backend, "127.0.0.1", 0, subprotocols=[OCPP16]) as server:
            client, link = made(port_of(server))
            task = asyncio.create_task(link.run())
            await until(lambda: len(answered) == 2 * ROUNDS or "1008" in client.state, task)
            assert client.accepted
            await cancelled(task)

    asyncio.run(story())
    assert answered == [f"{size} {number}" for number in range(ROUNDS) for size in ("short", "long")]
