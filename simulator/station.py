"""A whole charging station in memory: charger, backend, and the network between them, on one clock and one
seed."""

import asyncio
import random
from datetime import UTC, datetime

from simulator.backend.central import Central, seeded_ids
from simulator.backend.serve import accept
from simulator.backend.settings import Settings
from simulator.backend.store import IN_MEMORY, Store
from simulator.bench import bench_for
from simulator.portable.flash import SECTORS
from simulator.wires.network import Network

IDENTITY = "CP1"
HOST, PORT = "backend", 80
URL = f"ws://{HOST}/ocpp"


class KernelClock:
    """The backend's clock: the simulated date, always right."""

    def __init__(self, kernel):
        self._kernel = kernel

    def now(self):
        """The simulated moment, in UTC."""
        return datetime.fromtimestamp(self._kernel.unix_ms() / 1000, UTC)


class Station:
    """One charger with its backend: `async with Station(kernel) as station` starts both and stops them.

    `bench` is the charger and its world, `central` the backend, `network` the cable between them. What the
    backend notices stands in the bench's log too, with the source 'backend'.
    """

    def __init__(
        self,
        kernel,
        *,
        board="simulated",
        seed=0,
        settings=None,
        cards=(),
        start_ms=0,
        state=None,
        sectors=SECTORS,
        latency_ms=0,
        jitter_ms=0,
        backend_settings=None,
    ):
        """`board`, `seed`, `settings`, `start_ms`, `state` and `sectors` as `Bench` takes them, the backend's
        address being set; `cards`: idTags that the backend accepts, or idTag to AuthorizationStatus;
        `latency_ms` and `jitter_ms` of the network; `backend_settings`:
        `simulator.backend.settings.Settings`."""
        chance = random.Random(f"station {seed}")
        clock = KernelClock(kernel)
        self.kernel = kernel
        self.network = Network(latency_ms, jitter_ms, chance.getrandbits(32))
        self.store = Store(IN_MEMORY, clock)
        self.central = Central(self.store, clock, seeded_ids(chance), backend_settings or Settings())
        statuses = cards if isinstance(cards, dict) else dict.fromkeys(cards, "Accepted")
        for id_tag, status in statuses.items():
            self.store.cards.add(id_tag, status)
        settings = {
            "BackendUrl": URL,
            "BackendIdentity": IDENTITY,
            "SecurityProfile": "0",
            **(settings or {}),
        }
        self.identity = settings["BackendIdentity"]
        self.bench = bench_for(board)(
            kernel,
            self.network,
            board=board,
            seed=seed,
            settings=settings,
            state=state,
            start_ms=start_ms,
            sectors=sectors,
        )
        self._connections = []
        self._forget = None

    async def __aenter__(self):
        self.central.observe(self._noticed)
        self.open_backend()
        await self.bench.start()
        return self

    async def __aexit__(self, *_):
        await self.bench.stop()
        await self.close_backend()
        self.store.close()

    def seconds_at(self, moment):
        """A date as simulated seconds since the start, to the millisecond."""
        start_ms = self.kernel.unix_ms() - self.kernel.now_ms()
        return (round(moment.timestamp() * 1000) - start_ms) / 1000

    def open_backend(self):
        """The backend listens (again); what it had stored is still there."""
        if not self._forget:
            self._forget = self.network.listen(HOST, PORT, self._accept)

    async def close_backend(self):
        """The backend is gone without a farewell: the open connection breaks off, and another is refused."""
        if self._forget:
            self._forget()
            self._forget = None
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _accept(self, reader, writer):
        task = asyncio.current_task()
        self._connections.append(task)
        try:
            await accept(self.central, reader, writer)
        finally:
            self._connections.remove(task)

    def _noticed(self, event):
        """Into the one log; frames are there already, as the charger sent and received them."""
        if event["event"] != "frame":
            details = {name: value for name, value in event.items() if name not in ("event", "at", "source")}
            self.bench.note("backend", event["event"], **details)
