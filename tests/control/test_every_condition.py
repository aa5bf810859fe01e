"""Every state under every condition: handled in the table, or named here with the reason why it is not.

A condition that is named impossible is looked for in the lives of a station, and must not come.
"""

import pytest

import tests.control.station
from control import limits, residual, states
from control.controller import Controller
from control.residual import CAR_GONE, DUE, LATE, QUIET, RECOVERABLE, TESTABLE, TRIP
from control.states import (
    AWAKE,
    AWAY,
    CHARGING,
    CLOSABLE,
    CONNECTED,
    DROWSY,
    FAULT,
    FAULTED,
    IDLE,
    KNOWN,
    LET_GO,
    OFFERABLE,
    OFFERED,
    PLUGGED,
    RELEASED,
    SOUND,
    STARTING,
    STOPPING,
    WAKING,
    WITHDRAWN,
)
from tests.control.station import Station
from tests.diagrams import CONNECTOR_CONDITIONS

OPEN_ANYWAY = "the contactor is open in this state"
ELSEWHERE = "impossible: it is asked in another state only"
IS_SO = "is what this state says already"
NO_NEWS = "ends nothing that stands here"
NOT_YET = "matters once the pilot was seen"
CAR_FIRST = "matters one state later: first the car"
FAULT_FIRST = "nothing counts before the fault is over"
UNSEEN = "state F hides the car: it is looked for afterwards"
NOT_ALONE = "impossible alone: who is gone is not ready either, and that leads on"
WITH_RELEASED = "impossible alone: here it comes with RELEASED, which leads on"
STOPS_FIRST = "what was withdrawn is ended before it is offered again"

