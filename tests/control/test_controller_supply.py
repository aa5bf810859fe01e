"""The whole controller in front of a simulated outlet: supply, meter, earth, heat, and a socket's lock."""

import pytest

from control import faults, limits, states


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


def out_of_range(station, cause="under_voltage"):
    """The supply leaves its range, and comes back."""
    station.world.fault(cause)
    station.ms_until(lambda: not driven(station), 7000)
    station.world.clear(cause)


@pytest.mark.parametrize("delay_ms", [0, 90000])
def test_after_the_supply_was_out_of_range_chargers_do_not_all_come_back_at_once(charging, delay_ms):
    charging.mailbox.return_delay_ms = delay_ms
    out_of_range(charging)
    charging.ms_until(lambda: not names(charging), 32000)
    if delay_ms:
        charging.tick()
        assert (charging.snapshot.limit_ma, charging.snapshot.reason) == (0, limits.VOLTAGE)
    waited_ms = charging.ms_until(lambda: driven(charging), delay_ms + 6000)
    assert waited_ms >= delay_ms


def test_the_wait_may_be_skipped_on_site(charging):
    charging.mailbox.return_delay_ms = 600000
    out_of_range(charging, "over_voltage")
    charging.run(40000)
    assert duty_bp(charging) == 10000
    charging.mailbox.set_limit(limits.VOLTAGE, limits.NO_LIMIT_MA)
    charging.ms_until(lambda: driven(charging), 6000)


def test_a_short_dip_of_the_supply_changes_nothing(charging):
    charging.world.fault("under_voltage")
    charging.run(1800)
    charging.world.clear("under_voltage")
    charging.run(10000)
    assert driven(charging)
    assert names(charging) == []


@pytest.mark.parametrize(("meter_ma", "duty"), [(6000, 1000), (10000, 1666)])
def test_a_silent_meter_lets_flow_what_may_flow_unseen(charging, meter_ma, duty):
    charging.mailbox.meter_ma = meter_ma
    charging.run(2000)
    charging.world.fault("meter_silent")
    fallen_ms = charging.ms_until(lambda: duty_bp(charging) == duty, 7000)
    assert 4000 <= fallen_ms <= 5300
    charging.run(200)
    assert (names(charging), charging.snapshot.reason) == (["METER_COMM"], limits.METER)
    charging.run(60000)
    assert driven(charging)
    charging.world.clear("meter_silent")
    charging.run(3000)
    assert (names(charging), duty_bp(charging)) == ([], 5333)


def test_where_somebody_pays_by_the_meter_nothing_flows_without_it(charging):
    charging.mailbox.billing = True
    charging.run(2000)
    charging.world.fault("meter_silent")
    charging.ms_until(lambda: duty_bp(charging) == 10000, 5300)
    charging.ms_until(lambda: not driven(charging), 6000)
    assert charging.snapshot.faults == 1 << faults.METER_COMM
    charging.run(60000)
    assert not driven(charging)
    charging.world.clear("meter_silent")
    assert charging.ms_until(lambda: not names(charging), 3000) >= 1000  # one full good cycle
    charging.ms_until(lambda: driven(charging), 6000)


def test_a_meter_that_never_answered_is_silent_after_ten_seconds_and_trusted_before_by_nobody(station):
    station = station()
    station.world.fault("meter_silent")
    station.run(9900)
    assert (names(station), station.snapshot.limit_ma) == ([], 6000)
    station.run(200)
    assert names(station) == ["METER_COMM"]
    station.outlet.plug()
    station.authorise()
    station.ms_until(lambda: driven(station), 6000)
    assert duty_bp(station) == 1000


def test_a_board_without_a_meter_charges_without_one(station):
    station = station(metering=False)
    station.world.fault("meter_silent")
    station.charge()
    station.run(60000)
    assert (names(station), duty_bp(station), driven(station)) == ([], 5333, True)


def test_a_lost_earth_ends_only_when_it_was_good_for_half_a_minute_and_the_car_is_gone(charging):
    charging.world.fault("earth_lost")
    charging.ms_until(lambda: not driven(charging), 60)
    charging.world.clear("earth_lost")
    charging.run(20000)
    charging.outlet.unplug()
    charging.run(9800)
    assert names(charging) == ["PE_LOST"]
    charging.run(400)
    assert names(charging) == []


