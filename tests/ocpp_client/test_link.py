"""The client over real sockets on the loopback: it connects, says why it cannot, and leaves nothing
behind."""

import asyncio
import json
import re

import pytest
from websockets.asyncio.server import serve

from hal import contract
from ocpp_client import link as link_module
from ocpp_client.client import Client
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.link import Link
from ocpp_client.timestamps import to_text
from tests.ocpp_client.backend import OCPP16, World
from tests.ocpp_client.ports_in_memory import NOON, MemoryCharger, MemoryStore, VirtualClock


class WallClock(VirtualClock):
    def now_ms(self):
        return int(asyncio.get_running_loop().time() * 1000)

    def stamp(self):
        self.at_ms = self.now_ms()
        return super().stamp()


class Network(contract.Network):
    """The host's own sockets, in plain text."""

    async def open(self, host, port, tls=None):
        return await asyncio.open_connection(host, port)


ANSWERS = {
    "BootNotification": {"status": "Accepted", "currentTime": to_text(NOON), "interval": 300},
    "StatusNotification": {},
}


async def backend(connection):
    """Answers a boot and statuses."""
    async for text in connection:
        _, message_id, action, _ = json.loads(text)
        await connection.send(json.dumps([3, message_id, ANSWERS[action]]))


def made(port, network=None):
    clock = WallClock()
    store = MemoryStore()
    charger = MemoryCharger(store, clock)
    configuration = Configuration(OCPP_KEYS, store)
    configuration.write("SecurityProfile", "0")
    client = Client(charger, store, clock, configuration, f"ws://127.0.0.1:{port}/ocpp", identity="CP001")
    client.outage._backoff._base_ms = client.outage._backoff._low_ms = 5
    return client, Link(client, network or Network())


async def until(condition, task):
    """Wait for `condition`, which comes; a link that ended with an exception raises it here."""
    async with asyncio.timeout(20):
        while not condition():
            if task.done():
                await task
            await asyncio.sleep(0.005)


