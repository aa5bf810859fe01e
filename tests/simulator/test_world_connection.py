"""The mains connection: the house beside the charger, the fuses of both, and the meter that sees both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boards
from boards.facts import Board
from control.ticks import add
from hal.meter_maps import MAINS_UNIT, SDM630
from hal.meter_modbus import ModbusMeter
from hal.modbus import TIMED_OUT, Master
from simulator.portable import rig
from simulator.portable.connection import Connection
from simulator.portable.mains import Mains
from simulator.portable.noise import Random
from simulator.portable.world import World
from tests.simulator.living_world import NEAR_WRAP_MS, charging, live, world_of


def test_the_connection_carries_house_and_car():
    world = charging(phases=1)
    world.set(house_ma=[5000, 7000, 0])
    live(world, 1000, closed=True)
    connection = world.connection
    assert connection.current_ma == [21000, 7000, 0]
    for phase in range(3):
        exact_w = connection.voltage_mv[phase] * connection.current_ma[phase] / 1e6
        assert abs(connection.power_w[phase] - exact_w) < 5
    assert world.connectors[0].energy.current_ma == [16000, 0, 0]


def test_all_outlets_meet_at_the_connection_each_on_its_own_phase():
    world = world_of("simulated_two")
    for outlet in world.connectors:
        outlet.line.drive(2667)
        outlet.plug(phases=1)
    world.set(connector=2, rotation=1)
    for _ in range(1500):
        world.step(add(world.now_ms, 20))
        for outlet in world.connectors:
            outlet.contactor.renew(world.now_ms)
    assert world.connection.current_ma == [16000, 16000, 0]
    one_mv, two_mv = (outlet.energy.voltage_mv for outlet in world.connectors)
    assert two_mv == one_mv[1:] + one_mv[:1]


def test_the_house_weighs_on_the_voltage_of_its_phase():
    world = world_of()
    before_mv = list(world.mains.voltage_mv)
    world.set(house_ma=[50000, 0, 0])
    live(world, 1000)
    sagged_mv = [was - now for was, now in zip(before_mv, world.mains.voltage_mv, strict=True)]
    assert 8000 < sagged_mv[0] < 12000
    assert abs(sagged_mv[1]) < 2000


def test_what_the_house_feeds_in_is_not_registered():
    world = world_of()
    world.set(house_ma=-20000)
    live(world, 600000)
    assert world.connection.current_ma == [-20000] * 3
    assert all(power_w < -4000 for power_w in world.connection.power_w)
    assert world.connection.energy_wh == 0
    world.set(house_ma=[20000, -5000, 0])
    live(world, 3600000, tick_ms=100)
    assert world.connection.energy_wh == pytest.approx(15 * 229, rel=0.03)


def test_without_supply_nothing_flows_anywhere():
    world = charging()
    world.set(house_ma=10000)
    live(world, 200, closed=True)
    world.power_off()
    assert world.snapshot()["connection"]["voltage_mv"] == [0, 0, 0]
    live(world, 200)
    assert (world.connection.current_ma, world.connection.power_w) == ([0, 0, 0], [0, 0, 0])


def ms_to_blow(percent, within_ms, preload_percent=0):
    """How long a 63 A fuse bears a load, after hours of another; None: it bears it for `within_ms`."""
    connection = Connection(Mains(Board(), Random(1)))
    for _ in range(36000 if preload_percent else 0):
        connection.flow(200, [0, 630 * preload_percent, 0])
    assert not connection.fuse_blown
    for passed_ms in range(0, within_ms, 100):
        connection.flow(100, [0, 630 * percent, 0])
        if connection.snapshot()["fuse_blown"]:
            return passed_ms
    return None


@pytest.mark.parametrize(
    ("percent", "least_ms", "most_ms"),
    [(145, 60000, 3600000), (160, 30000, 3600000), (255, 1000, 60000), (500, 1000, 20000), (1500, 0, 3000)],
)
def test_a_fuse_blows_within_the_bounds_of_its_standard(percent, least_ms, most_ms):
    assert least_ms < ms_to_blow(percent, most_ms) + 1 <= most_ms


@pytest.mark.parametrize("percent", [50, 100, 113])
def test_a_fuse_bears_its_rating_for_ever(percent):
    assert ms_to_blow(percent, 7200000) is None


def test_a_warm_fuse_bears_less_and_a_short_overload_is_forgiven():
    assert ms_to_blow(200, 3600000, preload_percent=100) < ms_to_blow(200, 3600000)
    assert ms_to_blow(200, 10000, preload_percent=100) is None


def test_the_overload_of_house_and_car_is_seen_at_the_connection_and_remembered():
    world = charging(duty_bp=5333, max_a=32)
    world.set(house_ma=[10000, 0, 0], fuse_ma=25000)
    live(world, 30000, closed=True)
    assert 0 < world.snapshot()["connection"]["fuse_percent"] < 100
    assert not world.connection.fuse_blown
    live(world, 300000, closed=True)
    assert world.connection.fuse_blown
    world.connectors[0].contactor.drop()
    world.set(house_ma=0)
    live(world, 1200000)
    told = world.snapshot()["connection"]
    assert (told["fuse_percent"], told["fuse_blown"]) == (0, True)


@given(
    st.lists(st.tuples(st.integers(-300000, 300000), st.integers(1, 200)), max_size=50),
    st.sampled_from([6000, 63000, 250000]),
)
def test_no_fuse_gets_warmer_than_its_greatest_load(loads, fuse_ma):
    connection = Connection(Mains(Board(), Random(1)))
    connection.fuse_ma = fuse_ma
    greatest = 0
    for current_ma, dt_ms in loads:
        greatest = max(greatest, min(1000, abs(current_ma) * 100 // fuse_ma))
        connection.flow(dt_ms, [0, 0, current_ma])
        assert 0 <= connection.fuse_percent() <= greatest * greatest // 169


class Clock:
    """The world's own time."""

    def __init__(self, world):
        self._world = world

    def now_ms(self):
        return self._world.now_ms


