"""The whole controller in front of a simulated outlet whose physics go wrong."""

import itertools

import pytest

from control import faults, pilot, states, windows

DANGER = 1 << faults.RELAY_WELDED


def driven(station):
    return station.outlet.contactor.driven


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


@pytest.mark.parametrize(
    ("cause", "name", "within_ms"),
    [
        ("cp_short", "EV_STATE_E", 120),
        ("cp_noise", "CP_ILLEGAL", 400),
        ("cp_diode", "CP_DIODE", 120),
        ("ventilation", "EV_STATE_D", 40),
        ("rcd_trip", "RCD_TRIP", 20),
    ],
)
def test_a_cause_opens_in_time_and_closes_again_only_after_half_a_minute(charging, cause, name, within_ms):
    charging.world.fault(cause)
    charging.ms_until(lambda: not driven(charging), within_ms)
    assert name in names(charging) or cause == "cp_noise"
    charging.run(1000)
    assert name in names(charging)
    charging.world.clear(cause)
    charging.replug()
    charging.authorise()
    charging.run(25000)
    assert not driven(charging)
    charging.ms_until(lambda: driven(charging), 12000)
    assert names(charging) == []


def test_a_fault_is_told_when_it_begins_and_when_it_ends(charging):
    charging.drain()
    charging.world.fault("cp_short")
    charging.run(1000)
    charging.world.clear("cp_short")
    charging.run(31000)
    told = [(code, a) for code, a, _ in charging.drain() if code in (windows.FAULT, windows.FAULT_END)]
    assert told == [(windows.FAULT, faults.EV_STATE_E), (windows.FAULT_END, faults.EV_STATE_E)]


@pytest.mark.parametrize("cause", ["cp_short", "cp_diode", "rcd_trip"])
def test_a_fault_that_stays_closes_nothing(charging, cause):
    charging.world.fault(cause)
    charging.run(120)
    cycles = charging.outlet.contactor.cycles
    charging.run(120000)
    assert charging.outlet.contactor.cycles == cycles
    charging.replug()
    charging.authorise()
    charging.run(60000)
    assert charging.outlet.contactor.cycles == cycles


def test_a_car_that_mends_its_pilot_is_taken_up_again_three_times(charging):
    for _ in range(3):
        charging.world.fault("cp_short")
        charging.run(200)
        charging.world.clear("cp_short")
        charging.ms_until(lambda: driven(charging), 40000)
        assert charging.snapshot.latched == 0
    charging.world.fault("cp_short")
    charging.run(200)
    charging.world.clear("cp_short")
    charging.run(100000)
    assert not driven(charging)
    assert charging.snapshot.latched == 1 << faults.EV_STATE_E


def test_the_diode_is_watched_throughout_and_latches_the_third_time(charging):
    for count in range(3):
        charging.ms_until(lambda: driven(charging), 40000)
        charging.run(1000)
        charging.world.fault("cp_diode")
        charging.ms_until(lambda: not driven(charging), 120)
        assert names(charging) == ["CP_DIODE"]
        assert charging.outlet.line.duty_bp == 10000
        assert bool(charging.snapshot.latched) == (count == 2)
        charging.world.clear("cp_diode")
    charging.run(60000)
    assert not driven(charging)
    charging.replug()
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 40000)


def test_a_bad_diode_is_found_before_anything_closes(station):
    station = station()
    station.world.fault("cp_diode")
    station.run(500)
    station.outlet.plug()
    station.authorise()
    station.run(30000)
    assert station.outlet.contactor.cycles == 0
    assert names(station) == ["CP_DIODE"]


def test_a_low_plateau_that_is_bad_for_a_moment_is_forgiven(charging):
    for _ in range(10):
        charging.world.fault("cp_diode")
        charging.run(60)
        charging.world.clear("cp_diode")
        charging.run(100)
    assert driven(charging)
    assert charging.snapshot.faults == 0


