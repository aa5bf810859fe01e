"""The pilot's drivers on their chips: what is driven reaches the wire, and what is on the wire is seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from control.duty import STATE_F_BP, STEADY_BP
from tests.hal.chip_bench import bench_of
from tests.hal.pilot_wave import ESP32_POINTS, RP2_POINTS, pin_mv

NEAR_MV = 150
TICK_MS = 20
DRIVERS = {
    "rp2040": ("rp2.pilot", RP2_POINTS),
    "rp2350": ("rp2.pilot", RP2_POINTS),
    "esp32s3": ("esp32.pilot", ESP32_POINTS),
}
CHIPS = list(DRIVERS)


class Line:
    """A pilot's wire: what the output makes of it, and what hangs on it."""

    def __init__(self, bench, points):
        self.high_mv, self.low_mv = 12000, -12000
        self.points = points
        self.node = bench.node("pilot")
        bench.feed_mv("pilot_sense", self.pin_mv)

    def pin_mv(self, at_us):
        return round(pin_mv(self.points, self.high_mv if self.node.level_at(at_us) else self.low_mv))


def pilot_on(bench, chip):
    driver, points = DRIVERS[chip]
    bench.facts.pilot_points = points
    line = Line(bench, points)
    return bench.make(driver), line


def tick(bench, pilot, times=1):
    for _ in range(times):
        bench.pass_ms(TICK_MS)
        pilot.sample(bench.now_ms)


@pytest.fixture(params=CHIPS)
def setup(request):
    with bench_of(request.param) as bench:
        yield bench, *pilot_on(bench, request.param)


def test_before_anything_is_driven_it_shows_state_f(setup):
    bench, pilot, _ = setup
    assert not pilot.valid
    tick(bench, pilot)
    assert pilot.valid
    assert abs(pilot.high_mv + 12000) <= NEAR_MV


@pytest.mark.parametrize("chip", CHIPS)
@given(
    duty_bp=st.integers(500, 9700),
    high_mv=st.sampled_from([12000, 9000, 6000, 3000, 0]),
    wait_us=st.integers(0, 1000),
    seed=st.integers(0, 1000),
)
@settings(max_examples=40)
def test_both_plateaus_of_each_duty_are_seen(chip, duty_bp, high_mv, wait_us, seed):
    with bench_of(chip, seed=seed) as bench:
        pilot, line = pilot_on(bench, chip)
        line.high_mv = high_mv
        pilot.drive(duty_bp)
        bench.chip.advance(wait_us)
        tick(bench, pilot, 3)
        if min(duty_bp, 10000 - duty_bp) >= 500:
            assert pilot.valid
        if pilot.valid:
            assert abs(pilot.high_mv - high_mv) <= NEAR_MV
            assert abs(pilot.low_mv + 12000) <= NEAR_MV


def test_a_steady_pilot_shows_its_one_level(setup):
    bench, pilot, line = setup
    pilot.drive(STEADY_BP)
    for high_mv in (12000, 9000, 6000, 3000, 0):
        line.high_mv = high_mv
        tick(bench, pilot)
        assert pilot.valid
        assert abs(pilot.high_mv - high_mv) <= NEAR_MV
    pilot.drive(STATE_F_BP)
    tick(bench, pilot)
    assert abs(pilot.high_mv + 12000) <= NEAR_MV


def test_a_shorted_pilot_shows_0_v_although_the_square_wave_runs(setup):
    bench, pilot, line = setup
    pilot.drive(5000)
    line.high_mv = line.low_mv = 0
    tick(bench, pilot)
    assert pilot.valid
    assert abs(pilot.high_mv) <= NEAR_MV
    assert abs(pilot.low_mv) <= NEAR_MV


def test_a_change_of_the_line_is_seen_at_the_next_tick(setup):
    bench, pilot, line = setup
    pilot.drive(2667)
    line.high_mv = 6000
    tick(bench, pilot)
    for high_mv in (9000, 6000, 12000):
        line.high_mv = high_mv
        tick(bench, pilot)
        assert pilot.valid
        assert abs(pilot.high_mv - high_mv) <= NEAR_MV


def driven_us(bench, duration_us=20000):
    """How long the output is high, of so many us."""
    node, at_us = bench.node("pilot"), bench.now_us
    return sum(node.level_at(at_us + us) for us in range(duration_us))


@pytest.mark.parametrize("duty_bp", [500, 1000, 2667, 5333, 8500, 9600])
def test_the_duty_on_the_wire_is_right_to_5_us_and_never_more(setup, duty_bp):
    bench, pilot, _ = setup
    pilot.drive(duty_bp)
    bench.pass_ms(2)
    high_us = driven_us(bench) / 20
    assert duty_bp / 10 - 5 <= high_us <= duty_bp / 10 + 1


