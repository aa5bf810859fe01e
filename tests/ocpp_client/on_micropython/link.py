"""The link over a real socket: connects, is cut off, connects again, charges, is cancelled. Takes the
port."""

import asyncio
import sys
import time

from hal.host import SocketNetwork
from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.link import Link
from tests.ocpp_client.ports_in_memory import MemoryCharger, MemoryStore, VirtualClock


class WallClock(VirtualClock):
    def now_ms(self):
        return time.ticks_ms() if hasattr(time, "ticks_ms") else int(time.monotonic() * 1000)

    def stamp(self):
        self.at_ms = self.now_ms()
        return super().stamp()


async def until(condition):
    """Wait for what comes; after 20 s say that it did not."""
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    print("waited in vain")


async def main(port):
    clock = WallClock()
    store = MemoryStore()
    charger = MemoryCharger(store, clock)
    configuration = Configuration(OCPP_KEYS, store)
    configuration.write("SecurityProfile", "0")
    client = Client(charger, store, clock, configuration, "ws://127.0.0.1:%d/ocpp" % port, identity="CP001")
    client.outage._backoff._base_ms = client.outage._backoff._low_ms = 5
    charger.attach(client)
    task = asyncio.create_task(Link(client, SocketNetwork()).run())
    await until(lambda: client.accepted)
    print(client.state)
    # The server cuts the link off when it hears of this status.
    charger.show(1, "Preparing")
    await until(lambda: not client.accepted)
    await until(lambda: client.accepted)
    charger.begin()
    await until(lambda: charger.verdicts)
    charger.end()
    await until(client.transactions.is_drained)
    print(charger.verdicts, client.state)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")


asyncio.run(main(int(sys.argv[1])))
