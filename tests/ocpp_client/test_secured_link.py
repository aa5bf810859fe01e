"""The client against every kind of server over real sockets, with TLS and without, on each runtime: it
comes in where it should, and says in one sentence why it does not."""

import asyncio
import base64
import http
import json
import os
import re
import socket
import sys

import pytest
from websockets.asyncio.server import serve

from ocpp_client.timestamps import to_text
from tests import authority, runtimes
from tests.ocpp_client.backend import OCPP16
from tests.ocpp_client.ports_in_memory import NOON
from tests.servers import Servers, answering, closing, silent

SCRIPT = runtimes.ROOT / "tests/ocpp_client/on_micropython/secured_link.py"
PASSWORD = "sixteen-letters!"
DIGITS = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF"
ANSWERS = {
    "BootNotification": {"status": "Accepted", "currentTime": to_text(NOON), "interval": 300},
    "StartTransaction": {"transactionId": 7, "idTagInfo": {"status": "Accepted"}},
}
HTML = b"<!DOCTYPE html><html><body>Please log in.</body></html>"


@pytest.fixture(
    params=[
        "cpython",
        pytest.param("micropython", marks=pytest.mark.micropython),
        pytest.param("micropython-i386", marks=pytest.mark.micropython),
    ]
)
def runtime(request):
    return sys.executable if request.param == "cpython" else runtimes.find(request.param)


def page(status, headers=b"", body=HTML):
    length = b"Content-Length: %d\r\n" % len(body)
    return answering(b"HTTP/1.1 " + status + b"\r\n" + headers + length + b"\r\n" + body)


def login(*passwords):
    """Lets in CP001 with one of these passwords (bytes)."""
    known = [b"Basic " + base64.b64encode(b"CP001:" + password) for password in passwords]

    def process(connection, request):
        if request.headers.get("Authorization", "").encode() in known:
            return None
        return connection.respond(http.HTTPStatus.UNAUTHORIZED, "who are you?\n")

    return process


async def backend(connection):
    async for text in connection:
        _, message_id, action, _ = json.loads(text)
        await connection.send(json.dumps([3, message_id, ANSWERS.get(action, {})]))


async def told(runtime, folder, rows):
    """What the runtime tells of each of these servers."""
    (folder / "servers").write_text(json.dumps(rows))
    path = {"MICROPYPATH": f".frozen:{runtimes.ROOT}", "PYTHONPATH": str(runtimes.ROOT)}
    command = [runtime, SCRIPT, folder / "roots", folder / "servers"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **path}, stdout=pipe)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    return json.loads(output)


def check(found, expected):
    """Each sentence is as expected, and the charge that had begun goes on whatever the server does."""
    assert sorted(found) == sorted(expected)
    for name, (sentence, charging) in found.items():
        assert re.search(expected[name], sentence), (name, sentence)
        assert sentence.isprintable()
        assert len(sentence) < 250
        assert charging


def test_a_server_that_is_right_lets_it_in(runtime, tmp_path):
    root = authority.root()
    (tmp_path / "roots").write_bytes(root.pem)
    context = root.issue().context(tmp_path)

    async def story():
        process = login(PASSWORD.encode(), bytes.fromhex(DIGITS))
        common = {"subprotocols": [OCPP16], "process_request": process}
        async with (
            serve(backend, "127.0.0.1", 0, ssl=context, **common) as secure,
            serve(backend, "127.0.0.1", 0, **common) as plain,
            serve(backend, "127.0.0.1", 0, subprotocols=[OCPP16]) as free,
        ):
            ports = [server.sockets[0].getsockname()[1] for server in (secure, plain, free)]
            rows = [
                ("profile 2", f"wss://localhost:{ports[0]}/ocpp", "2", PASSWORD),
                ("profile 2, by address", f"wss://127.0.0.1:{ports[0]}/ocpp", "2", DIGITS),
                ("profile 2, ws address", f"ws://localhost:{ports[0]}/ocpp", "2", PASSWORD),
                ("profile 1", f"ws://localhost:{ports[1]}/ocpp", "1", PASSWORD),
                ("profile 0", f"ws://127.0.0.1:{ports[2]}/ocpp", "0", ""),
                ("wrong password", f"wss://localhost:{ports[0]}/ocpp", "2", "sixteen-letters?"),
            ]
            return await told(runtime, tmp_path, rows)

    refused = "^HTTP 401 Unauthorized from wss://.*: the charger's identity or password was refused$"
    check(
        asyncio.run(story()),
        {
            "profile 2": "^connected$",
            "profile 2, by address": "^connected$",
            "profile 2, ws address": "^connected$",
            "profile 1": "^connected$",
            "profile 0": "^connected$",
            "wrong password": refused,
        },
    )


