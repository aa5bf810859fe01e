"""The diode of the car: sound before anything closes, and watched while there is something to see."""

import pytest

from control.diode import BAD_MS, LEAST_MV, PROOF_MS, Diode

TICK_MS = 20
SOUND, SHORTED = -12000, -6000


def show(diode, *readings_mv):
    """After how many of these readings it was bad, or None."""
    for count, low_mv in enumerate(readings_mv, 1):
        diode.update(TICK_MS, low_mv)
        if diode.bad:
            return count
    return None


def test_a_sound_diode_is_proven_by_three_readings_in_a_row():
    diode = Diode()
    proven = []
    for low_mv in (SOUND, SOUND, SHORTED, SOUND, SOUND, SOUND, SOUND):
        assert show(diode, low_mv) is None
        proven.append(diode.proven)
    assert proven == [False] * 5 + [True] * 2
    assert PROOF_MS == 3 * TICK_MS


def test_one_bad_reading_takes_the_proof_back():
    diode = Diode()
    show(diode, *[SOUND] * 50, SHORTED)
    assert not diode.proven
    assert not diode.bad


@pytest.mark.parametrize(("low_mv", "after"), [(LEAST_MV, None), (LEAST_MV + 1, 5), (0, 5), (12000, 5)])
def test_a_plateau_above_ten_volts_is_bad_after_100_ms(low_mv, after):
    assert show(Diode(), *[low_mv] * 10) == after
    assert BAD_MS == 100


@pytest.mark.parametrize(
    ("bad", "every", "within_ms"), [(1, 2, 120), (2, 3, 120), (4, 5, 120), (1, 3, 200), (1, 4, 340)]
)
def test_a_diode_that_is_bad_again_and_again_is_bad(bad, every, within_ms):
    for shift in range(every):
        diode = Diode()
        show(diode, *[SOUND] * 50)
        pattern = [SHORTED if (turn + shift) % every < bad else SOUND for turn in range(50)]
        first = pattern.index(SHORTED)
        after = show(diode, *pattern)
        assert after is not None
        assert (after - first) * TICK_MS <= within_ms


def test_a_lone_glitch_in_eight_is_forgiven():
    assert show(Diode(), *([SHORTED] + [SOUND] * 7) * 500) is None


def test_where_there_is_nothing_to_see_nothing_is_bad_and_the_proof_stands():
    diode = Diode()
    show(diode, *[SOUND] * 3)
    diode.rest()
    assert (diode.bad, diode.proven) == (False, True)
    show(diode, *[SHORTED] * 5)
    assert diode.bad
    diode.rest()
    assert (diode.bad, diode.proven) == (False, False)
    assert show(diode, *[SHORTED] * 4) is None


def test_another_car_must_prove_its_own():
    diode = Diode()
    show(diode, *[SOUND] * 3)
    diode.forget()
    assert not diode.proven
    show(diode, *[SOUND] * 2)
    assert not diode.proven
