"""The main contactor's coil is held for 100 ms and no longer, whoever stops; a trip keeps it open."""

import pytest

from tests.hal.chip_bench import bench_of

PIO = ("rp2350", "rp2.contactor")
PIO_RP2040 = ("rp2040", "rp2.contactor")
MONOSTABLE = ("esp32s3", "gpio.monostable")
LEASES = [PIO, PIO_RP2040]
ALL = [PIO, PIO_RP2040, MONOSTABLE]
LEVELS = [1, 0]


class Gate:
    def __init__(self, *answers):
        self.answers = list(answers)

    @property
    def tripped(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(params=[(*kind, level) for kind in LEASES for level in LEVELS], ids=str)
def lease(request):
    chip, driver, level = request.param
    with bench_of(chip, contactor_level=level) as bench:
        yield bench, bench.make(driver), level


@pytest.fixture(params=[(*kind, level) for kind in ALL for level in LEVELS], ids=str)
def any_contactor(request):
    chip, driver, level = request.param
    with bench_of(chip, contactor_level=level) as bench:
        yield bench, bench.make(driver), level


def test_it_begins_open_and_dropping_it_gives_no_pulse(any_contactor):
    bench, contactor, level = any_contactor
    assert bench.level("contactor") == 1 - level
    edges = bench.edges("contactor")
    for _ in range(10):
        contactor.drop()
        bench.pass_ms(20)
    assert edges == []


def test_it_stays_closed_while_it_is_renewed(lease):
    bench, contactor, level = lease
    edges = bench.edges("contactor")
    for _ in range(50):
        contactor.renew(bench.now_ms)
        bench.pass_ms(20)
    assert [edge for edge, _ in edges] == [level]
    assert bench.level("contactor") == level


@pytest.mark.parametrize("renewals", range(1, 8))
def test_a_stall_opens_it_100_ms_after_the_last_renewal(lease, renewals):
    bench, contactor, level = lease
    edges = bench.edges("contactor")
    for _ in range(renewals):
        bench.pass_ms(20)
        contactor.renew(bench.now_ms)
        last_us = bench.now_us
    bench.pass_ms(1000)
    assert [edge for edge, _ in edges] == [level, 1 - level]
    assert 99_900 <= edges[1][1] - last_us <= 100_100


def test_a_dropped_one_opens_within_a_few_us_and_stays_open(lease):
    bench, contactor, level = lease
    contactor.renew(bench.now_ms)
    bench.pass_ms(20)
    edges = bench.edges("contactor")
    dropped_us = bench.now_us
    contactor.drop()
    bench.pass_ms(200)
    assert [edge for edge, _ in edges] == [1 - level]
    assert edges[0][1] - dropped_us <= 30


def test_it_can_close_again(lease):
    bench, contactor, level = lease
    for _ in range(3):
        contactor.renew(bench.now_ms)
        bench.pass_ms(1)
        assert bench.level("contactor") == level
        contactor.drop()
        bench.pass_ms(1)
        assert bench.level("contactor") == 1 - level


def test_a_program_that_halts_keeps_nobody_waiting(lease):
    """Nothing in the firmware halts it; if something does, the tick must go on, for its watchdog's sake."""
    bench, contactor, _ = lease
    contactor._lease.active(0)
    began_us = bench.now_us
    for _ in range(20):
        contactor.renew(bench.now_ms)
        contactor.drop()
    assert bench.now_us - began_us < 1000


def test_after_a_soft_reset_that_halted_it_closed_it_begins_open(lease):
    bench, contactor, level = lease
    contactor.renew(bench.now_ms)
    bench.pass_ms(1)
    contactor._lease.active(0)
    bench.pass_ms(500)
    assert bench.level("contactor") == level  # as on the chip, and why `Guard.open` comes first
    bench.make("rp2.contactor")
    assert bench.level("contactor") == 1 - level


def test_each_connector_has_a_state_machine_of_its_own():
    with bench_of() as bench:
        first = bench.make("rp2.contactor", 1)
        bench.facts.pins = bench.facts.pins | {"contactor": 20, "mirror": 21}
        bench.make("rp2.contactor", 2)
        first.renew(0)
        bench.pass_ms(1)
        assert bench.chip.pin(8).level == 1
        assert bench.chip.pin(20).level == 0


@pytest.mark.parametrize("level", LEVELS)
def test_each_renewal_of_a_monostable_is_one_edge_to_its_level(level):
    with bench_of("esp32s3", contactor_level=level) as bench:
        contactor = bench.make("gpio.monostable")
        edges = bench.edges("contactor")
        for _ in range(3):
            contactor.renew(bench.now_ms)
            bench.pass_ms(20)
        assert [edge for edge, _ in edges] == [level, 1 - level, level, 1 - level, level]
        contactor.drop()
        assert edges[-1][0] == 1 - level
        assert edges[-1][1] == bench.now_us


@pytest.mark.parametrize("mirror_level", LEVELS)
def test_the_mirror_contact_tells_and_a_broken_wire_is_a_closed_contact(any_contactor, mirror_level):
    bench, _, _ = any_contactor
    bench.facts.mirror_level = mirror_level
    contactor = bench.make("gpio.monostable")
    contactor.sample(0)
    assert contactor.closed
    for closed in (False, True, False):
        bench.feed("mirror", mirror_level if closed else 1 - mirror_level)
        contactor.sample(0)
        assert contactor.closed is closed


def test_a_trip_keeps_it_open(any_contactor):
    bench, contactor, level = any_contactor
    edges = bench.edges("contactor")
    contactor.gate(Gate(True))
    for _ in range(5):
        contactor.renew(bench.now_ms)
        bench.pass_ms(20)
    assert edges == []
    contactor.gate(Gate(False))
    contactor.renew(bench.now_ms)
    bench.pass_ms(1)
    assert bench.level("contactor") == level


def test_a_trip_in_the_midst_of_a_renewal_opens_too(any_contactor):
    """The interrupt's own drop may have come before the renewal that it interrupted."""
    bench, contactor, level = any_contactor
    contactor.gate(Gate(False, True))
    contactor.renew(bench.now_ms)
    bench.pass_ms(1)
    assert bench.level("contactor") == 1 - level