async def cancelled(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def ended(task):
    """Cancel the link; no task but this one is left."""
    await cancelled(task)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def port_of(server):
    return server.sockets[0].getsockname()[1]


def test_it_connects_and_connects_again_after_a_restart_of_the_backend():
    async def story():
        async with serve(backend, "127.0.0.1", 0, subprotocols=[OCPP16]) as server:
            port = port_of(server)
            client, link = made(port)
            task = asyncio.create_task(link.run())
            await until(lambda: client.accepted, task)
        await until(lambda: not client.accepted, task)
        assert "closed by the server: 1001" in client.state or "connecting" in client.state
        async with serve(backend, "127.0.0.1", port, subprotocols=[OCPP16]):
            await until(lambda: client.accepted, task)
            await cancelled(task)

    asyncio.run(story())


def test_cancelling_it_leaves_nothing_running():
    async def story():
        async def silent(reader, writer):
            await reader.read()
            writer.close()

        async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
            client, link = made(port_of(server))
            task = asyncio.create_task(link.run())
            await until(lambda: client.awaiting and client._connection is not None, task)
            await cancelled(task)
            server.close()
            await server.wait_closed()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(story())


def test_a_404_is_one_sentence_and_a_wait():
    def refuse(connection, request):
        return connection.respond(404, "no such charger")

    async def story():
        async with serve(backend, "127.0.0.1", 0, process_request=refuse) as server:
            client, link = made(port_of(server))
            task = asyncio.create_task(link.run())
            await until(lambda: "HTTP 404" in client.state, task)
            assert "the server knows no such path or charger" in client.state
            await cancelled(task)

    asyncio.run(story())


def test_nobody_there_is_one_sentence_and_a_wait():
    async def story():
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
            port = port_of(server)
        client, link = made(port)
        task = asyncio.create_task(link.run())
        await until(lambda: "cannot be reached" in client.state, task)
        assert client.state.startswith("waiting ")
        await ended(task)

    asyncio.run(story())


def test_a_connection_that_never_opens_is_given_up(monkeypatch):
    monkeypatch.setattr(link_module, "OPEN_S", 0.01)

    class Tarpit(contract.Network):
        opened = 0

        async def open(self, host, port, tls=None):
            self.opened += 1
            await asyncio.Event().wait()

    async def story():
        tarpit = Tarpit()
        client, link = made(9, tarpit)
        task = asyncio.create_task(link.run())
        await until(lambda: tarpit.opened > 1, task)
        assert "connecting" in client.state or "did not answer in time" in client.state
        await ended(task)

    asyncio.run(story())


class Pipe(contract.Network):
    """A stream's two ends in memory: what is read is given, what is written is taken, until somebody says
    stop."""

    def __init__(self, drains=True, fault=None):
        self.drains = drains
        self.fault = fault
        self.closed = False
        self.stop = asyncio.Event()

    async def open(self, host, port, tls=None):
        self.closed = False
        return self, self

    async def read(self, count):
        await self.stop.wait()
        if self.fault:
            raise self.fault
        return b""

    def write(self, data):
        pass

    async def drain(self):
        if not self.drains:
            await asyncio.Event().wait()

    def close(self):
        self.closed = True

    async def wait_closed(self):
        raise OSError("already gone")


def test_a_network_that_takes_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(link_module, "WRITE_S", 0.01)

    async def story():
        pipe = Pipe(drains=False)
        client, link = made(9, pipe)
        task = asyncio.create_task(link.run())
        await until(lambda: "did not answer in time" in client.outage.reason, task)
        await until(lambda: not pipe.closed, task)
        await ended(task)
        assert pipe.closed

    asyncio.run(story())


def test_a_name_that_cannot_be_one_is_one_sentence_and_a_wait():
    class Namesake(Network):
        async def open(self, host, port, tls=None):
            "a..b".encode("idna")

    async def story():
        client, link = made(9, Namesake())
        told: list = []
        client.report = told.append
        task = asyncio.create_task(link.run())
        await until(lambda: told, task)
        assert "127.0.0.1:9 cannot be the name of a server: " in client.outage.reason
        assert [event["event"] for event in told] == ["link"]
        await ended(task)

    asyncio.run(story())


@pytest.mark.parametrize("url", ["ws://host/CP1", "wss://host/CP1"])
def test_the_date_is_proven_by_tls_alone(url):
    clock, store = VirtualClock(), MemoryStore()
    configuration = Configuration(OCPP_KEYS, store)
    configuration.write("SecurityProfile", "0")
    Client(MemoryCharger(store, clock), store, clock, configuration, url)
    assert clock.proven == url.startswith("wss")


def test_a_handshake_over_tls_that_ends_well_bears_out_the_date(monkeypatch):
    world = World(settings={"SecurityProfile": "2", "AuthorizationKey": "0123456789abcdef"})
    judged: list = []
    monkeypatch.setattr(world.clock, "judged", lambda: judged.append(world.clock.at_ms))
    world.network = False
    world.run(1)
    assert judged == []
    world.network = True
    world.run(10)
    assert world.client.accepted
    assert len(judged) == 1
    plain = World()
    monkeypatch.setattr(plain.clock, "judged", lambda: judged.append(0))
    plain.run(1)
    assert plain.client.accepted
    assert len(judged) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionResetError(104, "reset by peer"), "the connection broke: .*reset by peer"),
        (EOFError(), "the connection broke: EOFError"),
        (None, "the server closed the connection"),
    ],
)
def test_a_connection_that_breaks_is_one_sentence(fault, words):
    async def story():
        pipe = Pipe(fault=fault)
        client, link = made(9, pipe)
        task = asyncio.create_task(link.run())
        await until(lambda: client._connection is not None, task)
        pipe.stop.set()
        await until(lambda: client._connection is None, task)
        pipe.stop.clear()
        assert re.search(words, client.outage.reason)
        await ended(task)

    asyncio.run(story())


def test_an_error_of_our_own_is_raised_not_hidden():
    async def story():
        pipe = Pipe(fault=ZeroDivisionError())
        _, link = made(9, pipe)
        pipe.stop.set()
        with pytest.raises(ZeroDivisionError):
            async with asyncio.timeout(20):
                await link.run()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(story())
