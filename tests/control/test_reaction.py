"""The contactor's command ends in time after its cause; `make bench` says the same over many more runs."""

import pytest

from tests.bench import reaction

TICK_MS = 20
BOUNDS_MS = {
    "reaction_c_to_b_ms": 50,
    "reaction_rcd_ms": TICK_MS,
    "reaction_cp_short_ms": 120,
    "reaction_diode_ms": 120,
}


@pytest.fixture(scope="module")
def worst_ms(soak):
    figures = reaction.measure(runs=20000 if soak else 500, seed=1)
    return {name: figure["value"] for name, figure in figures.items()}


def test_every_reaction_is_measured(worst_ms):
    assert set(worst_ms) == set(BOUNDS_MS)


@pytest.mark.parametrize("name", BOUNDS_MS)
def test_the_worst_of_many_noisy_runs_stays_within_its_bound(worst_ms, name):
    assert 0 < worst_ms[name] <= BOUNDS_MS[name]


def test_a_command_that_does_not_end_is_a_failure_and_no_figure(monkeypatch):
    monkeypatch.setattr(reaction, "CAUSES", {"nothing": lambda station, chance, left_ms: 0})
    with pytest.raises(RuntimeError, match="still driven"):
        reaction.measure(runs=1)