def test_a_pilot_that_falls_silent_holds_nothing(charging):
    charging.outlet.line.powered = False
    charging.ms_until(lambda: not driven(charging), 120)
    assert names(charging) == ["CP_ILLEGAL"]
    assert charging.snapshot.plugged


def test_a_pilot_that_shows_nothing_after_boot_is_a_fault_after_a_second(station):
    station = station()
    station.outlet.line.powered = False
    station.run(940)
    assert station.snapshot.state == states.STARTING
    assert names(station) == []
    station.run(200)
    assert names(station) == ["CP_ILLEGAL"]


def test_a_pulse_of_residual_current_between_two_ticks_opens_with_the_next(charging):
    charging.pass_by(7)
    charging.outlet.residual.pulse()
    assert not charging.outlet.contactor.coil_on  # the hardware was faster
    charging.tick(13)
    assert not driven(charging)
    assert names(charging) == ["RCD_TRIP"]
    assert charging.outlet.residual.latched


def test_a_trip_stands_until_unplug_and_a_passed_test(charging):
    charging.outlet.residual.pulse()
    charging.run(100000)
    assert names(charging) == ["RCD_TRIP"]
    assert charging.snapshot.latched
    trips = charging.outlet.residual.trips
    charging.outlet.unplug()
    charging.run(180)
    assert names(charging) == ["RCD_TRIP"]
    charging.run(1000)
    assert charging.outlet.residual.trips == trips + 1
    assert names(charging) == []


def test_a_device_that_fails_its_test_charges_nobody_not_even_after_a_restart(station):
    station = station()
    station.world.fault("rcd_dead")
    station.run(500)
    station.outlet.plug()
    station.authorise()
    station.run(10000)
    assert station.outlet.contactor.cycles == 0
    assert names(station) == ["RCD_TEST"]
    station.world.clear("rcd_dead")
    station.replug()
    station.authorise()
    station.run(40000)
    assert names(station) == ["RCD_TEST"]
    station.boot(lasting_faults=station.snapshot.faults & faults.LASTING)
    station.authorise()
    station.run(40000)
    assert names(station) == ["RCD_TEST"]
    assert station.snapshot.latched
    station.mailbox.clear(1 << faults.RCD_TEST)
    station.ms_until(lambda: driven(station), 40000)


def test_the_device_is_tested_before_each_car_and_never_with_closed_contacts(charging):
    trips = charging.outlet.residual.trips
    charging.run(60000)
    assert charging.outlet.residual.trips == trips == 1
    charging.replug()
    charging.run(2000)
    assert charging.outlet.residual.trips == 2


def test_a_charge_of_more_than_a_day_is_followed_by_a_test(charging):
    for _ in range(25):
        for _ in range(600):
            charging.tick(80)
        charging.pass_by(0)
        charging.controller._rcd._since_test_ms += 3600000  # an hour that nobody has to sit through
    assert charging.outlet.residual.trips == 1
    charging.outlet.car.set(charge=0)
    charging.run(3000)
    assert charging.outlet.residual.trips == 2
    assert charging.snapshot.faults == 0


def test_a_welded_contact_is_danger_in_state_f_until_a_technician_came(charging):
    charging.world.fault("relay_welded")
    charging.withdraw()
    charging.ms_until(lambda: charging.snapshot.faults, 7000)
    assert names(charging) == ["RELAY_WELDED"]
    assert charging.outlet.line.duty_bp == 0
    charging.world.clear("relay_welded")
    charging.replug()
    charging.authorise()
    charging.run(100000)
    assert names(charging) == ["RELAY_WELDED"]
    assert charging.outlet.line.duty_bp == 0


def test_a_weld_survives_a_restart_and_nothing_else_is_claimed(charging):
    charging.world.fault("relay_welded")
    charging.outlet.line.load(2740)
    charging.run(1000)
    charging.boot(lasting_faults=charging.snapshot.faults)
    charging.run(100000)
    assert names(charging) == ["RELAY_WELDED"]
    assert charging.outlet.line.duty_bp == 0
    assert charging.drain() == [(windows.STATE, states.STARTING, states.FAULTED)]
    charging.world.clear("relay_welded")
    charging.run(100)
    charging.mailbox.clear(DANGER)
    charging.run(1000)
    assert names(charging) == []
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 40000)


