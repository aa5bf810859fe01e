"""Every time that is counted is over on its millisecond, and so it is when it begins anew."""

import pytest

from control import residual
from control.cable import SURE_MS as SURE_OHM_MS
from control.cable import Proximity
from control.contactor import MISMATCH_MS, Supervision
from control.diode import PROOF_MS, Diode
from control.lock import SURE_MS, TRIES, TRY_MS, Lock
from control.overcurrent import OVER_MS, Overcurrent
from control.post import GIVE_UP_MS, SelfTest
from control.recent import Recent
from control.supply import OUT_MS, SAG_MS, Supply
from control.suspicion import Suspicion
from control.thermal import CRITICAL_MS, SENSOR_MS, Derating
from control.thermal import RISE_EVERY_MS as COOLER_MS

OPEN, CLOSED = False, True
MAINS_MV, SAGGING_MV, LOW_MV, HIGH_MV = [230000] * 3, [183999] * 3, [206999] * 3, [253001] * 3


def on_its_millisecond(bound_ms, passes):
    """`passes(ms)` lets time pass and says whether it is over."""
    assert not passes(bound_ms - 1)
    assert passes(1)


def derating():
    return Derating(16000)


@pytest.mark.parametrize(
    ("bound_ms", "make", "before", "during", "verdict"),
    [
        pytest.param(MISMATCH_MS, Supervision, (100, CLOSED, OPEN), (OPEN, CLOSED), "welded", id="weld"),
        pytest.param(MISMATCH_MS, Supervision, (1, CLOSED, CLOSED), (OPEN, CLOSED), "welded", id="late weld"),
        pytest.param(
            MISMATCH_MS, Supervision, (1, OPEN, OPEN), (CLOSED, OPEN), "stuck_open", id="stuck open"
        ),
        pytest.param(PROOF_MS, Diode, (1, -6000), (-12000,), "proven", id="diode"),
        pytest.param(SENSOR_MS, derating, (1, 200, True), (200, False), "lost", id="silent sensor"),
    ],
)
def test_what_is_watched(bound_ms, make, before, during, verdict):
    watched = make()

    def passes(ms):
        watched.update(ms, *during)
        return getattr(watched, verdict)

    on_its_millisecond(bound_ms, passes)
    for _ in range(2):
        watched.update(*before)
        on_its_millisecond(bound_ms, passes)


@pytest.mark.parametrize(
    ("bound_ms", "voltage_mv", "verdict"),
    [(SAG_MS, SAGGING_MV, "low"), (OUT_MS, LOW_MV, "low"), (OUT_MS, HIGH_MV, "high")],
)
def test_a_voltage(bound_ms, voltage_mv, verdict):
    supply = Supply(230000, 3)

    def passes(ms):
        supply.update(ms, voltage_mv)
        return getattr(supply, verdict)

    for _ in range(3):
        supply.update(1, MAINS_MV)
        supply.update(2 * OUT_MS, MAINS_MV)
        on_its_millisecond(bound_ms, passes)


@pytest.mark.parametrize(("locked", "wanted"), [(True, True), (False, False)])
def test_a_bolt_is_where_it_belongs(locked, wanted):
    lock = Lock(True)
    lock.update(20, not wanted, not locked)
    lock.update(20, wanted, not locked)
    lock._tries = TRIES + 1

    def passes(ms):
        lock.update(ms, wanted, locked)
        return not (lock.failed or lock.stuck)

    on_its_millisecond(SURE_MS, passes)


@pytest.mark.parametrize("other_ohm", [0, 74, 100, 680, 1500, 5000])
def test_a_cable(other_ohm):
    proximity = Proximity()

    def passes(ms):
        proximity.update(ms, other_ohm)
        return proximity.ohm == other_ohm

    proximity.update(1000, 220)
    assert proximity.ohm == 220
    for _ in range(2):
        proximity.update(1, 220)
        proximity.update(1000, 220)
        on_its_millisecond(SURE_OHM_MS, passes)
        proximity.update(1000, 220)


def test_heat():
    derating = Derating(16000)

    def passes(ms):
        derating.update(ms, 710, True)
        return derating.critical

    for _ in range(2):
        derating.update(1, 540, True)
        derating.update(1000, 540, True)
        on_its_millisecond(CRITICAL_MS, passes)


