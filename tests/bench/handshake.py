"""The longest gap between two ticks in real time, while one TLS handshake follows the other: in the
simulator, and on MicroPython with the tick as a task among the others, where each step's arithmetic is one
call that blocks.

Elliptic curves (P-256) throughout. What a handshake takes on a board's processor is not measured here.
"""

import asyncio
import collections
import subprocess
import sys
import tempfile
from pathlib import Path

from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.live import KEPT
from simulator.wires.network import HostNetwork
from tests import authority, runtimes
from tests.bench.gaps import DURATION_S, check
from tests.micropython.process import CHARGER, IDENTITY, QUICK_CAR, SECURE, running, trust

LEAST_HANDSHAKES = 5
"""Fewer measure nothing; a charger waits for a second between two."""


class Rotation:
    """A backend in a process of its own, while `with` lasts, that a charger connects to again and again."""

    handshakes = 0
    """How many there were, known at the end."""

    def __init__(self, folder):
        root = authority.root()
        self.root = root.der
        """What the charger is to trust."""
        self._files = root.issue().files(folder)

    def __enter__(self):
        command: list[str | Path] = [sys.executable, "-m", "tests.bench.rotation", *self._files]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=runtimes.ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout
        self.url = f"wss://127.0.0.1:{int(self._process.stdout.readline())}/ocpp"
        return self

    def __exit__(self, *_):
        # Ends its input, and waits for its end.
        self.handshakes = int(self._process.communicate(timeout=30)[0])
        if self.handshakes < LEAST_HANDSHAKES:
            raise RuntimeError(f"there were to be many handshakes, but: {self.handshakes}")


def measure():
    """The gaps, and how many handshakes there were in both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Rotation(folder / "server") as rotation:
            gap_ms = kernel.run(in_simulator(rotation), kernel.Paced())
        with Rotation(folder / "server") as other:
            micropython_ms = asyncio.run(on_micropython(other, folder / "state"))
    return {
        "tick_gap_handshake_max_ms": {"value": gap_ms, "unit": "ms"},
        "tick_gap_handshake_max_ms_micropython": {"value": micropython_ms, "unit": "ms"},
        "tick_gap_handshakes": {"value": rotation.handshakes + other.handshakes, "unit": "handshakes"},
    }


async def in_simulator(rotation):
    """A car charges on the bench throughout."""
    loop = kernel.current()
    settings = {
        "BackendUrl": rotation.url,
        "BackendIdentity": IDENTITY,
        "PlugAndCharge": "true",
        **SECURE,
    }
    bench = Bench(loop, HostNetwork(), seed=1, settings=settings, roots=rotation.root)
    bench.frames = collections.deque(maxlen=KEPT)  # as wherever a charger runs in real time
    await bench.start()
    bench.world.outlet(1).plug(**QUICK_CAR)
    await asyncio.sleep(DURATION_S)
    check(bench.events)
    await bench.stop()
    return loop.tick_gap_max_ms


async def on_micropython(rotation, state):
    """A car charges throughout on the unix port."""
    trust(state, rotation.root)
    command = [runtimes.find("micropython"), CHARGER]
    async with running(command, state, rotation.url, PlugAndCharge="true", **SECURE) as charger:
        await charger.do("plug", **QUICK_CAR)
        await asyncio.sleep(DURATION_S)
        check(charger.told.events)
    return charger.told.named("end")[0]["tick_gap_max_ms"]
