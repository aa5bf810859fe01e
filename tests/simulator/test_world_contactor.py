"""Coil, lease, contacts and the RCD's short way: what is true, and since which millisecond."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.facts import Board, Connector
from control.ticks import add, diff
from hal.contract import LEASE_MS
from simulator.portable.contactor import CLOSE_MS
from simulator.portable.residual import TEST_MS
from simulator.portable.socket_parts import SWITCH_MS
from simulator.portable.world import World
from tests.simulator.living_world import NEAR_WRAP_MS, charging, live, world_of

RELEASE_MS = 30


def closed_world(rcd_path="hardware_gate"):
    world = World(Board(connectors=(Connector(rcd_path=rcd_path),)), 1, NEAR_WRAP_MS)
    live(world, 200, closed=True)
    assert world.connectors[0].contactor.contacts_closed
    return world


def test_contacts_close_fifteen_milliseconds_after_the_coil():
    world = world_of()
    contactor = world.connectors[0].contactor
    contactor.renew(world.now_ms)
    begun_ms = world.now_ms
    live(world, CLOSE_MS - 1, tick_ms=1)
    assert (contactor.coil_on, contactor.contacts_closed, contactor.cycles) == (True, False, 0)
    live(world, 10, tick_ms=10)
    assert (contactor.contacts_closed, contactor.cycles) == (True, 1)
    assert diff(contactor.contacts_at_ms, begun_ms) == CLOSE_MS


def test_a_drop_opens_after_the_boards_release_time():
    world = closed_world()
    contactor = world.connectors[0].contactor
    contactor.drop()
    dropped_ms = world.now_ms
    live(world, 40)
    assert not contactor.contacts_closed
    assert diff(contactor.coil_at_ms, dropped_ms) == 0
    assert diff(contactor.contacts_at_ms, dropped_ms) == RELEASE_MS


@given(st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_an_unrenewed_lease_opens_at_its_own_time_however_late_the_steps_come(gaps_ms):
    world = closed_world()
    contactor = world.connectors[0].contactor
    renewed_ms = world.now_ms
    for gap_ms in gaps_ms:
        world.step(add(world.now_ms, gap_ms))
        late_ms = diff(world.now_ms, renewed_ms)
        assert contactor.driven == contactor.coil_on == (late_ms < LEASE_MS)
        assert contactor.contacts_closed == (late_ms < LEASE_MS + RELEASE_MS)
    if not contactor.contacts_closed:
        assert diff(contactor.driven_at_ms, renewed_ms) == LEASE_MS
        assert diff(contactor.contacts_at_ms, renewed_ms) == LEASE_MS + RELEASE_MS


def test_welded_contacts_stay_closed_and_part_once_the_weld_is_gone():
    world = closed_world()
    contactor = world.connectors[0].contactor
    world.fault("relay_welded")
    contactor.drop()
    live(world, 1000)
    contactor.sample(world.now_ms)
    assert (contactor.coil_on, contactor.contacts_closed, contactor.closed) == (False, True, True)
    world.clear("relay_welded")
    live(world, 40)
    contactor.sample(world.now_ms)
    assert (contactor.contacts_closed, contactor.closed) == (False, False)


def test_a_weld_holds_only_what_has_met():
    world = world_of()
    world.fault("relay_welded")
    live(world, 1000)
    assert not world.connectors[0].contactor.contacts_closed


def test_a_stuck_contactor_never_meets():
    world = world_of()
    contactor = world.connectors[0].contactor
    world.fault("relay_stuck_open")
    live(world, 1000, closed=True)
    assert (contactor.coil_on, contactor.contacts_closed, contactor.cycles) == (True, False, 0)
    world.clear("relay_stuck_open")
    live(world, 40, closed=True)
    assert contactor.contacts_closed


def test_the_coil_of_a_loose_wire_comes_and_goes_until_it_is_mended():
    world = closed_world()
    contactor = world.connectors[0].contactor
    world.fault("coil_chatter")
    seen = set()
    for _ in range(100):
        live(world, 20, closed=True)
        seen.add((contactor.coil_on, contactor.contacts_closed))
        assert contactor.driven
    assert {(True, True), (False, False)} <= seen
    assert contactor.cycles > 5
    assert contactor.edges == 1
    world.clear("coil_chatter")
    live(world, 100, closed=True)
    assert (contactor.coil_on, contactor.contacts_closed) == (True, True)


def test_a_loose_wire_closes_nothing_by_itself():
    world = world_of()
    world.fault("coil_chatter")
    live(world, 2000)
    assert world.connectors[0].contactor.cycles == 0


def test_every_edge_of_the_drive_is_counted_and_every_opening_under_load_shows():
    world = charging()
    outlet = world.connectors[0]
    contactor = outlet.contactor
    assert (contactor.edges, contactor.opened_ma) == (1, 0)
    contactor.drop()
    contactor.drop()
    live(world, 1000)
    assert (contactor.edges, contactor.opened_ma) == (2, 16000)
    live(world, 3000, closed=True)
    outlet.line.drive(10000)
    live(world, 5000, closed=True)
    live(world, 1000)
    told = outlet.snapshot()
    assert (told["drive_edges"], told["opened_ma"], told["cycles"]) == (4, 0, 2)


def phases_of(world):
    switch = world.connectors[0].phase_switch
    switch.sample(world.now_ms)
    return switch.phases


def test_the_phase_switch_takes_its_time_and_tells_where_it_is():
    world = world_of()
    switch = world.connectors[0].phase_switch
    switch.select(1)
    told_ms = world.now_ms
    assert phases_of(world) == 3
    live(world, SWITCH_MS - 1, tick_ms=1)
    assert phases_of(world) == 3
    live(world, 10, tick_ms=10)
    assert phases_of(world) == 1
    assert diff(switch.moved_at_ms, told_ms) == SWITCH_MS
    assert (switch.moves, switch.live_moves) == (1, 0)


def test_a_stuck_phase_switch_stays_until_it_is_freed():
    world = world_of()
    world.fault("phase_stuck")
    world.connectors[0].phase_switch.select(1)
    live(world, 5000)
    assert phases_of(world) == 3
    world.clear("phase_stuck")
    live(world, 40)
    assert phases_of(world) == 1


def test_a_phase_switch_stays_as_it_is_without_power():
    world = world_of()
    world.connectors[0].phase_switch.select(1)
    live(world, 100)
    world.power_off()
    live(world, 1000)
    world.power_on()
    live(world, 1000)
    assert phases_of(world) == 1


@pytest.mark.parametrize("tick_ms", [1, 10, 20, 100, 1000])
@pytest.mark.parametrize(
    ("dropped_ago_ms", "live_moves"), [(None, 1), (0, 1), (RELEASE_MS + 30, 0), (1000, 0)]
)
def test_a_switch_of_phases_under_closed_contacts_shows_however_late_the_steps_come(
    tick_ms, dropped_ago_ms, live_moves
):
    world = closed_world()
    outlet = world.connectors[0]
    if dropped_ago_ms is not None:
        outlet.contactor.drop()
        live(world, dropped_ago_ms, tick_ms=10)
    outlet.phase_switch.select(1)
    live(world, 1000, closed=dropped_ago_ms is None, tick_ms=min(tick_ms, LEASE_MS - 1))
    assert phases_of(world) == 1
    assert outlet.snapshot()["live_phase_moves"] == live_moves


def test_contacts_that_close_right_after_the_switch_have_not_seen_it_move():
    world = world_of()
    outlet = world.connectors[0]
    outlet.phase_switch.select(1)
    world.step(add(world.now_ms, 10))
    outlet.contactor.renew(world.now_ms)
    live(world, 90, tick_ms=90)
    assert outlet.contactor.contacts_closed
    assert (outlet.phase_switch.moves, outlet.phase_switch.live_moves) == (1, 0)


@pytest.mark.parametrize("rcd_path", ["hardware_gate", "hard_irq"])
def test_a_pulse_of_any_width_opens_the_coil_without_the_firmware(rcd_path):
    world = closed_world(rcd_path)
    outlet = world.connectors[0]
    world.step(add(world.now_ms, 7))
    outlet.residual.pulse()
    assert (outlet.contactor.coil_on, outlet.residual.active) == (False, False)
    outlet.residual.sample(world.now_ms)
    assert outlet.residual.tripped
    assert diff(outlet.contactor.coil_at_ms, outlet.residual.tripped_at_ms) == 0
    live(world, 40)
    assert not outlet.contactor.contacts_closed


def test_no_renewal_passes_the_hardware_gate_before_the_latch_is_rearmed():
    world = closed_world()
    outlet = world.connectors[0]
    outlet.residual.pulse()
    live(world, 500, closed=True)
    assert (outlet.contactor.driven, outlet.contactor.coil_on) == (True, False)
    outlet.residual.rearm()
    assert outlet.contactor.coil_on


def test_a_board_without_a_path_is_held_by_nobody():
    world = closed_world(rcd_path="")
    world.connectors[0].residual.pulse()
    live(world, 100, closed=True)
    assert world.connectors[0].contactor.contacts_closed
    assert world.connectors[0].residual.latched


def test_an_earth_fault_keeps_the_latch_set_until_it_is_gone():
    world = closed_world()
    residual = world.connectors[0].residual
    world.fault("rcd_trip")
    residual.rearm()
    assert residual.latched
    world.clear("rcd_trip")
    assert residual.latched
    residual.rearm()
    assert not residual.latched


def test_a_test_trips_a_healthy_device_within_a_hundred_milliseconds():
    world = world_of()
    residual = world.connectors[0].residual
    residual.test(True)
    live(world, TEST_MS - 1, tick_ms=1)
    assert not residual.latched
    live(world, 20)
    residual.rearm()
    assert (residual.latched, residual.active, residual.trips) == (True, True, 1)
    residual.test(False)
    residual.rearm()
    assert (residual.latched, residual.active) == (False, False)


def test_a_dead_device_trips_on_nothing():
    world = closed_world()
    residual = world.connectors[0].residual
    world.fault("rcd_dead")
    residual.test(True)
    live(world, 1000)
    residual.pulse()
    world.fault("rcd_trip")
    assert (residual.latched, residual.trips) == (False, 0)
    world.clear("rcd_dead")
    assert residual.latched


def test_no_lease_is_renewed_while_a_latch_without_a_gate_is_set():
    world = closed_world("hard_irq")
    contactor, residual = world.connectors[0].contactor, world.connectors[0].residual
    residual.pulse()
    contactor.renew(world.now_ms)
    assert (contactor.driven, contactor.coil_on) == (False, False)
    world.fault("rcd_trip")
    residual.rearm()  # the earth fault is still there
    contactor.renew(world.now_ms)
    assert not contactor.driven
    world.clear("rcd_trip")
    residual.rearm()
    contactor.renew(world.now_ms)
    assert contactor.coil_on


def test_a_shunt_trip_takes_the_supply_of_its_own_outlet_until_somebody_switches_it_on():
    world = world_of("simulated_two")
    first, second = world.connectors
    first.shunt_trip.drive(False)
    live(world, 200)
    assert first.energy.voltage_mv[0]
    first.shunt_trip.drive(True)
    assert first.energy.voltage_mv == [0, 0, 0]
    first.shunt_trip.drive(False)
    world.power_off()
    world.power_on()
    live(world, 200)
    assert first.energy.voltage_mv == [0, 0, 0]
    assert second.energy.voltage_mv[0]
    first.shunt_trip.tripped = False
    live(world, 200)
    assert first.energy.voltage_mv[0]


def test_a_board_without_a_shunt_trip_keeps_its_supply():
    world = world_of()
    world.connectors[0].shunt_trip.drive(True)
    live(world, 200)
    assert world.connectors[0].energy.voltage_mv[0]
