"""What people read about boards says what their definitions say: tables, and pictures of every wire."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import boards
from tests.boards.slips import board_with, outlet_with, pins_with
from tests.runtimes import ROOT
from tools import board_pages, wiring
from tools.board_pages import pages, real, renewed
from tools.parts import chip_of, label, uses
from tools.wiring import picture

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [board.name for board in real()]
LETTER = 7
"""Width of a letter at 13 px (px), about."""


def texts(board):
    """Every text of a picture: (x, y, anchor, words)."""
    found = ElementTree.fromstring(picture(board)).iter(SVG + "text")
    return [
        (int(one.get("x", 0)), int(one.get("y", 0)), one.get("text-anchor", "start"), one.text or "")
        for one in found
    ]


def words(board):
    """What a picture says."""
    return [text for *_, text in texts(board)]


def test_every_page_is_as_the_definitions_say():
    stale = [str(place) for place, content in pages().items() if place.read_text(encoding="utf-8") != content]
    assert stale == [], "renew them with: python -m tools.board_pages"


def test_every_board_of_copper_has_a_picture_and_a_page():
    written = {place.relative_to(ROOT).as_posix() for place in pages()}
    for name in NAMES:
        assert {f"boards/{name}/wiring.svg", f"boards/{name}/wiring.md"} <= written
        assert "(wiring.svg)" in (ROOT / f"boards/{name}/wiring.md").read_text(encoding="utf-8")
    assert "docs/boards.md" in written


@pytest.mark.parametrize("name", NAMES)
def test_every_wire_is_in_the_picture_with_its_pin_and_its_driver(name):
    board = boards.load(name)
    said = words(board)
    for use in uses(board):
        assert use.name in said
        assert label(chip_of(board), use.pin) in said
    drivers = {use.role: (board.connectors[0].drivers | board.drivers)[use.role] for use in uses(board)}
    assert set(drivers.values()) <= set(said)


@pytest.mark.parametrize("name", NAMES)
def test_resistors_and_safety_are_in_the_picture_with_their_values(name):
    board = boards.load(name)
    said = words(board)
    connector = board.connectors[0]
    for ohm in (*connector.pilot_divider, connector.ntc[2], 1000):
        assert wiring.ohms(ohm) in said
    assert "& no RCD trip" in said
    assert ("monostable 100 ms" in said) == (connector.drivers["contactor"] == "gpio.monostable")
    assert ("PIO one-shot, 100 ms" in said) == (connector.drivers["contactor"] == "rp2.contactor")


@given(pin=st.integers(0, 29), ohm=st.integers(1000, 900000), level=st.integers(0, 1))
def test_the_picture_follows_the_definition(pin, ohm, level):
    board = pins_with(boards.load("pico_2_w"), trip=pin)
    assert f"GP{pin}" in words(board)
    board = outlet_with(board, pilot_divider=(ohm, 22000, 27000), trip_level=level, rcd_path="hard_irq")
    assert wiring.ohms(ohm) in words(board)
    assert f"trip line: {level} = tripped" in words(board)
    assert "& no RCD trip" not in words(board)


@pytest.mark.parametrize("name", NAMES)
def test_no_text_lies_on_another_or_leaves_the_picture(name):
    placed = []
    for x, y, anchor, text in texts(boards.load(name)):
        width = LETTER * len(text)
        left = x - {"start": 0, "middle": width // 2, "end": width}[anchor]
        assert left >= 0
        assert left + width <= wiring.WIDTH, text
        placed.append((y, left, left + width, text))
    placed.sort()
    for one, other in pairwise(placed):
        assert one[0] != other[0] or one[2] <= other[1], (one, other)


def test_the_wires_of_two_connectors_are_told_apart():
    board = boards.load("linux")
    other = outlet_with(board, pins={**board.connectors[0].pins, "trip": "gpiochip0:5"}).connectors[0]
    both = board_with(board, connectors=(board.connectors[0], other))
    said = words(both)
    assert {"Contactor, connector 1", "Contactor, connector 2", "gpiochip0:25", "gpiochip0:5"} <= set(said)
    assert "Connector 2, the way of the current" in said


def test_a_page_without_a_place_for_a_table_is_refused():
    with pytest.raises(ValueError, match="the page has no place for 'pins'"):
        renewed("# Nothing", {"pins": "| |"})


def test_the_tables_name_each_board_and_its_flaws():
    page = board_pages.PAGE.read_text(encoding="utf-8")
    for board in map(boards.load, boards.names()):
        assert re.search(rf"^\| \[?{board.name}\b", page, re.M)
    for board in real():
        assert board.flaws
        assert all(f"- {flaw}\n" in page for flaw in board.flaws)
