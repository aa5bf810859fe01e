"""A bench whose charger is a board of copper: its own drivers on a simulated chip, in the circuit that its
definition describes.

The chip's time follows the simulation's. Within a step it may run ahead - while flash is erased, while a
burst is read - and then waits for the rest to come there; whoever touches it from a task finds it at the
present moment.
"""

import asyncio
import os
import tempfile

from hal import files
from simulator.bench import Bench
from simulator.pins.chip import Chip
from simulator.pins.circuit import Circuit
from simulator.pins.parts.reader import is_number
from simulator.portable.world import World

EARLY_US = 500


class FollowingChip(Chip):
    """A chip whose time is not before `source_us()`, wherever somebody looks."""

    def __init__(self, board, seed, source_us):
        Chip.__init__(self, board, seed, now_us=source_us())
        self._source_us = source_us
        self._moving = False

    def catch_up(self):
        """Come to the present moment."""
        behind_us = self._source_us() - self.now_us
        if behind_us > 0 and not self._moving and not self.second.running:
            self.advance(behind_us)

    def advance(self, us):
        moving, self._moving = self._moving, True
        try:
            Chip.advance(self, us)
        finally:
            self._moving = moving

    def spend(self, us):
        self.catch_up()
        Chip.spend(self, us)


class PinBench(Bench):
    """As `simulator.bench.Bench`, for a board of `rules.CHIPS`. While it is started the processor's modules
    stand where `import` finds them: one such bench at a time.

    Handed to the firmware are only the network, which is the simulation's, chance, and a folder for the
    store's files. Cards that no card reader of this make could read go past it.
    """

    def __init__(self, kernel, network, *, state=None, **options):
        """ValueError: `state` was asked for, which these boards do not have, or their chip is not
        simulated."""
        if state:
            raise ValueError(
                "nothing keeps the flash of a simulated chip between two runs; leave --state out"
            )
        self._files = tempfile.TemporaryDirectory(prefix="mode3-")
        self._installed = None
        self._starting = None
        self._booted = False
        self._fresh = True
        super().__init__(kernel, network, **options)

    async def start(self):
        self._installed = self.chip.install()
        self._installed.__enter__()
        await super().start()

    async def stop(self):
        await super().stop()
        if self._installed:
            self._installed.__exit__()
            self._installed = None
        self._files.cleanup()

    def stall(self, duration_ms):
        """Nothing of the processor runs for so long, not even an interrupt, as while flash is erased."""
        super().stall(duration_ms)
        self.chip.catch_up()
        self.chip.deafen(duration_ms * 1000)

    def _make_world(self, seed, start_ms, sectors, state):
        world = World(self.board, seed, start_ms)
        self._start_us = start_ms * 1000
        self.chip = FollowingChip(self.board, seed, self._now_us)
        self.chip.on_reset = self._restarted
        self.circuit = Circuit(self.chip, self.board, world)
        return world

    def _now_us(self):
        return self.kernel.now_us() + self._start_us

    def _save(self, name, data):
        store = files.Files()
        store.folder = self._files.name
        store.save(name, data)

    def _drivers(self):
        return {
            ("network", self.board.drivers.get("network")): lambda facts, number, parts: self.network,
            ("store", self.board.drivers["store"]): self._of_chip("store", self._keep_files),
            ("clock", self.board.drivers["clock"]): self._of_chip("clock", self._take_chance),
            ("card_reader", self.board.drivers.get("card_reader")): self._of_chip(
                "card_reader", self._hold_cards
            ),
        }

    def _of_chip(self, role, change):
        """The board's own driver, with a change."""

        def make(facts, number, parts):
            path = "hal." + facts.drivers[role]
            part = __import__(path, None, None, ["make"]).make(facts, number, parts)
            change(part)
            return part

        return make

    def _keep_files(self, store):
        store.folder = self._files.name + os.sep

    def _take_chance(self, clock):
        clock.random_bytes = self.clock.random_bytes
        clock.sleep_ms = self.clock.sleep_ms

    def _hold_cards(self, card_reader):
        by_radio = card_reader.read
        swipes = self.world.card_reader.swipes

        def read():
            return swipes.pop(0) if swipes and not is_number(swipes[0]) else by_radio()

        card_reader.read = read

    def _begin(self, firmware):
        self._fresh = False
        if not self._booted:
            # To erase a new flash takes seconds: the simulation begins when that is over.
            self._booted = True
            self._start_us += max(self.chip.now_us - self._now_us(), 0)
        self._starting = asyncio.get_running_loop().create_task(self._begin_soon(firmware))

    async def _begin_soon(self, firmware):
        """What the boot took has to pass first. And the converter is looked at least where the tick comes
        right before the end of a step of the simulation."""
        period_us = self.board.tick_ms * 1000
        wait_us = max(self.chip.now_us - self._now_us(), 0)
        wait_us += (-(self.kernel.now_us() + wait_us) - EARLY_US) % period_us
        await asyncio.sleep(wait_us / 1000000)
        self.chip.catch_up()
        firmware.guard.begin(self.board, firmware.parts.clock.now_ms)
        firmware.start()

    def _tick(self, _):
        self.chip.catch_up()

    def _restarted(self, cause):
        """The chip was reset by its firmware or its watchdog, and this is its first moment."""
        self._fresh = True
        self._end_tasks_of_drivers()
        self.circuit.begin()
        self._restart_soon(cause)

    def _reset(self, cause):
        if not self._fresh:
            self._fresh = True
            self._end_tasks_of_drivers()
            self.chip.restart(cause)
            self.circuit.begin()

    async def _end(self, firmware):
        """What ran on the chip is gone: nobody is there any more to open a contactor."""
        if self._starting:
            self._starting.cancel()
        firmware.guard.lanes = ()
        await firmware.kill()

    def _end_tasks_of_drivers(self):
        """Those that they started for themselves, such as one for a lamp that blinks."""
        for task in asyncio.all_tasks():
            frame = getattr(task.get_coro(), "cr_frame", None)
            if frame and frame.f_globals["__name__"].startswith("hal."):
                task.cancel()
