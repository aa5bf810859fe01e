"""The charger's way out over real sockets: the cut cable, and how connections end."""

import asyncio
import socket
import struct

import pytest

from hal import explanations
from simulator.clockwork.kernel import Manual, Paced, current, run
from simulator.wires.network import HostNetwork
from tests import authority
from tests.simulator.echoes import echo


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


def test_tls_goes_through_the_cable_and_a_stranger_does_not(tmp_path):
    root, stranger = authority.root(), authority.root("Somebody else")

    async def main():
        context = root.issue().context(tmp_path)
        async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=context) as server:
            port = server.sockets[0].getsockname()[1]
            network = HostNetwork()
            reader, writer = await network.open("127.0.0.1", port, ("127.0.0.1", root.der))
            writer.write(b"secret")
            assert await within_10_s(reader.readexactly(6)) == b"secret"
            writer.close()
            await writer.wait_closed()
            with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED") as refused:
                await network.open("127.0.0.1", port, ("127.0.0.1", stranger.der))
            assert network.explain(refused.value) == explanations.ROOTS

    run(main(), Paced())


def test_a_cut_cable_carries_no_datagram():
    class Echo(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            self.transport.sendto(data[::-1], addr)

    async def main():
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            Echo, local_addr=("127.0.0.1", 0)
        )
        port = transport.get_extra_info("sockname")[1]
        network = HostNetwork()
        assert await within_10_s(network.ask("127.0.0.1", port, b"abc")) == b"cba"
        network.cut()
        with pytest.raises(OSError, match="cut") as cut:
            await network.ask("127.0.0.1", port, b"abc")
        assert network.explain(cut.value) == "the network was cut"
        transport.close()

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
