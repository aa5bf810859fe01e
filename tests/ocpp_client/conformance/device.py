"""A whole charger in memory - the real firmware and its simulated world - on any event loop, CPython's and
MicroPython's alike: its network is the object `far` that a conformance stage gives it."""

import asyncio
import random

import boards
from firmware.compose import Firmware
from hal import contract
from simulator.portable import rig
from simulator.portable.flash import Flash
from simulator.portable.world import World

BOARDS = (None, "simulated", "simulated_two")
"""By number of connectors."""
TICK_MS = 20


class Reader:
    """The charger's end of what comes in."""

    def __init__(self):
        self._data = b""
        self._ended = False
        self._news = asyncio.Event()

    def feed(self, data):
        """Bytes have arrived."""
        self._data += data
        self._news.set()

    def end(self):
        """Nothing more will."""
        self._ended = True
        self._news.set()

    async def read(self, count):
        while not self._data and not self._ended:
            await self._news.wait()
            self._news.clear()
        data, self._data = self._data[:count], self._data[count:]
        return data


class Writer:
    """The charger's end of what goes out; `take(data)` gets it, `leave()` is called at the end."""

    def __init__(self, take, leave):
        self.write = take
        self.close = leave

    async def drain(self):
        """It is taken at once."""

    async def wait_closed(self):
        """So is the end."""


class Network(contract.Network):
    """Brings the charger to `far`, while the cable is whole."""

    connected = True
    has_roots = True

    def __init__(self, far):
        self._far = far

    async def open(self, host, port, tls=None):
        if not self.connected:
            raise OSError("the network was cut")
        return self._far.accept(tls)


class Device:
    """The charger, its supply and what people do to it. `now_ms()` is the loop's time, `far` the server."""

    def __init__(self, now_ms, connectors, far):
        self._board = boards.load(BOARDS[connectors])
        self._clock = rig.Clock(now_ms, self._sleep_ms, random_bytes)
        self.world = World(self._board, 1, self._clock.now_ms())
        self.world.flash = Flash()
        self.world.watchdog.on_restart = self._restart_soon
        self.network = Network(far)
        self.firmware = None  # type: Firmware | None
        self._ticking = None  # type: asyncio.Task | None
        self._restarting = None  # type: asyncio.Task | None

    def start(self, settings):
        """The supply comes for the first time, and the owner has set `settings`."""
        self._ticking = asyncio.create_task(self._tick())
        self._boot("power_on", settings)

    async def stop(self):
        """Take everything apart."""
        await self._halt()
        ticking, self._ticking = self._ticking, None
        if ticking:
            ticking.cancel()
            try:
                await ticking
            except asyncio.CancelledError:
                return

    async def power(self, on):
        """The supply goes or comes."""
        if on:
            self.world.power_on()
            self._boot("power_on")
            return
        self.world.power_off()
        self._clock.forget()
        await self._halt()

    def _boot(self, cause, settings=None):
        self.world.watchdog.cause = cause
        drivers = rig.drivers(self.world, self._clock, self.network)
        self.firmware = Firmware(self._board, drivers, settings)
        self.firmware.start()

    async def _halt(self):
        firmware, self.firmware = self.firmware, None
        if firmware:
            await firmware.kill()

    def _restart_soon(self, cause):
        self._restarting = asyncio.create_task(self._restart(cause))

    async def _restart(self, cause):
        self.world.reset_pins()
        await self._halt()
        self._boot(cause)

    async def _tick(self):
        while True:
            now_ms = self._clock.now_ms()
            self.world.step(now_ms)
            if self.firmware:
                self.firmware.guard.tick(now_ms)
            await self._sleep_ms(TICK_MS)

    def _sleep_ms(self, duration_ms):
        return asyncio.sleep(duration_ms / 1000)


def random_bytes(count):
    """Chance, the same in each run."""
    return bytes([random.getrandbits(8) for _ in range(count)])
