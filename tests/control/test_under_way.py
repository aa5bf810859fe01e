"""The whole controller: what was under way when a restart came goes on after it, or begins anew."""

import contextlib

import pytest

from control import faults, residual
from control.protection import Protection
from tests.control.play import Play
from tests.control.watching import Broken

WAIT_MS = 60000


def driven(station):
    return station.outlet.contactor.driven


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


def restart(station):
    station.restart()
    station.authorise()


# The wait after phases were switched.


@pytest.mark.parametrize("first", [1, 0])
@pytest.mark.parametrize("after_ms", [100, 2000, 50000])
def test_the_wait_after_phases_were_switched_is_not_cut_short_by_a_restart(station, first, after_ms):
    station = station(switchable=True)
    station.mailbox.phases = first
    station.run(WAIT_MS + 2000)
    station.charge(phase_wait_s=60)
    switch, wish = station.outlet.phase_switch, 1 - first
    station.mailbox.phases = wish
    station.ms_until(lambda: switch.joined == (wish or 3), 7000)
    moved_ms, moves = station.now_ms, switch.moves
    station.run(after_ms)
    restart(station)
    station.mailbox.phases = wish
    station.ms_until(lambda: driven(station), 2 * WAIT_MS)
    assert station.now_ms - moved_ms & 0x3FFFFFFF >= WAIT_MS + after_ms
    station.run(5000)
    assert switch.moves == moves
    assert not station.outlet.car.confused


@pytest.mark.parametrize("late_ms", range(0, 200, 20))
def test_nothing_is_switched_before_a_restart_would_know_of_it(station, late_ms):
    """What is written is up to 100 ms old."""
    station = station(switchable=True)
    station.charge()
    station.outlet.car.set(charge=0)
    station.ms_until(lambda: not driven(station), 3000)
    station.run(1000)
    station.mailbox.phases = 1
    kept = []
    while station.outlet.phase_switch.wanted == 3:
        kept.append(station.snapshot.marks)
        station.tick()
    assert kept[-1] == kept[-6] != kept[0]


# The phases that there were.


@pytest.fixture
def dim(charging):
    """One phase of three is lost, and the fault stands."""
    charging.world.fault("phase_lost")
    charging.ms_until(lambda: names(charging) == ["UNDER_VOLTAGE"], 9000)
    charging.run(1000)
    return charging


def test_a_phase_that_was_lost_is_missed_after_restarts_too(dim):
    for pause_ms in (1000, 20000, 90000, 90000):
        restart(dim)
        dim.run(pause_ms)
        assert not driven(dim)
    dim.world.clear("phase_lost")
    assert dim.ms_until(lambda: driven(dim), 60000) >= 29000


def test_a_technician_says_that_the_supply_has_fewer_phases_now(dim):
    restart(dim)
    dim.run(10000)
    dim.mailbox.clear(1 << faults.UNDER_VOLTAGE)
    dim.run(1000)
    assert names(dim) == ["UNDER_VOLTAGE"]  # nothing is cleared early
    assert (faults.UNDER_VOLTAGE, 0) not in [(a, b) for code, a, b in dim.drain() if code == 6]
    dim.ms_until(lambda: driven(dim), 60000)
    assert dim.outlet.energy.voltage_mv[2] == 0
    dim.world.clear("phase_lost")
    dim.run(3000)
    dim.world.fault("phase_lost")
    dim.ms_until(lambda: names(dim) == ["UNDER_VOLTAGE"], 9000)


def test_phases_that_were_not_missed_at_the_restart_are_learnt_anew(charging):
    """An electrician took the power away, and there is one phase now."""
    charging.world.mains.phases = 1
    charging.world.mains.voltage_mv[1] = charging.world.mains.voltage_mv[2] = 0
    charging.run(2000)  # a reading, and no fault yet
    restart(charging)
    charging.ms_until(lambda: driven(charging), 12000)
    charging.run(20000)
    assert names(charging) == []


# The test of the RCD.


@pytest.fixture
def tested(station):
    """The tick in which the test of the RCD has begun."""
    station = station()
    station.run(8000)
    station.outlet.plug()
    station.authorise()
    station.ms_until(lambda: station.controller.protection.rcd.state == residual.TESTING, 3000)
    return station