def test_a_suspicion():
    suspicion = Suspicion(100)

    def passes(ms):
        suspicion.update(ms, False)
        return suspicion.certain()

    for _ in range(2):
        on_its_millisecond(100, passes)
        suspicion.clear()


def test_the_proof_of_another_diode():
    diode = Diode()

    def passes(ms):
        diode.update(ms, -12000)
        return diode.proven

    for _ in range(2):
        on_its_millisecond(PROOF_MS, passes)
        diode.forget()


def test_a_lock_is_told_again():
    lock = Lock(True)
    lock.update(20, True, False)

    def passes(ms):
        lock.update(ms, True, False)
        return lock.again

    for _ in range(5):
        on_its_millisecond(TRY_MS, passes)
    for _ in range(2):
        lock.update(SURE_MS, True, True)
        on_its_millisecond(TRY_MS, passes)


def test_too_much_current():
    overcurrent = Overcurrent()
    for signalled_ma in (16000, 15000, 14000):
        overcurrent.rest()

        def passes(ms, signalled_ma=signalled_ma):
            overcurrent.update(ms, signalled_ma, 80000, 0, True)
            return overcurrent.found

        on_its_millisecond(OVER_MS, passes)


def test_the_self_test_gives_up():
    post = SelfTest()

    def passes(ms):
        post.update(ms, True, 12000, True, False)
        return not post.running

    for _ in range(2):
        on_its_millisecond(GIVE_UP_MS, passes)
        post.update(0, True, 12000, True, True)
    assert post.failed


def test_what_happened_lately():
    recent = Recent(3, 60000)

    def passes(ms):
        recent.update(ms)
        return recent.count == 0

    for again in (recent.add, recent.renew, lambda: recent.restore(96)):
        again()
        on_its_millisecond(60000, passes)


def rcd_passes(device, tripped, state):
    def passes(ms):
        device.update(ms, tripped, True, True, False)
        return device.state == state

    return passes


def test_the_residual_current_device():
    device = residual.ResidualCurrent()
    for _ in range(2):
        assert rcd_passes(device, False, residual.TESTING)(20)
        on_its_millisecond(residual.ANSWER_MS, rcd_passes(device, False, residual.FAILED))
        device.clear_failure()
        assert rcd_passes(device, False, residual.TESTING)(20)
        assert rcd_passes(device, True, residual.REARMING)(20)
        assert rcd_passes(device, False, residual.READY)(20)
        on_its_millisecond(residual.TEST_EVERY_MS, rcd_passes(device, False, residual.UNTESTED))


def test_a_rise_after_heat():
    derating = Derating(16000)

    def passes(ms):
        before_ma = derating.limit_ma
        derating.update(ms, 600, True)
        return derating.limit_ma == before_ma + 1000

    # Heat, a lost sample, and a moment that is hot again each begin the wait anew; so does the rise itself.
    for samples in (((695, True), (600, True)), ((600, False),), (), ((655, True), (640, True), (600, True))):
        for temperature_dc, valid in samples:
            derating.update(0, temperature_dc, valid)
        on_its_millisecond(COOLER_MS, passes)


def test_what_is_renewed_on_its_last_millisecond_counts_once():
    recent = Recent(3, 60000)
    recent.add()
    recent.update(59999)
    recent.renew()
    assert recent.count == 1
    recent.update(59999)
    assert recent.count == 1
    recent.add()
    assert recent.count == 2


def test_what_takes_the_place_of_the_oldest_on_its_last_millisecond_is_no_more():
    recent = Recent(2, 60000)
    recent.add()
    recent.update(30000)
    recent.add()
    recent.update(29999)
    recent.add()
    assert recent.count == 2
    recent.update(30001)
    assert recent.count == 1


def test_a_plug_that_is_found_locked_at_boot_is_let_go():
    lock = Lock(True)

    def passes(ms):
        lock.update(ms, False, True)
        return lock.again

    for stuck in (False, False, True):
        on_its_millisecond(TRY_MS, passes)
        assert lock.stuck == stuck


def test_the_first_reading_of_all_proves_nothing():
    suspicion = Suspicion(100)
    for _ in range(2):
        suspicion.update(20, True)
        assert suspicion.ms == 20
        suspicion.update(20, True)
        assert suspicion.ms == 10
        suspicion.clear()
