"""What stands alone in the way of an offer, of a close and of staying closed."""

import pytest

from control import faults, pilot, residual
from tests.control.hands import Hands

# What each of these spoils stands alone in the way; the controller is charging, or about to.
INTERLOCK = {
    "the car": lambda it, inputs: setattr(it.pilot, "level", pilot.B),
    "a place without ventilation": lambda it, inputs: setattr(it.pilot, "level", pilot.D),
    "a fault": lambda it, inputs: setattr(it.faults, "active", 1 << faults.OVER_CURRENT),
    "a weld elsewhere": lambda it, inputs: setattr(it._interlock, "hazard", True),
    "a drop": lambda it, inputs: setattr(it.protection.contactor, "dropped", True),
    "the line of the RCD": lambda it, inputs: setattr(inputs, "rcd_tripped", True),
    "the RCD": lambda it, inputs: setattr(it.protection.rcd, "state", residual.UNTESTED),
}
OFFER = {
    "nobody there": lambda it, inputs: setattr(it.session, "plugged", False),
    "nobody authorised": lambda it, inputs: setattr(it.mailbox, "authorised_session", 0),
    "out of service": lambda it, inputs: setattr(it.mailbox, "enabled", False),
    "a weld elsewhere": lambda it, inputs: setattr(it._interlock, "hazard", True),
    "a limit": lambda it, inputs: setattr(it.limits, "least_ma", 5999),
    "a pause": lambda it, inputs: setattr(it.offer, "pausing", True),
    "a fault": lambda it, inputs: setattr(it.faults, "active", 1 << faults.METER_COMM),
    "the phase switch": lambda it, inputs: setattr(it.protection.switching, "active", True),
    "a plug that nothing holds": lambda it, inputs: setattr(it.protection.lock, "slips", True),
}
CLOSE = {
    "a young level": lambda it, inputs: setattr(it.pilot, "held_ms", 499),
    "another level": lambda it, inputs: setattr(it.pilot, "agrees", False),
    "an unproven diode": lambda it, inputs: setattr(it.protection.diode, "proven", False),
    "no offer": lambda it, inputs: setattr(it.offer, "value_ma", 5999),
    "the contactor": lambda it, inputs: setattr(it.protection.contactor, "open", False),
    "the RCD": lambda it, inputs: setattr(it.protection.rcd, "state", residual.TESTING),
    "too many closings": lambda it, inputs: it.protection.operations.restore(0, 3),
    "the time since the last opening": lambda it, inputs: setattr(it._interlock, "pause_ms", 1),
    "the lock": lambda it, inputs: setattr(it.protection.lock, "_fitted", True),
}


@pytest.fixture
def hands():
    hands = Hands()
    hands.charge()
    return hands


@pytest.mark.parametrize("spoil", INTERLOCK.values(), ids=INTERLOCK)
def test_the_interlock_opens_for_each_alone(hands, spoil):
    interlock = hands.controller._interlock
    assert interlock.holds(hands.inputs.rcd_tripped)
    spoil(hands.controller, hands.inputs)
    assert not interlock.holds(hands.inputs.rcd_tripped)


@pytest.mark.parametrize("spoil", OFFER.values(), ids=OFFER)
def test_no_offer_for_each_alone(hands, spoil):
    hands.controller.limits.least_ma = 6000
    assert hands.controller._may_offer()
    spoil(hands.controller, hands.inputs)
    assert not hands.controller._may_offer()


@pytest.mark.parametrize("spoil", CLOSE.values(), ids=CLOSE)
def test_no_closing_for_each_alone(hands, spoil):
    it = hands.controller
    it.pilot.held_ms, it.offer.value_ma, it.protection.contactor.open = 500, 6000, True
    it._interlock.pause_ms = 0
    assert it._interlock.may_close(hands.inputs.locked, it.offer.value_ma)
    spoil(it, hands.inputs)
    assert not it._interlock.may_close(hands.inputs.locked, it.offer.value_ma)


@pytest.mark.parametrize(("level", "pause_ms"), [(pilot.C, 5000), (pilot.D, 30000)])
def test_a_car_that_asked_for_ventilation_waits_longer(level, pause_ms):
    hands = Hands(ventilation=True)
    hands.run(7000)
    hands.car = level
    hands.controller.mailbox.authorised_session = hands.controller.session.number
    hands.run(2000)
    outputs = hands.outputs
    assert outputs.close
    hands.car = pilot.B
    hands.run(60)
    hands.car = level
    closes = [hands.tick() or outputs.close for _ in range(2000)]
    assert abs(closes.index(True) * 20 - pause_ms) <= 60
