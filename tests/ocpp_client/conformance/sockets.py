"""The suite over real sockets against `python -m simulator charger --speed 0`: time is moved by hand, and
stands still while an answer is on its way."""

import asyncio
import base64
import contextlib
import http
import json
import ssl
import sys

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.conformance.stage import Stage
from tests.runtimes import ROOT

IDENTITY = "CP1"
BOUND_S = 50
"""Of the wall clock, for one dialogue."""
BOOT_MS = 500
"""What passes by itself at the start of a charger."""
SOON_S = 0.2
"""Of the wall clock: an answer that is not there by then needs time to pass."""


class Sockets:
    """The ends of a stage: a `websockets` server, and the control socket of a charger in a process of its
    own."""

    def __init__(self, connectors, patience_s, secured):
        self.stage: Stage
        self._tls: ssl.SSLContext | None = None
        self._roots = ""
        if secured:
            self._tls, self._roots = secured
        self._connectors = connectors
        self._patience_s = patience_s
        self._t_ms = BOOT_MS
        self._connection: ServerConnection | None = None
        self._server: Server | None = None
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._news = asyncio.Event()

    def now_ms(self):
        """The charger's time, as far as it has told it."""
        return self._t_ms

    async def start(self, settings):
        await self.listen()
        url = f"{'wss' if self._tls else 'ws'}://127.0.0.1:{self._port}/ocpp"
        command = [sys.executable, "-m", "simulator", "charger", "--csms", url, "--id", IDENTITY]
        command += ["--speed", "0", "--quiet", "--patience", f"{self._patience_s}"]
        command += ["--ca", self._roots] if self._tls else []
        password = settings.pop("AuthorizationKey", None)
        command += ["--password", password] if password else []
        for name, value in {"NumberOfConnectors": str(self._connectors), **settings}.items():
            command += ["--set", f"{name}={value}"]
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe)
        line = ""
        assert self._process.stdout
        while not line.startswith("control"):
            line = (await self._process.stdout.readline()).decode()
            assert line, "the charger did not start"
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", int(line.split()[1].split(":")[1])
        )

    async def stop(self):
        if self._process:
            self._process.kill()
            await self._process.communicate()
            self._writer.close()
        await self._close(True)

    async def sleep(self, seconds):
        await self.do("advance", s=seconds)

    async def soon(self):
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), SOON_S)

    async def send(self, message):
        assert self._connection, "there is no link to send over"
        await self._connection.send(json.dumps(message))

    async def hang_up(self, again):
        await self._close(not again)

    async def listen(self):
        if self._server:
            return
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self._port,
            subprotocols=[OCPP16],
            process_request=self._welcome,
            ping_interval=None,
            ssl=self._tls,
        )
        self._port = next(iter(self._server.sockets)).getsockname()[1]

    async def do(self, name, **fields):
        self._writer.write(json.dumps({"do": name, **fields}).encode() + b"\n")
        answer = json.loads(await self._reader.readline())
        assert answer["ok"], answer
        self._t_ms = answer["t_ms"]

    async def _serve(self, connection):
        self._connection = connection
        try:
            async for text in connection:
                await self._hear(connection, json.loads(text))
        except ConnectionClosed:
            pass  # one of the two has broken it off

    async def _hear(self, connection, message):
        answer = self.stage.hear(message)
        self._news.set()
        if answer:
            await connection.send(json.dumps(answer))

    def _welcome(self, connection, request):
        identity = request.path.split("/")[-1]
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        password = base64.b64decode(secret).partition(b":")[2] if scheme else None
        if self.stage.welcome(identity, password):
            return None
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "go away\n")

    async def _close(self, for_good):
        connection, self._connection = self._connection, None
        if connection:
            connection.transport.abort()
        server = self._server
        if server and for_good:
            self._server = None
            server.close()
            await server.wait_closed()


async def play(dialogue, connectors, patience_s, judge, secured=None):
    """Run one dialogue; `judge` as a stage has it, `patience_s` as `--patience` of the charger, `secured`:
    the server's context and the file of the charger's root certificates, for TLS."""
    ends = Sockets(connectors, patience_s, secured)
    stage = ends.stage = Stage(ends, connectors)
    stage.judge = judge
    stage.profile = "2" if secured else "1"
    try:
        async with asyncio.timeout(BOUND_S):
            await dialogue(stage)
    finally:
        await ends.stop()
