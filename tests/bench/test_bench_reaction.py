"""The contactor's command ends in time after its cause, whatever else goes on; `make bench` says the same
over many more lives."""

import pytest

from control import pilot
from control.suspicion import Suspicion
from tests.bench import reaction, report

TICK_MS = 20
BOUNDS_MS = {
    "reaction_c_to_b_ms": 50,
    "reaction_rcd_ms": TICK_MS,
    "reaction_cp_short_ms": 120,
    "reaction_diode_ms": 120,
}
SEED = 1
FEW_TICKS = 10_000


@pytest.fixture(scope="module")
def figures(soak):
    return reaction.measure(ticks=3_000_000 if soak else 40_000, seed=SEED)


@pytest.mark.parametrize("name", BOUNDS_MS)
def test_the_worst_case_with_ticks_on_time_stays_within_its_bound(figures, name):
    assert 0 < figures[name]["value"] <= BOUNDS_MS[name]


@pytest.mark.parametrize("name", BOUNDS_MS)
def test_late_and_missed_ticks_are_part_of_the_fuzz_and_bounded_too(figures, name):
    late = name.replace("_ms", "_late_ms")
    assert TICK_MS < figures[late]["value"] <= report.BOUNDS[late][1]


def test_spoilt_readings_are_part_of_the_fuzz_and_bounded_too(figures):
    assert TICK_MS < figures["reaction_disturbed_ms"]["value"] <= report.BOUNDS["reaction_disturbed_ms"][1]


def test_no_pulse_of_residual_current_is_missed(figures):
    assert figures["reaction_rcd_pulses"]["value"] >= 50
    assert figures["reaction_rcd_missed"]["value"] == 0


def test_the_fuzz_is_no_idle_one(figures):
    assert figures["reaction_causes"]["value"] >= 200
    assert figures["reaction_ticks"]["value"] >= 40_000


def test_what_has_a_bound_is_measured(figures):
    assert {name for name in report.BOUNDS if name.startswith("reaction_")} <= set(figures)


def few(name):
    """A figure of a few lives."""
    return reaction.measure(ticks=FEW_TICKS, seed=SEED)[name]["value"]


@pytest.fixture
def prepared(figures):
    """The real firmware has prepared the stations on which a worse one is let loose."""
    return figures


@pytest.mark.usefixtures("prepared")
class TestAWorseFirmware:
    def test_three_readings_that_must_agree_are_one_too_many(self, monkeypatch):
        monkeypatch.setattr(pilot, "_AGREE", 3)
        assert few("reaction_c_to_b_ms") > BOUNDS_MS["reaction_c_to_b_ms"]

    @pytest.mark.parametrize("name", ["reaction_cp_short_ms", "reaction_diode_ms"])
    def test_a_filter_of_twice_the_time_is_too_slow(self, monkeypatch, name):
        monkeypatch.setattr(Suspicion, "update", half_as_fast(Suspicion.update))
        assert few(name) > BOUNDS_MS[name]

    def test_one_that_clears_the_latch_unseen_misses_pulses(self, monkeypatch):
        tick = reaction.Ambush.tick

        def rearming(play, gap_ms=None):
            play.station.outlet.residual.rearm()
            tick(play, gap_ms)

        monkeypatch.setattr(reaction.Ambush, "tick", rearming)
        assert few("reaction_rcd_missed") > 0

    def test_one_that_never_opens_is_a_failure_and_no_figure(self, monkeypatch):
        monkeypatch.setattr(Suspicion, "certain", lambda suspicion: False)
        with pytest.raises(RuntimeError, match="still driven 1000 ms after"):
            few("reaction_diode_ms")


def half_as_fast(update):
    return lambda suspicion, elapsed_ms, good: update(suspicion, elapsed_ms // 2, good)
