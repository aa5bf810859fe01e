"""The `pymodbus` meter on a pseudo-terminal: read by the firmware, and held against the one in memory."""

import asyncio
import contextlib
import os
import random
import struct

import pytest

from hal import modbus
from hal.meter_maps import SDM630
from hal.meter_modbus import ModbusMeter
from hal.modbus import COMPLETE, READ_HOLDING_REGISTERS, READ_INPUT_REGISTERS, Master
from simulator.portable import meter_slave
from simulator.portable.meter_slave import MemoryPort, MeterSlave
from simulator.wires import meter_server
from simulator.wires.meter_server import INPUT_REGISTERS, REQUEST_REGISTERS, SerialPort
from tests.hal.line import Clock, Truth, values

BOUND_S = 30


def in_a_loop(test):
    """Run a coroutine function as a test, bounded."""

    def run(*args):
        asyncio.run(asyncio.wait_for(test(*args), BOUND_S))

    run.__doc__ = test.__doc__
    return run


@contextlib.asynccontextmanager
async def serving(truth):
    """A port on which the server answers."""
    server = await meter_server.start(truth)
    port = SerialPort(server.path)
    try:
        yield port
    finally:
        port.close()
        server.close()


class Asker:
    """Answers as raw registers, or the error and exception code."""

    def __init__(self, port, clock, rest, timeout_ms):
        self._master = Master(port, timeout_ms=timeout_ms)
        self._clock = clock
        self._rest = rest

    async def ask(self, function, register, count, unit=1):
        assert self._master.request(unit, function, register, count, self._clock.now_ms())
        while (outcome := self._master.poll(self._clock.now_ms())) is None:
            await self._rest()
        if outcome != COMPLETE:
            return self._master.error, self._master.exception_code
        return [self._master.register(i) for i in range(count)]


def over_the_terminal(port, timeout_ms=10000):
    # The master's clock counts looks, so that no wall clock is in the test: a busy machine needs more.
    clock = Clock()

    async def rest():
        clock.pass_ms(1)
        await asyncio.sleep(0.0002)

    return Asker(port, clock, rest, timeout_ms)


def in_memory(truth):
    clock = Clock()

    async def rest():
        clock.pass_ms(1)

    return Asker(MemoryPort(MeterSlave(truth), clock), clock, rest, 1000)


