"""The control socket: lines in, lines out, whatever clients do. Time is manual, so nothing can be slow."""

import asyncio
import contextlib
import json
import threading

import pytest

from simulator.bench import Bench
from simulator.clockwork import kernel
from simulator.clockwork.kernel import Manual
from simulator.remote.commands import Commands
from simulator.remote.control_socket import HOST, LINE_BYTES, MOST_CLIENTS, ControlSocket
from simulator.wires.network import Network

BOUND_S = 30
"""Of the wall clock, for a test that would hang."""


def play(story):
    """Run `story(control, bench)` beside a charger in manual time."""

    async def main():
        this = asyncio.current_task()
        assert this
        alarm = threading.Timer(BOUND_S, this.get_loop().call_soon_threadsafe, [this.cancel])
        alarm.start()
        bench = Bench(kernel.current(), Network(), settings={"LocalCards": "CARD"})
        control = ControlSocket(Commands(bench, manual=True).perform)
        await control.open()
        await bench.start()
        try:
            await story(control, bench)
        finally:
            alarm.cancel()
            await control.close()
            await bench.stop()

    kernel.run(main(), Manual())


class Client:
    """A client of the socket."""

    def __init__(self, reader, writer):
        self._reader = reader
        self._writer = writer

    def send(self, data):
        """Bytes as they are."""
        self._writer.write(data)

    def end(self):
        """Say nothing more, and listen on."""
        self._writer.write_eof()

    def vanish(self):
        """Be gone without a farewell."""
        self._writer.transport.abort()

    async def answer(self):
        """The next answer, or None at the end."""
        line = await self._reader.readline()
        return json.loads(line) if line else None

    async def ask(self, **command):
        """Send a command and return its answer."""
        self.send(json.dumps(command).encode() + b"\n")
        return await self.answer()


@contextlib.asynccontextmanager
async def client_of(control):
    """A client that is connected."""
    reader, writer = await asyncio.open_connection(HOST, control.port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


def test_a_charge_by_lines():
    async def story(control, bench):
        async with client_of(control) as client:
            assert (await client.ask(do="advance", s=1))["t_ms"] == 1000
            assert (await client.ask(do="plug"))["ok"]
            assert (await client.ask(do="swipe", id_tag="CARD"))["ok"]
            assert (await client.ask(do="advance", s=20))["t_ms"] == 21_000
            assert (await client.ask(do="wait", **{"for": "Charging"}))["t_ms"] == 21_000
            assert (await client.ask(do="get"))["connectors"][0]["status"] == "Charging"

    play(story)


def test_lines_in_one_piece_are_answered_in_order():
    async def story(control, bench):
        async with client_of(control) as client:
            client.send(b'{"do": "plug"}\n\n  \r\n{"do": "unplug"}\r\n{"do": "unplug"}')
            client.end()
            assert (await client.answer())["ok"] is True
            assert (await client.answer())["ok"] is True
            assert (await client.answer())["ok"] is False
            assert await client.answer() is None

    play(story)


def test_one_client_waits_while_another_lets_time_pass():
    async def story(control, bench):
        async with client_of(control) as patient, client_of(control) as other:
            patient.send(b'{"do": "wait", "for": "plugged", "timeout_s": 20}\n')
            await other.ask(do="plug")
            await other.ask(do="advance", s=1)
            assert (await patient.answer())["ok"] is True

    play(story)


def test_a_wait_for_time_that_never_passes_ends_by_the_wall_clock():
    async def story(control, bench):
        async with client_of(control) as client:
            answer = await client.ask(do="wait", timeout_s=0.05, **{"for": "Charging"})
            assert answer["error"].endswith("with --speed 0 time moves only by advance")
            assert bench.kernel.now_ms() == 0

    play(story)


@pytest.mark.parametrize(
    "line",
    [b"plug", b'{"do": "plug"', b"\xff\xfe\x00", b"[" * 60_000, b"9" * 5_000, b"\x00", b"'get'"],
    ids=lambda line: repr(line[:12]),
)
def test_a_line_that_is_no_json_is_answered_and_the_next_one_done(line):
    async def story(control, bench):
        async with client_of(control) as client:
            client.send(line + b"\n")
            answer = await client.answer()
            assert answer == {
                "ok": False,
                "error": 'this line is no JSON; send an object such as {"do": "get"}',
            }
            assert (await client.ask(do="plug"))["ok"] is True

    play(story)


def test_a_line_without_end_costs_its_client_the_connection():
    async def story(control, bench):
        async with client_of(control) as client:
            client.send(b"x" * (2 * LINE_BYTES))
            answer = await client.answer()
            assert answer["ok"] is False
            assert str(LINE_BYTES) in answer["error"]
        async with client_of(control) as client:
            assert (await client.ask(do="plug"))["ok"] is True

    play(story)


def test_a_web_page_cannot_give_commands():
    async def story(control, bench):
        async with client_of(control) as browser:
            browser.send(b'POST / HTTP/1.1\r\nHost: localhost\r\n\r\n{"do": "plug"}\n')
            assert "no web server" in (await browser.answer())["error"]
            assert await browser.answer() is None
        assert bench.world.outlet(1).car.plugged is False

    play(story)


def test_clients_that_vanish_or_never_listen_disturb_nobody():
    async def story(control, bench):
        async with client_of(control) as deaf, client_of(control) as gone, client_of(control) as client:
            deaf.send(b'{"do": "get"}\n' * 1000)
            gone.send(b'{"do": "wait", "for": "Charging", "timeout_s": 1000}\n{"do": "get')
            await client.ask(do="advance", s=1)
            gone.vanish()
            assert (await client.ask(do="advance", s=1))["t_ms"] == 2000

    play(story)


def test_a_flood_of_lines_lets_others_have_their_turn():
    async def main():
        floods = []

        async def perform(command):
            if command["do"] == "flood":
                floods.append(command)
            return {"ok": True, "floods": len(floods)}

        control = ControlSocket(perform)
        await control.open()
        async with client_of(control) as flooder, client_of(control) as client:
            flooder.send(b'{"do": "flood"}\n' * 4000)
            flooder.end()
            await flooder.answer()
            assert (await client.ask(do="get"))["floods"] < 2000
            for number in range(2, 4001):
                assert (await flooder.answer())["floods"] == number
        await control.close()

    kernel.run(main(), Manual())


def test_more_clients_than_there_is_room_for_are_sent_away():
    async def story(control, bench):
        async with contextlib.AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(client_of(control)) for _ in range(MOST_CLIENTS)]
            for client in clients:
                assert (await client.ask(do="get"))["ok"] is True
            surplus = await stack.enter_async_context(client_of(control))
            assert str(MOST_CLIENTS) in (await surplus.answer())["error"]
            assert await surplus.answer() is None

    play(story)


def test_a_port_in_use_is_an_error():
    async def story(control, bench):
        with pytest.raises(OSError, match="address already in use"):
            await ControlSocket(Commands(bench).perform).open(control.port)

    play(story)
