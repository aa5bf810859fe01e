"""The one file with I/O: keeps a byte stream to the backend for a `Client`, on MicroPython and CPython
alike."""

import asyncio

OPEN_S = 30
"""Longest wait for the byte stream to open."""
WRITE_S = 20
"""Longest wait for the network to take what was written; more, and the link is dead."""
CLOSE_S = 3
"""Longest wait for the byte stream to close."""
IDLE_S = 10
"""Longest sleep of the writer; it is woken earlier by what there is to send."""
PLAIN, SECURED = ("look-up",), ("look-up", "handshake")
"""What opening a stream takes, without and with TLS: either may stop a small processor."""
CHUNK_BYTES = 512
"""Bytes read at once: most frames fit, and so small a piece of heap is always to be had."""


class Link:
    """Runs `client` over `network` (`open` and `explain` as in the hardware contract). `roots()` gives the
    root certificates that are the charger's own, as the contract's `tls` takes them. `stalls`, if there is
    any: `await enter(who, works)` waits until a stream may be opened, `leave(who)` hears that it is, or never
    will be.

    Two tasks at most live beside `run`: a session (opens, writes, closes) with its reader. MicroPython
    hangs where two tasks drain one stream, so only the session writes. While it waits for a slow network,
    `run` goes on polling the client, whose meter values do not wait.
    """

    def __init__(self, client, network, roots=bytes, stalls=None):
        self._client = client
        self._network = network
        self._roots = roots
        self._stalls = stalls
        self._polled = asyncio.Event()
        self._written = asyncio.Event()
        self._end = ""
        self._stopped = False
        client.wake = self._wake

    async def run(self):
        """Keep the link for ever; cancel it to end, which closes the byte stream and leaves no task
        behind."""
        client = self._client
        session = None
        try:
            while True:
                now_ms = client.clock.now_ms()
                client.poll(now_ms)
                self._written.set()
                if session is not None and session.done():
                    ended, session = session, None
                    await ended  # whatever the network did is reported to the client; the rest is raised here
                if session is None and now_ms >= client.outage.until_ms:
                    session = asyncio.create_task(self._admitted())
                await _wait(self._polled, client.next_poll_ms(now_ms) / 1000)
        finally:
            self._stopped = True
            self._end = "the link was stopped"
            await _stop(session)

    def _wake(self):
        self._polled.set()
        self._written.set()

    async def _admitted(self):
        """A session, as soon as nothing stands against opening a stream."""
        try:
            if self._stalls:
                await self._stalls.enter("link", SECURED if self._client.address.secure else PLAIN)
            await self._session()
        finally:
            self._is_through()

    def _is_through(self):
        if self._stalls:
            self._stalls.leave("link")

    async def _session(self):
        client = self._client
        reason = ""
        try:
            reason = await self._converse()
        except asyncio.TimeoutError:
            reason = "%s did not answer in time" % client.address.authority
        except (OSError, EOFError) as error:
            words = self._network.explain(error)
            reason = "%s cannot be reached: %s" % (client.address.authority, words)
        finally:
            client.closed(client.clock.now_ms(), "" if self._stopped else reason)

    async def _converse(self):
        """One connection from opening to closing; why it ended."""
        client = self._client
        client.opening(client.clock.now_ms())
        if client.access.lack():
            return client.access.lack()
        address = client.address
        self._end = ""
        tls = (address.host, self._roots()) if address.secure else None
        try:
            opening = self._network.open(address.host, address.port, tls)
            reader, writer = await asyncio.wait_for(opening, OPEN_S)
        except ValueError as error:
            if isinstance(error, OSError):
                raise  # CPython's refusal of a certificate is both
            return "%s cannot be the name of a server: %s" % (address.authority, error)
        listening = None
        try:
            client.connected(client.clock.now_ms())
            await self._greet(writer)
            self._is_through()
            listening = asyncio.create_task(self._listen(reader))
            await self._write(writer)
        finally:
            await _stop(listening)
            await _close(writer)
        return self._end or "closed by the charger"

    async def _greet(self, writer):
        """Write the first bytes, before anybody reads: on MicroPython they bring about the handshake of
        TLS, and what is wrong with a certificate is a ValueError."""
        try:
            await _send(writer, self._client.data_to_send())
        except ValueError as error:
            raise OSError(str(error))

    async def _write(self, writer):
        """Write what the client has to send until one of the two sides is done."""
        client = self._client
        while True:
            data = client.data_to_send()
            if data and not self._end:
                await _send(writer, data)
            elif client.wants_close or self._end:
                return
            else:
                await _wait(self._written, IDLE_S)

    async def _listen(self, reader):
        """Hand what comes in to the client until the stream ends."""
        client = self._client
        end = "the server closed the connection"
        try:
            data = await reader.read(CHUNK_BYTES)
            while data:
                client.received(data, client.clock.now_ms())
                # On CPython, to read what has arrived already takes no turn of the loop: a flood of requests
                # would have it to itself, and the answers no way out.
                await asyncio.sleep(0)
                data = await reader.read(CHUNK_BYTES)
        except (OSError, EOFError) as error:
            end = "the connection broke: %s" % self._network.explain(error)
        finally:
            self._end = end
            self._wake()


async def _send(writer, data):
    writer.write(data)
    await asyncio.wait_for(writer.drain(), WRITE_S)


async def _wait(event, seconds):
    """Wait for `event`, at most so long, and clear it.

    Not by `wait_for`: before Python 3.12 it loses a cancellation that comes together with the event.
    """
    alarm = asyncio.create_task(_ring(event, seconds))
    try:
        await event.wait()
    finally:
        alarm.cancel()  # and not awaited: a cancellation of this task must not be taken for the alarm's
    event.clear()


async def _ring(event, seconds):
    await asyncio.sleep(seconds)
    event.set()


async def _stop(task):
    """Cancel a task, if it still runs, and wait until it is gone; what it raised is raised here.

    A session whose `wait_for` lost the cancellation sees by `Link._end` that it is over.
    """
    if task is None:
        return
    if not task.done():
        task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass


async def _close(writer):
    """Close a stream: on MicroPython close() does nothing and wait_closed() closes; CPython wants both."""
    try:
        writer.close()
        await asyncio.wait_for(writer.wait_closed(), CLOSE_S)
    except (OSError, EOFError, asyncio.TimeoutError):
        pass
