"""The table of states: whole, reachable, and complete under every mixture of conditions."""

import itertools

import pytest

from control import states
from control.states import (
    AWAKE,
    AWAY,
    CHARGING,
    CLOSABLE,
    CONNECTED,
    DROWSY,
    FAULT,
    FAULTED,
    IDLE,
    KNOWN,
    LET_GO,
    OFFERABLE,
    OFFERED,
    PLUGGED,
    RELEASED,
    SOUND,
    STARTING,
    STOPPING,
    WAKING,
    WITHDRAWN,
)
from tests.diagrams import CONNECTOR_CONDITIONS

STATES = range(len(states.NAMES))
CONDITIONS = list(CONNECTOR_CONDITIONS)
OPPOSITES = [(FAULT, SOUND), (PLUGGED, AWAY), (OFFERABLE, WITHDRAWN)]

# By state: where a condition alone leads. Why the others lead nowhere is in test_every_condition.py.
ROWS: dict[int, dict[int, int]] = {
    STARTING: {FAULT: FAULTED, KNOWN: IDLE},
    IDLE: {FAULT: FAULTED, PLUGGED: CONNECTED},
    CONNECTED: {FAULT: FAULTED, AWAY: IDLE, OFFERABLE: OFFERED},
    OFFERED: {FAULT: FAULTED, AWAY: IDLE, WITHDRAWN: CONNECTED, CLOSABLE: CHARGING, DROWSY: WAKING},
    CHARGING: {FAULT: FAULTED, RELEASED: OFFERED, WITHDRAWN: STOPPING},
    STOPPING: {FAULT: FAULTED, LET_GO: CONNECTED},
    FAULTED: {SOUND: STARTING},
    WAKING: {FAULT: FAULTED, AWAKE: STARTING},
}


def mixtures():
    """Every set of conditions that can hold at once."""
    for picked in itertools.product((False, True), repeat=len(CONDITIONS)):
        seen = sum(bit for bit, there in zip(CONDITIONS, picked, strict=True) if there)
        if all(bool(seen & one) != bool(seen & other) for one, other in OPPOSITES):
            yield seen


@pytest.mark.parametrize("state", STATES, ids=states.NAMES)
@pytest.mark.parametrize("condition", CONDITIONS, ids=CONNECTOR_CONDITIONS.values())
def test_every_state_under_every_condition(state, condition):
    assert states.following(state, condition) == ROWS[state].get(condition, state)


def test_a_fault_goes_before_everything():
    for seen in mixtures():
        if seen & FAULT:
            assert {states.following(state, seen) for state in STATES} == {FAULTED}


def test_the_contactor_closes_only_out_of_an_offer_and_stays_closed_only_to_stop():
    closing = {(CHARGING, CHARGING), (OFFERED, CHARGING), (CHARGING, STOPPING), (STOPPING, STOPPING)}
    moves = {(state, states.following(state, seen)) for state in STATES for seen in mixtures()}
    assert {(before, after) for before, after in moves if states.CLOSES[after]} == closing


def test_whatever_is_withdrawn_or_gone_ends_every_offer():
    for seen in mixtures():
        if seen & WITHDRAWN and not seen & RELEASED:
            assert not any(states.OFFERS[states.following(state, seen)] for state in STATES)
        if seen & AWAY:
            assert not states.OFFERS[states.following(OFFERED, seen)]


def test_a_car_that_lets_go_opens_from_every_state():
    for seen in mixtures():
        if seen & RELEASED and seen & LET_GO and not seen & CLOSABLE:
            assert not any(states.CLOSES[states.following(state, seen)] for state in STATES)


def test_the_table_is_well_formed():
    assert len(states.TRANSITIONS) == len(states.NAMES) == len(states.OFFERS) == len(states.CLOSES)
    assert sorted(CONDITIONS) == [1 << index for index in range(len(CONDITIONS))]
    assert len(set(CONNECTOR_CONDITIONS.values())) == len(CONDITIONS)
    for state, row in enumerate(states.TRANSITIONS):
        conditions = [condition for condition, _ in row]
        assert set(conditions) <= set(CONDITIONS)
        assert len(set(conditions)) == len(conditions), "the second of two alike can never be reached"
        assert all(after in STATES and after != state for _, after in row)


def test_every_state_can_be_reached_and_left():
    reached, edge = {STARTING}, [STARTING]
    while edge:
        row = states.TRANSITIONS[edge.pop()]
        new = {after for _, after in row} - reached
        reached |= new
        edge.extend(new)
    assert reached == set(STATES)
    assert all(states.TRANSITIONS)


def test_outputs_by_state():
    assert [name for name, offers in zip(states.NAMES, states.OFFERS, strict=True) if offers] == [
        "offered",
        "charging",
    ]
    assert [name for name, closes in zip(states.NAMES, states.CLOSES, strict=True) if closes] == [
        "charging",
        "stopping",
    ]
