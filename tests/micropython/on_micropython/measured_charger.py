"""`charger.py` with its heap measured, or only its world.

    measured_charger.py STATE_DIR BACKEND_URL CONTROL_PORT SETTINGS

It tells `weighed`, the live heap after a collection in bytes, when all but the firmware is at work: the
world, this script and its probe, and the device's modules. Where there is a backend, the firmware follows,
and at the end `heap` tells the `highest` of some hundred looks, many of them in the middle of a message.

The world is made first: so it lies together at the beginning of the heap, and not between the firmware's own
objects.
"""

# ruff: noqa: E402, I001 - the order of the imports is what this is about.

import gc

SMALL_STEPS_BYTES = 4096
"""To collect this often keeps a small heap from going to pieces; a board's main does the same."""
PATROL_MS = 50

gc.threshold(SMALL_STEPS_BYTES)  # type: ignore[attr-defined]  # MicroPython's

import asyncio
import json
import sys
import boards
import probe  # type: ignore[import-not-found]  # beside this script
from simulator.portable.flash import Flash
from simulator.portable.rig import drivers
from simulator.portable.world import World

folder, url, port, settings = sys.argv[1:]
watch = probe.Probe()
clock = probe.Clock(watch)
board = boards.load("simulated")
world = World(board, 1, clock.now_ms())
world.flash = Flash(folder)
parts = drivers(world, clock, probe.Network(watch))
gc.collect()

import charger  # type: ignore[import-not-found]  # beside this script
from firmware.compose import Firmware


async def work():
    """What is measured: the firmware, or nothing."""
    await clock.sleep_ms(PATROL_MS)
    charger.tell({"event": "weighed", "live": watch.look("start")})
    if url:
        chosen = json.loads(settings)
        chosen["BackendUrl"] = url
        firmware = Firmware(board, parts, chosen)
        watch.watch(firmware, world.flash)
        await charger.operate(firmware, clock)


async def main():
    """Look every now and then, whatever goes on."""
    patrol = asyncio.create_task(watch.patrol(clock, PATROL_MS))
    await charger.run(world, clock, port, work())
    patrol.cancel()
    charger.tell({"event": "heap", "highest": watch.highest, "during": watch.during, "looks": watch.looks})


asyncio.run(main())
