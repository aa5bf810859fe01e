"""Protection as a whole: each finding is one cause, and what a technician clears is one memory."""

import pytest

from control import faults, pilot, residual
from control.contactor import DROPS, Supervision
from control.protection import FRESH_MS, STALLS, START_MS, Moment, Protection
from control.windows import Inputs, Mailbox


@pytest.fixture
def protection():
    """A connector with a dead RCD, which had tripped too often, and a processor that stalled too often."""
    protection = Protection(16000, 3, 230000, True, False, True, True, False)
    protection.restore(1 << faults.RCD_TEST, 0, 0, 0, 1 | 1 << 7 | 1 << 14)
    for _ in range(STALLS):
        protection._stalls.add()
    return protection


def standing(protection):
    """What of its memory stands: the failed test, the trips, the stalls."""
    return protection.rcd.state == residual.FAILED, protection.rcd.trips.full(), protection._stalls.full()


@pytest.mark.parametrize(
    ("code", "stands"),
    [
        (faults.RCD_TEST, (False, True, True)),
        (faults.RCD_REPEATED, (True, False, True)),
        (faults.SYS_OVERRUN, (True, True, False)),
        (faults.RELAY_WELDED, (True, True, True)),
    ],
)
def test_each_memory_ends_with_its_own_fault(protection, code, stands):
    assert standing(protection) == (True, True, True)
    protection.clear(1 << code)
    assert standing(protection) == stands


def test_a_trip_that_was_kept_waits_for_its_unplug():
    protection = Protection(16000, 3, 230000, True, False, True, True, False)
    protection.restore(1 << faults.RCD_TRIP, 0, 7, 2, 1)
    assert (protection.rcd.state, protection.rcd.recovering) == (residual.TRIPPED, True)
    assert (protection.operations.cycles, protection.operations.recent.count) == (7, 2)
    assert protection.rcd.trips.count == 1


def test_another_car_has_all_its_drops():
    contactor = Supervision()

    def drop():
        for commanded, closed in ((False, False), (True, True), (True, False), (True, False)):
            contactor.update(20, commanded, closed)
        assert contactor.dropped
        return contactor.stuck_open

    assert not drop()
    for _ in range(2):
        contactor.forget()
        assert [drop() for _ in range(DROPS)] == [False] * (DROPS - 1) + [True]


def earth(it):
    it._earth.update(60, False)


def stalls(it):
    for _ in range(STALLS):
        it._stalls.add()


def silent_meter(it):
    it.fresh = False


def billed_meter(it):
    it.fresh, it._billing = False, True


def hot(it):
    it.derating.hot = True


def critical(it):
    it.derating.hot = it.derating.critical = True


def recovering(it):
    it.rcd.trip()


def dead(it):
    it.rcd.fail()


def trips(it):
    for _ in range(residual.MOST_TRIPS):
        it.rcd.trips.add()


def swaps(it):
    for _ in range(7):
        it.flapping.swaps.add()


FINDINGS = [
    (lambda it: None, ()),
    (lambda it: setattr(it.post, "failed", True), (faults.SYS_POST,)),
    (lambda it: setattr(it.diode, "bad", True), (faults.CP_DIODE,)),
    (swaps, (faults.CP_FLAPPING,)),
    (lambda it: setattr(it.switching, "failed", True), (faults.PHASE_SWITCH,)),
    (lambda it: setattr(it.contactor, "welded", True), (faults.RELAY_WELDED,)),
    (lambda it: setattr(it.contactor, "stuck_open", True), (faults.RELAY_STUCK_OPEN,)),
    (trips, (faults.RCD_REPEATED,)),
    (recovering, (faults.RCD_TRIP,)),
    (dead, (faults.RCD_TEST,)),
    (lambda it: setattr(it.derating, "lost", True), (faults.TEMP_SENSOR,)),
    (hot, (faults.HIGH_TEMPERATURE,)),
    (critical, (faults.OVERTEMP_STOP,)),
    (lambda it: setattr(it.overcurrent, "found", True), (faults.OVER_CURRENT,)),
    (lambda it: setattr(it.supply, "low", True), (faults.UNDER_VOLTAGE,)),
    (lambda it: setattr(it.supply, "high", True), (faults.OVER_VOLTAGE,)),
    (silent_meter, (faults.METER_FALLBACK,)),
    (billed_meter, (faults.METER_COMM,)),
    (earth, (faults.PE_LOST,)),
    (stalls, (faults.SYS_OVERRUN,)),
    (lambda it: setattr(it.lock, "failed", True), (faults.LOCK_FAILED,)),
    (lambda it: setattr(it.lock, "stuck", True), (faults.LOCK_STUCK,)),
]