def test_a_technician_cannot_clear_a_weld_that_is_still_there(charging):
    charging.world.fault("relay_welded")
    charging.outlet.line.load(2740)
    charging.run(1000)
    charging.mailbox.clear(DANGER)
    charging.run(1000)
    assert names(charging) == ["RELAY_WELDED"]


def test_a_car_that_left_in_state_f_is_gone_afterwards(charging):
    charging.world.fault("relay_welded")
    charging.outlet.line.load(2740)
    charging.run(1000)
    charging.outlet.unplug()
    charging.world.clear("relay_welded")
    charging.run(1000)
    assert charging.snapshot.plugged  # state F says nothing of the car
    charging.mailbox.clear(DANGER)
    charging.run(1000)
    assert not charging.snapshot.plugged
    assert charging.snapshot.level == pilot.A


def test_a_socket_stays_locked_on_a_weld(station):
    station = station(board="simulated_two")
    station.charge()
    station.world.fault("relay_welded")
    station.withdraw()
    station.run(60000)
    assert names(station) == ["RELAY_WELDED"]
    assert station.outlet.lock.holds


def test_a_contactor_that_does_not_close_is_tried_twice_more_a_minute_apart(station):
    station = station()
    station.world.fault("relay_stuck_open")
    station.run(500)
    station.outlet.plug()
    station.authorise()
    tries_ms = [station.ms_until(lambda: driven(station), 6000)]
    for _ in range(2):
        assert station.ms_until(lambda: not driven(station), 300) <= 280
        assert station.snapshot.latched == 0
        tries_ms.append(station.ms_until(lambda: driven(station), 70000))
    assert min(tries_ms[1:]) >= 59900
    station.run(300000)
    assert not driven(station)
    assert station.snapshot.latched == 1 << faults.RELAY_STUCK_OPEN
    station.replug()
    station.authorise()
    station.run(100000)
    assert names(station) == ["RELAY_STUCK_OPEN"]
    station.world.clear("relay_stuck_open")
    station.mailbox.clear(1 << faults.RELAY_STUCK_OPEN)
    station.ms_until(lambda: station.outlet.contactor.contacts_closed, 40000)


def test_a_shorted_proximity_line_is_a_fault_of_a_socket(station):
    station = station(board="simulated_two")
    station.charge()
    station.world.fault("pp_short")
    station.tick()
    assert not driven(station)
    assert names(station) == ["PP_INVALID"]


def test_a_tethered_cable_has_no_proximity_line_to_short(charging):
    charging.world.fault("pp_short")
    charging.run(1000)
    assert names(charging) == []
    assert driven(charging)


def test_nothing_closes_over_a_mirror_contact_that_chatters(station):
    """Too short for a weld, and no proof of open contacts either."""
    station = station()
    station.run(500)
    station.outlet.plug()
    contactor = station.lane.parts.contactor
    readings = itertools.cycle([True] * 10 + [False])
    contactor.sample = lambda now_ms: setattr(contactor, "closed", next(readings))
    station.authorise()
    for _ in range(500):
        station.tick()
        if driven(station):
            break
    assert driven(station)
    assert not contactor.closed


def test_a_test_that_falls_due_before_the_close_comes_first(station):
    station = station()
    station.run(500)
    station.outlet.plug(charge=0)
    station.authorise()
    station.run(3000)
    trips = station.outlet.residual.trips
    station.outlet.line.load(882)
    station.run(500)
    station.controller._rcd._since_test_ms = 86400000  # a car that slept for a day
    station.ms_until(lambda: station.snapshot.state == states.CHARGING, 3000)
    assert station.outlet.residual.trips == trips + 1
    assert driven(station)