@pytest.mark.parametrize("ms", [0, 20, 39, 40, 41, 50, 59])
def test_a_restart_in_the_test_of_the_rcd_counts_no_trip_and_repeats_the_test(tested, ms):
    ticked_ms = min(ms // 20 * 20, 20)
    tested.run(ticked_ms)
    tested.pass_by(ms - ticked_ms)
    latched, trips = tested.outlet.residual.latched, tested.outlet.residual.trips
    restart(tested)
    tested.ms_until(lambda: driven(tested), 12000)
    assert (names(tested), tested.snapshot.trips) == ([], 0)
    assert tested.outlet.residual.trips == trips + 1
    assert latched == (ms >= 40)


def test_an_earth_fault_that_lasts_is_a_trip_although_it_came_into_a_test(tested):
    tested.world.fault("rcd_trip")
    restart(tested)
    tested.run(1000)
    assert names(tested) == ["RCD_TRIP"]
    assert tested.controller.protection.rcd.trips.count == 1


def test_a_trip_outside_a_test_is_a_trip_whenever_the_restart_comes(tested):
    tested.ms_until(lambda: driven(tested), 9000)
    tested.outlet.residual.pulse()
    restart(tested)
    tested.run(1000)
    assert names(tested) == ["RCD_TRIP"]


def test_a_second_trip_in_the_answer_to_the_first_restart_is_a_trip(tested):
    tested.run(60)
    restart(tested)
    tested.run(1000)
    tested.outlet.residual.pulse()
    tested.run(100)
    assert names(tested) == ["RCD_TRIP"]


def test_no_test_current_flows_after_the_farewell(tested):
    assert tested.outlet.residual.testing
    tested.lane.open()
    assert not tested.outlet.residual.testing
    tested.run(1000)
    assert not tested.outlet.residual.latched


# Cars that nobody saw.


def test_who_comes_while_state_f_is_shown_is_not_taken_for_who_was_there(charging):
    charging.world.fault("relay_welded")
    charging.outlet.car.set(charge=0)
    charging.ms_until(lambda: "RELAY_WELDED" in names(charging), 3000)
    session, tests = charging.snapshot.session, charging.outlet.residual.trips
    charging.run(1000)
    charging.replug()
    charging.world.clear("relay_welded")
    charging.run(5000)
    assert charging.snapshot.session == session
    charging.mailbox.clear(1 << faults.RELAY_WELDED)
    charging.run(60000)
    assert names(charging) == []
    assert charging.snapshot.plugged
    assert charging.snapshot.session == session + 1
    assert not driven(charging)
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 9000)
    assert charging.outlet.residual.trips == tests + 1


def test_clearing_what_does_not_stand_ends_no_session(charging):
    charging.mailbox.clear(faults.SERVICE)
    charging.run(2000)
    assert driven(charging)
    assert charging.snapshot.session == 1


# Welded contacts.


def test_the_shunt_trip_is_driven_while_welded_contacts_are_seen_closed_whatever_restarts(station):
    station = station("simulated_two")
    station.charge()
    outlet = station.outlet
    assert not outlet.shunt_trip.tripped
    station.world.fault("relay_welded")
    station.withdraw()
    station.ms_until(lambda: "RELAY_WELDED" in names(station), 8000)
    # The journal must know of it first, for the breaker may feed the charger too.
    station.run(400)
    assert not outlet.shunt_trip.tripped
    station.run(100)
    assert outlet.shunt_trip.tripped
    station.run(1000)
    assert outlet.contactor.contacts_closed
    assert (outlet.energy.voltage_mv, outlet.energy.current_ma) == ([0, 0, 0], [0, 0, 0])
    outlet.shunt_trip.tripped = False  # somebody switches it on again
    station.run(1000)
    assert outlet.energy.voltage_mv[0]
    restart(station)
    station.run(600)
    assert outlet.shunt_trip.tripped
    station.world.clear("relay_welded")
    outlet.shunt_trip.tripped = False
    restart(station)
    station.run(5000)
    # What was repaired boots, to be cleared.
    assert "RELAY_WELDED" in names(station)
    assert not outlet.shunt_trip.tripped
    station.mailbox.clear(1 << faults.RELAY_WELDED)
    station.run(1000)
    assert outlet.energy.voltage_mv[0]


def test_a_board_without_one_stays_live(charging):
    charging.world.fault("relay_welded")
    charging.withdraw()
    charging.ms_until(lambda: "RELAY_WELDED" in names(charging), 8000)
    charging.run(1000)
    assert charging.outlet.energy.voltage_mv[0]


# An interrupt in the midst of a tick.


@pytest.mark.parametrize("path", ["hardware_gate", "hard_irq"])
@pytest.mark.parametrize("part", ["heat", "earth", "cable", "lock"])
def test_a_trip_after_its_sample_and_before_the_lease_is_renewed_stays_open(charging, path, part):
    outlet = charging.outlet
    residual_device, contactor = outlet.residual, outlet.contactor
    residual_device._path = path
    place = getattr(outlet, part)

    def trips_meanwhile(now_ms):
        del place.sample
        place.sample(now_ms)
        residual_device.pulse()
        assert not contactor.coil_on

    place.sample = trips_meanwhile
    charging.tick()
    assert residual_device.trips == 2
    assert not contactor.coil_on
    charging.tick()
    assert not contactor.driven
    assert names(charging) == ["RCD_TRIP"]
    outlet.unplug()
    charging.run(40000)
    charging.charge()
    assert contactor.coil_on


# The oracle forgives none of it.


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("trouble", ["switched", "dim"])
def test_the_oracle_notices_a_charger_that_forgets_what_was_under_way(trouble, forgets, monkeypatch):
    if forgets:
        monkeypatch.setattr(Protection, "marks", lambda self: 0)
    play = Play(1, 1000, "switching")
    play.plug({})
    play.authorise()
    play.run(9000)
    if trouble == "switched":
        play.switch_phases(1, WAIT_MS)
    else:
        play.station.world.fault("phase_lost")
    play.run(20000)
    play.restart()
    play.authorise()
    with pytest.raises(Broken) if forgets else contextlib.nullcontext():
        play.switch_phases(1 if trouble == "switched" else 0, WAIT_MS)
        play.run(55000)
