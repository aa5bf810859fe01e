"""TLS over real sockets, on each runtime: who is trusted, and one sentence with a way out for everybody
else."""

import asyncio
import datetime
import json
import os
import socket
import ssl
import sys

import pytest

from hal import explanations, roots
from tests import authority, runtimes
from tests.servers import Servers, answering, closing, silent

SCRIPT = runtimes.ROOT / "tests/hal/on_micropython/secured.py"
TALKER = answering(b"x" * 3000)


@pytest.fixture(
    params=[
        "cpython",
        pytest.param("micropython", marks=pytest.mark.micropython),
        pytest.param("micropython-i386", marks=pytest.mark.micropython),
    ]
)
def runtime(request):
    return sys.executable if request.param == "cpython" else runtimes.find(request.param)


@pytest.fixture(scope="module")
def root():
    return authority.root()


async def told(runtime, folder, servers):
    """What the runtime tells of each of these servers (name, host, port), by the roots in the folder."""
    (folder / "servers").write_text(json.dumps(servers))  # too long for a word of MicroPython's command line
    path = {"MICROPYPATH": f".frozen:{runtimes.ROOT}", "PYTHONPATH": str(runtimes.ROOT)}
    command = [runtime, SCRIPT, folder / "roots", folder / "servers"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **path}, stdout=pipe)
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    found = json.loads(output)
    assert found.pop("left open") == 0
    return found


def words(text):
    """A sentence that names the charger's date, of today."""
    today = datetime.datetime.now(datetime.UTC).date()
    return text % (today.year, today.month, today.day)


async def hosts(servers, root, folder):
    """Servers with certificates that are right: (name, host, port)."""
    intermediate = root.issue("Intermediate", authority=True)
    newest = root.issue().context(folder / "newest")
    newest.minimum_version = ssl.TLSVersion.TLSv1_3
    older = root.issue().context(folder / "older")
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    port = await servers.open(TALKER, root.issue().context(folder / "good"))
    return [
        ("by address", "127.0.0.1", port),
        ("by name", "localhost", port),
        (
            "by a chain",
            "127.0.0.1",
            await servers.open(TALKER, intermediate.issue().context(folder / "chain")),
        ),
        ("with TLS 1.3", "127.0.0.1", await servers.open(TALKER, newest)),
        ("with TLS 1.2", "127.0.0.1", await servers.open(TALKER, older)),
    ]


@pytest.mark.parametrize("form", ["pem", "der", "two in pem", "two in der"])
def test_a_server_whose_chain_leads_to_a_root_is_trusted(runtime, root, tmp_path, form):
    other = authority.root("Another root")
    known = {
        "pem": root.pem,
        "der": root.der,
        "two in pem": b"Said to be good:\r\n" + other.pem.replace(b"\n", b"\r\n") + root.pem,
        "two in der": other.der + root.der,
    }
    (tmp_path / "roots").write_bytes(known[form])

    async def story():
        async with Servers() as servers:
            good = await hosts(servers, root, tmp_path)
            return await told(runtime, tmp_path, good if form == "pem" else good[:1])

    found = asyncio.run(story())
    assert found == dict.fromkeys(found, "3000 bytes")
    assert len(found) == (5 if form == "pem" else 1)


async def misfits(servers, root, folder):
    """Servers that are not trusted, or are none: (name, host, port), and what is said of each."""
    certificates = {
        "expired": (root.issue(begins=-10, ends=-2), words(explanations.EXPIRED)),
        "early": (root.issue(begins=2), words(explanations.EARLY)),
        "self-signed": (authority.root("127.0.0.1", authority.HERE, authority=False), explanations.ROOTS),
        "stranger": (authority.root("Test root").issue(), explanations.ROOTS),
        "other host": (root.issue("example.org"), explanations.OTHER_HOST),
        "other address": (root.issue("192.0.2.1", "localhost"), explanations.OTHER_HOST),
        "no authority": (root.issue().issue(), explanations.ROOTS),
    }
    found = {
        name: (await servers.open(TALKER, holder.context(folder / name)), expected)
        for name, (holder, expected) in certificates.items()
    }
    found["plain text"] = (
        await servers.open(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        explanations.NO_TLS,
    )
    found["closing"] = await servers.open(closing), explanations.BROKEN
    found["silent"] = await servers.open(silent), "time-out"
    with socket.create_server(("127.0.0.1", 0)) as gone:
        found["nobody"] = gone.getsockname()[1], explanations.NOBODY
    rows = [(name, "127.0.0.1", port) for name, (port, _) in found.items()]
    rows.append(("no name", "no-such-host.invalid", 443))
    expected = {name: sentence for name, (_, sentence) in found.items()}
    return rows, {**expected, "no name": explanations.UNKNOWN_NAME}


def test_every_other_server_is_refused_in_one_sentence(runtime, root, tmp_path):
    (tmp_path / "roots").write_bytes(root.pem)

    async def story():
        async with Servers() as servers:
            rows, expected = await misfits(servers, root, tmp_path)
            return await told(runtime, tmp_path, rows), expected

    found, expected = asyncio.run(story())
    assert found == expected


@pytest.mark.parametrize(
    "content", [b"junk", b"", b"\x30\x82\x00\x05junk", b"-----BEGIN CERTIFICATE-----\nMII"]
)
def test_roots_that_are_none_let_nobody_in(runtime, root, tmp_path, content):
    (tmp_path / "roots").write_bytes(content)

    async def story():
        async with Servers() as servers:
            port = await servers.open(TALKER, root.issue().context(tmp_path / "good"))
            return await told(runtime, tmp_path, [("good", "127.0.0.1", port)])

    sentence = asyncio.run(story())["good"]
    if content:
        assert sentence.startswith("the charger's root certificates cannot be read (")
    else:
        # A board has none of its own; a host's own know nothing of this server.
        assert sentence in (
            explanations.ROOTS,
            "there is no root certificate to judge it by: keep one in the charger",
        )


def test_certificates_are_cut_out_of_what_people_have(root):
    other = authority.root("Another root")
    assert list(roots.certificates(root.pem + other.pem)) == [root.der, other.der]
    assert list(roots.certificates(root.der + other.der)) == [root.der, other.der]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no root certificates, or more than 8192 bytes"),
        (b"x" * 8193, "or more than 8192 bytes"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n", "has no end"),
        (b"\x30\x82\xff\xff", "neither in PEM nor in DER"),
        (b"\x30\x81\x05abcde", "neither in PEM nor in DER"),
        (b"\x30\x82", "neither in PEM nor in DER"),
        (b"hello", "neither in PEM nor in DER"),
    ],
)
def test_what_is_no_certificate_is_named(data, reason):
    with pytest.raises(ValueError, match=reason):
        list(roots.certificates(data))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(-0x7780), explanations.ALERT),
        (OSError(-0x2700), explanations.ROOTS),
        (OSError(113, "EHOSTUNREACH"), explanations.NO_WAY),
        (OSError("[addrinfo error -2]"), explanations.UNKNOWN_NAME),
        (ConnectionResetError(), explanations.BROKEN),
        (
            ssl.SSLError(1, "[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version"),
            explanations.OLD_TLS,
        ),
        (OSError(-12345), "-12345"),
        (OSError("words of its own"), "words of its own"),
        (EOFError(), "EOFError"),
    ],
)
def test_words_and_numbers_of_every_make_are_understood(error, sentence):
    assert explanations.explain(error) == sentence