# By state: the conditions that its row does not name, and why they lead nowhere.
NOWHERE: dict[int, dict[int, str]] = {
    STARTING: {SOUND: NOT_YET, PLUGGED: NOT_YET, AWAY: NOT_YET, OFFERABLE: NOT_YET, WITHDRAWN: NOT_YET}
    | {RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY, CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    IDLE: {SOUND: NO_NEWS, KNOWN: CAR_FIRST, AWAY: IS_SO, OFFERABLE: CAR_FIRST, WITHDRAWN: CAR_FIRST}
    | {RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY, CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    CONNECTED: {SOUND: NO_NEWS, KNOWN: NO_NEWS, PLUGGED: IS_SO, WITHDRAWN: IS_SO}
    | {RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY, CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    OFFERED: {SOUND: NO_NEWS, KNOWN: NO_NEWS, PLUGGED: IS_SO, OFFERABLE: IS_SO}
    | {RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY, AWAKE: ELSEWHERE},
    CHARGING: {SOUND: NO_NEWS, KNOWN: NO_NEWS, PLUGGED: IS_SO, AWAY: NOT_ALONE, OFFERABLE: IS_SO}
    | {LET_GO: WITH_RELEASED, CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    STOPPING: {SOUND: NO_NEWS, KNOWN: NO_NEWS, PLUGGED: NO_NEWS, AWAY: NOT_ALONE, OFFERABLE: STOPS_FIRST}
    | {WITHDRAWN: IS_SO, RELEASED: "comes with LET_GO, which leads on"}
    | {CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    FAULTED: {FAULT: IS_SO, KNOWN: FAULT_FIRST, PLUGGED: FAULT_FIRST, AWAY: FAULT_FIRST}
    | {OFFERABLE: FAULT_FIRST, WITHDRAWN: FAULT_FIRST, RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY}
    | {CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE, AWAKE: ELSEWHERE},
    WAKING: {SOUND: NO_NEWS, KNOWN: UNSEEN, PLUGGED: UNSEEN, AWAY: UNSEEN, OFFERABLE: IS_SO}
    | {WITHDRAWN: "comes with AWAKE, which leads on", RELEASED: OPEN_ANYWAY, LET_GO: OPEN_ANYWAY}
    | {CLOSABLE: ELSEWHERE, DROWSY: ELSEWHERE},
}

TAKES_TIME = "the device may take as long as LATE says"
TRIP_FIRST = "a trip stands whatever else is so"
TESTS_FIRST = "a test that has begun comes to its end"
NOT_PROVEN = "a quiet line proves nothing before the test"
NO_WAIT = "nothing is waited for here"
DEAD = "nothing here ends a failed test"

RCD_NOWHERE: dict[int, dict[int, str]] = {
    residual.UNTESTED: {QUIET: NOT_PROVEN, LATE: NO_WAIT, CAR_GONE: "no test is owed to nobody"}
    | {DUE: "is untested already", RECOVERABLE: "matters after a trip"},
    residual.TESTING: {QUIET: TAKES_TIME, TESTABLE: "is what allowed the test", CAR_GONE: TESTS_FIRST}
    | {DUE: TESTS_FIRST, RECOVERABLE: TESTS_FIRST},
    residual.REARMING: {TRIP: TAKES_TIME, TESTABLE: TESTS_FIRST, CAR_GONE: TESTS_FIRST, DUE: TESTS_FIRST}
    | {RECOVERABLE: TESTS_FIRST},
    residual.READY: {QUIET: "is what ready means", TESTABLE: "is tested already", LATE: NO_WAIT}
    | {RECOVERABLE: "matters after a trip"},
    residual.TRIPPED: {TRIP: TRIP_FIRST, QUIET: "a latch may forget; a trip does not", TESTABLE: TRIP_FIRST}
    | {LATE: NO_WAIT, CAR_GONE: "leads on once the contactor is seen open too", DUE: TRIP_FIRST},
    residual.RESETTING: {TRIP: TAKES_TIME, TESTABLE: "the latch has to clear first", CAR_GONE: TRIP_FIRST}
    | {DUE: "the test follows anyway", RECOVERABLE: TRIP_FIRST},
    residual.FAILED: dict.fromkeys((TRIP, QUIET, TESTABLE, LATE, CAR_GONE, DUE, RECOVERABLE), DEAD),
}
RCD_CONDITIONS = (TRIP, QUIET, TESTABLE, LATE, CAR_GONE, DUE, RECOVERABLE)
CONDITIONS = list(CONNECTOR_CONDITIONS)

CELLS = [
    pytest.param(table, nowhere, state, bit, id=f"{name}-{bit}")
    for table, nowhere, names, bits in (
        (states.TRANSITIONS, NOWHERE, states.NAMES, CONDITIONS),
        (residual.TRANSITIONS, RCD_NOWHERE, residual.NAMES, RCD_CONDITIONS),
    )
    for state, name in enumerate(names)
    for bit in bits
]


@pytest.mark.parametrize(("table", "nowhere", "state", "bit"), CELLS)
def test_it_is_handled_or_named(table, nowhere, state, bit):
    handled = bit in [condition for condition, _ in table[state]]
    assert handled != (bit in nowhere[state]), "handled and named, or neither"
    assert handled or nowhere[state][bit]


def test_the_tables_here_name_nothing_else():
    for nowhere, bits, count in (
        (NOWHERE, CONDITIONS, len(states.NAMES)),
        (RCD_NOWHERE, RCD_CONDITIONS, len(residual.NAMES)),
    ):
        assert list(nowhere) == list(range(count))
        assert all(set(row) <= set(bits) for row in nowhere.values())


class Curious(Controller):
    """A controller that keeps every mixture of conditions, by the state in which it was seen."""

    mixtures: set[tuple[int, int]] = set()

    def _conditions(self, elapsed_ms, inputs):
        seen = super()._conditions(elapsed_ms, inputs)
        self.mixtures.add((self.state, seen))
        return seen


def live_through_everything(station):
    car, mailbox = station.outlet.car, station.mailbox
    station.charge()
    for limit_ma in (5000, 32000):
        mailbox.set_limit(limits.OWNER, limit_ma)
        station.run(16000)
    for cause in ("cp_short", "cp_diode", "ventilation"):
        station.world.fault(cause)
        station.run(300)
        station.world.clear(cause)
        station.run(31000)
    station.replug(charge=0)
    station.authorise()
    station.run(110000)  # a car that sleeps, and is woken twice
    car.set(charge=1)
    station.run(6000)
    station.withdraw()
    station.run(600000)
    station.authorise()
    station.run(6000)
    station.withdraw()
    station.run(40)
    station.outlet.unplug()
    station.run(1000)
    station.outlet.plug(charge=0)
    station.authorise()
    station.run(32000)
    station.withdraw()  # while it is woken
    station.run(2000)
    station.restart()
    station.run(1000)


@pytest.fixture(scope="module")
def mixtures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tests.control.station, "Controller", Curious)
        patch.setattr(Curious, "mixtures", set())
        live_through_everything(Station())
        return Curious.mixtures


def test_the_lives_pass_through_every_state(mixtures):
    assert {state for state, _ in mixtures} == set(NOWHERE)
    assert {bit for bit in CONDITIONS for _, seen in mixtures if seen & bit} == set(CONDITIONS)


def test_what_is_impossible_never_comes(mixtures):
    for state, seen in mixtures:
        handled = [bit for bit, _ in states.TRANSITIONS[state]]
        for bit in CONDITIONS:
            reason = NOWHERE[state].get(bit, "")
            if seen & bit and reason.startswith("impossible"):
                assert reason != ELSEWHERE, (states.NAMES[state], bit)
                assert any(seen & other for other in handled), (states.NAMES[state], bit)


def test_what_comes_with_another_condition_does(mixtures):
    for state, seen in mixtures:
        if (state == CHARGING and seen & LET_GO) or (seen & AWAY and state in (CHARGING, STOPPING)):
            assert seen & RELEASED
        if state == STOPPING and seen & RELEASED:
            assert seen & LET_GO
        if state == WAKING and seen & WITHDRAWN:
            assert seen & AWAKE
        assert bool(seen & FAULT) != bool(seen & SOUND)
        assert bool(seen & PLUGGED) != bool(seen & AWAY)
        assert bool(seen & OFFERABLE) != bool(seen & WITHDRAWN)
        assert not (seen & AWAY and seen & OFFERABLE)


EITHER = (
    (states.FAULT, states.SOUND),
    (states.PLUGGED, states.AWAY),
    (states.OFFERABLE, states.WITHDRAWN),
)


def test_every_mixture_of_conditions_says_which_of_two_holds(mixtures):
    assert len(mixtures) > 30
    for state, seen in mixtures:
        for one, other in EITHER:
            assert bool(seen & one) != bool(seen & other), (states.NAMES[state], seen)
