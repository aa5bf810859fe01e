"""Supply, register, battery and heat: nothing is lost, and everything stays within what a small int holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boards
from boards.facts import Board
from control.ticks import add
from simulator.portable.energy import WH, Energy
from simulator.portable.heat import Heat
from simulator.portable.mains import Mains
from simulator.portable.noise import Noise, Random
from simulator.portable.world import World
from tests.simulator.living_world import NEAR_WRAP_MS, charging, live, world_of


@given(
    st.lists(
        st.tuples(st.integers(1, 200), st.integers(0, 80000), st.integers(1, 3)), min_size=1, max_size=200
    )
)
def test_the_register_is_the_exact_integral_of_power(stretches):
    energy = Energy(Mains(Board(), Random(1)))
    counted = 0
    for dt_ms, current_ma, phases in stretches:
        power_w = energy.step(dt_ms, current_ma, phases)
        assert power_w == sum(energy.power_w)
        counted += power_w * dt_ms
        assert energy.energy_wh == counted // WH


def test_power_is_voltage_times_current_in_each_phase():
    energy = charging().connectors[0].energy
    for phase in range(3):
        exact_w = energy.voltage_mv[phase] * energy.current_ma[phase] / 1e6
        assert abs(energy.power_w[phase] - exact_w) < 3


def test_an_hour_at_sixteen_amperes_counts_eleven_kilowatt_hours_and_fills_nine_tenths_into_the_battery():
    world = charging()
    energy, car = world.connectors[0].energy, world.connectors[0].car
    before_wh, before_level_wh = energy.energy_wh, car.level_wh
    live(world, 3600000, closed=True)
    drawn_wh = energy.energy_wh - before_wh
    assert 10500 < drawn_wh < 11100
    assert abs((car.level_wh - before_level_wh) - drawn_wh * 9 // 10) <= 2


@pytest.mark.parametrize(("car_phases", "joined", "drawing"), [(1, 3, 1), (2, 3, 2), (3, 3, 3), (3, 1, 1)])
def test_current_flows_in_the_phases_that_car_and_switch_join(car_phases, joined, drawing):
    world = charging(phases=car_phases)
    world.connectors[0].phase_switch.select(joined)
    live(world, 1000, closed=True)
    assert world.connectors[0].energy.current_ma == [16000] * drawing + [0] * (3 - drawing)


def test_the_supply_sags_under_load_of_all_outlets():
    world = world_of("simulated_two")
    idle_mv = list(world.mains.voltage_mv)
    for outlet in world.connectors:
        outlet.line.drive(5333)
        outlet.plug(max_a=32)
    for _ in range(1000):
        world.step(add(world.now_ms, 20))
        for outlet in world.connectors:
            outlet.contactor.renew(world.now_ms)
    assert world.mains.current_ma == [2 * 31998] * 3
    for phase in range(3):
        assert idle_mv[phase] - 15000 < world.mains.voltage_mv[phase] < idle_mv[phase] - 10000


@pytest.mark.parametrize(
    ("fault", "least_mv", "most_mv"),
    [(None, 225000, 235000), ("over_voltage", 254000, 275000), ("under_voltage", 165000, 183000)],
)
def test_the_supply_drifts_within_its_range_and_faults_leave_it(fault, least_mv, most_mv):
    world = world_of()
    if fault:
        world.fault(fault)
    seen = set()
    for _ in range(600):
        live(world, 1000, tick_ms=100)
        seen.update(world.mains.voltage_mv)
    assert len(seen) > 100
    assert least_mv < min(seen)
    assert max(seen) < most_mv


def test_a_one_phase_supply_leaves_the_other_phases_dead():
    world = World(Board(phases=1, connectors=boards.load("simulated").connectors), 1, NEAR_WRAP_MS)
    outlet = world.connectors[0]
    outlet.line.drive(2667)
    outlet.plug(phases=3)
    live(world, 10000, closed=True)
    assert world.mains.voltage_mv[1:] == [0, 0]
    assert outlet.energy.current_ma == [16000, 0, 0]


def test_the_enclosure_warms_with_the_square_of_the_current_and_cools_again():
    heat = Heat(32000)
    peaks_dc = []
    for current_ma in (16000, 32000, 0):
        for _ in range(36000):
            heat.step(100, [current_ma] * 3)
        peaks_dc.append(heat.felt_dc())
    assert peaks_dc[0] == pytest.approx(250 + 50, abs=3)
    assert peaks_dc[1] == pytest.approx(250 + 200, abs=3)
    assert peaks_dc[2] == pytest.approx(250, abs=3)


def test_the_enclosure_follows_a_frosty_night():
    heat = Heat(32000)
    heat.ambient_dc = -250
    for _ in range(36000):
        heat.step(100, [0, 0, 0])
    heat.sample(0)
    assert heat.valid
    assert heat.temperature_dc == pytest.approx(-250, abs=3)


@pytest.mark.parametrize(
    ("fault", "least_dc", "most_dc"), [("hot", 650, 709), ("over_temperature", 710, 900)]
)
def test_a_loose_terminal_heats_its_place(fault, least_dc, most_dc):
    world = charging()
    world.fault(fault)
    assert least_dc <= world.connectors[0].heat.felt_dc() <= most_dc
    world.clear(fault)
    assert world.connectors[0].heat.felt_dc() < 300


@given(st.integers(0, 2**64), st.integers(0, 2**20 - 1))
def test_noise_stays_within_its_amplitude_and_averages_out(seed, amplitude):
    noise = Noise(Random(seed), amplitude)
    drawn = [noise.next() for _ in range(1024)]
    assert -amplitude <= min(drawn)
    assert max(drawn) <= amplitude
    assert abs(sum(drawn)) <= 1024  # of rounding


@given(st.integers(0, 2**64), st.integers(1, 32362))
def test_chance_is_even(seed, count):
    random = Random(seed)
    drawn = [random.below(count) for _ in range(400)]
    assert min(drawn) >= 0
    assert max(drawn) < count
    assert count < 10 or count * 0.4 < sum(drawn) / 400 < count * 0.6
