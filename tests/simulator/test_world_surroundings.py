"""What may be set around a charger, exactly: voltages, heat, phases, protective earth."""

import pytest

from hal.contract import Earth
from simulator.portable.parts import connector_parts
from simulator.portable.surroundings import RANGES
from simulator.portable.traits import UnknownTrait
from tests.simulator.living_world import charging, live, world_of


@pytest.mark.parametrize("mains_mv", [206000, 207000, 208000, 252000, 253000, 254000])
def test_a_voltage_that_is_set_is_exact_whatever_flows(mains_mv):
    world = charging()
    world.set(mains_mv=mains_mv)
    for _ in range(50):
        live(world, 100, closed=True)
        assert world.connectors[0].energy.voltage_mv == [mains_mv] * 3
    assert world.connectors[0].energy.current_ma == [16000] * 3


def test_one_phase_may_be_set_and_the_others_go_their_own_way():
    world = world_of()
    world.set(mains_mv=[0, 200000, 0])
    live(world, 200)
    l1_mv, l2_mv, l3_mv = world.mains.voltage_mv
    assert l2_mv == 200000
    assert 225000 < l1_mv < 235000
    assert l1_mv != l3_mv
    world.set(mains_mv=0)
    live(world, 200)
    assert world.mains.voltage_mv[1] > 225000


def test_a_power_cut_ends_a_voltage_that_was_set():
    world = world_of()
    world.set(mains_mv=230000)
    world.power_off()
    assert world.connectors[0].energy.voltage_mv == [0, 0, 0]


@pytest.mark.parametrize("lost_phase", [1, 2, 3])
def test_a_lost_phase_is_dead_and_carries_nothing(lost_phase):
    world = charging()
    world.set(lost_phase=lost_phase, house_ma=2000)
    world.fault("phase_lost")
    live(world, 1000, closed=True)
    energy, lost = world.connectors[0].energy, lost_phase - 1
    assert (energy.voltage_mv[lost], energy.current_ma[lost], world.connection.current_ma[lost]) == (0, 0, 0)
    assert all(energy.voltage_mv[phase] > 220000 for phase in range(3) if phase != lost)
    # A car lives from its first phase.
    assert world.connectors[0].car.current_ma == (0 if lost_phase == 1 else 16000)
    world.clear("phase_lost")
    live(world, 10000, closed=True)
    assert energy.current_ma == [16000] * 3


def test_the_lost_phase_of_the_supply_is_another_one_at_a_rotated_outlet():
    world = charging()
    world.set(rotation=2, lost_phase=1)
    world.fault("phase_lost")
    live(world, 1000, closed=True)
    assert world.connectors[0].energy.current_ma == [16000, 0, 16000]
    assert world.connection.current_ma == [0, 16000, 16000]


def test_protective_earth_goes_for_every_outlet():
    world = world_of("simulated_two")
    earths = [connector_parts(outlet)["earth"] for outlet in world.connectors]
    assert all(isinstance(earth, Earth) and earth.present for earth in earths)
    for name in ("fault", "clear"):
        getattr(world, name)("earth_lost")
        for earth in earths:
            earth.sample(world.now_ms)
        assert [earth.present for earth in earths] == [name == "clear"] * 2


def test_a_place_takes_every_temperature_of_a_derating_curve():
    world = charging()
    heat = world.connectors[0].heat
    for place_dc in (*range(600, 760, 5), *range(750, 500, -5)):
        world.set(place_dc=place_dc)
        heat.sample(world.now_ms)
        assert (heat.valid, heat.temperature_dc) == (True, place_dc)
    world.set(place_dc=-400)
    assert heat.felt_dc() < 300


def test_a_place_is_no_colder_than_the_air_around_it():
    world = world_of()
    world.set(ambient_dc=600, place_dc=300)
    live(world, 7200000, tick_ms=100)
    assert world.connectors[0].heat.felt_dc() == pytest.approx(600, abs=3)


def test_the_noise_of_the_pilot_can_be_chosen():
    world = world_of()
    line = world.connectors[0].line
    line.drive(10000)
    world.set(noise_mv=0)
    line.sample(0)
    assert line.high_mv == 12000


@pytest.mark.parametrize("name", RANGES)
def test_every_field_takes_both_ends_of_its_range_at_any_outlet(name):
    world = world_of("simulated_two")
    for value in RANGES[name]:
        world.set(connector=2, **{name: value})
        live(world, 200)


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": 1},
        {"mains_mv": 300001},
        {"mains_mv": [1, 2]},
        {"mains_mv": [1, 2, -3]},
        {"mains_mv": "230"},
        {"fuse_ma": [25000] * 3},
        {"rotation": None},
    ],
)
def test_a_field_that_cannot_be_is_refused_in_a_sentence_and_changes_nothing(fields):
    world = world_of()
    before = world.snapshot()
    with pytest.raises(
        UnknownTrait, match=r"no trait 'colour'; it has: ambient_dc, |takes whole numbers from"
    ):
        world.set(**{"house_ma": 7000, **fields})
    live(world, 200)
    assert world.snapshot()["connection"]["house_ma"] == before["connection"]["house_ma"]
