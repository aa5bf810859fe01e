"""The real parts of a host, its clock and its sockets, on CPython and on MicroPython's unix port alike."""

import asyncio
import os
import time

from control.ticks import MASK
from hal import contract

# The one place where the two runtimes differ, and which of the files for streams with TLS is theirs.
MICROPYTHON = hasattr(asyncio, "sleep_ms")

if MICROPYTHON:
    _monotonic_ms, _sleep_ms = time.ticks_ms, asyncio.sleep_ms  # type: ignore[attr-defined]
else:

    def _monotonic_ms():
        return time.monotonic_ns() // 1000000

    async def _sleep_ms(duration_ms):
        await asyncio.sleep(duration_ms / 1000)


class HostClock(contract.Clock):
    """The host's time. To set the date corrects it for this clock alone: the host's own stays."""

    sleep_ms = staticmethod(_sleep_ms)

    def __init__(self):
        self._correction_s = 0

    def now_ms(self):
        return _monotonic_ms() & MASK

    def unix_s(self):
        return int(time.time()) + self._correction_s

    def set_unix_s(self, unix_s):
        self._correction_s = unix_s - int(time.time())

    def random_bytes(self, count):
        return os.urandom(count)


class SocketNetwork(contract.Network):
    """The host's own sockets. MicroPython's look-up of a name blocks everything for as long as it takes."""

    connected = True
    has_roots = not MICROPYTHON

    async def open(self, host, port, tls=None):
        if tls is None:
            return await asyncio.open_connection(host, port)
        if MICROPYTHON:
            from hal.secured_small import open_stream
        else:
            from hal.secured import open_stream
        return await open_stream(host, port, tls)

    async def ask(self, host, port, question):
        from hal.datagrams import ask

        return await ask(host, port, question, MICROPYTHON)

    def explain(self, error):
        from hal.explanations import explain

        return explain(error)
