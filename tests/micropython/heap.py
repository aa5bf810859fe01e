"""The heap that a charger needs on the 32-bit unix port: a whole charge over TLS, measured, in a board's
heap. What mbedTLS takes beside it, some 40 KiB, comes from elsewhere there, as on ESP32.

Its modules are imported from `lib`, as on a board: every module keeps the path it came from.

The world is in the measured process, so its share is weighed beforehand and the heap made larger by as
much. `.mpy` files keep the compiler's heap, which no board has, out of it.
"""

import asyncio
import os
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import flash
from tests import authority, runtimes
from tests.micropython.process import CARD, IDENTITY, QUICK_CAR, SECURE, Backend, Charger, running, trust

BOARD_BYTES = 256 * 1024
"""Heap of a small board, for the firmware's code and all it works with."""
AMPLE_BYTES = 1024 * 1024
"""Room for everything, so that only the length of the pieces counts."""
SCRIPTS = runtimes.ROOT / "tests/micropython/on_micropython"


@dataclass
class Heap:
    """What a charge took (bytes), and its two witnesses."""

    size: int
    """The whole heap: a board's, and `beside`."""
    code: int
    """Live when all modules of the device are imported and nothing runs."""
    beside: int
    """Live beside them: the world, the script and its probe."""
    working: int
    """The most that was live at any look beyond these two."""
    during: str
    """What went on at that look."""
    charger: Charger
    backend: Backend


def measure() -> Heap:
    """Weigh, charge, and tell."""
    with tempfile.TemporaryDirectory() as name:
        modules, state = Path(name) / "lib", Path(name) / "state"
        compile_modules(modules)
        code = weigh_device(modules)
        beside = asyncio.run(weigh_world(modules, state)) - code
        size = BOARD_BYTES + beside * 131 // 128  # a heap's own tables take 3 bytes for each 128
        tls = trusted(Path(name), state)
        charger, backend = asyncio.run(charge(size, "measured_charger.py", modules, state, tls))
    told = charger.told.named("heap")[0]
    return Heap(size, code, beside, told["highest"] - code - beside, told["during"], charger, backend)


def charge_in_pieces() -> Backend:
    """Charge on a heap of which no free piece is longer than a KiB. Without TLS, of which MicroPython itself
    wants 1.9 KiB in one piece for a connection."""
    with tempfile.TemporaryDirectory() as name:
        modules, state = Path(name) / "lib", Path(name) / "state"
        compile_modules(modules)
        return asyncio.run(charge(AMPLE_BYTES, "charger_in_pieces.py", modules, state))[1]


def trusted(folder: Path, state: Path) -> ssl.SSLContext:
    """How a server speaks whom a charger with this `state` trusts."""
    root = authority.root()
    trust(state, root.der)
    return root.issue().context(folder / "server")


def compile_modules(out: Path) -> None:
    """All that the charger and its world import, as .mpy files."""
    world = runtimes.ROOT / "simulator"
    files = [world / "__init__.py", *sorted((world / "portable").glob("*.py"))]
    flash.compile_files([*flash.device_files(), *[path.relative_to(runtimes.ROOT) for path in files]], out)


def weigh_device(modules: Path) -> int:
    """Live bytes with nothing but the device's modules."""
    environment = {**os.environ, "MICROPYPATH": f".frozen:{modules.name}"}
    command = [runtimes.find("micropython-i386"), SCRIPTS / "weighed_device.py"]
    done = subprocess.run(
        command, env=environment, cwd=modules.parent, capture_output=True, timeout=60, check=True
    )
    return int(done.stdout)


async def weigh_world(modules: Path, state: Path) -> int:
    """Live bytes when everything but the firmware is at work too."""
    async with running(command("measured_charger.py"), state, "", modules) as charger:
        return int((await charger.told.until("weighed"))["live"])


async def charge(
    size: int, script: str, modules: Path, state: Path, tls: ssl.SSLContext | None = None
) -> tuple[Charger, Backend]:
    """A whole charge in a heap of `size` bytes, with the longest answer there is in the middle of it."""
    backend = Backend(tls)
    await backend.open()
    started = command(script, "-X", f"heapsize={size}")
    async with running(started, state, backend.url, modules, **(SECURE if tls else {})) as charger:
        await backend.told.until("status", connector=1, status="Available")
        await charger.do("plug", **QUICK_CAR)
        await backend.told.until("status", status="Preparing")
        await backend.central.remote_start(IDENTITY, CARD)
        await backend.told.until("status", status="Charging")
        assert (await backend.central.get_configuration(IDENTITY)).status == "Answered"
        for _ in range(2):  # the second after a whole second of charging
            await backend.told.until("meter_values")
        await backend.central.remote_stop(IDENTITY, backend.transaction.id)
        await backend.told.until("transaction_stopped")
        await charger.do("unplug")
        await backend.told.until("status", status="Available")
        connections = len(backend.told.named("charger_connected"))
    await backend.close()
    assert connections == 1, "the link was lost, for lack of heap or of anything else"
    assert charger.told.named("task_failed") == []
    return charger, backend


def command(script: str, *options: str) -> list[str | Path]:
    return [runtimes.find("micropython-i386"), *options, SCRIPTS / script]
