"""A whole charger in virtual time: the real firmware, its simulated world, and a backend where one is
needed."""

import asyncio
import datetime
import json
import random
from typing import Any

from firmware.journal import KINDS
from firmware.records import Walk
from simulator.backend import serve
from simulator.backend.central import Central, seeded_ids
from simulator.backend.settings import Settings
from simulator.backend.store import IN_MEMORY, Store
from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.wires.network import Network

BELOW_WRAP_MS = (1 << 30) - 20000
"""Where the wrapping clock begins unless told: every longer story passes the wrap."""
PLUG_AND_CHARGE = {"PlugAndCharge": "true"}
OWN_CARD = "04A1B2C3"
CARDS = {"LocalCards": OWN_CARD + ",04D4E5F6"}
OTHER_CARD = "04D4E5F6"


class _Clock:
    def __init__(self, kernel):
        self._kernel = kernel

    def now(self):
        return datetime.datetime.fromtimestamp(self._kernel.unix_ms() / 1000, datetime.UTC)


class Stage:
    """One charger, and what a story does to it and asks of it."""

    def __init__(self, kernel, settings, backend, **options):
        self.kernel = kernel
        self.central: Any = None
        network = Network()
        settings = dict(settings or {})
        if backend:
            settings.update({"BackendUrl": "ws://backend/ocpp", "BackendIdentity": "CP1"})
            settings.setdefault("SecurityProfile", "0")
            self._listen(network, backend)
        options.setdefault("start_ms", BELOW_WRAP_MS)
        self.bench = Bench(kernel, network, settings=settings, **options)
        self.world = self.bench.world
        self.outlet = self.world.outlet(1)

    def _listen(self, network, settings):
        clock = _Clock(self.kernel)
        self.central = central = Central(Store(IN_MEMORY, clock), clock, seeded_ids(random.Random(1)))
        central.settings = settings

        async def accept(reader, writer):
            await serve.accept(central, reader, writer)

        network.listen("backend", 80, accept)

    @property
    def firmware(self):
        return self.bench.firmware

    @property
    def charger(self):
        return self.bench.firmware.charger

    @property
    def connector(self):
        return self.charger.connectors[0]

    @property
    def status(self):
        return self.connector.status.status

    async def wait(self, seconds):
        await asyncio.sleep(seconds)

    async def until(self, held, timeout_s=30):
        """Wait until `held()`, to a tick; an event's name waits for the next such event, and gives it."""
        begun = len(self.bench.events)
        name = held if isinstance(held, str) else None
        for _ in range(int(timeout_s * 100)):
            if name:
                found = [entry for entry in self.bench.events[begun:] if entry["event"] == name]
                if found:
                    return found[0]
            elif held():
                return None
            await asyncio.sleep(0.01)
        raise AssertionError(f"{held} did not come within {timeout_s} s: {self.bench.events[-5:]}")

    async def charge(self, **car):
        """Plug in where plug and charge is set, and wait for current."""
        self.outlet.plug(**car)
        await self.until(lambda: self.outlet.car.current_ma > 6000)

    def events(self, name):
        return [entry for entry in self.bench.events if entry["event"] == name]

    def words(self, connector=1):
        """The statuses that were told, in order."""
        return [entry["status"] for entry in self.events("status") if entry["connector"] == connector]

    def records(self):
        """All log records on the flash, oldest first, whoever has read them."""
        found = {}
        flash = self.world.flash
        assert flash
        for sector in range(flash.sectors):
            walk = Walk(flash, sector)
            while walk.step():
                if walk.sort in KINDS:
                    found[walk.sequence] = {"kind": KINDS[walk.sort], **json.loads(walk.payload)}
        return [found[sequence] for sequence in sorted(found)]

    def stops(self):
        return [record for record in self.records() if record["kind"] == "stop"]

    def starts(self):
        return [record for record in self.records() if record["kind"] == "start"]


def play(story, *, settings=None, backend=None, begin=True, **options):
    """Run the coroutine function `story(stage)` in virtual time. `backend`: the `Settings` of one, or
    True for one that accepts every card; `begin`: power up before the story."""
    if backend is True:
        backend = Settings(accept_unknown_cards=True)

    async def main():
        stage = Stage(kernel.current(), settings, backend, **options)
        if begin:
            await stage.bench.start()
            await stage.wait(3)
        try:
            return await story(stage)
        finally:
            if begin:
                await stage.bench.stop()

    return kernel.run(main())
