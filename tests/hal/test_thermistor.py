"""The temperature sensor: right from -40 to +125 degC, and lost when it is open or shorted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hal.chip_bench import CHIPS, bench_of

NTC = (10000, 3977, 10000)
SUPPLY_MV = 3300


class Source:
    """A converter's input that shows what it is told."""

    line_mv = 0

    def read_mv(self):
        return self.line_mv


def line_mv(temperature_c, ntc=NTC):
    at_25_ohm, beta_k, series_ohm = ntc
    ohm = at_25_ohm * math.exp(beta_k * (1 / (temperature_c + 273.15) - 1 / 298.15))
    return SUPPLY_MV * ohm / (ohm + series_ohm)


def sensor_of(bench, source):
    import hal.gpio.thermistor as driver

    return driver.Thermistor(bench.facts, source)


@given(temperature_dc=st.integers(-400, 1250), series_ohm=st.sampled_from([4700, 10000, 33000]))
def test_it_is_right_to_what_a_millivolt_tells(temperature_dc, series_ohm):
    ntc = (10000, 3977, series_ohm)
    with bench_of(ntc=ntc) as bench:
        source = Source()
        sensor = sensor_of(bench, source)
        source.line_mv = round(line_mv(temperature_dc / 10, ntc))
        sensor.sample(0)
        slope = abs(line_mv(temperature_dc / 10 + 0.5, ntc) - line_mv(temperature_dc / 10 - 0.5, ntc))
        assert sensor.valid
        assert abs(sensor.temperature_dc - temperature_dc) <= 4 + 12 / slope


@given(above_mv=st.integers(0, 200), below_mv=st.integers(0, 200))
def test_it_only_falls_when_the_voltage_rises(above_mv, below_mv):
    with bench_of(ntc=NTC) as bench:
        source = Source()
        sensor = sensor_of(bench, source)
        told = []
        for mv in (1500 - below_mv, 1500 + above_mv):
            source.line_mv = mv
            sensor.sample(0)
            told.append(sensor.temperature_dc)
        assert told[0] >= told[1]


@given(mv=st.one_of(st.integers(0, 90), st.integers(3240, 3300)))
def test_what_no_temperature_explains_is_no_temperature(mv):
    with bench_of(ntc=NTC) as bench:
        source = Source()
        sensor = sensor_of(bench, source)
        source.line_mv = 1000
        sensor.sample(0)
        assert sensor.valid
        source.line_mv = mv
        sensor.sample(0)
        assert not sensor.valid


def seen(bench, mv, ticks=40):
    """The sensor after some ticks at this voltage."""
    bench.feed_mv("temperature", mv)
    pilot = None
    if bench.chip.rules.family == "rp2":
        bench.feed_mv("pilot_sense", 300)
        pilot = bench.make("rp2.pilot")
    sensor = bench.make("gpio.thermistor", pilot=pilot)
    assert not sensor.valid
    for _ in range(ticks):
        bench.pass_ms(20)
        if pilot:
            pilot.sample(0)
        sensor.sample(0)
    return sensor


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("temperature_c", [-20, -1, 0, 25, 65, 71, 100])
def test_through_a_chips_converter_it_is_right_to_a_few_degrees(chip, temperature_c):
    with bench_of(chip, ntc=(10000, 3977, 33000)) as bench:
        sensor = seen(bench, round(line_mv(temperature_c, (10000, 3977, 33000))))
        assert sensor.valid
        assert abs(sensor.temperature_dc - 10 * temperature_c) <= 25


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize("mv", [0, 20, 3300, 3400])
def test_an_open_or_shorted_sensor_is_lost_on_every_chip(chip, mv):
    with bench_of(chip, ntc=(10000, 3977, 33000)) as bench:
        assert not seen(bench, mv).valid


def test_noise_is_averaged_and_a_step_is_followed_within_a_second():
    with bench_of(ntc=NTC) as bench:
        source = Source()
        sensor = sensor_of(bench, source)
        told = []
        for tick in range(100):
            source.line_mv = round(line_mv(70)) + (-8 if tick % 2 else 8)
            sensor.sample(0)
            told.append(sensor.temperature_dc)
        assert max(told[20:]) - min(told[20:]) <= 5
        source.line_mv = round(line_mv(40))
        for _ in range(50):
            sensor.sample(0)
        assert abs(sensor.temperature_dc - 400) <= 5


def test_after_a_gap_the_mean_begins_anew():
    with bench_of(ntc=NTC) as bench:
        source = Source()
        sensor = sensor_of(bench, source)
        for mv, valid in ((line_mv(20), True), (0, False), (line_mv(90), True)):
            source.line_mv = round(mv)
            sensor.sample(0)
            assert sensor.valid is valid
        assert abs(sensor.temperature_dc - 900) <= 5
