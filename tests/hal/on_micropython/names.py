"""Looks names up at a server of this machine: prints the address of each name, or why there is none.

names.py PORT NAME...
"""

import asyncio
import sys

from hal import explanations
from hal.host import HostClock
from hal.wifi.names import Names


async def main(port, hosts):
    names = Names(lambda: ("127.0.0.1",), HostClock(), port)
    for host in hosts:
        try:
            print(await names.look_up(host))
        except OSError as error:
            print(explanations.explain(error))


asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
