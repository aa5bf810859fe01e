"""What a reader may take for granted in the controller, and what nobody would miss before it hurts."""

import pytest

from control import faults, pilot, states, windows
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
    hands.run(400)
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
