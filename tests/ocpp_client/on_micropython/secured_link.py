"""A link to each server, over real sockets and all at once, until it is accepted or tells why it is not.

    secured_link.py ROOTS_FILE SERVERS_FILE

The servers are JSON: [name, URL, SecurityProfile, password] each. Prints JSON: by name the state, then
whether a charge that had begun goes on.
"""

import asyncio
import json
import sys
import time

from hal.host import SocketNetwork
from ocpp_client import connection
from ocpp_client import link as link_module
from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.link import Link
from tests.ocpp_client.ports_in_memory import MemoryCharger, MemoryStore, VirtualClock

# A server that says nothing is given up sooner than in the field.
link_module.OPEN_S = link_module.WRITE_S = 2
connection.HANDSHAKE_MS = 2000


class WallClock(VirtualClock):
    def now_ms(self):
        return time.ticks_ms() if hasattr(time, "ticks_ms") else int(time.monotonic() * 1000)

    def stamp(self):
        self.at_ms = self.now_ms()
        return super().stamp()


async def ask(url, profile, password, roots):
    clock = WallClock()
    store = MemoryStore()
    charger = MemoryCharger(store, clock)
    configuration = Configuration(OCPP_KEYS, store)
    configuration.write("SecurityProfile", profile)
    configuration.write("AuthorizationKey", password)
    client = Client(charger, store, clock, configuration, url, "CP001")
    charger.attach(client)
    told = []  # type: list
    client.report = told.append
    tx = charger.begin()
    task = asyncio.create_task(Link(client, SocketNetwork(), lambda: roots).run())
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if told or client.accepted:
            break
    state = told[0]["state"] if told else client.state
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        return [state.split(": ", 1)[-1], charger.running[1] == tx]


def content(path):
    with open(path, "rb") as file:
        return file.read()


async def main(roots, servers):
    told = {}

    async def tell(name, url, profile, password):
        told[name] = await ask(url, profile, password, roots)

    await asyncio.gather(*[tell(*server) for server in servers])
    print(json.dumps(told))


asyncio.run(main(content(sys.argv[1]), json.loads(content(sys.argv[2]))))
