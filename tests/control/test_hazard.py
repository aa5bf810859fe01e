"""Two connectors behind one guard: a weld on one leaves nothing of the charger under current."""

import pytest

import boards
from control import faults
from control.controller import Controller
from control.ticks import add
from firmware.guard import Guard, Lane
from simulator.portable.world import World
from tests.control.station import NEAR_WRAP_MS, Parts, TrueMeter


class Charger:
    """A world of two sockets, and the firmware's guard in front of it."""

    def __init__(self):
        board = boards.load("simulated_two")
        self.now_ms = NEAR_WRAP_MS
        self.world = World(board, 1, self.now_ms)
        self.outlets = self.world.connectors
        self.lanes = [
            Lane(Controller(32000, lockable=True), Parts(outlet, TrueMeter(outlet.energy)))
            for outlet in self.outlets
        ]
        self.guard = Guard(self.lanes, self.world.watchdog)
        self.guard.tick(self.now_ms)

    def run(self, duration_ms):
        for _ in range(duration_ms // 20):
            self.now_ms = add(self.now_ms, 20)
            self.world.step(self.now_ms)
            for lane in self.lanes:
                lane.parts.meter.poll(self.now_ms)
            self.guard.tick(self.now_ms)
            self.guard.tasks_live(self.now_ms)

    def driven(self):
        return [outlet.contactor.driven for outlet in self.outlets]


@pytest.fixture
def both_charge():
    charger = Charger()
    charger.run(5000)
    for outlet, lane in zip(charger.outlets, charger.lanes, strict=True):
        outlet.plug()
        lane.controller.mailbox.authorised_session = 1
    charger.run(12000)
    assert charger.driven() == [True, True]
    return charger


@pytest.mark.parametrize("welded", [0, 1])
def test_a_weld_on_one_connector_opens_the_other_and_keeps_it_open(both_charge, welded):
    charger, other = both_charge, 1 - welded
    charger.world.fault("relay_welded", welded + 1)
    charger.outlets[welded].line.load(2740)
    charger.run(360)
    assert charger.lanes[welded].controller.snapshot.faults == 1 << faults.RELAY_WELDED
    assert charger.driven() == [False, False]
    cycles = charger.outlets[other].contactor.cycles
    charger.run(60000)
    assert charger.outlets[other].contactor.cycles == cycles
    assert charger.lanes[other].controller.snapshot.faults == 0
    assert charger.outlets[other].line.duty_bp == 10000
    charger.world.clear("relay_welded", welded + 1)
    charger.run(100)
    charger.lanes[welded].controller.mailbox.clear(-1)
    charger.run(12000)
    assert charger.driven()[other]


def test_a_weld_that_is_cleared_at_once_gives_back_no_contactor_before_its_pause(both_charge):
    charger = both_charge
    charger.outlets[1].car.set(reaction_ms=5000)
    charger.world.fault("relay_welded", 1)
    charger.outlets[0].line.load(2740)
    while charger.driven()[1]:
        charger.run(20)
    charger.world.clear("relay_welded", 1)
    charger.run(60)
    charger.lanes[0].controller.mailbox.clear(-1)
    for _ in range(4800 // 20):
        charger.run(20)
        assert not charger.driven()[1]
    charger.run(8000)
    assert charger.driven()[1]


def test_other_faults_are_one_connector_s_own(both_charge):
    both_charge.world.fault("rcd_trip", 1)
    both_charge.run(10000)
    assert both_charge.driven() == [False, True]


def test_what_a_guard_opened_stays_open(both_charge):
    both_charge.guard.open()
    both_charge.run(60000)
    assert both_charge.driven() == [False, False]
    assert [outlet.line.duty_bp for outlet in both_charge.outlets] == [10000, 10000]
