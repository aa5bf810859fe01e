"""What a socket has on its lines: proximity pilot, lock motor, phase switch, protective earth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.cable import is_invalid, rating_ma
from control.ticks import MASK, add
from hal.contract import Proximity
from tests.hal.chip_bench import CHIPS, bench_of

LEVELS = [1, 0]
SUPPLY_MV = 3300
TICK_MS = 20


def proximity(bench, line_mv):
    """The proximity pilot, once it has seen this voltage."""
    bench.feed_mv("proximity", line_mv)
    if bench.chip.rules.family != "rp2":
        part = bench.make("gpio.proximity")
    else:
        bench.feed_mv("pilot_sense", 300)
        pilot = bench.make("rp2.pilot")
        part = bench.make("gpio.proximity", pilot=pilot)
        bench.pass_ms(TICK_MS)
        pilot.sample(0)
    part.sample(0)
    return part


def divided(ohm, pull_ohm=1000):
    return round(SUPPLY_MV * ohm / (ohm + pull_ohm))


@pytest.mark.parametrize("chip", CHIPS)
@pytest.mark.parametrize(("ohm", "rated_ma"), [(100, 63000), (220, 32000), (680, 20000), (1500, 13000)])
def test_the_resistor_of_a_plug_is_read_to_its_rating(chip, ohm, rated_ma):
    with bench_of(chip) as bench:
        part = proximity(bench, divided(ohm))
        assert abs(part.resistance_ohm - ohm) <= ohm * 5 // 100 + 5
        assert rating_ma(part.resistance_ohm, 3) == rated_ma


@pytest.mark.parametrize("chip", CHIPS)
def test_a_shorted_line_is_no_cable(chip):
    with bench_of(chip) as bench:
        assert is_invalid(proximity(bench, 0).resistance_ohm)


@pytest.mark.parametrize("chip", CHIPS)
def test_an_open_line_is_open_whatever_the_converter_can_see(chip):
    with bench_of(chip) as bench:
        part = proximity(bench, SUPPLY_MV + 50)
        assert part.resistance_ohm > 100_000
        assert rating_ma(part.resistance_ohm, 3) == 0


@pytest.mark.parametrize("chip", CHIPS)
def test_before_it_has_looked_nothing_is_plugged_in(chip):
    with bench_of(chip) as bench:
        assert bench.make("gpio.proximity").resistance_ohm == Proximity.OPEN_OHM


class Source:
    """A converter's input that shows what it is told."""

    def __init__(self, line_mv):
        self.line_mv = line_mv

    def read_mv(self):
        return self.line_mv


@given(ohm=st.integers(0, 20000), pull_ohm=st.sampled_from([330, 1000, 4700]))
def test_the_divider_is_undone_to_the_millivolt(ohm, pull_ohm):
    with bench_of(proximity_pull_ohm=pull_ohm) as bench:
        import hal.gpio.proximity as driver

        part = driver.ProximityLine(bench.facts, Source(divided(ohm, pull_ohm)))
        part.sample(0)
        step = SUPPLY_MV * pull_ohm / (ohm + pull_ohm) ** 2  # mV an ohm there
        assert abs(part.resistance_ohm - ohm) <= 0.6 / step + 1


@given(line_mv=st.integers(0, 3300))
def test_a_resistance_is_between_nothing_and_open(line_mv):
    with bench_of() as bench:
        import hal.gpio.proximity as driver

        part = driver.ProximityLine(bench.facts, Source(line_mv))
        part.sample(0)
        assert 0 <= part.resistance_ohm <= Proximity.OPEN_OHM


class Bridge:
    """The H-bridge behind a lock: what it was told, and when."""

    def __init__(self, bench, lock):
        self.bench, self.lock = bench, lock
        self.now_ms = MASK - 300
        self.both = False
        for name in ("lock_a", "lock_b"):
            bench.node(name).watch(self._look)

    def _look(self, level, now_us):
        self.both = self.both or self.turns == (1, 1)

    @property
    def turns(self):
        return self.bench.level("lock_a"), self.bench.level("lock_b")

    def tick(self, times=1):
        for _ in range(times):
            self.now_ms = add(self.now_ms, TICK_MS)
            self.bench.pass_ms(TICK_MS)
            self.lock.sample(self.now_ms)


@pytest.fixture(params=CHIPS)
def bridge(request):
    with bench_of(request.param, lock_ms=600) as bench:
        lock = bench.make("gpio.lock")
        yield Bridge(bench, lock)


def test_a_lock_is_fitted_and_its_motor_rests(bridge):
    assert bridge.lock.fitted
    bridge.tick(10)
    assert bridge.turns == (0, 0)


@pytest.mark.parametrize(("order", "turns"), [("engage", (1, 0)), ("release", (0, 1))])
def test_the_motor_runs_for_its_time_and_stops_by_itself(bridge, order, turns):
    bridge.tick()
    getattr(bridge.lock, order)()
    bridge.tick(29)
    assert bridge.turns == turns
    bridge.tick()
    assert bridge.turns == (0, 0)
    bridge.tick(100)
    assert bridge.turns == (0, 0)


def test_told_again_it_runs_its_whole_time_again(bridge):
    bridge.tick()
    bridge.lock.engage()
    bridge.tick(20)
    bridge.lock.engage()
    bridge.tick(29)
    assert bridge.turns == (1, 0)
    bridge.tick()
    assert bridge.turns == (0, 0)


@given(orders=st.lists(st.sampled_from(["engage", "release", "tick", "late"]), max_size=30))
def test_the_bridge_is_never_driven_both_ways_nor_for_too_long(orders):
    with bench_of(lock_ms=600) as bench:
        bridge = Bridge(bench, bench.make("gpio.lock"))
        bridge.tick()
        told_ms = 0
        for order in orders:
            if order in ("engage", "release"):
                getattr(bridge.lock, order)()
                told_ms = 0
            else:
                ticks = 1 if order == "tick" else 12
                bridge.tick(ticks)
                told_ms += ticks * TICK_MS
            assert not bridge.both
            assert bridge.turns == (0, 0) or told_ms < 600


@pytest.mark.parametrize("level", LEVELS)
def test_the_position_switch_tells_and_a_broken_wire_is_no_lock(level):
    with bench_of(lock_level=level) as bench:
        lock = bench.make("gpio.lock")
        lock.sample(0)
        assert not lock.locked
        for locked in (True, False, True):
            bench.feed("locked", level if locked else 1 - level)
            lock.sample(0)
            assert lock.locked is locked


@pytest.mark.parametrize("level", LEVELS)
def test_phases_are_what_the_feedback_says(level):
    with bench_of(phases_level=level) as bench:
        switch = bench.make("gpio.phase_switch")
        switch.sample(0)
        assert switch.fitted
        assert switch.phases == 3  # a broken wire
        for phases in (1, 3, 1):
            bench.feed("phase_feedback", level if phases == 3 else 1 - level)
            switch.sample(0)
            assert switch.phases == phases


def test_phases_are_joined_while_the_line_is_high():
    with bench_of() as bench:
        switch = bench.make("gpio.phase_switch")
        assert bench.level("phase_switch") == 0
        for phases in (3, 1, 3):
            switch.select(phases)
            assert bench.level("phase_switch") == (phases == 3)


@pytest.mark.parametrize("level", LEVELS)
def test_earth_is_there_only_while_its_line_says_so(level):
    with bench_of(earth_level=level) as bench:
        earth = bench.make("gpio.earth")
        assert not earth.present
        for present in (True, False, True):
            bench.feed("earth", level if present else 1 - level)
            earth.sample(0)
            assert earth.present is present
