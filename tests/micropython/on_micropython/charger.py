"""One charger and its world in real time, the same on every runtime. Prints what happens, a JSON object a
line.

    charger.py STATE_DIR BACKEND_URL CONTROL_PORT SETTINGS

`SETTINGS` is JSON, names to texts. On the control port of this machine the script is told what people do, a
JSON object a line: {"do": "plug", "traits": {...}}, {"do": "unplug"}, and {"do": "end"}, as when the line
ends.
"""

import asyncio
import json
import sys

import boards
from firmware.compose import Firmware
from hal.host import HostClock, SocketNetwork
from simulator.portable import rig
from simulator.portable.flash import Flash
from simulator.portable.world import World

WORLD_MS = 10


def tell(entry):
    print(json.dumps(entry))


async def live(world, clock):
    """The world goes its own way, whatever the firmware does."""
    while True:
        world.step(clock.now_ms())
        await clock.sleep_ms(WORLD_MS)


async def operate(firmware, clock):
    """The firmware's life, until it is cancelled."""
    firmware.services.observe(tell)
    firmware.start()
    try:
        await firmware.guard.run(clock, firmware.board.tick_ms)
    finally:
        await firmware.kill()
        tell({"event": "end", "tick_gap_max_ms": firmware.guard.longest_gap_ms})


async def obey(reader, outlet):
    """Do what the other end of the control port says, until it says no more."""
    while True:
        line = await reader.readline()
        told = json.loads(line or '{"do": "end"}')
        if told["do"] == "end":
            return
        if told["do"] == "plug":
            outlet.plug(**told["traits"])
        elif told["do"] == "unplug":
            outlet.unplug()


async def run(world, clock, port, work):
    """The world and `work` side by side, until the control port says `end`."""
    reader, _ = await SocketNetwork().open("127.0.0.1", int(port))
    tasks = [asyncio.create_task(live(world, clock)), asyncio.create_task(work)]
    await obey(reader, world.outlet(1))
    for task in tasks:
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            continue


def main(folder, url, port, settings, made=lambda: None):
    """`made` is called when all is made and nothing runs yet; what it returns is kept."""
    clock = HostClock()
    board = boards.load("simulated")
    world = World(board, 1, clock.now_ms())
    world.flash = Flash(folder)
    chosen = json.loads(settings)
    chosen["BackendUrl"] = url
    firmware = Firmware(board, rig.drivers(world, clock, SocketNetwork()), chosen)
    _kept = made()
    asyncio.run(run(world, clock, port, operate(firmware, clock)))


if __name__ == "__main__":
    main(*sys.argv[1:])
