"""Looks at the live heap wherever the firmware touches the world, and so in the middle of its messages."""

import gc

from hal.host import HostClock, SocketNetwork


class Probe:
    """The highest live heap of many looks, each after a collection."""

    def __init__(self):
        self.looks = 0
        self.highest = 0
        self.during = ""

    def look(self, during):
        """Returns the live heap (bytes)."""
        gc.collect()
        live = gc.mem_alloc()  # type: ignore[attr-defined]  # MicroPython's
        self.looks += 1
        if live > self.highest:
            self.highest = live
            self.during = during
        return live

    def watch(self, firmware, flash):
        """Look at each event, and at each write to the flash."""
        firmware.services.observe(lambda event: self.look("event " + event["event"]))
        flash.observer = lambda operation, *_: self.look("flash " + operation)

    async def patrol(self, clock, period_ms):
        """Look every now and then."""
        while True:
            self.look("patrol")
            await clock.sleep_ms(period_ms)


class Clock(HostClock):
    """The masks of WebSocket frames are drawn from it, while the frame is in the making."""

    def __init__(self, probe):
        HostClock.__init__(self)
        self._probe = probe

    def random_bytes(self, count):
        self._probe.look("random bytes")
        return HostClock.random_bytes(self, count)


class Network(SocketNetwork):
    """Looks at what comes in and goes out, byte stream by byte stream."""

    def __init__(self, probe):
        self._probe = probe

    async def open(self, host, port, tls=None):
        reader, writer = await SocketNetwork.open(self, host, port, tls)
        return Stream(reader, self._probe), Stream(writer, self._probe)


class Stream:
    """One end of a byte stream."""

    def __init__(self, stream, probe):
        self._stream = stream
        self._probe = probe
        self.drain = stream.drain
        self.close = stream.close
        self.wait_closed = stream.wait_closed

    async def read(self, count):
        data = await self._stream.read(count)
        self._probe.look("read")
        return data

    def write(self, data):
        self._probe.look("write")
        self._stream.write(data)
