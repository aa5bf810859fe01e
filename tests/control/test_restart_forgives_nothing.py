"""The whole controller: a restart forgives no heat, no lost sensor, and none of the tries that were used."""

import pytest

from control import faults

COOL_DC, WARM_DC, CRITICAL_DC = 500, 690, 720
REST_MS = 300000


def driven(station):
    return station.outlet.contactor.driven


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


def restart(station):
    station.restart()
    station.authorise()


def too_hot(station):
    station.outlet.heat.place_dc = CRITICAL_DC
    station.ms_until(lambda: "OVERTEMP_STOP" in names(station), 60000)
    station.outlet.heat.place_dc = WARM_DC


def blind(station):
    station.outlet.heat.place_dc = WARM_DC
    station.outlet.heat.sensor_open = True
    station.ms_until(lambda: "TEMP_SENSOR" in names(station), 3000)
    station.outlet.heat.sensor_open = False


@pytest.mark.parametrize("stop", [too_hot, blind])
def test_after_heat_or_a_lost_sensor_it_is_cool_for_five_minutes_whatever_restarts(charging, stop):
    stop(charging)
    for _ in range(3):
        restart(charging)
        charging.run(40000)
        assert not driven(charging)
    charging.outlet.heat.place_dc = COOL_DC
    charging.ms_until(lambda: charging.outlet.heat.felt_dc() < 550, 600000)
    charging.run(200000)
    restart(charging)
    waited_ms = charging.ms_until(lambda: driven(charging), REST_MS + 10000)
    assert waited_ms >= REST_MS


def over_current(station):
    station.mailbox.set_limit(3, 10000)
    station.outlet.car.greedy = True


def stuck_open(station):
    station.outlet.contactor.stuck_open = True


def bad_diode(station):
    if driven(station):
        station.world.fault("cp_diode")
    elif names(station):
        station.world.clear("cp_diode")


def state_e(station):
    if driven(station):
        station.world.fault("cp_short")
    elif names(station):
        station.world.clear("cp_short")


@pytest.mark.parametrize(
    ("cause", "code", "rest_ms"),
    [
        (over_current, faults.OVER_CURRENT, 60000),
        (stuck_open, faults.RELAY_STUCK_OPEN, 60000),
        (bad_diode, faults.CP_DIODE, 30000),
        (state_e, faults.EV_STATE_E, 30000),
    ],
)
def test_a_fault_lasts_after_as_many_tries_whatever_restarts(charging, cause, code, rest_ms):
    row = faults.ROWS[code]
    charging.outlet.car.set(charge=0)
    charging.run(8000)
    charging.outlet.car.set(charge=1)
    for used in range(row.tries + 1):
        if used:
            assert charging.ms_until(lambda: driven(charging), 700000) >= rest_ms
        for _ in range(1000):
            cause(charging)
            if charging.snapshot.faults & row.bit:
                break
            charging.tick()
        assert bool(charging.snapshot.latched & row.bit) == (used == row.tries)
        charging.run(1000)
        cause(charging)
        restart(charging)
    charging.run(700000)
    assert not driven(charging)
    assert charging.snapshot.latched == row.bit


def test_tries_that_were_used_end_with_the_plug_in_after_a_restart_too(charging):
    charging.world.fault("cp_short")
    charging.run(1000)
    charging.world.clear("cp_short")
    charging.run(31000)
    assert charging.snapshot.spent
    restart(charging)
    charging.run(2000)
    assert charging.snapshot.spent
    charging.outlet.unplug()
    charging.run(1000)
    assert charging.snapshot.spent == 0