def test_an_earth_that_flickers_once_is_there(charging):
    for _ in range(20):
        charging.world.fault("earth_lost")
        charging.tick()
        charging.world.clear("earth_lost")
        charging.run(200)
    assert (driven(charging), names(charging)) == (True, [])


def test_a_stop_by_heat_goes_through_the_offer_and_opens_under_no_load(charging):
    charging.world.fault("over_temperature")
    charging.ms_until(lambda: duty_bp(charging) == 10000, 500)
    assert (driven(charging), charging.snapshot.state) == (True, states.STOPPING)
    charging.ms_until(lambda: not driven(charging), 6000)
    assert charging.outlet.car.current_ma == 0


def test_a_lost_sensor_that_comes_back_hot_is_no_reason_to_go_on(charging):
    charging.world.fault("temperature_sensor")
    charging.run(8000)
    charging.outlet.heat.ambient_dc = 600
    charging.outlet.heat._millidegc = 60000
    charging.world.clear("temperature_sensor")
    charging.run(400000)
    assert names(charging) == ["TEMP_SENSOR"]
    charging.outlet.heat._millidegc = 25000
    charging.outlet.heat.ambient_dc = 250
    assert charging.ms_until(lambda: not names(charging), 301000) >= 299000


def test_a_bolt_that_does_not_go_in_is_asked_three_times_then_four_times_over_until_unplugged(station):
    station = station(board="simulated_two")
    station.world.fault("lock_stuck")
    station.run(500)
    station.outlet.plug()
    station.authorise()
    for count in range(4):
        found_ms = station.ms_until(lambda: names(station) == ["LOCK_FAILED"], 6000)
        assert found_ms >= 4000
        assert bool(station.snapshot.latched) == (count == 3)
        if count < 3:
            assert station.ms_until(lambda: not names(station), 31000) >= 29900
    station.run(100000)
    assert names(station) == ["LOCK_FAILED"]
    assert station.outlet.contactor.cycles == 0
    station.world.clear("lock_stuck")
    station.replug()
    station.authorise()
    station.ms_until(lambda: driven(station), 31000)
    assert station.outlet.lock.holds


def test_a_bolt_that_does_not_come_out_is_told_and_asked_on(station):
    station = station(board="simulated_two")
    station.charge()
    station.world.fault("lock_stuck")
    station.withdraw()
    station.ms_until(lambda: names(station) == ["LOCK_STUCK"], 12000)
    assert not driven(station)
    station.run(60000)
    station.world.clear("lock_stuck")
    station.ms_until(lambda: not station.outlet.lock.holds, 2000)
    station.run(100)
    assert names(station) == []
    station.outlet.unplug()


@pytest.mark.parametrize("cause", ["cp_short", "rcd_trip", "over_voltage"])
def test_a_fault_does_not_let_go_of_a_plug_that_is_under_contract(station, cause):
    station = station(board="simulated_two")
    station.charge()
    station.world.fault(cause)
    station.run(7000)
    assert not driven(station)
    assert station.outlet.lock.holds
    station.withdraw()
    station.ms_until(lambda: not station.outlet.lock.holds, 1000)


def test_a_switch_that_shows_the_bolt_now_and_then_closes_nothing(station):
    station = station(board="simulated_two")
    station.run(2000)
    lock, readings = station.outlet.lock, iter(range(10**6))
    lock.stuck = True
    lock.sample = lambda now_ms: setattr(lock, "locked", lock.holds or next(readings) % 10 == 0)
    station.outlet.plug()
    station.run(1000)
    station.authorise()
    for _ in range(1500):
        station.tick()
        assert not driven(station)
    assert names(station) == ["LOCK_FAILED"]


@pytest.mark.parametrize(("bad_mv", "name"), [(265000, "OVER_VOLTAGE"), (190000, "UNDER_VOLTAGE")])
def test_until_a_fault_of_the_supply_ends_any_bad_reading_begins_its_time_anew(charging, bad_mv, name):
    charging.world.set(mains_mv=[bad_mv] * 3)
    charging.ms_until(lambda: not driven(charging), 7000)
    for _ in range(10):
        charging.world.set(mains_mv=[230000] * 3)
        charging.run(20000)
        charging.world.set(mains_mv=[bad_mv] * 3)
        charging.run(2000)
        assert names(charging) == [name]
    charging.world.set(mains_mv=[230000] * 3)
    assert charging.ms_until(lambda: not names(charging), 32000) >= 29000