def meters(world):
    """The mains meter, and that of connector 1, each on its line."""
    table = rig.drivers(world, Clock(world), None)
    mains = ModbusMeter(Master(table["mains_port", "simulated"](None, 0, None)), SDM630, MAINS_UNIT)
    outlet = ModbusMeter(Master(table["meter_port", "simulated"](None, 1, None)), SDM630)
    return mains, outlet


def read(world, mains, outlet, duration_ms):
    for _ in range(duration_ms // 20):
        live(world, 20, closed=True)
        mains.poll(world.now_ms)
        outlet.poll(world.now_ms)


def test_the_mains_meter_is_read_by_the_driver_of_the_other_meters():
    world = charging()
    world.set(house_ma=[5000, 0, -3000])
    mains, outlet = meters(world)
    read(world, mains, outlet, 3000)
    assert (mains.readings, outlet.readings) == (3, 3)
    assert mains.current_ma == [21000, 16000, 13000]
    assert outlet.current_ma == [16000] * 3
    assert mains.power_w[0] > 4500 > outlet.power_w[0]


def test_the_mains_meter_can_be_silent_alone():
    world = charging()
    mains, outlet = meters(world)
    read(world, mains, outlet, 2000)
    world.fault("mains_meter_silent")
    read(world, mains, outlet, 5000)
    assert (mains.readings, mains.error, outlet.readings) == (2, TIMED_OUT, 7)
    world.clear("mains_meter_silent")
    read(world, mains, outlet, 5000)
    assert mains.readings > 2


def test_a_meter_of_ones_own_takes_the_place_of_the_one_in_memory():
    world = world_of()
    other = object()
    table = rig.drivers(world, Clock(world), None, {0: other})
    assert table["mains_port", "simulated"](None, 0, None) is other
    assert table["meter_port", "simulated"](None, 1, None) is not other


def test_a_house_on_one_phase_has_one():
    world = World(Board(phases=1, connectors=boards.load("simulated").connectors), 1, NEAR_WRAP_MS)
    world.set(house_ma=5000)
    live(world, 1000)
    assert world.connection.current_ma == [5000, 0, 0]
