"""The whole controller in front of a simulated outlet: limits, cables and sockets."""

from control import faults, limits


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


def test_a_lower_limit_is_heard_at_once_and_a_higher_one_later(charging):
    charging.mailbox.set_limit(limits.BACKEND, 10000)
    charging.tick()
    assert duty_bp(charging) == 1666
    assert charging.snapshot.reason == limits.BACKEND
    charging.mailbox.set_limit(limits.BACKEND, 20000)
    charging.tick()
    assert duty_bp(charging) == 3333  # the last rise was long ago
    charging.mailbox.set_limit(limits.BACKEND, 32000)
    charging.run(4960)
    assert duty_bp(charging) == 3333
    charging.run(60)
    assert duty_bp(charging) == 5333


def test_below_six_amperes_it_pauses_and_later_resumes_by_itself(charging):
    charging.mailbox.set_limit(limits.OWNER, 5999, life_ms=20000, fallback_ma=8000)
    charging.tick()
    assert duty_bp(charging) == 10000
    charging.ms_until(lambda: not charging.outlet.contactor.contacts_closed, 6100)
    paused_ms = charging.ms_until(lambda: duty_bp(charging) != 10000, 40000)
    assert 20000 - 6100 + 10000 <= paused_ms <= 30040  # ten seconds after the limit fell back
    assert duty_bp(charging) == 1333
    charging.ms_until(lambda: driven(charging), 6000)


def test_a_cable_that_carries_less_is_the_limit(station):
    station = station(board="simulated_two")
    station.charge(cable_a=20, max_a=32)
    assert (station.snapshot.offered_ma, station.snapshot.reason) == (20000, limits.CABLE)
    assert duty_bp(station) == 3333


def test_without_a_cable_nothing_is_offered(station):
    station = station(board="simulated_two")
    station.charge()
    station.outlet.cable.open = True
    station.run(100)
    assert duty_bp(station) == 10000
    assert station.snapshot.limit_ma == 0
    station.ms_until(lambda: not driven(station), 6040)


def test_a_tethered_cable_has_its_rating_from_the_board(station):
    station = station(cable_ma=16000)
    station.charge()
    assert (station.snapshot.offered_ma, station.snapshot.reason) == (16000, limits.CABLE)


def test_a_socket_locks_before_it_closes_and_unlocks_only_with_open_contacts(station):
    station = station(board="simulated_two")
    outlet = station.outlet
    station.charge()
    assert outlet.lock.holds
    station.withdraw()
    while outlet.lock.holds:
        station.tick()
        assert outlet.lock.holds or not outlet.contactor.contacts_closed
    outlet.unplug()


def test_a_lock_that_lets_go_withdraws_the_offer_at_once_and_opens(station):
    station = station(board="simulated_two")
    station.charge()
    lock = station.outlet.lock
    lock.holds, lock.stuck = False, True
    assert station.ms_until(lambda: station.outlet.line.duty_bp == 10000, 200) <= 120
    assert station.ms_until(lambda: not station.outlet.contactor.contacts_closed, 4500) <= 3500
    station.run(5000)
    assert station.snapshot.faults == 1 << faults.LOCK_FAILED


def test_a_car_that_goes_on_drawing_through_a_lock_that_let_go_is_switched_off(station):
    station = station(board="simulated_two")
    station.charge(stubborn=1)
    lock = station.outlet.lock
    lock.holds, lock.stuck = False, True
    assert station.ms_until(lambda: not station.outlet.contactor.contacts_closed, 6000) <= 4600


def test_a_lock_that_slipped_and_holds_again_charges_again(station):
    station = station(board="simulated_two")
    station.charge()
    station.outlet.lock.holds = station.outlet.lock._wanted = False
    station.ms_until(lambda: not station.outlet.contactor.contacts_closed, 6000)
    station.ms_until(lambda: station.outlet.contactor.contacts_closed, 15000)
    assert station.snapshot.faults == 0
    assert station.outlet.lock.holds


def test_a_cable_whose_resistor_reads_less_while_it_is_in_carries_no_more(station):
    station = station(board="simulated_two")
    station.charge(cable_a=20, max_a=32)
    assert station.snapshot.offered_ma == 20000
    station.outlet.cable.fitted_ohm = 220
    station.run(20000)
    assert station.snapshot.offered_ma == 20000


def test_a_limited_energy_pauses_while_the_meter_is_silent(station):
    station = station()
    station.charge()
    station.mailbox.limited_session = station.snapshot.session
    station.mailbox.end_wh = station.snapshot.lifetime_wh + 1000
    station.outlet.energy.silent = True
    station.run(20000)
    assert (station.outlet.contactor.contacts_closed, station.snapshot.offered_ma) == (False, 0)
    station.outlet.energy.silent = False
    station.ms_until(lambda: station.outlet.contactor.contacts_closed, 40000)


def test_a_lock_that_does_not_hold_closes_nothing(station):
    station = station(board="simulated_two")
    station.outlet.lock.stuck = True
    station.run(500)
    station.outlet.plug()
    station.authorise()
    for _ in range(200):
        station.run(1000)
        assert station.outlet.contactor.cycles == 0
    assert duty_bp(station) == 10000


def test_a_lock_that_held_through_a_restart_lets_go(station):
    station = station(board="simulated_two")
    station.charge()
    station.boot()
    station.pass_by(1000)
    assert station.outlet.lock.holds
    station.run(2000)
    assert not station.outlet.lock.holds


def test_a_plug_that_is_to_be_held_is_held_without_any_offer(station):
    station = station(board="simulated_two")
    outlet = station.outlet
    station.charge()
    station.mailbox.hold_plug = True
    station.withdraw()
    station.ms_until(lambda: not outlet.contactor.contacts_closed, 7000)
    station.run(60000)
    assert outlet.lock.holds
    assert not station.controller.faults.active
    station.mailbox.hold_plug = False
    station.run(2000)
    assert not outlet.lock.holds


def test_a_lock_that_fails_to_hold_is_let_go_however_much_it_is_to_hold(station):
    station = station(board="simulated_two")
    station.outlet.lock.stuck = True
    station.outlet.plug()
    station.mailbox.hold_plug = True
    station.run(20000)
    assert station.controller.faults.active & (1 << faults.LOCK_FAILED)
    station.tick()
    assert not station.controller.protection.lock.wanted
