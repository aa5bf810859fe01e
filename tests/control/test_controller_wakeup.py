"""The whole controller in front of a simulated outlet: cars that sleep, hesitate, or dislike changes."""

import pytest

from control import faults, limits, states


def driven(station):
    return station.outlet.contactor.driven


def duty_bp(station):
    return station.outlet.line.duty_bp


@pytest.fixture
def asleep(station):
    """A car that does not take what it was just offered."""
    station = station()
    station.run(5000)
    station.outlet.plug(charge=0)
    station.run(2000)
    station.authorise()
    station.ms_until(lambda: duty_bp(station) == 5333, 100)
    return station


def test_it_is_woken_by_state_f_and_then_by_taking_the_pilot_away(asleep):
    line = asleep.outlet.line
    steps = [
        (30000, lambda: duty_bp(asleep) == 0),
        (4000, lambda: duty_bp(asleep) != 0),
        (30000, lambda: line.apart),
        (30000, lambda: not line.apart),
    ]
    for expected_ms, comes in steps:
        assert not comes()
        took_ms = asleep.ms_until(comes, expected_ms + 300)
        assert expected_ms - 40 <= took_ms <= expected_ms + 200
    asleep.run(500)
    assert duty_bp(asleep) == 5333
    for _ in range(200):
        asleep.run(1000)
        assert (duty_bp(asleep), line.apart) == (5333, False)
    assert asleep.snapshot.faults == 0
    assert asleep.snapshot.session == 1


def test_each_plug_in_is_woken_anew(asleep):
    asleep.run(110000)
    asleep.replug(charge=0)
    asleep.authorise()
    asleep.ms_until(lambda: duty_bp(asleep) == 5333, 7000)
    asleep.ms_until(lambda: duty_bp(asleep) == 0, 30300)


def test_a_car_that_wakes_is_charged(asleep):
    asleep.ms_until(lambda: duty_bp(asleep) == 0, 31000)
    asleep.outlet.car.set(charge=1)
    asleep.ms_until(lambda: driven(asleep), 10000)
    asleep.run(6000)
    assert asleep.outlet.car.current_ma == 16000


@pytest.mark.parametrize(("wakes_on_f", "within_ms"), [(1, 45000), (0, 110000)])
def test_a_car_that_slept_through_a_delayed_start_is_charged(station, wakes_on_f, within_ms):
    station = station()
    station.run(1000)
    station.outlet.plug(sleep_after_s=60, wakes_on_f=wakes_on_f)
    station.run(120000)
    assert station.outlet.car.asleep
    station.authorise()
    station.ms_until(lambda: driven(station), within_ms)


def test_a_car_that_took_the_offer_and_stopped_is_left_alone(charging):
    charging.outlet.car.set(charge=0)
    for _ in range(200):
        charging.run(1000)
        assert duty_bp(charging) == 5333


def test_a_withdrawal_ends_the_try(asleep):
    asleep.ms_until(lambda: duty_bp(asleep) == 0, 31000)
    asleep.withdraw()
    assert asleep.ms_until(lambda: duty_bp(asleep) == 10000, 400) <= 320
    asleep.run(500)
    assert asleep.snapshot.state == states.CONNECTED


def test_a_fault_ends_the_try(asleep):
    asleep.ms_until(lambda: duty_bp(asleep) == 0, 31000)
    asleep.outlet.residual.pulse()
    asleep.tick()
    assert asleep.snapshot.state == states.FAULTED
    asleep.run(500)
    assert duty_bp(asleep) == 10000


def test_a_car_that_leaves_meanwhile_is_gone_afterwards(asleep):
    asleep.ms_until(lambda: duty_bp(asleep) == 0, 31000)
    asleep.outlet.unplug()
    asleep.run(3000)
    assert asleep.snapshot.plugged
    asleep.run(2000)
    assert not asleep.snapshot.plugged
    assert (asleep.snapshot.state, duty_bp(asleep)) == (states.IDLE, 10000)


def test_a_socket_sees_its_plug_go_while_a_car_is_woken(station):
    """Neither state F nor a pilot off the wire shows a car; the proximity line shows the plug."""
    for steps in (1, 2):
        woken = station(board="simulated_two")
        woken.run(5000)
        woken.outlet.plug(charge=0)
        woken.authorise()
        for _ in range(steps):
            woken.ms_until(lambda it=woken: it.snapshot.state != states.WAKING, 35000)
            woken.ms_until(lambda it=woken: it.snapshot.state == states.WAKING, 35000)
        assert woken.outlet.line.apart == (steps == 2)
        woken.run(500)
        woken.outlet.lock.holds = False
        woken.outlet.unplug()
        woken.run(1000)
        assert not woken.snapshot.plugged
        woken.outlet.plug()
        woken.run(60000)
        assert woken.snapshot.plugged
        assert not driven(woken)


def test_a_car_that_answers_changes_with_a_false_b_gets_rises_a_minute_apart(charging):
    charging.outlet.car.set(false_b_ms=500)
    backend = limits.BACKEND
    for limit_ma in (10000, 12000):
        charging.ms_until(lambda: driven(charging), 600000)
        charging.run(6000)
        charging.mailbox.set_limit(backend, limit_ma)
        charging.run(1000)
    assert charging.controller.protection.flapping.upset
    assert charging.snapshot.faults == 0
    charging.mailbox.set_limit(backend, 20000)
    assert 50000 <= charging.ms_until(lambda: duty_bp(charging) == 3333, 70000) <= 60000
    charging.mailbox.set_limit(backend, 8000)
    charging.tick()
    assert duty_bp(charging) == 1333


def test_a_car_that_waits_for_a_slow_rise_is_not_woken(charging):
    charging.controller.protection.flapping.upset = True
    charging.run(60000)
    charging.mailbox.set_limit(limits.BACKEND, 10000)
    charging.run(100)
    charging.mailbox.set_limit(limits.BACKEND, 32000)
    charging.run(100)
    assert duty_bp(charging) == 5333
    charging.withdraw()
    charging.ms_until(lambda: charging.snapshot.state == states.CONNECTED, 6000)
    charging.authorise()
    for _ in range(45):
        charging.run(1000)
        assert duty_bp(charging) == 10000
    charging.ms_until(lambda: duty_bp(charging) == 5333, 15000)


def test_limits_that_come_and_go_are_no_error_of_the_car(charging):
    """Each time it stops because it must; it is taken up again ten seconds after it may."""
    for _ in range(12):
        charging.mailbox.set_limit(limits.LOAD_BALANCING, 5000)
        charging.run(3500)
        charging.mailbox.set_limit(limits.LOAD_BALANCING, 16000)
        charging.run(12500)
        assert charging.snapshot.faults == 0
    assert charging.outlet.contactor.cycles <= 3
    assert not charging.snapshot.faults & 1 << faults.CP_FLAPPING
