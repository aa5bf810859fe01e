"""Sampling the control pilot: each plateau is within 150 mV of the truth, or there is none; and where the
signal is sound there is one."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hal.plateaus import Plateaus
from tests.hal.pilot_wave import ESP32_POINTS, RP2_POINTS, Wave, esp32_burst, esp32_reading, rp2_window

NEAR_MV = 150
SAMPLERS = ["rp2", "esp32"]
# State A to E of a sound car, and what a shorted diode makes of the low side (mV).
HIGH = st.sampled_from([12000, 9000, 6000, 3000])
SEEDS = st.integers(0, 2**32)
DRIFT = st.integers(-2000, 2000)


def plateaus_of(sampler):
    if sampler == "rp2":
        return Plateaus(101, RP2_POINTS, 3300, 4096)
    return Plateaus(100, ESP32_POINTS)


def look(sampler, wave, steady=False, seed=0, found=None):
    """A `Plateaus` that has looked at the wave, and what it said."""
    found = found or plateaus_of(sampler)
    found.values[:] = rp2_window(wave) if sampler == "rp2" else esp32_burst(wave, seed=seed)
    return found, found.find(steady)


def uniform(mv):
    return lambda chance: chance.uniform(-mv, mv)


def normal(mv):
    return lambda chance: chance.gauss(0, mv)


def near(found, wave):
    return abs(found.high_mv - wave.high_mv) <= NEAR_MV and abs(found.low_mv - wave.low_mv) <= NEAR_MV


NOISE = st.one_of(
    st.just(None),
    st.floats(0, 2000).map(uniform),
    st.floats(0, 80).map(uniform),
    st.floats(0, 2000).map(normal),
)


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(
    duty_bp=st.integers(800, 9700),
    high_mv=HIGH,
    diode=st.booleans(),
    edge_us=st.floats(0, 100),
    noise=NOISE,
    ripple_mv=st.integers(0, 60),
    drift_ppm=DRIFT,
    seed=SEEDS,
)
@example(9700, 9000, True, 2.5, None, 0, 0, 7)
@example(9700, 9000, True, 3.75, None, 0, 0, 12)
def test_a_plateau_is_near_the_truth_or_there_is_none(
    sampler, duty_bp, high_mv, diode, edge_us, noise, ripple_mv, drift_ppm, seed
):
    low_mv = -12000 if diode else -high_mv
    wave = Wave(duty_bp, high_mv, low_mv, edge_us, noise, ripple_mv, drift_ppm, seed)
    found, whether = look(sampler, wave, seed=seed)
    assert near(found, wave) or not whether


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(
    duty_bp=st.integers(800, 9200),
    high_mv=HIGH,
    diode=st.booleans(),
    edge=st.floats(0, 1),
    noise_mv=st.integers(0, 45),
    rms=st.booleans(),
    ripple_mv=st.integers(0, 15),
    drift_ppm=st.integers(-200, 200),
    seed=SEEDS,
)
def test_a_sound_signal_always_has_its_plateaus(
    sampler, duty_bp, high_mv, diode, edge, noise_mv, rms, ripple_mv, drift_ppm, seed
):
    edge_us = min(edge * min(duty_bp, 10000 - duty_bp) / 10 / 20, 6)
    noise = normal(noise_mv / 3) if rms else uniform(noise_mv)
    low_mv = -12000 if diode else -high_mv
    wave = Wave(duty_bp, high_mv, low_mv, edge_us, noise, ripple_mv, drift_ppm, seed)
    found, whether = look(sampler, wave, seed=seed)
    assert whether
    assert near(found, wave)


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(
    duty_bp=st.sampled_from([400, 600, 9400, 9600]),
    high_mv=HIGH,
    edge_us=st.floats(0, 1),
    noise_mv=st.integers(0, 50),
    drift_ppm=st.integers(-200, 200),
    seed=SEEDS,
)
def test_so_have_the_shortest_that_are_ever_driven(
    sampler, duty_bp, high_mv, edge_us, noise_mv, drift_ppm, seed
):
    wave = Wave(duty_bp, high_mv, -12000, edge_us, uniform(noise_mv), 0, drift_ppm, seed)
    found, whether = look(sampler, wave, seed=seed)
    assert whether
    assert near(found, wave)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("steady", [True, False])
@given(mv=st.integers(-12600, 12600), noise_mv=st.integers(0, 60), seed=SEEDS)
def test_a_steady_level_is_one_plateau_whatever_is_driven(sampler, steady, mv, noise_mv, seed):
    """State A before an offer, state F; and a pilot that is shorted while the square wave runs."""
    wave = Wave(5000, mv, mv, 0, uniform(noise_mv), 0, 0, seed)
    found, whether = look(sampler, wave, steady, seed)
    assert whether
    assert found.high_mv == found.low_mv
    assert near(found, wave)


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(mv=st.integers(-12600, 12600), spikes=st.integers(0, 20), seed=SEEDS)
def test_spikes_cost_a_steady_level_nothing(sampler, mv, spikes, seed):
    chance = random.Random(seed)
    wave = Wave(5000, mv, mv, 0, uniform(40), 0, 0, seed)
    found = plateaus_of(sampler)
    found.values[:] = rp2_window(wave) if sampler == "rp2" else esp32_burst(wave)
    for index in chance.sample(range(len(found.values)), spikes):
        found.values[index] = chance.randint(0, 2900)
    assert found.find(True)
    assert near(found, wave)


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(
    duty_bp=st.integers(800, 9700),
    high_mv=HIGH,
    value=st.integers(0, 2900),
    at=st.integers(0, 99),
    seed=SEEDS,
)
def test_a_spike_falsifies_no_plateau_and_costs_no_long_one(sampler, duty_bp, high_mv, value, at, seed):
    wave = Wave(duty_bp, high_mv, -12000, 1, uniform(40), 0, 0, seed)
    found = plateaus_of(sampler)
    found.values[:] = rp2_window(wave) if sampler == "rp2" else esp32_burst(wave, seed=seed)
    found.values[at] = value
    whether = found.find(False)
    assert near(found, wave) or not whether
    assert whether or not 2000 <= duty_bp <= 8000


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(mv=st.integers(-12000, 12000), amplitude_mv=st.integers(1000, 12000), seed=SEEDS)
def test_a_line_that_only_hisses_has_no_plateau(sampler, mv, amplitude_mv, seed):
    assert look(sampler, Wave(5000, mv, mv, 0, uniform(amplitude_mv), 0, 0, seed), seed=seed)[1] is False


@pytest.mark.parametrize("sampler", SAMPLERS)
@given(
    duty_bp=st.integers(800, 9200),
    before_mv=HIGH,
    after_mv=HIGH,
    at=st.integers(0, 100),
    noise_mv=st.integers(0, 60),
    seed=SEEDS,
)
def test_a_car_that_changes_amid_the_readings_shows_what_it_was_or_is(
    sampler, duty_bp, before_mv, after_mv, at, noise_mv, seed
):
    before = Wave(duty_bp, before_mv, -12000, 1, uniform(noise_mv), seed=seed)
    after = Wave(duty_bp, after_mv, -12000, 1, uniform(noise_mv), seed=seed)
    fill = rp2_window if sampler == "rp2" else esp32_burst
    found = plateaus_of(sampler)
    found.values[:] = fill(before)[:at] + fill(after)[at:]
    if found.find(False):
        assert min(abs(found.high_mv - before_mv), abs(found.high_mv - after_mv)) <= NEAR_MV
        assert abs(found.low_mv + 12000) <= NEAR_MV


@pytest.mark.parametrize("steady", [True, False])
def test_where_there_is_no_plateau_the_last_levels_stand(steady):
    found, whether = look("rp2", Wave(5000, 9000, -12000))
    levels = found.high_mv, found.low_mv
    assert whether
    _, whether = look("rp2", Wave(5000, 0, 0, noise=normal(3000)), steady, found=found)
    assert not whether
    assert (found.high_mv, found.low_mv) == levels


def test_a_square_wave_where_a_steady_level_is_driven_is_no_plateau():
    assert look("rp2", Wave(5000, 12000, -12000), steady=True)[1] is False


def test_edges_that_never_settle_are_no_plateau():
    """A capacitor of 47 nF across the pilot."""
    assert look("rp2", Wave(1000, 9000, -12000, edge_us=47))[1] is False


@pytest.mark.parametrize("duty_bp", [3000, 7000])
@given(seed=SEEDS)
def test_order_means_nothing(duty_bp, seed):
    found, _ = look("esp32", Wave(duty_bp, 6000, -12000, 2, uniform(50), seed=seed))
    levels = found.high_mv, found.low_mv
    random.Random(seed).shuffle(found.values)
    assert found.find(False)
    assert (found.high_mv, found.low_mv) == levels


def test_the_divider_is_undone_to_the_step_of_the_converter():
    found = plateaus_of("esp32")
    for mv in range(-12000, 12001, 500):
        found.values[:] = [esp32_reading(mv)] * 100
        assert found.find(True)
        assert abs(found.high_mv - mv) <= 11
