"""ARCHITECTURE.md shows what the code does: its diagrams are drawn from the tables."""

from control import residual, states
from tests import diagrams


def test_the_diagrams_are_those_of_the_tables():
    text = diagrams.DOCUMENT.read_text(encoding="utf-8")
    assert diagrams.renewed(text) == text, "python -m tests.diagrams draws them anew"


def test_every_condition_has_a_name_to_draw():
    used = {condition for row in states.TRANSITIONS for condition, _ in row}
    assert used <= diagrams.CONNECTOR_CONDITIONS.keys()
    assert len(states.TRANSITIONS) == len(states.NAMES) == len(states.OFFERS) == len(states.CLOSES)
    assert len(residual.TRANSITIONS) == len(residual.NAMES)
