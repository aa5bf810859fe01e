"""The pilot circuit shows a charger what IEC 61851-1 and SAE J1772 say that a car shows."""

import pytest

from hal.contract import STATE_F_BP, STEADY_BP
from simulator.portable.pilot_line import B_OHM, C_OHM, D_OHM, OPEN
from tests.simulator.living_world import world_of

WINDOWS_MV = {
    "A": (OPEN, 11400, 12600),
    "B": (B_OHM, 8360, 9560),
    "C": (C_OHM, 5480, 6490),
    "D": (D_OHM, 2620, 3250),
}
LOW_WINDOW_MV = (-12600, -11400)


def samples(line, count=2000):
    for now_ms in range(count):
        line.sample(now_ms)
        yield line.high_mv, line.low_mv, line.valid


def a_line(seed=1, duty_bp=2667, ohm=B_OHM):
    line = world_of(seed=seed).connectors[0].line
    line.drive(duty_bp)
    line.load(ohm)
    return line


@pytest.mark.parametrize("state", WINDOWS_MV)
@pytest.mark.parametrize("seed", range(5))
def test_plateaus_stay_in_their_windows_over_the_noise(state, seed):
    ohm, least_mv, most_mv = WINDOWS_MV[state]
    seen = list(samples(a_line(seed, ohm=ohm)))
    assert all(valid and least_mv <= high_mv <= most_mv for high_mv, _, valid in seen)
    assert all(LOW_WINDOW_MV[0] <= low_mv <= LOW_WINDOW_MV[1] for _, low_mv, _ in seen)
    assert len({high_mv for high_mv, _, _ in seen}) > 20


def test_the_next_sample_after_a_change_of_the_drive_is_true():
    line = a_line(duty_bp=STATE_F_BP)
    line.sample(0)
    assert line.high_mv < -11900
    line.drive(STEADY_BP)
    line.sample(20)
    assert 8900 < line.high_mv < 9100


def test_a_shorted_diode_lets_the_low_plateau_sag_as_far_as_the_high_one():
    line = a_line(ohm=C_OHM)
    line.diode_shorted = True
    line.settle()
    assert line.true_low_mv == -line.true_high_mv
    assert all(low_mv > -6000 for _, low_mv, _ in samples(line))


def test_a_shorted_pilot_reads_zero_and_the_car_hears_nothing():
    line = a_line(ohm=C_OHM)
    line.shorted = True
    line.settle()
    assert all(abs(high_mv) <= 40 and abs(low_mv) <= 40 and valid for high_mv, low_mv, valid in samples(line))
    assert line.seen_bp == 0


@pytest.mark.parametrize("ohm", [OPEN, B_OHM, C_OHM])
def test_without_its_negative_rail_the_pilot_knows_only_up_and_nothing(ohm):
    line = a_line(ohm=ohm)
    high_mv = line.true_high_mv
    line.rail_dead = True
    line.settle()
    assert (line.true_high_mv, line.true_low_mv, line.seen_bp) == (high_mv, 0, 2667)
    line.drive(STATE_F_BP)
    assert (line.true_high_mv, line.true_low_mv) == (0, 0)
    assert all(abs(seen_mv) <= 40 and valid for seen_mv, _, valid in samples(line))
    line.rail_dead = False
    line.settle()
    assert line.true_high_mv == -12000


def test_noise_crosses_plateaus_and_sometimes_leaves_none():
    line = a_line(ohm=C_OHM)
    line.disturbed = True
    line.settle()
    seen = list(samples(line))
    assert max(high_mv for high_mv, _, _ in seen) > 9500
    assert min(high_mv for high_mv, _, _ in seen) < 2500
    assert 0.05 < sum(not valid for _, _, valid in seen) / len(seen) < 0.5


def test_the_relay_takes_the_pilot_off_the_car_and_off_its_short():
    line = a_line(ohm=C_OHM)
    line.shorted = True
    line.disconnect(True)
    assert (line.true_high_mv, line.true_low_mv, line.seen_bp) == (12000, -12000, 0)
    line.shorted = False
    line.disconnect(False)
    assert (line.true_high_mv, line.seen_bp) == (5995, 2667)


def test_without_power_there_is_no_answer_rather_than_zero_volts():
    line = a_line()
    line.powered = False
    line.settle()
    assert not any(valid for _, _, valid in samples(line))
