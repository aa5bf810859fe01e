"""The whole controller in front of a simulated outlet: late ticks, stalls and restarts."""

import pytest

from control import faults, pilot, states


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def test_booting_with_a_car_that_asks_for_power_is_no_fault(charging):
    charging.boot()
    assert not driven(charging)
    charging.run(5000)
    assert charging.snapshot.faults == 0
    assert charging.snapshot.plugged
    assert not driven(charging)
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 6000)


def test_at_boot_the_pilot_is_tested_in_state_f_and_then_put_on_twelve_volts(station):
    station = station()
    assert duty_bp(station) == 0
    station.tick()
    held_ms = station.ms_until(lambda: duty_bp(station) == 10000, 400)
    assert held_ms >= 300
    station.run(100)
    assert station.snapshot.state == states.IDLE
    assert station.controller.protection.post.passed


def test_the_energy_of_a_life_goes_on_over_a_restart(charging):
    charging.run(60000)
    wh = charging.snapshot.lifetime_wh
    charging.boot(lifetime_wh=wh + 1000, register_wh=charging.meter.energy_wh)
    charging.authorise()
    charging.run(60000)
    assert charging.snapshot.lifetime_wh == charging.meter.energy_wh + 1000 > wh + 1000


def test_nothing_closes_within_five_seconds_of_a_restart(charging):
    """Nobody knows when the contactor opened before it."""
    for _ in range(2):
        charging.restart()
        charging.authorise()
        assert not driven(charging)
        assert 4980 <= charging.ms_until(lambda: driven(charging), 6000) <= 5100


def test_restarts_one_after_the_other_close_nothing(charging):
    cycles = charging.outlet.contactor.cycles
    for _ in range(20):
        charging.restart()
        charging.authorise()
        charging.run(4900)
    assert charging.outlet.contactor.cycles == cycles


@pytest.mark.parametrize("cause", ["cp_short", "cp_diode", "ventilation"])
def test_the_half_minute_after_a_fault_begins_anew_with_a_restart(charging, cause):
    charging.world.fault(cause)
    charging.ms_until(lambda: charging.snapshot.faults, 300)
    charging.world.clear(cause)
    assert charging.snapshot.latched == 0
    charging.restart()
    charging.authorise()
    assert 29900 <= charging.ms_until(lambda: driven(charging), 40000) <= 32500


def latch_the_diode(station):
    for _ in range(3):
        station.ms_until(lambda: driven(station), 40000)
        station.run(1000)
        station.world.fault("cp_diode")
        station.ms_until(lambda: not driven(station), 120)
        station.world.clear("cp_diode")
    assert station.snapshot.latched == 1 << faults.CP_DIODE


def test_a_latched_diode_fault_survives_restarts_and_ends_on_unplug(charging):
    latch_the_diode(charging)
    for _ in range(3):
        charging.restart()
        charging.authorise()
        charging.run(40000)
        assert not driven(charging)
        assert charging.snapshot.plugged
        assert charging.snapshot.latched == charging.snapshot.faults == 1 << faults.CP_DIODE
    charging.replug()
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 600000)  # three closings not long ago are remembered too
    assert charging.snapshot.faults == 0


def test_a_latch_ends_after_a_restart_only_once_it_was_seen_that_no_car_is_there(charging):
    latch_the_diode(charging)
    line = charging.outlet.line
    line.lost = True  # at first nothing is seen at all
    charging.restart()
    charging.run(5000)
    assert charging.snapshot.faults & 1 << faults.CP_DIODE
    charging.outlet.unplug()
    line.lost = False
    charging.ms_until(lambda: charging.snapshot.level == pilot.A, 200)
    assert charging.snapshot.faults & 1 << faults.CP_DIODE
    # Only now, with nobody there, can the self-test of the pilot take its 300 ms in state F.
    seen_ms = charging.ms_until(lambda: not charging.snapshot.faults & 1 << faults.CP_DIODE, 700)
    assert 500 <= seen_ms <= 600


def test_a_trip_survives_a_restart_and_waits_for_its_unplug_and_test(charging):
    charging.outlet.residual.pulse()
    charging.run(1000)
    trips = charging.outlet.residual.trips
    for _ in range(2):
        charging.restart()
        charging.outlet.residual.rearm()  # even a latch that forgot
        charging.authorise()
        charging.run(60000)
        assert charging.snapshot.latched == 1 << faults.RCD_TRIP
        assert charging.outlet.residual.trips == trips
    charging.outlet.unplug()
    charging.run(1000)
    assert charging.outlet.residual.trips == trips + 1
    assert charging.snapshot.faults == 0
    charging.outlet.plug()
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 40000)


