"""The whole controller in front of a simulated outlet: how a charge begins, goes on and ends."""

import pytest

from control import limits, pilot, states, windows

RELEASE_MS = 30
"""Of the simulated contactor."""


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def test_a_car_charges_soon_after_it_may(station):
    station = station()
    station.run(5000)
    station.outlet.plug(reaction_ms=500)
    station.authorise()
    passed_ms = station.ms_until(lambda: station.outlet.car.s2, 3000)
    passed_ms += station.ms_until(lambda: driven(station), 3000)
    assert 500 <= passed_ms <= 3000
    station.run(6000)
    snapshot = station.snapshot
    assert station.outlet.car.current_ma == 16000
    assert (snapshot.state, snapshot.level) == (states.CHARGING, pilot.C)
    assert (snapshot.offered_ma, snapshot.limit_ma, snapshot.reason) == (32000, 32000, limits.HARDWARE)
    assert (snapshot.close, snapshot.closed, snapshot.faults) == (True, True, 0)
    assert (duty_bp(station), snapshot.session, snapshot.plugged) == (5333, 1, True)
    station.run(60000)
    assert snapshot.session_wh == station.outlet.energy.energy_wh > 150


def test_the_events_of_a_charge_tell_its_story(station):
    station = station()
    station.charge()
    station.outlet.unplug()
    station.run(1000)
    told = [(windows.EVENT_NAMES[code], a, b) for code, a, b in station.drain()]
    assert [event for event in told if event[0] != "level"] == [
        ("state", states.STARTING, states.IDLE),
        ("plugged", 1, 0),
        ("state", states.IDLE, states.CONNECTED),
        ("state", states.CONNECTED, states.OFFERED),
        ("offer", 32000, limits.HARDWARE),
        ("state", states.OFFERED, states.CHARGING),
        ("contactor", 1, 0),
        ("state", states.CHARGING, states.OFFERED),
        ("contactor", 0, 0),
        ("unplugged", 1, 0),
        ("state", states.OFFERED, states.IDLE),
        ("offer", 0, limits.HARDWARE),
    ]
    assert [event[1:] for event in told if event[0] == "level"] == [
        (pilot.SILENT, pilot.A),
        (pilot.A, pilot.B),
        (pilot.B, pilot.C),
        (pilot.C, pilot.A),
    ]


def test_without_authorisation_there_is_no_offer(station):
    station = station()
    station.run(500)
    station.outlet.plug()
    station.run(20000)
    assert (duty_bp(station), driven(station)) == (10000, False)
    assert station.snapshot.state == states.CONNECTED


def test_what_was_granted_to_one_session_is_not_granted_to_the_next(charging):
    charging.replug()
    charging.run(20000)
    assert charging.snapshot.plugged
    assert (duty_bp(charging), driven(charging)) == (10000, False)
    charging.mailbox.authorised_session += 2
    charging.run(5000)
    assert duty_bp(charging) == 10000
    charging.authorise()
    charging.ms_until(lambda: driven(charging), 6000)


def test_authorisation_may_come_before_the_car(station):
    station = station()
    station.authorise()
    station.run(5000)
    assert duty_bp(station) == 10000
    station.outlet.plug()
    station.ms_until(lambda: driven(station), 6000)


def test_a_connector_out_of_service_offers_nothing(charging):
    charging.mailbox.enabled = False
    charging.tick()
    assert duty_bp(charging) == 10000
    charging.ms_until(lambda: not driven(charging), 6000)
    charging.run(10000)
    assert not driven(charging)
    charging.mailbox.enabled = True
    charging.ms_until(lambda: driven(charging), 6000)


def test_a_withdrawn_offer_opens_when_the_car_lets_go(charging):
    charging.meter.period_ms = 100000  # too slow to help
    charging.withdraw()
    charging.tick()
    assert (duty_bp(charging), driven(charging)) == (10000, True)
    assert charging.snapshot.state == states.STOPPING
    charging.ms_until(lambda: not charging.outlet.car.s2, 5000)
    assert charging.ms_until(lambda: not driven(charging), 60) <= 40
    assert charging.snapshot.state == states.CONNECTED


