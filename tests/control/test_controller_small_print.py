"""What a reader may take for granted in the controller, and what nobody would miss before it hurts."""

import pytest

from control import faults, limits, pilot, states, windows
from control.controller import Controller
from control.protection import Moment, Protection
from tests.control.hands import TICK_MS, Hands


def test_a_moment_begins_without_a_car_and_without_an_order():
    fields = {name: value for name, value in vars(Moment()).items() if value}
    assert fields == {"level": pilot.SILENT, "unseen_ms": -1}


def test_a_pause_ends_with_its_last_millisecond():
    hands = Hands()
    hands.tick()
    hands.controller._interlock.pause_ms = 1
    hands.tick(1)
    assert hands.controller._interlock.pause_ms <= 0


@pytest.mark.parametrize("car", [pilot.C, pilot.D])
def test_a_car_that_is_there_at_the_start_ends_the_start(car):
    hands = Hands(ventilation=True)
    hands.car = car
    hands.run(3000)
    assert hands.controller.state != states.STARTING
    assert hands.controller.session.plugged


@pytest.mark.parametrize(
    ("before", "after", "swaps"),
    [
        (pilot.B, pilot.C, True),
        (pilot.C, pilot.B, True),
        (pilot.B, pilot.D, True),
        (pilot.D, pilot.B, True),
        (pilot.A, pilot.B, False),
        (pilot.C, pilot.A, False),
    ],
)
def test_a_swap_is_a_change_between_two_levels_of_a_car(before, after, swaps):
    hands = Hands(ventilation=True)
    hands.run(3000)
    hands.car = before
    hands.run(2000)
    hands.car = after
    seen = []
    for _ in range(5):
        hands.tick()
        seen.append(hands.controller._moment.swapped)
    assert seen.count(True) == swaps


def test_a_technician_ends_only_what_is_theirs_and_what_is_there():
    hands = Hands()
    hands.charge()
    hands.inputs.temperature_dc = 720
    hands.run(600)
    assert hands.controller.faults.active == 1 << faults.OVERTEMP_STOP
    hands.events()
    hands.controller.mailbox.clear((1 << len(faults.ROWS)) - 1)
    hands.run(TICK_MS)
    assert [event for event in hands.events() if event[0] == windows.FAULT_END] == []
    assert hands.controller.faults.active == 1 << faults.OVERTEMP_STOP


def test_a_cleared_self_test_is_a_technicians_word_on_the_self_test_alone():
    protection = Protection(16000, 3, 230000, True, False, False, True, False)
    protection.post.failed = True
    protection.clear(1 << faults.RELAY_WELDED)
    assert protection.post.failed
    protection.clear(1 << faults.SYS_POST)
    assert not protection.post.failed


def test_a_controller_begins_with_the_contactor_open_and_nothing_offered():
    controller = Controller(16000)
    assert (controller.state, controller.commanded, controller.offer.value_ma) == (states.STARTING, False, 0)
    assert (controller._interlock.lapsed, controller._interlock.hazard) == (False, False)
    assert controller._last_ms == -1


def test_a_controller_begins_its_slow_looks_and_its_orders_from_nothing():
    controller = Controller(16000)
    assert (controller._slow_ms, controller._clear_sequence) == (0, 0)
    protection = controller.protection
    assert (protection.fresh, protection._slow_ms, protection._unmetered_ms) == (False, 0, 0)
    allowance = Controller(16000, cable_ma=32000).allowance
    assert (allowance._car_phases, allowance._cable_ma, allowance._energy_ends) == (0, 0, False)


def test_a_restart_that_knows_of_no_tries_gives_none_away():
    controller = Controller(16000)
    controller.restore(0, 0, 0, -1)
    assert controller.faults.spent == 0
    controller.protection.restore(0, 0, 0, 0, 0)
    assert controller.faults.spent == 0


@pytest.mark.parametrize("code", range(len(faults.ROWS)))
def test_heat_and_a_lost_sensor_are_taken_back_each_by_its_own_bit(code):
    controller = Controller(16000)
    controller.restore(0, 1 << code, 0, -1)
    derating = controller.protection.derating
    assert (derating.critical, derating.lost) == (code == faults.OVERTEMP_STOP, code == faults.TEMP_SENSOR)


@pytest.mark.parametrize(
    ("state", "part", "question", "condition"),
    [
        (states.OFFERED, "_wakeup", "due", states.DROWSY),
        (states.OFFERED, "_interlock", "may_close", states.CLOSABLE),
        (states.STOPPING, None, "_has_let_go", states.LET_GO),
        (states.WAKING, "_wakeup", "over", states.AWAKE),
    ],
)
def test_what_belongs_to_a_state_comes_beside_what_is_seen_in_all(state, part, question, condition):
    hands = Hands()
    hands.charge()
    it = hands.controller
    it.state = state
    holder = getattr(it, part) if part else it
    answers = {}
    for answer in (False, True):
        setattr(holder, question, lambda *_, answer=answer: answer)
        answers[answer] = it._conditions(TICK_MS, hands.inputs)
    assert answers[True] == answers[False] | condition != answers[False]


def test_the_line_of_the_rcd_opens_though_nobody_decides_anything():
    hands = Hands()
    hands.charge()
    vars(hands.controller.protection.rcd)["update"] = lambda *_: None
    hands.inputs.rcd_tripped = True
    hands.tick()
    assert hands.controller.state == states.CHARGING
    assert not hands.outputs.close


@pytest.mark.parametrize(("phases", "rated_ma"), [(1, 70000), (3, 63000)])
def test_a_cable_of_63_amperes_carries_70_on_one_phase(phases, rated_ma):
    hands = Hands(phases=phases)
    hands.controller = Controller(80000, phases=phases)
    hands.inputs.proximity_ohm = 100
    hands.run(400)
    assert hands.controller.limits.value_ma(limits.CABLE) == rated_ma


@pytest.mark.parametrize("code", range(len(faults.ROWS)))
def test_a_technician_has_the_phases_learnt_anew_by_clearing_a_low_supply_alone(code):
    protection = Protection(16000, 3, 230000, True, False, False, True, False)
    protection.supply.update(100, [230000] * 3)
    assert protection.supply.alive == 7
    protection.clear(1 << code)
    assert protection.supply.alive == (1 if code == faults.UNDER_VOLTAGE else 7)
