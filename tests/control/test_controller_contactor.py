"""The whole controller in front of a simulated outlet whose contactor fails."""

import itertools

import pytest

from control import faults, pilot, states, windows

DANGER = 1 << faults.RELAY_WELDED


def driven(station):
    return station.outlet.contactor.driven


def names(station):
    return [row.name for row in faults.ROWS if station.snapshot.faults & row.bit]


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
    charging.restart()
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
    # The shunt trip has taken the supply away from it.
    assert names(station) == ["RELAY_WELDED", "UNDER_VOLTAGE"]
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
    # Its three tries were operations too: it may close when the first is ten minutes ago.
    station.ms_until(lambda: station.outlet.contactor.contacts_closed, 100000)


def try_to_close(station):
    """The next try of a contactor that does not close, whatever time it takes; whether it was the last."""
    station.ms_until(lambda: driven(station), 700000)
    station.ms_until(lambda: not driven(station), 300)
    assert names(station) == ["RELAY_STUCK_OPEN"]
    return bool(station.snapshot.latched)


def test_a_contactor_that_has_closed_since_has_its_two_retries_again(station):
    station = station()
    station.run(500)
    station.outlet.plug()
    station.authorise()
    for _ in range(2):
        station.world.fault("relay_stuck_open")
        assert [try_to_close(station), try_to_close(station)] == [False, False]
        station.world.clear("relay_stuck_open")
        station.ms_until(lambda: station.outlet.contactor.contacts_closed, 700000)
        station.withdraw()
        station.ms_until(lambda: not driven(station), 7000)
        station.authorise()
    station.world.fault("relay_stuck_open")
    assert [try_to_close(station) for _ in range(3)] == [False, False, True]


def test_a_contactor_that_closes_and_drops_each_time_has_its_retries_once(station):
    station = station()
    station.charge()
    told = []
    for _ in range(9):
        station.ms_until(lambda: station.outlet.contactor.contacts_closed, 700000)
        station.run(1000)
        starve(station, 1, dark_ms=60, every_ms=80)
        assert not driven(station)
        told.append((len(names(station)), bool(station.snapshot.latched)))
    assert told == ([(0, False)] * 2 + [(1, False)]) * 2 + [(0, False)] * 2 + [(1, True)]


def test_nothing_closes_over_a_mirror_contact_that_chatters(station):
    """One open reading among closed ones is no proof of open contacts, and does not hide a weld."""
    station = station()
    station.run(500)
    station.outlet.plug()
    contactor = station.lane.parts.contactor
    readings = itertools.cycle([True] * 10 + [False])
    contactor.sample = lambda now_ms: setattr(contactor, "closed", next(readings))
    station.authorise()
    for _ in range(500):
        station.tick()
        assert not driven(station)
    assert station.snapshot.latched == 1 << faults.RELAY_WELDED


def test_a_weld_is_found_and_stays_though_its_mirror_reads_open_once_in_twelve(charging):
    contactor = charging.lane.parts.contactor
    contactor.welded = True
    lies = itertools.cycle([False] * 11 + [True])
    contactor.sample = lambda now_ms: setattr(contactor, "closed", contactor.contacts_closed != next(lies))
    charging.outlet.unplug()
    charging.run(600)
    assert charging.snapshot.latched == 1 << faults.RELAY_WELDED
    charging.outlet.plug()
    charging.authorise()
    charging.run(60000)
    assert not driven(charging)
    assert charging.outlet.line.duty_bp == 0


def starve(station, cycles, dark_ms, every_ms):
    """The coil's supply fails for `dark_ms` of every `every_ms`, so many times; the drive's rises (ms)."""
    contactor, rises = station.outlet.contactor, []
    was, now_ms = driven(station), 0
    for _ in range(cycles):
        for turn in range(0, every_ms, 20):
            contactor.powered = turn >= dark_ms
            contactor.settle(contactor.now_ms)
            station.tick()
            now_ms += 20
            if driven(station) and not was:
                rises.append(now_ms)
            was = driven(station)
    contactor.powered = True
    contactor.settle(contactor.now_ms)
    return rises


def test_a_coil_that_loses_its_supply_is_let_go_and_pauses(charging):
    contactor = charging.outlet.contactor
    contactor.powered = False
    contactor.settle(contactor.now_ms)
    assert charging.ms_until(lambda: not driven(charging), 100) <= 80
    assert charging.snapshot.faults == 0
    contactor.powered = True
    assert 4900 <= charging.ms_until(lambda: driven(charging), 6000) <= 5040


def test_a_supply_that_fails_again_and_again_closes_every_five_seconds_and_thrice_at_most(charging):
    cycles = charging.outlet.contactor.cycles
    rises = starve(charging, 150, dark_ms=100, every_ms=200)
    assert len(rises) == 2
    assert rises[0] >= 5000
    assert rises[1] - rises[0] >= 5000
    assert charging.outlet.contactor.cycles - cycles <= 4
    assert names(charging) == ["RELAY_STUCK_OPEN"]
    assert not driven(charging)


def test_a_supply_that_chatters_faster_than_two_readings_is_seen(charging):
    """Open in every fourth reading only: never twice in a row."""
    rises = starve(charging, 8, dark_ms=40, every_ms=80)
    assert not rises
    assert not driven(charging)
    assert charging.snapshot.faults == 0


def test_a_bounce_of_the_mirror_contact_is_no_drop(charging):
    mirror = charging.lane.parts.contactor
    for _ in range(50):
        mirror.sample = lambda now_ms: setattr(mirror, "closed", False)
        charging.tick()
        del mirror.sample
        charging.run(100)
    assert driven(charging)
    assert names(charging) == []


def other_is_welded(station, ticks):
    """Ticks while another connector of the charger is welded."""
    for _ in range(ticks):
        station.pass_by(20)
        station.meter.poll(station.now_ms)
        station.lane.tick(station.now_ms, hazard=True)


def test_a_weld_elsewhere_opens_and_keeps_open(charging):
    other_is_welded(charging, 1)
    assert not driven(charging)
    other_is_welded(charging, 3000)
    assert not driven(charging)
    assert charging.outlet.line.duty_bp == 10000
    assert charging.snapshot.faults == 0
    charging.ms_until(lambda: driven(charging), 6000)


def test_a_weld_elsewhere_that_ends_soon_is_followed_by_the_pause_of_any_opening(charging):
    charging.outlet.car.set(reaction_ms=5000)
    other_is_welded(charging, 1)
    assert charging.ms_until(lambda: driven(charging), 12000) >= 4900


@pytest.mark.parametrize("restarted", [False, True])
def test_a_plug_stays_held_after_a_weld_that_has_come_apart(station, restarted):
    station = station(board="simulated_two")
    station.charge()
    station.world.fault("relay_welded")
    station.withdraw()
    station.run(10000)
    station.world.clear("relay_welded")
    if restarted:
        station.restart()
    station.run(10000)
    assert "RELAY_WELDED" in names(station)
    assert not station.outlet.contactor.contacts_closed
    assert station.outlet.lock.holds
