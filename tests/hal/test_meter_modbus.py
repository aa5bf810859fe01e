"""The meter driver on a simulated SDM630: whole readings or none, whatever happens on the line."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from control.ticks import MASK, diff
from hal import modbus
from hal.meter_maps import ENERGY_WH, MAINS_UNIT, SDM630, MeterMap
from hal.meter_modbus import NOT_PLAUSIBLE, ModbusMeter
from hal.modbus import Master
from hal.registers import float32
from simulator.portable.meter_slave import MemoryPort, MeterSlave
from tests.hal.line import START_MS, BadWire, Clock, Truth, moments, run, values


class Bench:
    """A meter, its line and the driver."""

    def __init__(self, start_ms=START_MS, spoil=None, period_ms=1000):
        self.clock = Clock(start_ms)
        self.truth = Truth()
        self.slave = MeterSlave(self.truth)
        port = MemoryPort(self.slave, self.clock)
        self.master = Master(port if spoil is None else BadWire(port, self.clock, spoil))
        self.meter = ModbusMeter(self.master, SDM630, period_ms=period_ms)

    def run(self, duration_ms, each=None):
        return run(self.meter, self.clock, duration_ms, each)


def shows_the_truth(bench):
    truth = bench.truth
    return values(bench.meter) == (truth.voltage_mv, truth.current_ma, truth.power_w, truth.energy_wh)


def test_a_reading_is_everything_the_meter_measures():
    bench = Bench()
    assert (bench.meter.readings, values(bench.meter)) == (0, ([0, 0, 0], [0, 0, 0], [0, 0, 0], 0))
    bench.run(500)
    assert bench.meter.readings == 1
    assert shows_the_truth(bench)
    assert START_MS < bench.meter.read_at_ms < START_MS + 200


@pytest.mark.parametrize("period_ms", [300, 1000, 5000])
def test_there_is_a_reading_each_period_at_the_price_of_a_few_polls(period_ms):
    bench = Bench(period_ms=period_ms)
    polls = bench.run(20 * period_ms)
    assert bench.meter.readings == 20
    assert polls <= 20 * 7


def test_a_silent_meter_keeps_its_last_reading_and_comes_back_within_one_pause():
    bench = Bench()
    bench.run(1500)
    read_at_ms = bench.meter.read_at_ms
    bench.truth.silent = True
    bench.truth.at(7)
    bench.run(60000)
    assert (bench.meter.readings, bench.meter.read_at_ms) == (2, read_at_ms)
    assert bench.meter.error == modbus.TIMED_OUT
    assert 12 <= bench.meter.failures <= 15, "the pauses grow to 4 s and no further"
    bench.truth.silent = False
    bench.run(4700)
    assert bench.meter.readings >= 3
    assert (bench.meter.failures, bench.meter.error) == (0, modbus.NO_ERROR)
    assert shows_the_truth(bench)


def test_a_wire_that_is_cut_in_the_middle_of_an_answer_costs_that_reading_alone():
    bench = Bench()

    def cut_once(elapsed_ms):
        bench.truth.silent = 1030 < elapsed_ms < 1090

    for at_ms in range(10, 10000, 10):
        bench.meter.poll(bench.clock.now_ms())
        cut_once(at_ms)
        bench.clock.pass_ms(10)
    assert bench.meter.readings == 9
    assert shows_the_truth(bench)


def test_an_answer_that_always_comes_too_late_is_never_a_reading():
    bench = Bench()
    bench.slave.latency_ms = 700
    bench.run(30000)
    assert (bench.meter.readings, bench.meter.error) == (0, modbus.TIMED_OUT)
    bench.slave.latency_ms = 20
    bench.run(4700)
    assert bench.meter.readings >= 1


def test_a_slow_meter_is_read_as_well():
    bench = Bench()
    bench.slave.latency_ms = 400
    bench.run(10000)
    assert bench.meter.readings == 10


PARTS = st.lists(
    st.tuples(st.integers(0, 900), st.integers(0, 45)), max_size=3
)  # when a piece comes, and where it ends
HARM = st.one_of(
    st.just(("none",)),
    st.just(("lost",)),
    st.tuples(st.just("late"), st.integers(1, 3000)),
    st.tuples(st.just("burst"), st.integers(0, 40), st.integers(1, 255)),
    st.tuples(st.just("cut"), st.integers(0, 40)),
    st.tuples(st.just("noise"), st.binary(min_size=1, max_size=60), st.booleans()),
    st.tuples(st.just("twice"), st.integers(0, 1500)),
    st.tuples(st.just("pieces"), PARTS),
)


def harmed(harm, data):
    """What comes of `data`, as `BadWire` wants it."""
    kind, *rest = harm
    if kind == "lost":
        return []
    if kind == "late":
        return [(rest[0], data)]
    if kind == "burst":
        at = rest[0] % len(data)
        return [(0, data[:at] + bytes((data[at] ^ rest[1],)) + data[at + 1 :])]
    if kind == "cut":
        return [(0, data[: rest[0]])]
    if kind == "noise":
        return [(0, rest[0] + data if rest[1] else data + rest[0])]
    if kind == "twice":
        return [(0, data), (rest[0], data)]
    if kind == "pieces":
        edges = [0, *sorted(end for _, end in rest[0]), len(data)]
        times = [*sorted(at_ms for at_ms, _ in rest[0]), 900]
        return [(at_ms, data[edges[i] : edges[i + 1]]) for i, at_ms in enumerate(times)]
    return [(0, data)]


@given(st.lists(HARM, max_size=20))
@example([("late", 990)] * 4)
@example([("late", 1200), ("none",), ("late", 1200)])
@example([("twice", 40)] * 10)
def test_on_a_bad_wire_every_reading_is_whole_and_true(harms):
    coming = iter(harms)
    bench = Bench(spoil=lambda data: harmed(next(coming, ("none",)), data))
    taken: list[tuple] = []
    shown = [repr(values(bench.meter))]

    def each(elapsed_ms):
        bench.truth.at(elapsed_ms // 100)
        if bench.meter.readings > len(taken):
            taken.append((elapsed_ms // 100, *moments(bench.meter)))
            shown.append(repr(values(bench.meter)))
        assert repr(values(bench.meter)) == shown[-1], "between two readings nothing changes"

    # Every cycle uses up at least one harm, and takes at most 0.5 s of waiting and 4 s of pause.
    bench.run(110000, each)
    assert bench.meter.readings >= 1, "the line is good again at last, and so is the driver"
    for now, first, register in taken:
        assert len(first) == 1, "the values of one answer are of one moment"
        # 3 s for the slowest piece of the wire, and up to 1 s until it is looked at.
        assert now - 40 <= first.pop() <= now
        assert now - 40 <= register <= now


@given(st.integers(10, MASK))
@example(MASK - 50)
@example(MASK - 1000)
def test_time_may_wrap_anywhere(start_ms):
    def story(at_ms):
        bench = Bench(at_ms)
        read = []

        def each(elapsed_ms):
            bench.truth.silent = 2000 < elapsed_ms < 5000
            read.append(
                (bench.meter.readings, diff(bench.meter.read_at_ms, at_ms) if bench.meter.readings else 0)
            )

        bench.run(10000, each)
        return read

    assert story(start_ms) == story(START_MS)


@pytest.mark.parametrize(
    ("register", "number"),
    [
        (0x0000, float("nan")),
        (0x000C, float("inf")),
        (0x0008, 2e6),
        (0x0002, -230.0),
        (0x0048, -0.01),
        (0x0048, 1.1e6),
    ],
)
def test_a_value_that_cannot_be_makes_no_reading(register, number):
    clock = Clock()
    slave = OddSlave(Truth(), register, number)
    meter = ModbusMeter(Master(MemoryPort(slave, clock)), SDM630)
    run(meter, clock, 10000)
    assert (meter.readings, meter.error) == (0, NOT_PLAUSIBLE)
    slave.odd = {}
    run(meter, clock, 4700)
    assert meter.readings >= 1


class OddSlave(MeterSlave):
    """A meter that puts `number` into `register`."""

    def __init__(self, truth, register, number):
        super().__init__(truth)
        self.odd = {register: struct.pack(">f", number)}

    def _words(self, first, count):
        words = bytearray(super()._words(first, count))
        for register, data in self.odd.items():
            if first <= register < first + count:
                words[2 * (register - first) : 2 * (register - first) + 4] = data
        return bytes(words)


def test_signs():
    bench = Bench()
    bench.truth.current_ma[:] = [-6000, 0, 1]
    bench.truth.power_w[:] = [-1380, 0, 1]
    bench.run(500)
    assert bench.meter.current_ma == [6000, 0, 1]
    assert bench.meter.power_w == [-1380, 0, 1]


def test_a_register_that_goes_back_is_reported_as_it_is():
    bench = Bench()
    bench.run(500)
    bench.truth.energy_wh = 12
    bench.run(1000)
    assert bench.meter.energy_wh == 12


def test_a_meter_that_refuses_is_named_so():
    bench = Bench()
    wrong = MeterMap("wrong", 3, float32, SDM630.blocks)
    bench.meter = ModbusMeter(bench.master, wrong)
    bench.run(3000)
    assert (bench.meter.readings, bench.meter.error, bench.master.exception_code) == (0, modbus.REFUSED, 1)


def test_the_meter_of_an_outlet_and_that_of_the_mains_share_a_line():
    clock = Clock()
    truths = [Truth(), Truth()]
    truths[1].at(3)
    units = (1, MAINS_UNIT)
    slaves = [MeterSlave(truth, unit) for unit, truth in zip(units, truths, strict=True)]
    master = Master(Shared([MemoryPort(slave, clock) for slave in slaves]))
    meters = [ModbusMeter(master, SDM630, unit) for unit in units]
    due_ms = [0, 0]
    for now_ms in range(10000):
        for i, meter in enumerate(meters):
            if now_ms >= due_ms[i]:
                due_ms[i] = now_ms + meter.poll(clock.now_ms())
        clock.pass_ms(1)
    for meter, truth in zip(meters, truths, strict=True):
        assert meter.readings == 10
        assert values(meter) == (truth.voltage_mv, truth.current_ma, truth.power_w, truth.energy_wh)


class Shared:
    """Several slaves on one pair of wires."""

    def __init__(self, ports):
        self._ports = ports

    def write(self, data):
        for port in self._ports:
            port.write(data)

    def read(self):
        return b"".join([port.read() for port in self._ports])


def test_the_frequency_is_told_and_nothing_that_this_meter_does_not_know():
    bench = Bench()
    told = [bench.meter.frequency_mhz]
    bench.run(500)
    assert [*told, bench.meter.frequency_mhz] == [None, bench.truth.frequency_mhz]
    assert (bench.meter.soc_percent, bench.meter.signed) == (None, "")


def test_a_map_without_a_frequency_makes_readings_all_the_same():
    bench = Bench()
    first, _ = SDM630.blocks
    without = (first, (0x0048, 2, ((0x0048, ENERGY_WH, 1000),)))
    bench.meter = ModbusMeter(bench.master, MeterMap("older", SDM630.function, float32, without))
    bench.run(500)
    assert bench.meter.readings == 1
    assert bench.meter.energy_wh == bench.truth.energy_wh
    assert bench.meter.frequency_mhz is None
