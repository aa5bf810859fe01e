"""One simulated charger with real ways in from outside: its control socket and, in real time, a meter on a
serial line for each connector."""

import asyncio
import collections
import contextlib
import fcntl
import os
import secrets

from firmware.fitting import UnknownDriver
from simulator.bench import bench_for
from simulator.choices import BOARD, Unusable
from simulator.clockwork import kernel
from simulator.remote.commands import Commands
from simulator.remote.control_socket import ControlSocket
from simulator.wires import meter_server, reasons
from simulator.wires.network import HostNetwork

BOOT_S = 0.5
"""What manual time lets pass by itself at the start: until the firmware has looked around and reports."""
FAREWELL_S = 1
"""Longest time that a farewell to the backend may take."""
LOOK_S = 0.01
KEPT = 1_000
"""Events, and frames, that are kept for `wait`."""


class LiveCharger:
    """`async with LiveCharger(...) as charger` opens everything; `charger.start()` powers it up.

    `bench`, `commands` and `control` are what their modules say; `meters` is the path of each connector's
    serial line, empty where the meter is in memory.
    """

    def __init__(self, settings, *, board=BOARD, state=None, speed=1, control_port=0, roots=b""):
        """`settings`: names to texts; `state`: folder (`state_folder`) or None; `speed`: 0 is by `advance`;
        `roots`: root certificates to put into the flash. Unusable: something cannot be had."""
        self.bench = self._bench(board, settings, state, roots)
        self.commands = Commands(self.bench, manual=speed == 0)
        self._manual = speed == 0
        self.control = ControlSocket(self.commands.perform)
        self.meters = {}
        self._control_port = control_port
        self._real_time = speed == 1
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self):
        async with contextlib.AsyncExitStack() as stack:
            await self._open_control(stack)
            if self._real_time and self.bench.board.simulated:
                await self._fit_meters(stack)
            stack.push_async_callback(self.bench.stop)
            stack.push_async_callback(self._leave)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_):
        await self._stack.aclose()

    async def start(self):
        """Power up; manual time stands still once the firmware has booted. Unusable."""
        try:
            await self.bench.start()
        except (OSError, ValueError, KeyError, UnknownDriver) as error:
            raise Unusable(f"the charger cannot start: {reasons.of(error)}") from None
        if self._manual:
            await self.bench.kernel.advance(BOOT_S)

    def _bench(self, board, settings, state, roots):
        try:
            bench = bench_for(board)(
                kernel.current(),
                HostNetwork(),
                board=board,
                seed=secrets.randbits(32),
                settings=settings,
                state=state,
                roots=roots,
            )
        except OSError as error:
            raise Unusable(
                f"--state {state} cannot be used ({reasons.of(error)}); choose another folder"
            ) from None
        except ValueError as error:
            raise Unusable(f"--state {state} cannot be used: {error}") from None
        bench.events = collections.deque(maxlen=KEPT)
        bench.frames = collections.deque(maxlen=KEPT)
        return bench

    async def _leave(self):
        """Tell the backend that the charger goes, if it hears that soon; from here on time passes as in
        life."""
        bench = self.bench
        client = bench.firmware and bench.firmware.client
        if not client:
            return
        bench.kernel.follow_wall_clock()
        client.leave()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                while client.wants_close:
                    await asyncio.sleep(LOOK_S)
                await bench.network.quiet()

    async def _open_control(self, stack):
        port = self._control_port
        try:
            await self.control.open(port)
        except (OSError, OverflowError) as error:
            number = getattr(error, "errno", None)
            reason = os.strerror(number) if number else error
            raise Unusable(
                f"--control {port} cannot be opened ({reason}); choose another, or 0 for any"
            ) from None
        stack.push_async_callback(self.control.close)

    async def _fit_meters(self, stack):
        ports = self.bench.ports = {}
        for outlet in self.bench.world.connectors:
            server = await meter_server.start(outlet.energy)
            stack.callback(server.close)
            port = ports[outlet.number] = meter_server.SerialPort(server.path)
            stack.callback(port.close)
            self.meters[outlet.number] = server.path


@contextlib.contextmanager
def state_folder(path):
    """The folder `path`, made if need be, for this process alone; Unusable. None is no folder at all."""
    if path is None:
        yield
        return
    try:
        os.makedirs(path, exist_ok=True)
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise Unusable(f"--state {path} cannot be used: {error.strerror}; choose another folder") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Unusable(f"--state {path} is in use by another charger; stop it, or choose another") from None
    finally:
        os.close(folder)
