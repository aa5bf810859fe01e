"""`python -m simulator.backend` runs alone, stops on Ctrl-C, and says what is wrong in one sentence."""

import asyncio
import signal
import socket
import sys

import pytest
from ocpp.v16 import call
from websockets.asyncio.client import connect

from simulator.backend.store import Store
from tests.simulator.backend.peers import NOON, OCPP, PATIENCE_S, Charger, HandClock


async def start(*arguments):
    command = ("-m", "simulator.backend", "--port", "0", *arguments)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, *command, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(run, tmp_path, number):
    url = f"sqlite:///{tmp_path}/backend.sqlite"

    async def story():
        process = await start("--database", url, "--card", "CARD")
        assert process.stdout is not None
        first = (await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)).decode()
        address = first.split()[3].removesuffix("IDENTITY")
        assert address.startswith("ws://127.0.0.1:")
        async with connect(f"{address}CP1", subprotocols=OCPP, proxy=None) as connection:
            point = Charger("CP1", connection)
            answering = asyncio.create_task(point.start())
            assert (await point.boot()).status == "Accepted"
            assert (await point.call(call.Authorize("CARD"))).id_tag_info["status"] == "Accepted"
            assert (await point.call(call.Authorize("OTHER"))).id_tag_info["status"] == "Invalid"
            process.send_signal(number)
            output, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
            answering.cancel()
        assert (process.returncode, errors) == (0, b"")
        assert b"CP1: booted: Mode3 M3" in output

    run(story())
    store = Store(url, HandClock())
    kept = store.chargers.get("CP1")
    assert kept is not None
    assert kept.booted_at != NOON
    store.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--database", "nowhere"], "is not a SQLAlchemy URL"),
        (["--port", "x"], "'x' is not a port from 0 to 65535"),
        (["--port", "65536"], "'65536' is not a port"),
        (["--card", "T" * 21], "is not an idTag of 1 to 20 characters"),
        (["--password", "s3cret"], "a password is told as IDENTITY=P"),
        (["--password", "=s3cret"], "a password is told as IDENTITY=P"),
        (["--certificate", "x.pem"], "both --certificate and --key are needed"),
        (["--key", "x.pem"], "both --certificate and --key are needed"),
        (
            ["--certificate", "/no/such.pem", "--key", "/dev/null"],
            "/no/such.pem with key /dev/null cannot be used",
        ),
        (
            ["--certificate", "pyproject.toml", "--key", "pyproject.toml"],
            "give two PEM files that belong together",
        ),
        (["--colour"], "unrecognized arguments: --colour"),
        (["--database", "sqlite://", "--host", "192.0.2.1"], "choose the host 127.0.0.1"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(run, arguments, told):
    async def story():
        process = await start(*arguments)
        output, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert (process.returncode, output) == (2, b"")
        assert told in errors.decode()
        assert errors.decode().count("\n") == 1

    run(story())


def test_a_port_in_use_is_named(run):
    async def story():
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            process = await start("--database", "sqlite://", "--port", str(port))
            _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert process.returncode == 2
        assert errors.decode().startswith(f"Port {port} on 127.0.0.1 is in use;")

    run(story())