def some_truth(seed):
    """Values of every size, of both signs where there are two."""
    source = random.Random(seed)

    def size():
        return source.choice(
            (0, 1, source.randrange(1000), source.randrange(1000000), source.randrange(1 << 28))
        )

    truth = Truth()
    truth.voltage_mv[:] = [size() for _ in range(3)]
    truth.current_ma[:] = [size() * source.choice((1, -1)) for _ in range(3)]
    truth.power_w[:] = [size() // 1000 * source.choice((1, -1)) for _ in range(3)]
    truth.energy_wh = size()
    truth.frequency_mhz = source.randrange(45000, 65000)
    return truth


async def whole_map(asker):
    words = []
    for register in range(0, INPUT_REGISTERS, REQUEST_REGISTERS):
        count = min(REQUEST_REGISTERS, INPUT_REGISTERS - register)
        words += await asker.ask(READ_INPUT_REGISTERS, register, count)
    return words


@in_a_loop
async def test_both_meters_have_the_same_words_in_every_register():
    truth = Truth()
    async with serving(truth) as port:
        real, memory = over_the_terminal(port), in_memory(truth)
        for seed in range(40):
            vars(truth).update(vars(some_truth(seed)))
            words = await whole_map(real)
            assert len(words) == INPUT_REGISTERS == meter_slave.REGISTERS
            assert words == await whole_map(memory), f"seed {seed}"
    assert sum(word != 0 for word in words) > 10


@in_a_loop
async def test_both_meters_give_any_part_of_the_map_alike():
    source = random.Random(1)
    truth = Truth()
    async with serving(truth) as port:
        real, memory = over_the_terminal(port), in_memory(truth)
        for _ in range(100):
            part = READ_INPUT_REGISTERS, source.randrange(0x60), source.randint(1, REQUEST_REGISTERS)
            assert await real.ask(*part) == await memory.ask(*part), part


@in_a_loop
async def test_both_meters_refuse_alike():
    truth = Truth()
    async with serving(truth) as port:
        real, memory = over_the_terminal(port), in_memory(truth)
        for row, code in (
            ((READ_INPUT_REGISTERS, INPUT_REGISTERS - 1, 2), 2),
            ((READ_INPUT_REGISTERS, INPUT_REGISTERS, 1), 2),
            ((READ_INPUT_REGISTERS, 65535, 1), 2),
            ((READ_INPUT_REGISTERS, 0, REQUEST_REGISTERS + 1), 3),
            ((READ_INPUT_REGISTERS, 0, 125), 3),
            ((READ_HOLDING_REGISTERS, 0, 2), 1),
        ):
            assert await real.ask(*row) == (modbus.REFUSED, code), row
            assert await memory.ask(*row) == (modbus.REFUSED, code), row
        for asker in (over_the_terminal(port, 500), memory):
            assert await asker.ask(READ_INPUT_REGISTERS, 0, 2, unit=2) == (modbus.TIMED_OUT, 0)
            assert len(await asker.ask(READ_INPUT_REGISTERS, 0, 2)) == 2


@in_a_loop
async def test_both_layouts_are_those_of_the_manual():
    """Register, parameter, value: from the table of input registers, by hand."""
    truth = Truth()
    manual = {
        0x00: 230.123, 0x02: 231.0, 0x04: 229.877, 0x06: 16.0, 0x08: 15.999, 0x0A: 6.001,
        0x0C: 3680, 0x0E: 3695, 0x10: -1380, 0x30: 38.0, 0x34: 5995, 0x46: 49.985, 0x48: 1234.567,
    }  # fmt: skip
    async with serving(truth) as port:
        for asker in (over_the_terminal(port), in_memory(truth)):
            words = await whole_map(asker)
            for register in range(0, INPUT_REGISTERS, 2):
                expected = struct.unpack(">HH", struct.pack(">f", manual.get(register, 0)))
                assert tuple(words[register : register + 2]) == expected, hex(register)


@in_a_loop
async def test_the_driver_reads_it_live_and_survives_garbage_and_a_cut_wire():
    truth = Truth()
    async with serving(truth) as port:
        clock = Clock()
        meter = ModbusMeter(Master(port), SDM630)

        async def until(done):
            while not done():
                wait_ms = meter.poll(clock.now_ms())
                for _ in range(min(wait_ms, 20)):
                    await asyncio.sleep(0.0001)
                clock.pass_ms(wait_ms)

        def shown():
            return values(meter) == (truth.voltage_mv, truth.current_ma, truth.power_w, truth.energy_wh)

        await until(lambda: meter.readings == 1)
        assert shown()
        truth.at(5)
        await until(lambda: meter.readings == 2)
        assert shown()
        truth.silent = True
        await until(lambda: meter.failures == 3)
        assert meter.error == modbus.TIMED_OUT
        truth.silent = False
        truth.at(9)
        port.write(b"\x01\x04garbage on the line")
        await until(lambda: meter.readings == 4)
        assert shown()


@in_a_loop
async def test_a_closed_server_takes_its_line_away_and_another_may_start():
    truth = Truth()
    server = await meter_server.start(truth)
    port = SerialPort(server.path)
    server.close()
    server.close()
    meter = ModbusMeter(Master(port), SDM630)
    clock = Clock()
    for _ in range(10):
        clock.pass_ms(meter.poll(clock.now_ms()))
    assert (meter.readings, meter.error) == (0, modbus.PORT_LOST)
    port.close()
    async with serving(truth) as port:
        assert len(await over_the_terminal(port).ask(READ_INPUT_REGISTERS, 0, 2)) == 2


def test_a_server_that_goes_in_the_midst_of_a_request_says_nothing(monkeypatch, caplog):
    """It is closed as soon as it has heard what is asked."""

    async def story():
        heard = asyncio.Event()

        def overhear(server, sending, pdu):
            server.close()
            heard.set()
            return pdu

        monkeypatch.setattr(meter_server.MeterServer, "_overhear", overhear)
        async with serving(Truth()) as port:
            port.write(bytes.fromhex("01 04 00 00 00 12 70 07"))
            await asyncio.wait_for(heard.wait(), BOUND_S)
            for _ in range(5):
                await asyncio.sleep(0)

    asyncio.run(story())
    assert caplog.records == []


@in_a_loop
async def test_a_server_that_cannot_start_leaves_nothing_open():
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(TypeError, match="id"):
        await meter_server.start(Truth(), unit=300)
    assert set(os.listdir("/proc/self/fd")) == before


@in_a_loop
async def test_a_device_that_is_not_there_is_an_os_error():
    with pytest.raises(OSError, match="no-such-device"):
        SerialPort("/dev/no-such-device")
