"""The controller alone, fed by hand: what the world in front of it never shows it in one tick."""

import pytest

from control import faults, limits, pilot, states, windows
from control.controller import WITHDRAW_MS, Controller
from control.interlock import FAULT_RECLOSE_MS, RECLOSE_MS
from tests.control.hands import Hands


@pytest.fixture
def hands():
    hands = Hands()
    hands.charge()
    return hands


def test_it_charges_by_hand(hands):
    assert hands.controller.snapshot.state == states.CHARGING


def test_unless_it_is_told_otherwise_it_is_a_plain_three_phase_socket_with_a_meter():
    told = {"phases": 3, "cable_ma": 0, "ventilation": False, "lockable": False, "nominal_mv": 230000}
    plain, said = Controller(16000), Controller(16000, **told, metering=True, switchable=False)
    for part in ("_socket", "_ventilation", "_metering"):
        assert getattr(plain.protection, part) is getattr(said.protection, part)
    assert plain.protection.lock._fitted is said.protection.lock._fitted
    for part in ("_wired", "_fitted", "selected"):
        assert getattr(plain.protection.switching, part) == getattr(said.protection.switching, part)
    for bound in ("_low_mv", "_high_mv", "_sag_mv", "_phases"):
        assert getattr(plain.protection.supply, bound) == getattr(said.protection.supply, bound)
    assert (plain._interlock._ventilation, plain._lockable) == (False, False)
    assert vars(plain.limits) == vars(said.limits)
    assert vars(plain.allowance.phases_in_use) == vars(said.allowance.phases_in_use)
    assert (plain.allowance._phases, plain.allowance._socket, plain.allowance._metering) == (3, True, True)


def test_what_was_not_kept_counts_from_nothing():
    controller = Controller(16000)
    controller.restore(0, 0, 500, -1)
    operations, trips = controller.protection.operations, controller.protection.rcd.trips
    assert (operations.cycles, operations.recent.count, trips.count) == (0, 0, 0)
    assert (controller.energy.lifetime_wh, controller.energy.register_wh) == (500, -1)


def test_only_a_reading_younger_than_the_withdrawal_tells_that_the_car_has_stopped(hands):
    hands.inputs.current_ma = [16000] * 3
    hands.controller.mailbox.authorised_session = 0
    hands.tick()
    assert hands.controller.snapshot.state == states.STOPPING
    hands.inputs.current_ma = [999] * 3
    hands.inputs.meter_age_ms = 20
    hands.tick()
    assert hands.outputs.close
    hands.inputs.meter_age_ms = 39
    hands.inputs.current_ma[2] = 1000
    hands.tick()
    assert hands.outputs.close
    hands.inputs.meter_age_ms = 59
    hands.inputs.current_ma[2] = 999
    hands.tick()
    assert not hands.outputs.close


def test_a_withdrawn_offer_ends_on_its_millisecond(hands):
    hands.inputs.current_ma = [16000] * 3
    hands.controller.mailbox.authorised_session = 0
    hands.run(WITHDRAW_MS)
    assert hands.outputs.close
    hands.tick(19)
    assert hands.outputs.close
    hands.tick(1)
    assert not hands.outputs.close


def test_a_fault_is_told_with_its_code(hands):
    hands.events()
    hands.controller.mailbox.system_faults = 1 << faults.SYS_WATCHDOG
    hands.tick()
    assert (windows.FAULT, faults.SYS_WATCHDOG, 0) in hands.events()
    hands.controller.mailbox.system_faults = 0
    hands.controller.mailbox.clear(1 << faults.SYS_WATCHDOG)
    hands.tick()
    assert (windows.FAULT_END, faults.SYS_WATCHDOG, 0) in hands.events()


@pytest.mark.parametrize(("faulty", "pause_ms"), [(False, RECLOSE_MS), (True, FAULT_RECLOSE_MS)])
def test_the_pause_is_over_on_its_millisecond(hands, faulty, pause_ms):
    it = hands.controller
    if faulty:
        it.mailbox.system_faults = 1 << faults.SYS_WATCHDOG
    else:
        hands.inputs.hazard = True
    hands.tick()
    assert it._interlock.pause_ms == pause_ms
    hands.tick(7)
    assert it._interlock.pause_ms == pause_ms - 7


def test_every_event_bears_the_time_of_its_tick(hands):
    hands.events()
    codes = set()

    def tick():
        hands.tick()
        event = hands.controller.events.take()
        while event:
            codes.add(event[1])
            assert event[0] == hands.now_ms
            event = hands.controller.events.take()

    for car, system_faults in ((pilot.C, 1 << faults.SYS_WATCHDOG), (pilot.A, 0), (pilot.B, 0)):
        hands.car = car
        hands.controller.mailbox.system_faults = system_faults
        if not system_faults:
            hands.controller.mailbox.clear(1 << faults.SYS_WATCHDOG)
        for _ in range(50):
            tick()
    assert codes == set(range(1, len(windows.EVENT_NAMES)))


