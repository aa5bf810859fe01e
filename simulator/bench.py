"""The bench: one simulated charger on one clock - world, flash, network and the real firmware - and its
log."""

import asyncio
import json
import random
from typing import Any

import boards
from firmware.compose import ROOTS, Firmware
from simulator.portable import rig
from simulator.portable.flash import SECTORS, Flash
from simulator.portable.world import World
from simulator.register import KeptEnergy


class Bench:
    """A charger that can be powered, restarted, watched and, through `world`, touched.

    The same `seed` on a virtual clock gives the same events and frames, byte for byte.
    """

    def __init__(
        self,
        kernel,
        network,
        *,
        board="simulated",
        seed=0,
        settings=None,
        state=None,
        start_ms=0,
        sectors=SECTORS,
        roots=b"",
    ):
        """`kernel`: the running `simulator.clockwork.kernel.Kernel`; `network`: how the firmware reaches its
        backend; `settings`: names to texts, written at the first start; `state`: folder that keeps flash and
        meter registers, or None (OSError or ValueError: it cannot); `start_ms`: where the wrapping clock
        begins; `sectors` of 4 KiB has the flash; `roots`: root certificates to put into it."""
        self.kernel = kernel
        self.network = network
        self.board = boards.load(board)
        self.firmware: Any = None
        self.events: Any = []
        """Everything that happened: dicts with t_ms, source, event and more."""
        self.frames: Any = []
        """OCPP frames: dicts with t_ms, direction ('out' from the charger, or 'in') and frame."""
        self.ports = None
        self._settings = dict(settings or {})
        self._observers = []
        self._stopping = []
        self._stalled_until_ms = 0
        chance = random.Random(seed)
        self.clock = rig.Clock(kernel.now_ms, self._sleep_ms, chance.randbytes, start_ms)
        self.world = self._make_world(chance.getrandbits(29), self.clock.now_ms(), sectors, state)
        if roots:
            self._save(ROOTS, roots)
        self.world.watchdog.on_restart = self._restart_soon
        for outlet in self.world.connectors if state else ():
            outlet.energy = KeptEnergy(self.world.mains, f"{state}/meter-{outlet.number}")

    def observe(self, callback):
        """`callback(entry)` gets every entry of `events` and `frames` as it is made; returns a function that
        ends this."""
        self._observers.append(callback)
        return lambda: self._observers.remove(callback)

    def note(self, source, event, **details):
        """Add an entry to `events`."""
        entry = {"t_ms": self.kernel.now_ms(), "source": source, "event": event}
        entry.update(details)
        self._tell(self.events, entry)

    async def start(self):
        """Power up: the firmware boots and the tick runs."""
        self._boot("power_on")
        self.kernel.every(self.board.tick_ms, self._tick)

    async def stop(self):
        """Take everything apart."""
        self.kernel.cancel_tick()
        await self._halt()

    async def power(self, on):
        """The mains go or come, and with them the firmware."""
        await self.quiet()
        if on == (self.firmware is not None):
            return
        self.note("world", "power", to="on" if on else "off")
        if on:
            self.world.power_on()
            self._boot("power_on")
        else:
            # Nothing of the firmware runs after the cut: no farewell, no last record.
            firmware, self.firmware = self.firmware, None
            self.world.power_off()
            self._reset("power_on")
            await self._end(firmware)

    async def restart(self, cause):
        """The processor restarts for 'software' or 'watchdog'."""
        if self.firmware:
            firmware, self.firmware = self.firmware, None
            self._reset(cause)
            await self._end(firmware)
            self.note("world", "restart", cause=cause)
            self._boot(cause)

    def stall(self, duration_ms):
        """The processor is held up for so long: no tick comes, and no task of the firmware that sleeps wakes.
        A restart ends it."""
        self._stalled_until_ms = max(self._stalled_until_ms, self.kernel.now_ms() + duration_ms)

    async def quiet(self):
        """Wait until restarts that are under way are done."""
        while self._stopping:
            await self._stopping[0]

    def _boot(self, cause):
        self.world.watchdog.cause = cause
        self._stalled_until_ms = 0
        settings, self._settings = self._settings, {}
        self.firmware = Firmware(self.board, self._drivers(), settings)
        self.firmware.services.observe(self._heard)
        if self.firmware.client:
            self.firmware.client.observer = self._overheard
        self._begin(self.firmware)

    # What differs where the board's own drivers run on a chip (`simulator.pins.bench`)

    def _make_world(self, seed, start_ms, sectors, state):
        world = World(self.board, seed, start_ms)
        world.flash = Flash(state, sectors)
        return world

    def _save(self, name, data):
        """Put a file into the store before anything runs."""
        self.world.flash.save(name, data)

    def _drivers(self):
        """What the board's driver names mean."""
        return rig.drivers(self.world, self.clock, self.network, self.ports)

    def _begin(self, firmware):
        firmware.start()

    def _reset(self, cause):
        """The processor is reset, or its power is gone ('power_on')."""
        self.world.reset_pins()
        if cause == "power_on":
            self.clock.forget()

    async def _end(self, firmware):
        await firmware.kill()

    async def _halt(self):
        await self.quiet()
        firmware, self.firmware = self.firmware, None
        if firmware:
            self._reset("software")
            await self._end(firmware)

    def _restart_soon(self, cause):
        task = asyncio.get_running_loop().create_task(self.restart(cause))
        self._stopping.append(task)
        task.add_done_callback(self._stopping.remove)

    def _tick(self, _):
        now_ms = self.clock.now_ms()
        self.world.step(now_ms)
        if self.firmware and not self._stalled_ms():
            self.firmware.guard.tick(now_ms)

    async def _sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)
        while self._stalled_ms():
            await asyncio.sleep(self._stalled_ms() / 1000)

    def _stalled_ms(self):
        return max(self._stalled_until_ms - self.kernel.now_ms(), 0) if self._stalled_until_ms else 0

    def _heard(self, event):
        entry = {"t_ms": self.kernel.now_ms(), "source": "charger"}
        entry.update(event)
        self._tell(self.events, entry)

    def _overheard(self, direction, text):
        try:
            frame = _without_secrets(json.loads(text))
        except (ValueError, RecursionError):
            frame = text  # a backend may send anything
        self._tell(self.frames, {"t_ms": self.kernel.now_ms(), "direction": direction, "frame": frame})

    def _tell(self, log, entry):
        log.append(entry)
        for callback in tuple(self._observers):
            callback(entry)


def bench_for(board):
    """The kind of bench that the board of this name runs on: one of copper needs its chip's pins."""
    if boards.load(board).simulated:
        return Bench
    from simulator.pins.bench import PinBench

    return PinBench


def _without_secrets(frame):
    """A frame as it may be logged: without the password in a ChangeConfiguration (whitepaper, A01.FR.12)."""
    payload = frame[3] if isinstance(frame, list) and len(frame) == 4 else None
    if isinstance(payload, dict) and str(payload.get("key")).lower() == "authorizationkey":
        payload["value"] = "***"
    return frame
