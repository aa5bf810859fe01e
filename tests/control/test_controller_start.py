"""The whole controller in front of a simulated outlet: the self-test of its pilot, and system errors."""

import pytest

from control import faults, pilot, states


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


def test_the_self_test_is_the_first_thing_and_lasts_no_longer_than_state_f_must(station):
    station = station()
    station.tick()
    assert duty_bp(station) == 0
    assert 280 <= station.ms_until(lambda: duty_bp(station) == 10000, 400) <= 320
    station.run(60)
    assert (station.snapshot.state, station.snapshot.level) == (states.IDLE, pilot.A)


def test_a_pilot_that_cannot_go_negative_is_a_system_error(station):
    station = station()
    station.world.fault("pilot_dead")
    assert 2000 <= station.ms_until(lambda: names(station) == ["SYS_1"], 3000) <= 2200
    assert (duty_bp(station), station.snapshot.state) == (0, states.FAULTED)
    station.outlet.plug()
    station.authorise()
    station.run(60000)
    assert station.outlet.contactor.cycles == 0


def test_a_system_error_ends_by_one_restart_and_stays_when_it_comes_back(station):
    station = station()
    station.world.fault("pilot_dead")
    station.run(3000)
    assert station.snapshot.latched == 0
    station.restart()
    station.run(3000)
    assert station.snapshot.latched == 1 << faults.SYS_POST
    station.world.clear("pilot_dead")
    for _ in range(2):
        station.restart()
        station.outlet.unplug()
        station.run(1000)
        assert names(station) == ["SYS_1"]
    station.mailbox.clear(1 << faults.SYS_POST)
    station.run(1000)
    station.outlet.plug()
    station.authorise()
    station.ms_until(lambda: driven(station), 31000)


def test_a_system_error_that_does_not_come_back_is_forgotten_after_an_hour(station):
    station = station()
    station.world.fault("pilot_dead")
    station.run(3000)
    station.world.clear("pilot_dead")
    station.restart()
    station.run(1000)
    assert names(station) == []
    assert station.snapshot.restarted == 1 << faults.SYS_POST
    station.restart()  # this one has another reason
    station.run(1000)
    assert station.snapshot.restarted == 1 << faults.SYS_POST
    for _ in range(3600):
        station.tick(1000)
    assert station.snapshot.restarted == 0


@pytest.mark.parametrize("cause", ["cp_diode", "cp_short"])
def test_a_car_that_hides_the_answer_is_no_defect_of_the_charger(station, cause):
    station = station()
    station.outlet.plug()
    station.world.fault(cause)
    station.restart()
    station.run(3000)
    assert "SYS_1" not in names(station)
    assert not station.controller.protection.post.passed
    station.world.clear(cause)
    station.outlet.unplug()
    station.run(3000)
    assert names(station) == []
    assert station.controller.protection.post.passed
    station.outlet.plug()
    station.authorise()
    station.ms_until(lambda: driven(station), 31000)


@pytest.mark.parametrize("traits", [{}, {"simplified": 1}])
def test_booting_with_a_car_that_asks_for_power_charges_it(station, traits):
    """Nobody has seen it in state B since, so it may be one that has no switch."""
    station = station()
    station.charge(**traits)
    station.boot()
    station.authorise()
    assert station.ms_until(lambda: driven(station), 10000) <= 6000
    assert station.snapshot.offered_ma == 10000
    assert station.snapshot.faults == 0
    if not traits:
        station.outlet.car.set(charge=0)
        station.run(4000)
        station.outlet.car.set(charge=1)
        station.run(10000)
        assert (station.snapshot.offered_ma, driven(station)) == (32000, True)


def test_a_simplified_car_gets_ten_amperes(station):
    station = station()
    station.run(5000)
    station.outlet.plug(simplified=1, max_a=32)
    station.authorise()
    station.ms_until(lambda: driven(station), 3000)
    assert duty_bp(station) == 1666
    station.run(60000)
    assert (station.outlet.car.current_ma, duty_bp(station)) == (9996, 1666)
    station.replug()
    station.authorise()
    station.run(12000)
    assert duty_bp(station) == 5333


@pytest.mark.parametrize("code", [faults.SYS_WATCHDOG, faults.SYS_CONFIG])
def test_what_the_firmware_sees_opens_and_shows_state_f(charging, code):
    charging.mailbox.system_faults = 1 << code
    charging.tick()
    assert (driven(charging), duty_bp(charging)) == (False, 0)
    assert charging.snapshot.faults == 1 << code
    charging.mailbox.system_faults = 0
    charging.replug()
    charging.authorise()
    charging.run(100000)
    assert charging.snapshot.faults == 1 << code
    charging.restart()
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 40000)


def test_three_stalls_under_a_closed_contactor_in_ten_minutes_are_an_overrun(charging):
    for _ in range(2):
        charging.tick(150)
        charging.ms_until(lambda: driven(charging), 6000)
        charging.run(500)
    assert names(charging) == []
    charging.tick(150)
    assert names(charging) == ["SYS_4"]
    assert duty_bp(charging) == 0
    charging.mailbox.clear(1 << faults.SYS_OVERRUN)
    charging.run(1000)
    assert names(charging) == []


@pytest.mark.parametrize("gaps_ms", [(90,), (60, 20, 20), (51, 20, 20, 20)])
def test_ticks_that_are_late_time_and_again_under_a_closed_contactor_are_an_overrun(charging, gaps_ms):
    passed_ms = 0
    while not names(charging):
        assert passed_ms < 15000
        for gap_ms in gaps_ms:
            charging.tick(gap_ms)
            passed_ms += gap_ms
    assert passed_ms >= 3000
    assert names(charging) == ["SYS_4"]
    assert not driven(charging)
    charging.mailbox.clear(1 << faults.SYS_OVERRUN)
    charging.run(1000)
    assert names(charging) == []


def test_single_late_ticks_and_short_rows_of_them_are_no_overrun(charging):
    for _ in range(50):
        for gap_ms in (50, 50, 90, 90, 90, 90):
            charging.tick(gap_ms)
        charging.run(1000)
    assert names(charging) == []
    assert driven(charging)


def test_stalls_with_an_open_contactor_are_none(station):
    station = station()
    station.run(1000)
    station.outlet.plug()
    for _ in range(20):
        station.tick(5000)
    for _ in range(100):
        station.tick(90)
    assert names(station) == []
    station.authorise()
    station.ms_until(lambda: driven(station), 6000)


def test_a_restart_after_a_mere_warning_takes_no_half_minute(charging):
    charging.outlet.energy.silent = True
    charging.run(7000)
    assert names(charging) == ["METER_COMM"]
    charging.restart()
    charging.authorise()
    assert charging.ms_until(lambda: driven(charging), 7000) <= 6000


def test_closings_and_cycles_go_on_over_a_restart(charging):
    assert (charging.snapshot.cycles, charging.snapshot.closings) == (1, 1)
    for count in (2, 3):
        charging.restart()
        charging.authorise()
        charging.ms_until(lambda: driven(charging), 7000)
        assert (charging.snapshot.cycles, charging.snapshot.closings) == (count, count)
    charging.restart()
    charging.authorise()
    waited_ms = charging.ms_until(lambda: driven(charging), 601000)
    assert waited_ms >= 599000
    assert (charging.snapshot.cycles, charging.snapshot.closings) == (4, 1)
