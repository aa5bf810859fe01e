"""The simulated parts keep the contract of their roles."""

import pytest

from control.ticks import add
from hal import contract
from simulator.portable.parts import board_parts, connector_parts
from tests.simulator.living_world import live, world_of

ROLES = {
    "pilot": contract.Pilot,
    "contactor": contract.Contactor,
    "rcd": contract.Rcd,
    "proximity": contract.Proximity,
    "lock": contract.Lock,
    "phase_switch": contract.PhaseSwitch,
    "shunt_trip": contract.ShuntTrip,
    "temperature": contract.Temperature,
    "earth": contract.Earth,
    "card_reader": contract.CardReader,
    "lamp": contract.Lamp,
    "button": contract.Button,
    "watchdog": contract.Watchdog,
}


def test_every_part_of_its_board_is_of_its_role():
    world = world_of()
    parts = {**connector_parts(world.connectors[0]), **board_parts(world)}
    assert {role: isinstance(part, ROLES[role]) for role, part in parts.items()} == dict.fromkeys(ROLES, True)


def test_each_outlet_has_parts_of_its_own():
    world = world_of("simulated_two")
    one, two = (connector_parts(outlet) for outlet in world.connectors)
    assert all(one[role] is not two[role] for role in one)


@pytest.mark.parametrize("cable_a", [13, 20, 32, 63])
def test_the_proximity_line_tells_the_cable_of_a_socket(cable_a):
    world = world_of("simulated_two")
    outlet, proximity = world.connectors[0], connector_parts(world.connectors[0])["proximity"]
    windows_ohm = {63: (75, 150), 32: (150, 330), 20: (330, 1000), 13: (1000, 2200)}
    outlet.plug(cable_a=cable_a)
    proximity.sample(0)
    assert windows_ohm[cable_a][0] < proximity.resistance_ohm < windows_ohm[cable_a][1]
    for fault, ohm in (("pp_open", contract.Proximity.OPEN_OHM), ("pp_short", 0)):
        world.fault(fault)
        proximity.sample(0)
        assert proximity.resistance_ohm == ohm
        world.clear(fault)
    outlet.unplug()
    proximity.sample(0)
    assert proximity.resistance_ohm == contract.Proximity.OPEN_OHM


def test_the_lock_of_a_socket_moves_within_a_second_unless_it_is_stuck():
    world = world_of("simulated_two")
    lock = connector_parts(world.connectors[0])["lock"]
    assert lock.fitted
    world.fault("lock_stuck")
    lock.engage()
    live(world, 2000)
    lock.sample(world.now_ms)
    assert not lock.locked
    world.clear("lock_stuck")
    live(world, 2000)
    lock.sample(world.now_ms)
    assert not lock.locked  # the motor had given up
    lock.engage()
    live(world, 1000)
    lock.sample(world.now_ms)
    assert lock.locked


def test_a_tethered_cable_has_no_lock():
    world = world_of()
    lock = connector_parts(world.connectors[0])["lock"]
    lock.engage()
    live(world, 1000)
    lock.sample(world.now_ms)
    assert (lock.fitted, lock.locked) == (False, False)


def test_a_broken_temperature_sensor_is_not_a_temperature():
    world = world_of()
    temperature = connector_parts(world.connectors[0])["temperature"]
    temperature.sample(0)
    assert (temperature.valid, temperature.temperature_dc) == (True, 250)
    world.fault("temperature_sensor")
    temperature.sample(0)
    assert not temperature.valid


def test_cards_and_presses_are_handed_out_once_and_in_order():
    world = world_of()
    parts = board_parts(world)
    world.card_reader.swipe("04A1B2C3")
    world.card_reader.swipe("04D4E5F6")
    world.button.press()
    assert [parts["card_reader"].read() for _ in range(3)] == ["04A1B2C3", "04D4E5F6", None]
    assert [parts["button"].pressed() for _ in range(2)] == [True, False]


def test_the_lamp_is_seen_and_goes_dark_with_the_power():
    world = world_of()
    board_parts(world)["lamp"].show(0x00FF00, True)
    assert (world.snapshot()["lamp"], world.lamp.blinks) == (0x00FF00, True)
    world.power_off()
    assert world.snapshot()["lamp"] == 0


def test_the_watchdog_sleeps_until_fed_and_bites_once_when_starved():
    world = world_of()
    watchdog = board_parts(world)["watchdog"]
    restarts: list[str] = []
    watchdog.on_restart = restarts.append
    live(world, 20000)
    assert restarts == []
    for _ in range(10):
        watchdog.feed()
        live(world, 7000)
    assert restarts == []
    live(world, 20000)
    assert restarts == ["watchdog"]
    watchdog.restart()
    assert restarts == ["watchdog", "software"]


def test_a_power_cut_puts_the_watchdog_to_sleep():
    world = world_of()
    watchdog = board_parts(world)["watchdog"]
    restarts: list[str] = []
    watchdog.on_restart = restarts.append
    watchdog.feed()
    world.power_off()
    world.step(add(world.now_ms, 60000))
    assert restarts == []
