"""The whole controller in front of a simulated outlet: residual current, and the test of its device."""

from control import faults, states


def driven(station):
    return station.outlet.contactor.driven


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


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
    station.restart()
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
            charging.tick(50)
        charging.pass_by(0)
        charging.controller.protection.rcd._since_test_ms += 3600000  # an hour that nobody has to sit through
    assert charging.outlet.residual.trips == 1
    charging.outlet.car.set(charge=0)
    charging.run(3000)
    assert charging.outlet.residual.trips == 2
    assert charging.snapshot.faults == 0


def test_a_test_that_falls_due_before_the_close_comes_first(station):
    station = station()
    station.run(500)
    station.outlet.plug(charge=0)
    station.authorise()
    station.run(3000)
    trips = station.outlet.residual.trips
    station.outlet.line.load(882)
    station.run(500)
    station.controller.protection.rcd._since_test_ms = 86400000  # a car that slept for a day
    station.ms_until(lambda: station.snapshot.state == states.CHARGING, 3000)
    assert station.outlet.residual.trips == trips + 1
    assert driven(station)