async def plain(servers):
    """Servers that are none, without TLS: name to port, and to what is said of each."""
    handlers = {
        "302": (
            page(b"302 Found", b"Location: https://login.example/\r\n"),
            "moved to 'https://login.example/'",
        ),
        "200": (page(b"200 OK"), "^HTTP 200 OK .*a web page or a proxy answered, not an OCPP server$"),
        "407": (page(b"407 Proxy Authentication Required"), "^HTTP 407 Proxy Authentication .*proxy"),
        "503": (page(b"503 Service Unavailable"), "not ready"),
        "html": (answering(HTML), "^no HTTP answer from .*something else listens on this port"),
        "garbage": (answering(bytes(range(256))), "^no HTTP answer from"),
        "endless": (answering(b"HTTP/1.1 101 X\r\n" + b"X-Y: z\r\n" * 2000), "more than 4096 bytes"),
        "other handshake": (page(b"101 Switching Protocols"), "does not upgrade to a WebSocket"),
        "closing": (closing, "server closed the connection|broke"),
        "silent": (silent, "did not answer the handshake within 2 s"),
    }
    return {name: (await servers.open(handler), words) for name, (handler, words) in handlers.items()}


def test_every_other_server_is_told_in_one_sentence_and_stops_no_charge(runtime, tmp_path):
    root = authority.root()
    (tmp_path / "roots").write_bytes(root.der)

    async def story():
        async with Servers() as servers:
            rows, expected = [], {}
            for name, (port, words) in (await plain(servers)).items():
                rows.append((name, f"ws://127.0.0.1:{port}/ocpp", "1", PASSWORD))
                expected[name] = words
            context = root.issue().context(tmp_path / "good")
            secure = {
                "page over TLS": (page(b"200 OK"), context, "a web page or a proxy answered"),
                "silent over TLS": (silent, context, "did not answer the handshake within 2 s"),
                "silent before TLS": (silent, None, "did not answer in time"),
                "expired": (closing, root.issue(begins=-9, ends=-1).context(tmp_path / "old"), "has expired"),
                "other host": (
                    closing,
                    root.issue("a.example").context(tmp_path / "other"),
                    "for another host",
                ),
                "stranger": (
                    closing,
                    authority.root().issue().context(tmp_path / "no"),
                    "none of the charger's",
                ),
                "no TLS": (page(b"400 Bad Request"), None, "does not speak TLS"),
            }
            for name, (handler, tls, words) in secure.items():
                port = await servers.open(handler, tls)
                rows.append((name, f"wss://127.0.0.1:{port}/ocpp", "2", PASSWORD))
                expected[name] = words
            with socket.create_server(("127.0.0.1", 0)) as gone:
                port = gone.getsockname()[1]
            rows.append(("nobody", f"wss://127.0.0.1:{port}/ocpp", "2", PASSWORD))
            rows.append(("no name", "wss://no-such-host.invalid/ocpp", "2", PASSWORD))
            expected["nobody"] = "^127.0.0.1:.* cannot be reached: nobody listens there"
            expected["no name"] = "^no-such-host.invalid cannot be reached: its name is not known"
            return await told(runtime, tmp_path, rows), expected

    check(*asyncio.run(story()))
