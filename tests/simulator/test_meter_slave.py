"""The SDM630 in memory: floats made by integers, answers that take their time, and limits of its own."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU

from control.ticks import MASK
from simulator.portable.meter_slave import MemoryPort, MeterSlave, float32
from tests.hal.line import Clock, Truth

LARGEST = (1 << 24) * 1000 - 1000


@given(st.integers(-LARGEST, LARGEST))
@example(0)
@example(1)
@example(-1)
@example(999)
@example(8388608500)  # halfway, above an even mantissa
@example(8388609500)  # halfway, above an odd one
@example(16777215500)  # halfway, and up into the next power of two
@example(65535998)
def test_a_float_is_the_nearest(thousandths):
    # A double first: it is never so near to the middle of two single floats that this rounds another way.
    assert struct.pack(">HH", *float32(thousandths)) == struct.pack(">f", thousandths / 1000)


def framed(body):
    return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")


def asking(register, count, unit=1, function=4):
    return framed(struct.pack(">BBHH", unit, function, register, count))


class Bench:
    def __init__(self, start_ms=1000):
        self.clock = Clock(start_ms)
        self.truth = Truth()
        self.slave = MeterSlave(self.truth)
        self.port = MemoryPort(self.slave, self.clock)

    def hear(self, duration_ms=1000):
        """What arrives, ms by ms, as (ms since the call, bytes)."""
        heard = []
        for after_ms in range(duration_ms):
            if data := self.port.read():
                heard.append((after_ms, data))
            self.clock.pass_ms(1)
        return heard

    def answer(self, request):
        self.port.write(request)
        return b"".join(data for _, data in self.hear())


def test_an_answer_comes_character_by_character_at_the_speed_of_the_line():
    bench = Bench()
    bench.port.write(asking(0, 18))
    heard = bench.hear()
    # 8 characters of request and 4 of silence take 13 ms, the meter 20, and 41 characters 47.
    assert heard[0][0] == 13 + 20 + 2
    assert heard[-1][0] == 13 + 20 + 47
    assert {len(data) for _, data in heard} == {1}
    assert b"".join(data for _, data in heard) == framed(
        struct.pack(">BBB9f", 1, 4, 36, 230.123, 231, 229.877, 16, 15.999, 6.001, 3680, 3695, -1380)
    )


def test_what_nobody_reads_waits_in_the_port():
    bench = Bench()
    bench.port.write(asking(0x48, 2))
    bench.clock.pass_ms(100)
    bench.port.write(asking(0x46, 2))
    assert bench.port.read() == framed(struct.pack(">BBBf", 1, 4, 4, 1234.567))
    bench.clock.pass_ms(100)
    assert bench.port.read() == framed(struct.pack(">BBBf", 1, 4, 4, 49.985))


def test_sums_and_registers_without_a_value():
    bench = Bench()
    assert bench.answer(asking(0x2E, 8)) == framed(struct.pack(">BBB4f", 1, 4, 16, 0, 38, 0, 5995))


def test_a_request_may_begin_and_end_in_the_middle_of_a_value():
    bench = Bench()
    whole = bench.answer(asking(0, 18))[3:39]
    assert bench.answer(asking(1, 16))[3:35] == whole[2:34]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (asking(0, 2, function=3), 1),
        (asking(0, 2, function=0x2B), 1),
        (framed(bytes.fromhex("0106001400000001")), 1),
        (asking(0x17D, 2), 2),
        (asking(0xFFFF, 1), 2),
        (asking(0, 81), 3),
        (asking(0, 0), 3),
        (framed(b"\x01\x04"), 3),
    ],
)
def test_refusals(request_, code):
    assert Bench().answer(request_) == framed(bytes((1, request_[1] | 0x80, code)))


@pytest.mark.parametrize(
    "request_",
    [asking(0, 2, unit=2), asking(0, 2, unit=0), asking(0, 2)[:-1], asking(0, 2)[:-1] + b"\0", b"\xff" * 300],
)
def test_what_is_not_for_it_gets_no_answer_and_leaves_no_trace(request_):
    bench = Bench()
    assert bench.answer(request_) == b""
    assert len(bench.answer(asking(0, 2))) == 9


@given(st.integers(1, 7))
def test_a_request_may_come_in_two_pieces_but_not_with_a_pause(place):
    request = asking(0, 2)
    for pause_ms, length in ((place, 9), (place + 20, 0)):
        bench = Bench()
        bench.port.write(request[:place])
        bench.clock.pass_ms(pause_ms)
        assert len(bench.answer(request[place:])) == length


def test_while_it_talks_it_is_deaf():
    bench = Bench()
    bench.port.write(asking(0, 18))
    bench.clock.pass_ms(50)
    assert len(bench.answer(asking(0, 2))) == 41


def test_a_cut_wire_carries_nothing_either_way():
    bench = Bench()
    bench.truth.silent = True
    assert bench.answer(asking(0, 2)) == b""
    bench.truth.silent = False
    bench.port.write(asking(0, 18))
    bench.clock.pass_ms(60)
    before = bench.port.read()
    bench.truth.silent = True
    bench.clock.pass_ms(10)
    assert bench.port.read() == b""
    bench.truth.silent = False
    after = b"".join(data for _, data in bench.hear())
    assert 41 - len(before) - len(after) in (8, 9), "what passed in those 10 ms is gone"


@given(st.integers(0, MASK))
@example(MASK - 40)
def test_time_may_wrap_anywhere(start_ms):
    bench = Bench(start_ms)
    bench.port.write(asking(0, 18))
    heard = bench.hear(100)
    assert (heard[0][0], heard[-1][0], len(heard)) == (35, 80, 41)
