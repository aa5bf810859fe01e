"""The whole controller in front of a simulated outlet: limits, cables and sockets."""

from control import limits


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
    station.tick()
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
