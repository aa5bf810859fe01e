"""What the checker finds nothing in, the strict processor takes: every driver of the board is made there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boards
from firmware.fitting import BOARD_ROLES, CONNECTOR_ROLES, fit
from simulator.pins.chip import Chip
from tests.boards.slips import board_with, outlet_with
from tools.board_check import findings
from tools.parts import uses

ON_CHIPS = ["esp32_s3", "pico_2_w", "pico_w"]
"""Boards whose processor is simulated down to its pins; Linux is tried in tests/hal."""


def fitted(board):
    """The parts of the board and of its connectors, by their own drivers on the strict processor."""
    with Chip(board).install():
        shared = fit(BOARD_ROLES, board, 0)
        outlets = [fit(CONNECTOR_ROLES, facts, number) for number, facts in enumerate(board.connectors, 1)]
    return shared, outlets


def rewired(board, pins):
    """The board with these pins: (of a connector or not, name) to pin."""
    outlet = {name: pin for (where, name), pin in pins.items() if where}
    return outlet_with(
        board_with(board, pins={name: pin for (where, name), pin in pins.items() if not where}), pins=outlet
    )


@pytest.mark.parametrize("name", ON_CHIPS)
def test_every_part_of_a_board_is_made_by_its_driver(name):
    board = boards.load(name)
    shared, outlets = fitted(board)
    for facts, parts in [(board, shared), (board.connectors[0], outlets[0])]:
        for role in facts.drivers:
            assert type(getattr(parts, role)).__module__.startswith("hal.")
            assert type(getattr(parts, role)).__module__ not in ("hal.contract", "hal.byteport")


@given(name=st.sampled_from(ON_CHIPS), data=st.data())
def test_wires_that_the_checker_lets_pass_are_taken_by_the_processor(name, data):
    board = boards.load(name)
    pins = {(use.where, use.name): use.pin for use in uses(board)}
    one, other = data.draw(st.permutations(sorted(pins)))[:2]
    pins[one], pins[other] = pins[other], data.draw(st.one_of(st.just(pins[one]), st.integers(0, 48)))
    board = rewired(board, pins)
    if not findings(board):
        fitted(board)
