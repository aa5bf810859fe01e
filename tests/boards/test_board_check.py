"""The checker tells each slip in a board's definition, and finds nothing in the boards that there are."""

import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import boards
from boards.facts import Board, Connector
from tests.boards.slips import SLIPS, board_with, outlet_with, pins_with
from tests.runtimes import ROOT
from tools import board_check
from tools.board_check import findings

REAL = ["esp32_s3", "linux", "pico_2_w", "pico_w"]


def slipped(slip, name, draw):
    """The board `name` with the slip; another example is tried where it cannot have that."""
    board = SLIPS[slip].make(boards.load(name), draw)
    assume(board is not None)
    return board


@pytest.mark.parametrize("name", boards.names())
def test_nothing_is_found_in_a_board_of_the_repository(name):
    assert findings(boards.load(name)) == []


@pytest.mark.parametrize("name", boards.names())
def test_a_board_is_called_as_its_folder(name):
    assert boards.load(name).name == name


def test_the_boards_of_copper_are_those_that_are_tried_here():
    assert [name for name in boards.names() if not boards.load(name).simulated] == REAL


@pytest.mark.parametrize("slip", SLIPS)
@given(data=st.data(), name=st.sampled_from(REAL))
def test_a_slip_in_any_board_is_told(slip, data, name):
    board = slipped(slip, name, data.draw)
    found = findings(board)
    assert any(SLIPS[slip].said in what for what in found), found


@pytest.mark.parametrize("slip", SLIPS)
def test_each_slip_can_happen_on_some_board(slip):
    @given(data=st.data())
    def tried(data):
        made.extend(SLIPS[slip].make(boards.load(name), data.draw) for name in REAL)

    made: list[Board | None] = []
    tried()
    assert any(made)


@given(data=st.data(), name=st.sampled_from(REAL), slip=st.sampled_from(sorted(SLIPS)))
def test_what_is_found_is_a_sentence_with_a_way_out(data, name, slip):
    board = slipped(slip, name, data.draw)
    for what in findings(board):
        assert len(what) > 20
        assert what[-1] not in ".:;,"
        assert "\n" not in what
        assert ":" in what or ";" in what or ", and " in what


def test_a_simulated_board_may_have_simulated_parts_and_no_pins():
    board = Board(
        name="bench", model="Bench", simulated=True, connectors=(Connector(drivers={"rcd": "simulated"}),)
    )
    assert findings(board) == []


def test_a_tethered_cable_needs_no_proximity():
    board = boards.load("esp32_s3")
    assert "proximity" not in board.connectors[0].drivers
    assert findings(board) == []


def test_an_interrupt_may_open_where_nothing_holds_it_up():
    board = outlet_with(boards.load("pico_2_w"), rcd_path="hard_irq")
    (what,) = findings(board)
    assert "the journal's flash holds interrupts up" in what
    assert findings(board_with(board, drivers={**board.drivers, "store": "gpio.fram"}, stalls=())) == []


def test_a_hard_timer_is_fine_from_the_version_that_has_it():
    assert findings(board_with(boards.load("pico_2_w"), tick_on="timer", lowest_micropython=(1, 27))) == []


def test_a_voltage_may_be_on_the_other_converter_where_there_is_no_wifi():
    board = pins_with(boards.load("esp32_s3"), temperature=14, phase_switch=2)
    assert any("does not work while Wi-Fi is on" in what for what in findings(board))
    wired = {role: driver for role, driver in board.drivers.items() if role != "network"}
    assert findings(board_with(board, drivers=wired)) == []


def test_a_board_that_ticks_among_the_tasks_is_stopped_by_a_handshake():
    (what,) = findings(board_with(boards.load("pico_2_w"), tick_on="task"))
    assert what.startswith("'handshake' stops the tick of this board")


def test_the_command_line_says_what_it_found(capsys, monkeypatch):
    assert board_check.main([]) == 0
    assert capsys.readouterr().out == f"{', '.join(boards.names())}: nothing found.\n"
    assert board_check.main(["atari"]) == 2
    assert capsys.readouterr().err.startswith("no board is called 'atari'; choose one of: ")
    monkeypatch.setattr(boards, "load", lambda name: board_with(Board(), name=name, chip="z80"))
    assert board_check.main(["pico_2_w"]) == 1
    assert "pico_2_w: it has no connector: name at least one.\n" in capsys.readouterr().out


def test_it_runs_as_a_command():
    command = [sys.executable, "-m", "tools.board_check", "pico_2_w"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "pico_2_w: nothing found.\n", "")
