"""The trip line of the residual-current device: latched by interrupt, cleared by `rearm` alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hal.chip_bench import CHIPS, bench_of

LEVELS = [1, 0]
HARD = ["rp2040", "rp2350"]


class Contactor:
    """Ours, as far as the device sees it."""

    def __init__(self):
        self.dropped = 0
        self.gated = None

    def gate(self, rcd):
        self.gated = rcd

    def drop(self):
        self.dropped += 1


def device(bench, contactor=None, **levels):
    """A device whose line is quiet."""
    bench.feed("trip", 1 - bench.facts.trip_level)
    return bench.make("gpio.rcd", contactor=contactor)


def pulse(bench, us):
    bench.feed("trip", bench.facts.trip_level)
    bench.chip.advance(us)
    bench.feed("trip", 1 - bench.facts.trip_level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("chip", CHIPS)
def test_a_pulse_of_a_microsecond_is_latched(chip, level):
    with bench_of(chip, trip_level=level) as bench:
        rcd = device(bench)
        rcd.sample(0)
        assert not rcd.tripped
        pulse(bench, 1)
        bench.pass_ms(20)
        rcd.sample(20)
        assert rcd.tripped


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("chip", CHIPS)
def test_a_broken_wire_is_a_trip(chip, level):
    with bench_of(chip, trip_level=level) as bench:
        rcd = bench.make("gpio.rcd")
        assert rcd.tripped
        rcd.rearm()
        assert rcd.tripped


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("chip", CHIPS)
def test_it_rearms_only_once_the_line_is_quiet(chip, level):
    with bench_of(chip, trip_level=level) as bench:
        rcd = device(bench)
        bench.feed("trip", level)
        bench.pass_ms(20)
        rcd.sample(20)
        rcd.rearm()
        assert rcd.tripped
        bench.feed("trip", 1 - level)
        rcd.sample(0)
        assert rcd.tripped
        rcd.rearm()
        assert not rcd.tripped
        bench.pass_ms(20)
        rcd.sample(40)
        assert not rcd.tripped


@pytest.mark.parametrize("chip", HARD)
def test_a_hard_interrupt_drops_the_contactor_there_and_then(chip):
    with bench_of(chip, rcd_path="hard_irq") as bench:
        contactor = Contactor()
        rcd = device(bench, contactor)
        assert contactor.gated is rcd
        bench.feed("trip", bench.facts.trip_level)
        assert contactor.dropped == 1


def test_from_edge_to_open_coil_it_takes_no_millisecond():
    with bench_of(rcd_path="hard_irq") as bench:
        bench.feed("trip", 0)
        contactor = bench.make("rp2.contactor")
        rcd = bench.make("gpio.rcd", contactor=contactor)
        for _ in range(5):
            contactor.renew(bench.now_ms)
            bench.pass_ms(20)
        edges = bench.edges("contactor")
        tripped_us = bench.now_us
        pulse(bench, 2)
        for _ in range(5):
            contactor.renew(bench.now_ms)
            bench.pass_ms(20)
        assert [level for level, _ in edges] == [0]
        assert edges[0][1] - tripped_us <= 100
        rcd.rearm()
        contactor.renew(bench.now_ms)
        bench.pass_ms(1)
        assert bench.level("contactor") == 1


def test_a_soft_interrupt_drops_it_too_when_it_comes():
    with bench_of("esp32s3", rcd_path="hardware_gate") as bench:
        contactor = Contactor()
        rcd = device(bench, contactor)
        pulse(bench, 2)
        bench.pass_ms(20)
        assert rcd.tripped
        assert contactor.dropped == 1


def test_a_chip_without_hard_interrupts_does_not_pass_for_one():
    with (
        bench_of("esp32s3", rcd_path="hard_irq") as bench,
        pytest.raises(ValueError, match="no pin of this processor has hard interrupts"),
    ):
        device(bench, Contactor())


def test_a_contactor_that_an_interrupt_cannot_drop_is_refused():
    with (
        bench_of("rp2350", rcd_path="hard_irq") as bench,
        pytest.raises(ValueError, match="cannot be dropped by an interrupt"),
    ):
        device(bench, object())


def test_without_a_contactor_of_ours_it_latches_all_the_same():
    with bench_of("rp2350", rcd_path="hardware_gate") as bench:
        rcd = device(bench, object())
        pulse(bench, 1)
        assert rcd.tripped


@pytest.mark.parametrize("level", LEVELS)
def test_the_test_input_is_driven_while_it_is_wanted(level):
    with bench_of(test_level=level) as bench:
        rcd = device(bench)
        assert bench.level("test") == 1 - level
        for on in (True, False, True):
            rcd.test(on)
            assert (bench.level("test") == level) is on


@given(st.lists(st.sampled_from(["pulse", "hold", "quiet", "sample", "rearm"]), max_size=30))
def test_the_latch_forgets_nothing(steps):
    """Whatever comes in whatever order: it is set from a trip on, until it is rearmed with the line quiet."""
    with bench_of("rp2350") as bench:
        rcd = device(bench)
        held = latched = False
        for step in steps:
            if step == "pulse" and not held:
                pulse(bench, 1)
                latched = True
            elif step == "hold":
                bench.feed("trip", 1)
                held = latched = True
            elif step == "quiet":
                bench.feed("trip", 0)
                held = False
            elif step == "sample":
                rcd.sample(0)
            elif step == "rearm":
                rcd.rearm()
                latched = held
            assert rcd.tripped is latched