@pytest.mark.parametrize(("duty_bp", "high"), [(STEADY_BP, 1), (STATE_F_BP, 0)])
def test_a_steady_output_has_no_edge(setup, duty_bp, high):
    bench, pilot, _ = setup
    pilot.drive(5000)
    bench.pass_ms(2)
    pilot.drive(duty_bp)
    bench.pass_ms(2)
    assert driven_us(bench) == high * 20000


def test_the_relay_takes_it_off_the_wire(setup):
    bench, pilot, _ = setup
    assert bench.level("pilot_relay") == 0
    for apart in (True, False):
        pilot.disconnect(apart)
        assert bench.level("pilot_relay") == apart


@pytest.mark.parametrize("chip", CHIPS)
def test_without_a_relay_nothing_is_taken_off(chip):
    with bench_of(chip) as bench:
        bench.facts.pins = {name: pin for name, pin in bench.facts.pins.items() if name != "pilot_relay"}
        pilot, _ = pilot_on(bench, chip)
        pilot.disconnect(True)
        tick(bench, pilot)
        assert pilot.valid


@pytest.mark.parametrize("chip", ["rp2040", "rp2350"])
class TestOfRp2:
    """What only the free-running converter has."""

    def test_a_dma_that_stands_still_is_no_plateau(self, chip):
        with bench_of(chip) as bench:
            pilot, _ = pilot_on(bench, chip)
            tick(bench, pilot, 2)
            assert pilot.valid
            pilot._converter._dma.active(0)
            tick(bench, pilot)
            tick(bench, pilot)
            assert not pilot.valid

    def test_a_dma_that_has_counted_out_begins_anew(self, chip):
        """After 88 minutes; here it is told to count 1200."""
        with bench_of(chip) as bench:
            pilot, _ = pilot_on(bench, chip)
            dma = pilot._converter._dma
            dma.active(0)
            dma.config(count=1200, trigger=True)
            pilot._converter._left = 1200
            dma.count = 0xFFFFFFF
            seen = []
            for _ in range(8):
                tick(bench, pilot)
                seen.append(pilot.valid)
            assert seen.count(False) == 1
            assert seen[-1]

    def test_a_tick_too_soon_after_another_sees_nothing_new(self, chip):
        with bench_of(chip) as bench:
            pilot, _ = pilot_on(bench, chip)
            tick(bench, pilot)
            bench.chip.advance(500)
            pilot.sample(0)
            assert not pilot.valid
            tick(bench, pilot)
            assert pilot.valid

    def test_other_inputs_are_read_beside_it_and_disturb_nothing(self, chip):
        with bench_of(chip) as bench:
            pilot, line = pilot_on(bench, chip)
            bench.feed_mv("proximity", 595)
            bench.feed_mv("temperature", 1650)
            proximity = bench.make("gpio.proximity", pilot=pilot)
            sensor = bench.make("gpio.thermistor", pilot=pilot)
            pilot.drive(1000)
            line.high_mv = 6000
            for _ in range(20):
                tick(bench, pilot)
                proximity.sample(0)
                sensor.sample(0)
                assert pilot.valid
                assert abs(pilot.high_mv - 6000) <= NEAR_MV
                assert abs(pilot.low_mv + 12000) <= NEAR_MV
            assert abs(proximity.resistance_ohm - 220) <= 10
            assert abs(sensor.temperature_dc - 250) <= 20

    def test_what_ran_before_a_soft_reset_is_stopped_first(self, chip):
        with bench_of(chip) as bench:
            import machine

            bench.feed_mv("proximity", 3000)
            base = bench.chip.rules.adc_base
            machine.mem32[base + 0x08] = 1
            machine.mem32[base] = 1 | 1 << 3 | 1 << 12
            bench.pass_ms(1)
            assert machine.mem32[base + 0x08] >> 16 & 15
            pilot, _ = pilot_on(bench, chip)
            assert not machine.mem32[base + 0x08] >> 16 & 15
            tick(bench, pilot)
            assert pilot.valid
            assert abs(pilot.high_mv + 12000) <= NEAR_MV

    def test_a_second_connector_has_no_converter_left(self, chip):
        with bench_of(chip) as bench, pytest.raises(ValueError, match="one converter follows the pilot"):
            bench.make("rp2.pilot", 2)


def test_a_burst_of_esp32_costs_8_ms():
    with bench_of("esp32s3") as bench:
        pilot, _ = pilot_on(bench, "esp32s3")
        began_us = bench.now_us
        pilot.sample(0)
        assert 8000 <= bench.now_us - began_us <= 9000