def test_a_withdrawn_offer_opens_on_a_reading_below_one_ampere_that_is_younger_than_it(charging):
    car = charging.outlet.car
    charging.meter.period_ms = 100000
    charging.outlet.energy.current_ma[:] = [0, 0, 0]
    charging.meter.read(charging.now_ms)  # this one was taken before
    charging.withdraw()
    charging.run(500)
    assert driven(charging)
    charging.ms_until(lambda: car.current_ma < 8000, 4000)
    charging.meter.read(charging.now_ms)
    charging.run(100)
    assert driven(charging)
    charging.outlet.energy.current_ma[:] = [999, 0, 0]
    charging.meter.read(charging.now_ms)
    charging.tick()
    assert not driven(charging)
    assert car.s2


def test_any_phase_that_carries_an_ampere_keeps_it_closed(charging):
    charging.meter.period_ms = 100000
    charging.withdraw()
    charging.run(100)
    charging.outlet.energy.current_ma[:] = [0, 0, 1000]
    charging.meter.read(charging.now_ms)
    charging.tick()
    assert driven(charging)


def test_a_withdrawn_offer_opens_under_load_after_six_seconds(charging):
    charging.outlet.car.set(reaction_ms=5000, max_a=6)
    charging.run(2000)
    charging.outlet.car.set(max_a=16)
    charging.outlet.car.greedy = True  # draws on whatever it is told
    charging.outlet.car.min_a = 0
    charging.withdraw()
    opened_ms = charging.ms_until(lambda: not driven(charging), 7000)
    assert 5900 <= opened_ms <= 6040
    assert charging.outlet.car.s2


def test_without_a_meter_a_stop_waits_for_the_car(station):
    station = station()
    station.outlet.energy.silent = True
    station.charge()
    assert (station.snapshot.session_wh, station.snapshot.lifetime_wh) == (0, 0)
    station.withdraw()
    station.ms_until(lambda: not station.outlet.car.s2, 4000)
    station.ms_until(lambda: not driven(station), 40)


def test_a_car_that_opens_s2_is_let_go_within_two_readings(charging):
    charging.outlet.line.load(2740)
    charging.tick()
    assert driven(charging)
    charging.tick()
    assert not driven(charging)
    assert duty_bp(charging) == 5333
    charging.run(RELEASE_MS + 20)
    assert not charging.outlet.contactor.contacts_closed


def test_a_car_that_pauses_is_taken_up_again_after_five_seconds(charging):
    car = charging.outlet.car
    car.set(charge=0)
    charging.ms_until(lambda: not driven(charging), 3000)
    car.set(charge=1)
    closed_ms = charging.ms_until(lambda: driven(charging), 6000)
    assert 4900 <= closed_ms <= 5200
    assert charging.snapshot.session == 1


@pytest.mark.parametrize("pulse_ms", [20, 100, 250, 480, 520])
def test_a_short_pulse_of_readiness_closes_nothing(station, pulse_ms):
    """The longest of them lets go just before the tick that would close."""
    station = station()
    station.run(5000)
    station.outlet.plug(charge=0)
    station.authorise()
    station.run(2000)
    station.outlet.line.load(882)
    station.run(pulse_ms)
    station.outlet.line.load(2740)
    station.run(1000)
    assert station.outlet.contactor.cycles == 0
    station.outlet.line.load(882)
    station.run(560)
    assert driven(station)


def test_ventilation_is_given_where_the_place_has_it(station):
    station = station(ventilation=True)
    station.charge(ventilation=1)
    assert station.snapshot.level == pilot.D
    assert station.snapshot.faults == 0


def test_a_withdrawal_counts_at_once_even_while_the_car_lets_go(charging):
    charging.outlet.line.load(2740)
    charging.tick()
    charging.withdraw()
    charging.tick()
    assert (duty_bp(charging), driven(charging)) == (10000, False)
