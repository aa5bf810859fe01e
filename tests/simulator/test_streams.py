"""Streams in memory: whole, in order, bounded, and honest about their end."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clockwork.kernel import run
from simulator.wires.streams import CAPACITY_BYTES, Link, pair

CHUNKS = st.lists(st.binary(max_size=300), max_size=30)


async def send_all(writer, chunks):
    for chunk in chunks:
        writer.write(chunk)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


@given(CHUNKS, st.lists(st.integers(1, 200), min_size=1, max_size=10))
def test_bytes_arrive_whole_and_in_order_however_they_are_cut(chunks, counts):
    async def main():
        (_, writer), (reader, _) = pair()
        sending = asyncio.create_task(send_all(writer, chunks))
        received = b""
        while data := await reader.read(counts[len(received) % len(counts)]):
            received += data
        await sending
        return received, reader.at_eof()

    assert run(main()) == (b"".join(chunks), True)


@given(CHUNKS, st.lists(st.integers(0, 90), min_size=1, max_size=10))
def test_delays_of_any_kind_keep_the_order(chunks, delays_ms):
    async def main():
        turn = iter(delays_ms * 100)
        link = Link(lambda: next(turn) / 1000)
        sending = asyncio.create_task(send_all(link.near[1], chunks))
        received = await link.far[0].read()
        await sending
        return received

    assert run(main()) == b"".join(chunks)


@given(CHUNKS, st.integers(1, 500))
def test_exact_reads_give_exactly_that_or_say_what_was_left(chunks, count):
    async def main():
        (_, writer), (reader, _) = pair()
        sending = asyncio.create_task(send_all(writer, chunks))
        received = []
        try:
            while True:
                received.append(await reader.readexactly(count))
        except asyncio.IncompleteReadError as end:
            return received, end.partial
        finally:
            await sending

    whole = b"".join(chunks)
    pieces = [whole[start : start + count] for start in range(0, len(whole), count)] + [b""]
    rest = next(index for index, piece in enumerate(pieces) if len(piece) < count)
    assert run(main()) == (pieces[:rest], pieces[rest])


def test_lines_are_read_up_to_their_feed():
    async def main():
        (_, writer), (reader, _) = pair()
        await send_all(writer, [b"one\ntw", b"o\n\nrest"])
        return [await reader.readline() for _ in range(5)]

    assert run(main()) == [b"one\n", b"two\n", b"\n", b"rest", b""]


def test_drain_waits_while_the_other_end_does_not_read():
    async def main():
        (_, writer), (reader, _) = pair()
        writer.write(bytes(CAPACITY_BYTES))
        await writer.drain()
        writer.write(b"!")
        draining = asyncio.create_task(writer.drain())
        await asyncio.sleep(60)
        assert not draining.done()
        assert await reader.read(1) == b"\0"
        await draining
        return len(await reader.readexactly(CAPACITY_BYTES))

    assert run(main()) == CAPACITY_BYTES


def test_a_reader_that_needs_more_than_the_pipe_holds_gets_it():
    async def main():
        (_, writer), (reader, _) = pair()
        reading = asyncio.create_task(reader.readexactly(5 * CAPACITY_BYTES))
        await send_all(writer, [bytes(CAPACITY_BYTES)] * 5)
        return len(await reading)

    assert run(main()) == 5 * CAPACITY_BYTES


def test_a_read_that_is_cancelled_takes_nothing():
    async def main():
        (_, writer), (reader, _) = pair()
        writer.write(b"half")
        for read in (reader.readexactly(8), reader.readline(), reader.read()):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(read, 1)
        writer.write(b"half")
        return await reader.read(100)

    assert run(main()) == b"halfhalf"


def test_close_delivers_what_was_written_and_ends_both_directions():
    async def main():
        (near_reader, near_writer), (far_reader, far_writer) = pair()
        near_writer.write(b"farewell")
        near_writer.close()
        near_writer.close()
        assert near_writer.is_closing()
        with pytest.raises(ConnectionResetError):
            near_writer.write(b"more")
        assert await far_reader.read() == b"farewell"
        assert await near_reader.read(1) == b""
        assert not far_writer.is_closing()
        far_writer.write(b"too late")
        with pytest.raises(ConnectionResetError, match="reads no more"):
            await far_writer.drain()
        assert far_writer.is_closing()
        assert await near_reader.read(1) == b""

    run(main())


def test_the_end_of_writing_leaves_reading_open():
    async def main():
        (near_reader, near_writer), (far_reader, far_writer) = pair()
        near_writer.write(b"question")
        near_writer.write_eof()
        assert await far_reader.read() == b"question"
        await send_all(far_writer, [b"answer"])
        return await near_reader.read()

    assert run(main()) == b"answer"


def test_a_broken_connection_is_told_to_everybody_who_waits():
    async def main():
        link = Link()
        (near_reader, near_writer), (far_reader, _) = link.near, link.far
        near_writer.write(bytes(CAPACITY_BYTES + 1))
        waiting = [asyncio.create_task(wait) for wait in (near_reader.read(1), near_writer.drain())]
        await asyncio.sleep(1)
        link.lose("lightning")
        for failed in (*waiting, far_reader.read(1), far_reader.readexactly(1), near_writer.drain()):
            with pytest.raises(ConnectionResetError, match="lightning"):
                await failed
        near_writer.write(b"into the void")
        return near_writer.is_closing(), link.idle

    assert run(main()) == (True, True)
