"""Supply voltage: how far, for how long, and on which phases."""

import pytest

from control.supply import Supply

STEP_MS = 100
SOUND = [230000] * 3


def feed(supply, duration_ms, *voltage_mv):
    for _ in range(duration_ms // STEP_MS):
        supply.update(STEP_MS, list(voltage_mv))
    return supply.low, supply.high


@pytest.mark.parametrize(
    ("voltage_mv", "after_ms", "verdict"),
    [
        (207000, None, (False, False)),
        (206999, 5000, (True, False)),
        (184000, 5000, (True, False)),
        (183999, 3000, (True, False)),
        (0, 3000, (True, False)),
        (253000, None, (False, False)),
        (253001, 5000, (False, True)),
        (400000, 5000, (False, True)),
    ],
)
def test_the_bounds_and_their_times(voltage_mv, after_ms, verdict):
    supply = Supply(230000, 3)
    feed(supply, 60000, *SOUND)
    if after_ms:
        assert feed(supply, after_ms - STEP_MS, voltage_mv, 230000, 230000) == (False, False)
        assert feed(supply, STEP_MS, voltage_mv, 230000, 230000) == verdict
        # The first good reading after a bad one proves nothing.
        assert feed(supply, 2 * STEP_MS, *SOUND) == (False, False)
    else:
        assert feed(supply, 60000, *[voltage_mv] * 3) == verdict


@pytest.mark.parametrize("phase", [0, 1, 2])
def test_every_phase_counts(phase):
    for bad_mv, verdict in ((190000, (True, False)), (260000, (False, True)), (0, (True, False))):
        supply = Supply(230000, 3)
        feed(supply, 1000, *SOUND)
        voltage_mv = list(SOUND)
        voltage_mv[phase] = bad_mv
        assert feed(supply, 5000, *voltage_mv) == verdict


@pytest.mark.parametrize(("bad_mv", "verdict"), [(270000, (False, True)), (150000, (True, False))])
def test_good_moments_between_bad_ones_prove_nothing(bad_mv, verdict):
    supply = Supply(230000, 3)
    feed(supply, 1000, *SOUND)
    for _ in range(10):
        feed(supply, 2000, *[bad_mv] * 3)
        feed(supply, 1000, *SOUND)
    assert feed(supply, 2000, *[bad_mv] * 3) == verdict


def test_a_dip_now_and_then_is_forgiven():
    supply = Supply(230000, 3)
    for _ in range(100):
        assert feed(supply, 1000, *[190000] * 3) == (False, False)
        assert feed(supply, 3000, *SOUND) == (False, False)


@pytest.mark.parametrize(
    ("voltage_mv", "sags", "swells"),
    [(206999, True, False), (207000, False, False), (253000, False, False), (253001, False, True)],
)
def test_the_last_reading_is_told_at_once(voltage_mv, sags, swells):
    supply = Supply(230000, 3)
    assert (supply.sags, supply.swells) == (False, False)
    feed(supply, STEP_MS, voltage_mv, 230000, 230000)
    assert (supply.sags, supply.swells) == (sags, swells)


def test_one_phase_may_be_high_while_another_is_low():
    assert feed(Supply(230000, 3), 5000, 190000, 260000, 230000) == (True, True)


def test_phases_that_were_never_there_are_no_fault():
    supply = Supply(230000, 3)
    assert feed(supply, 60000, 230000, 0, 0) == (False, False)
    assert feed(supply, 60000, 230000, 49999, 0) == (False, False)  # what a dead wire picks up


def test_a_phase_that_was_there_must_stay():
    supply = Supply(230000, 3)
    feed(supply, STEP_MS, *SOUND)
    assert feed(supply, 3000, 230000, 230000, 0) == (True, False)


def test_a_supply_that_is_dead_from_the_start_is_low():
    assert feed(Supply(230000, 3), 3000, 0, 0, 0) == (True, False)


def test_phases_that_are_not_wired_do_not_count():
    assert feed(Supply(230000, 1), 60000, 230000, 100000, 300000) == (False, False)


@pytest.mark.parametrize(
    ("nominal_mv", "low_mv", "high_mv"), [(120000, 108000, 132000), (240000, 216000, 264000)]
)
def test_another_nominal_voltage_has_its_own_bounds(nominal_mv, low_mv, high_mv):
    assert feed(Supply(nominal_mv, 1), 60000, low_mv, 0, 0) == (False, False)
    assert feed(Supply(nominal_mv, 1), 60000, high_mv, 0, 0) == (False, False)
    assert feed(Supply(nominal_mv, 1), 5000, low_mv - 1, 0, 0) == (True, False)
    assert feed(Supply(nominal_mv, 1), 5000, high_mv + 1, 0, 0) == (False, True)