def bits(codes):
    return sum(1 << code for code in codes)


@pytest.fixture
def sound():
    """A sound connector with a car, its meter fresh."""
    sound = Protection(16000, 3, 230000, True, False, True, True, False)
    sound.rcd.state = residual.READY
    sound.fresh = True
    return sound


@pytest.fixture
def inputs():
    inputs = Inputs()
    inputs.metered = True
    return inputs


@pytest.fixture
def moment():
    moment = Moment()
    moment.level, moment.listens, moment.plugged = pilot.C, True, True
    return moment


@pytest.mark.parametrize(("find", "codes"), FINDINGS)
@pytest.mark.parametrize("beside", [(), (faults.PP_INVALID, faults.EV_STATE_E)])
def test_each_finding_is_one_cause_beside_any_other(sound, inputs, moment, find, codes, beside):
    find(sound)
    if beside:
        sound.proximity.ohm = 74
        moment.level = pilot.E
    assert sound._causes(moment, inputs) == bits(codes) | bits(beside)


@pytest.mark.parametrize(
    ("level", "unseen_ms", "listens", "codes"),
    [
        (pilot.C, -1, True, ()),
        (pilot.D, -1, True, (faults.VENTILATION,)),
        (pilot.D, -1, False, ()),
        (pilot.E, -1, True, (faults.EV_STATE_E,)),
        (pilot.ILLEGAL, -1, True, (faults.CP_ILLEGAL,)),
        (pilot.SILENT, 0, True, ()),
        (pilot.SILENT, START_MS - 1, True, ()),
        (pilot.SILENT, START_MS, True, (faults.CP_ILLEGAL,)),
    ],
)
def test_the_level_of_the_pilot_is_a_cause(sound, inputs, moment, level, unseen_ms, listens, codes):
    moment.level, moment.unseen_ms, moment.listens = level, unseen_ms, listens
    assert sound._causes(moment, inputs) == bits(codes)


def test_where_there_is_ventilation_it_is_none(inputs, moment):
    ventilated = Protection(16000, 3, 230000, False, True, True, True, False)
    ventilated.rcd.state, ventilated.fresh = residual.READY, True
    moment.level = pilot.D
    ventilated.proximity.ohm = 0
    assert ventilated._causes(moment, inputs) == 0


@pytest.mark.parametrize(("passed_ms", "silent"), [(9900, False), (10000, True)])
def test_a_meter_that_never_answered_is_silent_after_ten_seconds(sound, inputs, moment, passed_ms, silent):
    inputs.metered = False
    moment.elapsed_ms = 100
    for _ in range(passed_ms // 100):
        sound.update(moment, inputs, Mailbox())
    assert bool(sound.faults.active & (1 << faults.METER_FALLBACK)) == silent


@pytest.mark.parametrize(("age_ms", "fresh"), [(0, True), (FRESH_MS, True), (FRESH_MS + 1, False)])
def test_a_reading_is_fresh_for_five_seconds(sound, inputs, moment, age_ms, fresh):
    inputs.meter_age_ms = age_ms
    sound.update(moment, inputs, Mailbox())
    assert sound.fresh is fresh
