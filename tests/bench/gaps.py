"""The longest gap between two ticks in real time, while a backend floods the charger over a real socket: in
the simulator, and on MicroPython with the tick as a task among the others."""

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
from tests import runtimes
from tests.micropython.process import CHARGER, IDENTITY, QUICK_CAR, running

DURATION_S = 10
LEAST_ANSWERS_PER_S = 100
"""Fewer are no flood."""


class Flood:
    """A backend in a process of its own, while `with` lasts."""

    answers = 0
    """How many questions were answered, known at the end."""

    def __enter__(self):
        command = [sys.executable, "-m", "tests.bench.flood"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=runtimes.ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout
        self.url = f"ws://127.0.0.1:{int(self._process.stdout.readline())}/ocpp"
        return self

    def __exit__(self, *_):
        # Ends its input, and waits for its end.
        counts = self._process.communicate(timeout=30)[0].split()
        self.answers, connections = int(counts[0]), int(counts[1])
        if connections != 1 or self.answers < LEAST_ANSWERS_PER_S * DURATION_S:
            raise RuntimeError(f"the link was to hold: {self.answers} answers, {connections} connections")


def measure():
    """The gaps, and the answers a second that the simulator gave meanwhile."""
    with Flood() as flood:
        gap_ms = kernel.run(in_simulator(flood.url), kernel.Paced())
    with Flood() as other:
        micropython_ms = asyncio.run(on_micropython(other.url))
    return {
        "tick_gap_max_ms": {"value": gap_ms, "unit": "ms"},
        "tick_gap_max_ms_micropython": {"value": micropython_ms, "unit": "ms"},
        "tick_gap_answers_per_s": {"value": round(flood.answers / DURATION_S), "unit": "answers/s"},
    }


async def in_simulator(url):
    """A car charges on the bench throughout."""
    loop = kernel.current()
    settings = {
        "BackendUrl": url,
        "BackendIdentity": IDENTITY,
        "SecurityProfile": "0",
        "PlugAndCharge": "true",
    }
    bench = Bench(loop, HostNetwork(), seed=1, settings=settings)
    bench.frames = collections.deque(maxlen=KEPT)  # as wherever a charger runs in real time
    await bench.start()
    bench.world.outlet(1).plug(**QUICK_CAR)
    await asyncio.sleep(DURATION_S)
    check(bench.events)
    await bench.stop()
    return loop.tick_gap_max_ms


async def on_micropython(url):
    """A car charges throughout on the unix port."""
    with tempfile.TemporaryDirectory() as name:
        command = [runtimes.find("micropython"), CHARGER]
        async with running(command, Path(name) / "state", url, PlugAndCharge="true") as charger:
            await charger.do("plug", **QUICK_CAR)
            await asyncio.sleep(DURATION_S)
            check(charger.told.events)
    return charger.told.named("end")[0]["tick_gap_max_ms"]


def check(events):
    """The contactor closed, once, and stayed so."""
    closes = [event["close"] for event in events if event["event"] == "contactor"]
    if closes != [True]:
        raise RuntimeError(f"under the flood a car was to charge without a break, but: {events}")
