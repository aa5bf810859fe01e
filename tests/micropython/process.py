"""A charger in a process of its own, on whichever runtime, and the real backend that it reports to."""

import asyncio
import json
import os
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from firmware.compose import ROOTS
from simulator.backend.central import Central
from simulator.backend.clock import SystemClock
from simulator.backend.serve import serve
from simulator.backend.settings import Settings
from simulator.backend.store import IN_MEMORY, Store
from simulator.portable.flash import Flash
from tests.runtimes import ROOT

IDENTITY, CARD, PASSWORD = "CP1", "04A1B2C3", "sixteen-letters!"
SECURE: dict[str, Any] = {"SecurityProfile": "2", "AuthorizationKey": PASSWORD}
"""Settings of a charger that goes to such a backend."""
CHARGER = ROOT / "tests/micropython/on_micropython/charger.py"
PATIENCE_S = 30
"""Longest wait for any one event; on a machine that works the longest is the way back to a lost backend."""
QUICK_CAR = {"max_a": 32, "reaction_ms": 200, "ramp_a_s": 80}
"""Takes all that is offered within a second."""


class Told:
    """What somebody tells as it happens, in order, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._seen = 0
        self._news = asyncio.Event()

    def add(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        self._news.set()

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    async def until(self, name: str, **details: Any) -> dict[str, Any]:
        """The next event, after those already waited for, with this name and these details."""
        wanted = {"event": name, **details}.items()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while self._seen < len(self.events):
                    event = self.events[self._seen]
                    self._seen += 1
                    if wanted <= event.items():
                        return event
                self._news.clear()
                await self._news.wait()


class Backend:
    """A central system on a port of this machine, which can go away and come back on the same port. With
    `tls` it speaks wss:// and asks for PASSWORD."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.store = Store(IN_MEMORY, SystemClock())
        self.store.cards.add(CARD)
        self.central = Central(self.store, SystemClock(), settings=Settings(answer_timeout_s=PATIENCE_S))
        self.told = Told()
        self.central.observe(self.told.add)
        self._port = 0
        if tls:
            self.store.chargers.add(IDENTITY)
            self.store.chargers.set_password(IDENTITY, PASSWORD.encode())

    async def open(self) -> None:
        self._server = await serve(self.central, port=self._port, tls=self._tls)
        self._port, self.url = self._server.port, self._server.url

    async def close(self) -> None:
        await self._server.close()

    @property
    def transaction(self) -> Any:
        """The only transaction there is."""
        (found,) = self.store.transactions.all(IDENTITY)
        return found


class Charger:
    """`on_micropython/charger.py`: what it tells is in `told`, and `do` is what people do to it."""

    def __init__(self) -> None:
        self.told = Told()
        self._line: asyncio.Future[asyncio.StreamWriter] = asyncio.get_running_loop().create_future()

    async def do(self, deed: str, **traits: Any) -> None:
        writer = await asyncio.wait_for(self._line, PATIENCE_S)
        writer.write(json.dumps({"do": deed, "traits": traits}).encode() + b"\n")
        await writer.drain()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._line.set_result(writer)
        await reader.read()
        writer.close()

    async def _read(self, output: asyncio.StreamReader) -> None:
        async for line in output:
            self.told.add(json.loads(line))


def trust(state: Path, root: bytes) -> None:
    """Put a root certificate into the flash of a charger to be."""
    Flash(str(state)).save(ROOTS, root)


@asynccontextmanager
async def running(
    command: Sequence[str | Path], state: Path, url: str, modules: Path = ROOT, **settings: str
) -> AsyncIterator[Charger]:
    """Run the charger by `command` (the runtime, its options and the script, which gets four words more); it
    ends cleanly, or this fails. `modules`: where it imports from."""
    charger = Charger()
    control = await asyncio.start_server(charger._connected, "127.0.0.1", 0)
    port = control.sockets[0].getsockname()[1]
    usual = {"BackendIdentity": IDENTITY, "SecurityProfile": "0", "MeterValueSampleInterval": "1"}
    told = json.dumps({**usual, **settings})
    process = await asyncio.create_subprocess_exec(
        *command, state, url, str(port), told,
        cwd=state.parent, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ, "MICROPYPATH": f".frozen:{os.path.relpath(modules, state.parent)}",
            "PYTHONPATH": str(modules),
            "PYTHONUNBUFFERED": "1",  # CPython would keep what it tells until 8 KiB are together
        },
    )  # fmt: skip
    assert process.stdout
    assert process.stderr
    reading = asyncio.create_task(charger._read(process.stdout))
    complaints = asyncio.create_task(process.stderr.read())
    try:
        yield charger
        await charger.do("end")
        assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 0
        await reading
        assert await complaints == b""
    except BaseException as error:
        if process.returncode is None:
            process.kill()
        error.add_note(f"The charger said: {(await complaints).decode()}")
        raise
    finally:
        await process.wait()
        reading.cancel()
        control.close()
