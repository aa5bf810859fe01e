"""How long a cold start takes until the backend has been told that the connector is Available: the process of
a 32-bit MicroPython, which compiles nothing, with an empty flash to erase ahead first, over TLS."""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.micropython import heap
from tests.micropython.process import SECURE, Backend, running


def measure():
    """`boot_to_available_s` of the first start, and `boot_again_to_available_s` of the next."""
    with tempfile.TemporaryDirectory() as name:
        modules, state = Path(name) / "lib", Path(name) / "state"
        heap.compile_modules(modules)
        tls = heap.trusted(Path(name), state)
        first_s, again_s = [asyncio.run(start(modules, state, tls)) for _ in range(2)]
    return {
        "boot_to_available_s": {"value": round(first_s, 1), "unit": "s"},
        "boot_again_to_available_s": {"value": round(again_s, 1), "unit": "s"},
    }


async def start(modules, state, tls):
    """Seconds from the start of the process."""
    backend = Backend(tls)
    await backend.open()
    began_s = time.perf_counter()
    command = heap.command("measured_charger.py", "-X", f"heapsize={heap.BOARD_BYTES * 2}")
    async with running(command, state, backend.url, modules, **SECURE):
        await backend.told.until("status", connector=1, status="Available")
        took_s = time.perf_counter() - began_s
    await backend.close()
    return took_s
