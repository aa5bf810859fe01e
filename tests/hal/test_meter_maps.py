"""Every register map against a meter that `pymodbus` plays: all values by phase, and what a line or a device
does wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.constants import ExcCodes

from hal import meter_maps, modbus
from hal.meter_maps import CURRENT_MA, ENERGY_WH, FREQUENCY_MHZ, MAINS_UNIT, MAPS, POWER_W, VOLTAGE_MV
from hal.meter_modbus import NOT_PLAUSIBLE, ModbusMeter
from hal.modbus import Master
from hal.registers import tenths16
from tests.hal.line import BadWire, Clock, run, values
from tests.hal.meters import MAKES, Meter, Truth

NAMES = sorted(MAPS)


class Bench:
    """A meter of a make, its line, and the driver with the map of that name."""

    def __init__(self, name, spoil=None, unit=1, asked=1):
        self.clock = Clock()
        self.truth = Truth()
        self.device = Meter(MAKES[name], self.truth, self.clock, unit)
        port = self.device if spoil is None else BadWire(self.device, self.clock, spoil)
        self.master = Master(port)
        self.meter = ModbusMeter(self.master, MAPS[name], asked)

    def run(self, duration_ms, each=None):
        run(self.meter, self.clock, duration_ms, each)

    def fails_with(self, error):
        """Whether it has no reading for this reason, and one as soon as `mend` was called."""
        self.run(10000)
        return (self.meter.readings, self.meter.error) == (0, error)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


def test_there_is_a_make_for_each_map():
    assert sorted(MAKES) == NAMES == ["em340", "sdm630", "sdm72", "we517"]


def test_all_values_by_phase_and_a_negative_power(name):
    bench = Bench(name)
    bench.run(500)
    assert bench.meter.readings == 1
    assert values(bench.meter) == bench.truth.values()
    assert bench.meter.frequency_mhz == bench.truth.frequency_mhz


@given(
    st.sampled_from(NAMES),
    st.lists(st.integers(0, 4000), min_size=3, max_size=3),
    st.lists(st.integers(-80000, 80000), min_size=3, max_size=3),
    st.lists(st.integers(-25000, 25000), min_size=3, max_size=3),
    st.integers(0, 160000),
    st.integers(450, 650),
)
def test_whatever_it_measures(name, decivolts, current_ma, power_w, energy_hwh, decihertz):
    bench = Bench(name)
    truth = bench.truth
    truth.voltage_mv = [100 * value for value in decivolts]
    truth.current_ma, truth.power_w = current_ma, power_w
    truth.energy_wh = 100 * energy_hwh
    truth.frequency_mhz = 100 * decihertz
    bench.run(500)
    assert bench.meter.readings == 1
    told = [*bench.meter.voltage_mv, *bench.meter.current_ma, *bench.meter.power_w, bench.meter.energy_wh]
    true = [*truth.voltage_mv, *map(abs, current_ma), *power_w, truth.energy_wh]
    # Single precision holds 24 bits: kWh beyond 8,192 to 1 Wh, kW beyond 16 to 1 mW.
    assert all(abs(one - other) <= 1 for one, other in zip(told, true, strict=True))
    assert bench.meter.frequency_mhz == truth.frequency_mhz


def test_a_map_asks_for_each_slot_once_and_for_no_more_than_the_meter_gives(name):
    meter_map, make = MAPS[name], MAKES[name]
    slots = [row[1] for _, _, rows in meter_map.blocks for row in rows]
    assert sorted(slots) == [VOLTAGE_MV, CURRENT_MA, POWER_W, ENERGY_WH, FREQUENCY_MHZ]
    lengths = [count for _, count, _ in meter_map.blocks]
    assert len(set(lengths)) == len(lengths), "the length tells a late answer from the present one"
    assert meter_map.function in make.functions
    for first, count, rows in meter_map.blocks:
        assert count <= make.most
        for row in rows:
            words = 6 if row[1] < ENERGY_WH else 1 if row[3:] == (tenths16,) else 2
            assert first <= row[0] <= first + count - words
    assert meter_map.parity == (0 if name == "we517" else None)


def test_a_cycle_is_two_requests(name):
    bench = Bench(name)
    bench.run(500)
    meter_map = MAPS[name]
    assert bench.device.requests == [
        (1, meter_map.function, first, count) for first, count, _ in meter_map.blocks
    ]


def test_an_answer_with_a_wrong_checksum_is_no_reading(name):
    bench = Bench(name, lambda data: [(0, data[:-1] + bytes((data[-1] ^ 1,)))])
    assert bench.fails_with(modbus.WRONG_CRC)


@pytest.mark.parametrize("at", [3, 9, 20])
def test_a_bit_that_flips_on_the_way_is_noticed(name, at):
    def spoil(data):
        return [(0, data[:at] + bytes((data[at] ^ 16,)) + data[at + 1 :])] if len(data) > at else [(0, data)]

    assert Bench(name, spoil).fails_with(modbus.WRONG_CRC)


def test_a_silent_meter_times_out_and_is_found_again(name):
    bench = Bench(name)
    bench.truth.silent = True
    assert bench.fails_with(modbus.TIMED_OUT)
    bench.truth.silent = False
    bench.run(4700)
    assert values(bench.meter) == bench.truth.values()


def test_the_meter_at_another_address_is_none(name):
    assert Bench(name, unit=5, asked=1).fails_with(modbus.TIMED_OUT)
    there = Bench(name, unit=MAINS_UNIT, asked=MAINS_UNIT)
    there.run(500)
    assert there.meter.readings == 1


def test_an_answer_of_another_unit_is_refused(name):
    def spoil(data):
        body = bytes((7,)) + data[1:-2]
        crc = modbus.crc16(body, len(body))
        return [(0, body + bytes((crc & 0xFF, crc >> 8)))]

    assert Bench(name, spoil).fails_with(modbus.WRONG_UNIT)


@pytest.mark.parametrize(
    "refusal",
    [ExcCodes.ILLEGAL_FUNCTION, ExcCodes.ILLEGAL_ADDRESS, ExcCodes.DEVICE_FAILURE, ExcCodes.DEVICE_BUSY],
)
def test_a_meter_that_refuses_is_told_with_its_reason(name, refusal):
    bench = Bench(name)
    bench.device.refusal = refusal
    assert bench.fails_with(modbus.REFUSED)
    assert bench.master.exception_code == refusal.value
    bench.device.refusal = None
    bench.run(4700)
    assert bench.meter.error == modbus.NO_ERROR


def test_another_make_at_the_end_of_the_line_gives_no_reading():
    eastron_asked_as_orno = Bench("sdm630")
    eastron_asked_as_orno.meter = ModbusMeter(eastron_asked_as_orno.master, MAPS["we517"])
    assert eastron_asked_as_orno.fails_with(modbus.REFUSED)


def test_a_meter_that_answers_late_is_read_while_it_keeps_within_the_time(name):
    bench = Bench(name)
    bench.device.latency_ms = 450
    bench.run(10000)
    assert bench.meter.readings >= 9
    late = Bench(name)
    late.device.latency_ms = 800
    assert late.fails_with(modbus.TIMED_OUT)
    late.device.latency_ms = 30
    late.run(4700)
    assert values(late.meter) == late.truth.values()


@given(st.sampled_from(NAMES), st.lists(st.integers(0, 3000), max_size=12))
def test_late_answers_never_become_values_of_another_place(name, delays_ms):
    coming = iter(delays_ms)
    bench = Bench(name, lambda data: [(next(coming, 0), data)])

    def each(_):
        if bench.meter.readings:
            assert values(bench.meter) == bench.truth.values()

    bench.run(70000, each)
    assert bench.meter.readings >= 1


def test_a_display_that_overflows_is_no_value():
    bench = Bench("em340")
    bench.truth.current_ma = [0x7FFFFFFF, 0, 0]
    assert bench.fails_with(NOT_PLAUSIBLE)


def test_a_meter_that_counts_down_or_shows_a_negative_voltage_is_not_believed(name):
    bench = Bench(name)
    bench.truth.voltage_mv = [-230000, 0, 0]
    assert bench.fails_with(NOT_PLAUSIBLE)
    other = Bench(name)
    other.truth.energy_wh = -100
    assert other.fails_with(NOT_PLAUSIBLE)


def test_the_maps_share_the_names_that_boards_use():
    assert {meter_map.name for meter_map in MAPS.values()} == {
        meter_maps.SDM630.name,
        meter_maps.SDM72.name,
        meter_maps.EM340.name,
        meter_maps.WE517.name,
    }
