"""The charger's way out in memory: connections, the cut cable, and what becomes of the bytes."""

import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal import contract
from simulator.clockwork.kernel import current, run
from simulator.wires.network import HostNetwork, Network
from tests.simulator.echoes import echo

BACKEND = ("backend", 9000)


def network_with_echo(**settings):
    network = Network(**settings)
    network.listen(*BACKEND, echo)
    return network


def test_both_networks_keep_the_contract():
    for network in (Network(), HostNetwork()):
        assert isinstance(network, contract.Network)
        assert network.connected
        network.cut()
        assert not network.connected


def test_a_listener_answers_until_it_stops_listening():
    async def main():
        network = Network()
        stop = network.listen(*BACKEND, echo)
        with pytest.raises(OSError, match="already"):
            network.listen(*BACKEND, echo)
        reader, writer = await network.open(*BACKEND)
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        stop()
        with pytest.raises(ConnectionRefusedError, match="nobody listens there"):
            await network.open(*BACKEND)
        writer.write(b"pong")
        return await reader.readexactly(4)

    assert run(main()) == b"pong"


def test_a_cut_holds_the_bytes_and_restore_lets_them_flow():
    async def main():
        network = network_with_echo(latency_ms=30)
        reader, writer = await network.open(*BACKEND)
        writer.write(b"before ")
        await asyncio.sleep(0.045)
        network.cut()
        writer.write(b"during ")
        with pytest.raises(OSError, match="cut"):
            await network.open(*BACKEND)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 3600)
        network.restore()
        writer.write(b"after")
        return await reader.readexactly(19)

    assert run(main()) == b"before during after"


def test_who_gives_up_during_a_cut_is_missed_only_afterwards():
    async def main():
        ends = []

        async def server(reader, writer):
            ends.append((await reader.read(), current().now_ms()))

        network = Network()
        network.listen(*BACKEND, server)
        _, writer = await network.open(*BACKEND)
        network.cut()
        writer.write(b"last words")
        writer.close()
        await asyncio.sleep(60)
        assert ends == []
        network.restore()
        await asyncio.sleep(1)
        return ends

    assert run(main()) == [(b"last words", 60_000)]


def test_a_reset_breaks_what_is_open_for_good():
    async def main():
        network = network_with_echo()
        reader, writer = await network.open(*BACKEND)
        network.cut(reset=True)
        with pytest.raises(ConnectionResetError, match="cut"):
            await reader.read(1)
        network.restore()
        with pytest.raises(ConnectionResetError):
            await writer.drain()
        reader, writer = await network.open(*BACKEND)
        writer.write(b"again")
        return await reader.read(100)

    reports = []

    async def quiet():
        current().set_exception_handler(lambda loop, context: reports.append(context["message"]))
        return await main()

    assert run(quiet()) == b"again"
    assert reports == ["accept backend:9000 failed"]


def test_a_cut_while_connecting_is_an_error():
    async def main():
        network = network_with_echo(latency_ms=50)
        opening = asyncio.create_task(network.open(*BACKEND))
        await asyncio.sleep(0.010)
        network.cut()
        with pytest.raises(OSError, match="cut"):
            await opening

    run(main())


def test_each_charger_has_a_cable_of_its_own_to_one_backend():
    async def main():
        first = network_with_echo()
        second = Network(peers=first)
        reader, writer = await second.open(*BACKEND)
        first.cut()
        writer.write(b"alive")
        return await reader.read(100)

    assert run(main()) == b"alive"


@given(st.integers(0, 2**32), st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=20))
def test_the_same_seed_gives_the_same_moments(seed, pieces):
    async def main():
        network = network_with_echo(latency_ms=10, jitter_ms=40, seed=seed)
        reader, writer = await network.open(*BACKEND)
        moments = []
        for piece in pieces:
            writer.write(piece)
            assert await reader.readexactly(len(piece)) == piece
            moments.append(current().now_us())
        return moments

    first, second = run(main()), run(main())
    assert first == second
    assert all(20_000 <= after - before <= 100_002 for before, after in itertools.pairwise(first))


def test_a_server_that_fails_takes_its_connection_with_it_and_is_heard_of():
    async def fail(reader, writer):
        raise ValueError("no such charger")

    async def main():
        reports = []
        loop = current()
        loop.set_exception_handler(lambda loop, context: reports.append(str(context["exception"])))
        network = Network()
        network.listen(*BACKEND, fail)
        reader, _ = await network.open(*BACKEND)
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        return reports

    assert run(main()) == ["no such charger"]
