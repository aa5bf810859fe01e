"""The whole controller in front of a simulated outlet: one and three phases, and limits in W."""

import pytest

from control import faults, limits

WAIT_MS = 60000


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


@pytest.fixture
def switched(station):
    """A charging station that can switch phases."""
    station = station(switchable=True)
    station.charge()
    return station


def test_it_switches_with_open_contacts_and_after_the_wait_of_the_car(switched):
    outlet = switched.outlet
    switched.mailbox.phases = 1
    switched.run(200)
    assert duty_bp(switched) == 10000
    switched.ms_until(lambda: outlet.phase_switch.joined == 1, 7000)
    assert outlet.phase_switch.live_moves == 0
    waited_ms = switched.ms_until(lambda: duty_bp(switched) != 10000, WAIT_MS + 1000)
    assert waited_ms >= WAIT_MS - 200
    switched.ms_until(lambda: driven(switched), 6000)
    switched.run(6000)
    assert outlet.energy.current_ma == [16000, 0, 0]
    assert (switched.snapshot.phases, switched.snapshot.phases_in_use) == (1, 1)
    switched.mailbox.phases = 0
    switched.ms_until(lambda: outlet.energy.current_ma == [16000] * 3, WAIT_MS + 20000)
    assert outlet.phase_switch.live_moves == 0
    assert switched.snapshot.session == 1


def test_each_car_has_its_own_wait(switched):
    switched.mailbox.phase_wait_ms = 5000
    switched.mailbox.phases = 1
    switched.ms_until(lambda: switched.outlet.phase_switch.joined == 1, 7000)
    assert switched.ms_until(lambda: duty_bp(switched) != 10000, 6000) <= 5100


def test_a_switch_that_is_stuck_offers_nothing_until_a_technician_came(switched):
    switched.world.fault("phase_stuck")
    switched.mailbox.phases = 1
    switched.ms_until(lambda: names(switched) == ["PHASE_SWITCH"], 12000)
    switched.run(100000)
    assert (driven(switched), duty_bp(switched)) == (False, 10000)
    switched.restart()
    switched.run(1000)
    assert names(switched) == ["PHASE_SWITCH"]
    switched.world.clear("phase_stuck")
    switched.mailbox.phases = 0
    switched.run(5000)
    switched.mailbox.clear(1 << faults.PHASE_SWITCH)
    switched.authorise()
    switched.ms_until(lambda: driven(switched), 100000)


def test_a_switch_that_moves_by_itself_opens_under_no_load(switched):
    switch = switched.outlet.phase_switch
    switch.wanted = 1
    switched.run(200)
    assert switch.joined == 1
    switched.ms_until(lambda: not driven(switched), 6100)
    switched.ms_until(lambda: names(switched) == ["PHASE_SWITCH"], 3200)


def test_without_a_switch_nobody_is_asked_to_switch(charging):
    charging.mailbox.phases = 1
    charging.run(10000)
    assert driven(charging)
    assert charging.snapshot.phases == 3


@pytest.mark.parametrize(
    ("traits", "used", "offered_ma"), [({}, 3, 10000), ({"phases": 2}, 2, 15000), ({"phases": 1}, 1, 30000)]
)
def test_watts_are_for_the_phases_that_the_car_uses(station, traits, used, offered_ma):
    station = station()
    station.mailbox.limited_session = 1
    station.mailbox.set_power(limits.SESSION_POWER, 6900)
    station.charge(max_a=32, **traits)
    assert station.snapshot.offered_ma < 10500  # any car gets what three phases may have
    station.run(20000)
    snapshot = station.snapshot
    assert (snapshot.phases_in_use, snapshot.reason) == (used, limits.SESSION_POWER)
    assert abs(snapshot.offered_ma - offered_ma) < offered_ma // 25
    power_w = sum(station.outlet.energy.power_w)
    assert 6400 <= power_w <= 6920
    station.replug(max_a=32)
    station.authorise()
    station.run(12000)
    assert (snapshot.offered_ma, snapshot.reason) == (32000, limits.HARDWARE)


def test_a_limit_below_six_amperes_on_a_phase_that_the_car_does_not_use_is_not_its_business(station):
    station = station()
    station.mailbox.car_phases = 1
    station.mailbox.set_phases(limits.LOAD_BALANCING, 16000, 4000, 4000)
    station.charge(phases=1)
    assert station.outlet.energy.current_ma == [15996, 0, 0]


def test_a_car_that_is_not_what_it_was_said_to_be_is_limited_within_a_reading(station):
    station = station()
    station.mailbox.car_phases = 1
    station.mailbox.set_phases(limits.LOAD_BALANCING, 16000, 4000, 4000)
    station.run(500)
    station.outlet.plug(phases=3)
    station.authorise()
    station.ms_until(lambda: station.outlet.energy.current_ma[2] >= 1000, 12000)
    assert station.ms_until(lambda: duty_bp(station) == 10000, 1200) <= 1200
    assert station.snapshot.reason == limits.LOAD_BALANCING


def test_after_a_switch_to_one_phase_the_whole_power_goes_through_it(switched):
    switched.mailbox.phase_wait_ms = 1000
    switched.mailbox.set_power(limits.OWNER, 3680)
    switched.run(8000)
    assert not driven(switched)  # 5.3 A on each of three phases is none
    switched.mailbox.phases = 1
    switched.ms_until(lambda: driven(switched), 30000)
    assert 15500 <= switched.snapshot.offered_ma <= 16500