def test_the_events_of_a_plug_in_bear_its_number(hands):
    hands.events()
    number = hands.controller.session.number
    for car in (pilot.A, pilot.B):
        hands.car = car
        hands.run(1000)
    told = [event for event in hands.events() if event[0] in (windows.PLUGGED, windows.UNPLUGGED)]
    assert told == [(windows.UNPLUGGED, number, 0), (windows.PLUGGED, number + 1, 0)]


WELDED, METER = 1 << faults.RELAY_WELDED, 1 << faults.METER_FALLBACK


@pytest.mark.parametrize(
    ("latched", "active", "pause_ms"),
    [
        (0, 0, RECLOSE_MS),
        (0, METER, RECLOSE_MS),
        (0, 1 << faults.OVER_CURRENT, FAULT_RECLOSE_MS),
        (WELDED, 0, FAULT_RECLOSE_MS),
        (WELDED, WELDED | METER, FAULT_RECLOSE_MS),
    ],
)
def test_the_pause_after_a_restart(latched, active, pause_ms):
    controller = Controller(16000)
    controller.restore(latched, active, 0, -1)
    assert controller._interlock.pause_ms == pause_ms
    assert controller.faults.active == latched | active & ~METER
    controller.restore(0, 1 << faults.SYS_POST, 0, -1)
    assert controller.faults.restarted == 1 << faults.SYS_POST


@pytest.mark.parametrize(("authorised", "lifetime_wh"), [(False, 700), (True, 0)])
def test_the_first_reading_of_a_new_charger_is_its_life_unless_a_session_pays_for_it(authorised, lifetime_wh):
    hands = Hands()
    hands.controller.mailbox.authorised_session = hands.controller.session.number if authorised else 0
    hands.inputs.energy_wh = 700
    hands.tick()
    assert (hands.controller.energy.lifetime_wh, hands.controller.energy.register_wh) == (lifetime_wh, 700)


def test_a_reading_is_taken_once_and_with_the_time_since_the_one_before():
    hands = Hands()
    inputs, energy = hands.inputs, hands.controller.energy
    hands.tick()
    inputs.energy_wh = 600
    for age_ms in (20, 24999, 25000, 25000):
        inputs.meter_age_ms = age_ms
        hands.tick()
        assert energy.register_wh == 0, "an age that does not fall is no new reading"
    inputs.meter_age_ms = 0
    hands.tick()
    assert (energy.register_wh, energy.lifetime_wh) == (600, 600)


@pytest.mark.parametrize(
    ("closed", "metered", "current_ma", "idle_s"),
    [
        (True, True, 1000, 0),
        (True, True, 999, 5),
        (True, False, 16000, 5),
        (False, True, 16000, 5),
    ],
)
def test_a_car_is_idle_while_no_ampere_flows_through_our_contacts(hands, closed, metered, current_ma, idle_s):
    hands.controller.session.idle_s = hands.controller.session._age_ms = 0
    hands.inputs.hazard = not closed
    hands.inputs.metered = metered
    hands.inputs.current_ma = [0, 0, current_ma]
    hands.tick()
    hands.controller.session.idle_s = hands.controller.session._age_ms = 0
    hands.run(5000)
    assert hands.controller.session.idle_s == idle_s


def test_a_session_ends_with_its_energy(hands):
    mailbox, energy = hands.controller.mailbox, hands.controller.energy
    mailbox.limited_session, mailbox.end_wh = hands.controller.session.number, energy.lifetime_wh + 1
    hands.tick()
    assert hands.controller.limits.least_ma == limits.SIMPLE_CAR_MA
    energy.lifetime_wh += 1
    hands.tick()
    assert (hands.controller.limits.least_ma, hands.controller.limits.reason) == (0, limits.SESSION_ENERGY)


def test_the_clock_may_begin_anywhere_and_nothing_has_passed_before_the_first_tick():
    for start_ms in (0, 1, 2**30 - 1):
        hands = Hands()
        hands.now_ms = start_ms - 20
        hands.controller.tick(start_ms, hands.inputs, hands.outputs)
        assert hands.controller._state_ms == 0
        hands.controller.tick((start_ms + 20) % 2**30, hands.inputs, hands.outputs)
        assert hands.controller._state_ms == 20


def test_a_pause_that_is_over_stays_over(hands):
    hands.controller._interlock.pause_ms = 0
    hands.tick()
    assert hands.controller._interlock.pause_ms == 0
