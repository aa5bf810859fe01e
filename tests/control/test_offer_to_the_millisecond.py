"""Every time in an offer and a plug-in is over on its millisecond, and so it is when it begins anew."""

import pytest

from control.limits import OWNER, VOLTAGE, Limits
from control.offer import RESUME_MS, RISE_EVERY_MS, SLOW_RISE_MS, Offer
from control.phases import SETTLE_MS, PhaseSwitching
from control.power import DECIDE_MS, PhasesInUse
from control.session import Session
from control.signal import STATE_F_MS, Signal
from control.wakeup import AFTER_MS, WakeUp
from control.windows import Mailbox
from tests.control.test_to_the_millisecond import on_its_millisecond

WAIT_MS = 5000


@pytest.mark.parametrize("hold", [True, False])
def test_a_limit_for_a_time(hold):
    limits, mailbox = Limits(32000), Mailbox()

    def passes(ms):
        limits.update(ms, mailbox)
        return limits.least_ma == 32000

    for _ in range(2):
        if hold:
            limits.hold(VOLTAGE, 6000, 5000)
        else:
            mailbox.set_limit(OWNER, 6000, life_ms=5000)
        on_its_millisecond(5000, passes)


@pytest.mark.parametrize(("slow", "bound_ms"), [(False, RISE_EVERY_MS), (True, SLOW_RISE_MS)])
def test_an_offer_rises(slow, bound_ms):
    offer = Offer()
    offer.update(0, 6000)
    for wanted_ma in (7000, 8000):

        def passes(ms, wanted_ma=wanted_ma):
            offer.update(ms, wanted_ma, slow)
            return offer.value_ma == wanted_ma

        on_its_millisecond(bound_ms, passes)


def test_an_offer_comes_back():
    offer = Offer()

    def passes(ms):
        offer.judge(ms, 6000)
        return not offer.pausing

    for _ in range(2):
        offer.update(SLOW_RISE_MS, 6000)
        offer.judge(0, 0)
        on_its_millisecond(RESUME_MS, passes)


@pytest.mark.parametrize(("follows", "bound_ms"), [(True, WAIT_MS), (False, SETTLE_MS)])
def test_the_phase_switch(follows, bound_ms):
    switching = PhaseSwitching(3, True)
    switching.update(0, 0, 3, True, WAIT_MS)
    for wish, phases in ((1, 1), (0, 3)):
        joined = phases if follows else 4 - phases

        def passes(ms, wish=wish, joined=joined):
            switching.update(ms, wish, joined, True, WAIT_MS)
            return not switching.active if follows else switching.failed

        on_its_millisecond(bound_ms, passes)


@pytest.mark.parametrize("anew", ["begun", "shown"])
def test_the_phases_in_use(anew):
    used = PhasesInUse(3)

    def passes(ms):
        used.update(ms, [16000, 0, 0], 3)
        return used.count == 1

    for _ in range(2):
        on_its_millisecond(DECIDE_MS, passes)
        if anew == "begun":
            used.begin(3)
        else:
            for current_ma in ([16000] * 3, [16000, 0, 0], [16000] * 3):
                used.update(1, current_ma, 3)


def test_state_f():
    signal = Signal()

    def passes(ms):
        signal.update(ms, 0, False, False)
        return signal.listens()

    for _ in range(2):
        on_its_millisecond(STATE_F_MS, passes)
        signal.update(0, 0, True, False)


def test_a_sleeping_car():
    wakeup = WakeUp()
    for tries_ms in (4000, 30000):
        on_its_millisecond(AFTER_MS, lambda ms: wakeup.due(ms, False))
        wakeup.begin()
        on_its_millisecond(tries_ms, wakeup.over)
    wakeup.forget()
    wakeup.due(1, True)
    wakeup.rest()
    on_its_millisecond(AFTER_MS, lambda ms: wakeup.due(ms, False))


def test_the_seconds_of_a_plug_in():
    session = Session()
    for _ in range(2):
        session.update(1, 0)
        for second in (1, 2):

            def passes(ms, second=second):
                session.count(ms, False)
                return session.age_s == second == session.idle_s

            on_its_millisecond(1000, passes)
        session.count(999, False)
        session.update(0, 200)
