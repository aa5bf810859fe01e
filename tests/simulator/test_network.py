"""The charger's way out: connections, the cut cable, and what becomes of the bytes."""

import asyncio
import contextlib
import itertools
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal import contract
from simulator.kernel import Manual, Paced, current, run
from simulator.network import HostNetwork, Network

BACKEND = ("backend", 9000)


async def echo(reader, writer):
    """Answers each piece with itself, until the end."""
    with contextlib.closing(writer):
        while data := await reader.read(1000):
            writer.write(data)
            await writer.drain()


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
        with pytest.raises(ConnectionRefusedError, match="backend:9000"):
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


async def host_echo():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


async def within_10_s(wait):
    return await asyncio.wait_for(wait, 10)


def test_real_sockets_carry_every_byte_both_ways_and_the_end():
    whole = bytes(range(256)) * 4000

    async def main():
        server, port = await host_echo()
        async with server:
            network = HostNetwork()
            reader, writer = await network.open("127.0.0.1", port)
            reading = asyncio.create_task(reader.readexactly(len(whole)))
            for start in range(0, len(whole), 7777):
                writer.write(whole[start : start + 7777])
                await writer.drain()
            writer.write_eof()
            return await within_10_s(reading), await within_10_s(reader.read())

    assert run(main(), Paced()) == (whole, b"")


def test_a_cut_of_real_sockets_holds_and_restores():
    async def main():
        server, port = await host_echo()
        async with server:
            network = HostNetwork()
            reader, writer = await network.open("127.0.0.1", port)
            network.cut()
            writer.write(b"held")
            with pytest.raises(OSError, match="cut"):
                await network.open("127.0.0.1", port)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(reader.read(1), 0.05)
            network.restore()
            assert await within_10_s(reader.readexactly(4)) == b"held"
            network.cut(reset=True)
            with pytest.raises(ConnectionResetError):
                await reader.read(1)

    run(main(), Paced())


def test_the_other_sides_end_and_its_refusal_are_seen():
    async def main():
        async def greet(reader, writer):
            writer.write(b"welcome")
            writer.close()

        server = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            reader, writer = await HostNetwork().open("127.0.0.1", port)
            greeting = await within_10_s(reader.read())
            writer.close()
        with pytest.raises(ConnectionRefusedError):
            await HostNetwork().open("127.0.0.1", port)
        return greeting

    assert run(main(), Paced()) == b"welcome"


def test_a_reset_by_the_other_side_is_one_here_too():
    async def main():
        async def hang_up(reader, writer):
            await reader.readexactly(5)
            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            writer.transport.abort()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            reader, writer = await HostNetwork().open("127.0.0.1", server.sockets[0].getsockname()[1])
            writer.write(b"hello")
            with pytest.raises(ConnectionResetError):
                await within_10_s(reader.read(1))
            return writer.is_closing()

    assert run(main(), Paced()) is True


def test_a_cut_while_a_real_connection_is_made_is_an_error():
    async def main():
        server, port = await host_echo()
        async with server:
            network = HostNetwork()
            opening = asyncio.create_task(network.open("127.0.0.1", port))
            await asyncio.sleep(0)
            network.cut()
            with pytest.raises(OSError, match="cut"):
                await within_10_s(opening)

    run(main(), Paced())


def test_last_words_go_out_although_the_writer_closes_at_once():
    async def main():
        heard = current().create_future()

        async def listen(reader, writer):
            heard.set_result(await reader.read())
            writer.write(b"nobody reads this")
            writer.close()

        server = await asyncio.start_server(listen, "127.0.0.1", 0)
        async with server:
            _, writer = await HostNetwork().open("127.0.0.1", server.sockets[0].getsockname()[1])
            writer.write(b"bye" * 1000)
            writer.close()
            return await within_10_s(heard)

    assert run(main(), Paced()) == b"bye" * 1000


def test_who_closes_is_done_with_it_although_the_other_side_goes_on_sending():
    async def main():
        reports, served = [], current().create_future()
        current().set_exception_handler(lambda loop, context: reports.append(context))

        async def flood(reader, writer):
            try:
                while True:
                    writer.write(bytes(100_000))
                    await writer.drain()
            except OSError:
                served.set_result(True)

        server = await asyncio.start_server(flood, "127.0.0.1", 0)
        async with server:
            network = HostNetwork()
            reader, writer = await network.open("127.0.0.1", server.sockets[0].getsockname()[1])
            assert await within_10_s(reader.readexactly(200_000)) == bytes(200_000)
            network.cut()
            await asyncio.sleep(0.05)
            writer.write(b"enough")
            writer.close()
            network.restore()
            return await within_10_s(served), reports

    assert run(main(), Paced()) == (True, [])


def test_real_sockets_are_served_while_manual_time_stands():
    async def main():
        server, port = await host_echo()
        async with server:
            reader, writer = await HostNetwork().open("127.0.0.1", port)
            writer.write(b"now")
            answer = await reader.readexactly(3)
            writer.close()
            return answer, current().now_ms()

    assert run(main(), Manual()) == (b"now", 0)
