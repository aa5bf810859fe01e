"""How much faster than life a day passes in virtual time: one charger, its world and its backend, on one
core."""

import asyncio
import random
import time
from datetime import UTC, datetime

from simulator.backend.central import Central, seeded_ids
from simulator.backend.serve import accept
from simulator.backend.store import IN_MEMORY, Store
from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.wires.network import Network

DAY_S = 86400
HOUR_S = 3600
CARD = "04A1B2C3"
SETTINGS = {"BackendUrl": "ws://backend/ocpp", "BackendIdentity": "CP1", "SecurityProfile": "0"}


class SimulatedClock:
    """The backend's time is the simulation's."""

    def __init__(self, loop):
        self._kernel = loop

    def now(self):
        return datetime.fromtimestamp(self._kernel.unix_ms() / 1000, UTC)


async def day():
    """A day with three sessions, begun in three ways; returns the bench and the backend's store."""
    loop = kernel.current()
    clock = SimulatedClock(loop)
    store = Store(IN_MEMORY, clock)
    store.cards.add(CARD)
    central = Central(store, clock, seeded_ids(random.Random(1)))
    network = Network()
    network.listen("backend", 80, lambda reader, writer: accept(central, reader, writer))
    bench = Bench(loop, network, seed=1, settings=SETTINGS)
    await bench.start()
    await asyncio.sleep(7 * HOUR_S)
    await session(bench, 2 * HOUR_S, lambda: central.remote_start("CP1", CARD), max_a=16)
    await asyncio.sleep(4 * HOUR_S)
    await session(bench, 1 * HOUR_S, lambda: swipe(bench), max_a=32, phases=1)
    await asyncio.sleep(4 * HOUR_S)
    await session(bench, 4 * HOUR_S, lambda: swipe(bench), max_a=32, battery_wh=80000)
    await asyncio.sleep(DAY_S - loop.now_ms() / 1000)
    await bench.stop()
    return bench, store


async def session(bench, duration_s, start, **car):
    """A car comes, charges and goes."""
    outlet = bench.world.outlet(1)
    outlet.plug(**car)
    await asyncio.sleep(10)
    await start()
    await asyncio.sleep(duration_s)
    outlet.unplug()


async def swipe(bench):
    bench.world.card_reader.swipe(CARD)


def measure():
    """`sim_speed` (simulated seconds a second), with the OCPP frames and the energy of that day."""
    began_s = time.perf_counter()
    bench, store = kernel.run(day())
    wall_s = time.perf_counter() - began_s
    transactions = store.transactions.all("CP1")
    energies = [row.meter_stop_wh - row.meter_start_wh for row in transactions]
    store.close()
    if len(energies) != 3 or min(energies) < 5000:
        raise RuntimeError(f"three sessions of several kWh were to be charged, and these were: {energies} Wh")
    return {
        "sim_speed": {"value": round(DAY_S / wall_s), "unit": "s/s"},
        "sim_day_frames": {"value": len(bench.frames), "unit": "frames"},
    }