@pytest.mark.parametrize("late_ms", [pilot.LATE_MS, 60, 99])
@pytest.mark.parametrize("leave", ["s2", "plug"])
def test_a_late_tick_that_sees_no_readiness_opens_at_once(charging, late_ms, leave):
    if leave == "s2":
        charging.outlet.line.load(2740)
    else:
        charging.outlet.unplug()
    charging.tick(late_ms)
    assert not driven(charging)


@pytest.mark.parametrize("late_ms", [100, 150, 240])
def test_a_feedback_glitch_at_a_late_tick_is_no_weld(charging, late_ms):
    charging.outlet.car.set(charge=0)
    charging.ms_until(lambda: not driven(charging), 3000)
    charging.run(1000)
    mirror = charging.lane.parts.contactor
    for _ in range(5):
        mirror.sample = lambda now_ms: setattr(mirror, "closed", True)
        charging.tick(late_ms)
        del mirror.sample
        charging.run(500)
    assert charging.snapshot.faults == 0
    assert charging.outlet.line.duty_bp != 0


@pytest.mark.parametrize("late_ms", [100, 110, 240])
def test_a_weld_is_seen_however_late_the_ticks_come(charging, late_ms):
    charging.world.fault("relay_welded")
    charging.outlet.car.set(charge=0)
    charging.ms_until(lambda: not driven(charging), 3000)
    for _ in range(-(-250 // late_ms) + 1):
        charging.tick(late_ms)
    assert charging.snapshot.faults == 1 << faults.RELAY_WELDED


@pytest.mark.parametrize("late_ms", [40, 60, 99])
def test_a_late_tick_within_the_lease_changes_nothing(charging, late_ms):
    cycles = charging.outlet.contactor.cycles
    charging.tick(late_ms)
    charging.run(7000)
    assert charging.snapshot.faults == 0
    assert charging.outlet.contactor.cycles == cycles


@pytest.mark.parametrize("late_ms", [100, 150, 1000, 60000])
def test_a_tick_after_the_lease_is_no_fault_but_an_opening_with_its_pause(charging, late_ms):
    charging.tick(late_ms)
    assert not driven(charging)
    assert charging.snapshot.state == states.OFFERED
    closed_ms = charging.ms_until(lambda: driven(charging), 6000)
    assert 4900 <= closed_ms <= 5040
    charging.run(1000)
    assert charging.snapshot.faults == 0
    assert charging.outlet.contactor.contacts_closed


def test_one_bad_low_plateau_after_a_stall_is_no_bad_diode(charging):
    charging.world.fault("cp_diode")
    charging.tick(3000)
    charging.world.clear("cp_diode")
    charging.run(1000)
    assert charging.snapshot.faults == 0


def test_a_car_that_left_during_a_stall_finds_the_contactor_open(charging):
    charging.outlet.unplug()
    charging.pass_by(200)
    assert not charging.outlet.contactor.contacts_closed
    charging.tick()
    assert not driven(charging)
    charging.run(1000)
    assert charging.snapshot.faults == 0
    assert not charging.snapshot.plugged


def test_when_the_guard_stops_everything_is_withdrawn(charging):
    charging.lane.open()
    assert (duty_bp(charging), driven(charging)) == (10000, False)
    charging.run(60000)
    assert (duty_bp(charging), driven(charging)) == (10000, False)


def test_the_age_of_a_reading_is_counted_past_any_wrap_of_the_clock(charging):
    charging.outlet.energy.silent = True
    charging.run(5000)
    assert 5000 <= charging.lane.meter_age_ms() <= 6000
    for _ in range(10):
        charging.lane.tick((charging.now_ms + 2**28) % 2**30)
        charging.now_ms = (charging.now_ms + 2**28) % 2**30
    assert charging.lane.meter_age_ms() == 2**29 - 1


@pytest.mark.parametrize("late_ms", [110, 230, 260, 1000])
@pytest.mark.parametrize("ticks", [1, 2])
def test_a_stall_after_an_opening_is_no_weld(charging, late_ms, ticks):
    charging.outlet.car.set(charge=0)
    charging.ms_until(lambda: not driven(charging), 3000)
    for _ in range(ticks - 1):
        charging.tick()
    charging.tick(late_ms)
    charging.run(1000)
    assert charging.snapshot.faults & (1 << faults.RELAY_WELDED) == 0


@pytest.mark.parametrize("late_ms", [100, 300, 1000, 5000])
def test_a_late_second_tick_finds_no_heat_and_no_switched_phase(station, late_ms):
    station = station(switchable=True)
    station.tick()
    station.tick(late_ms)
    station.run(200)
    assert station.snapshot.faults & ~(1 << faults.SYS_OVERRUN) == 0
    assert not station.controller.protection.switching.active
