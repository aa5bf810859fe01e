"""The chip's watchdog: what it waits for, and what is told of it afterwards."""

import pytest

from simulator.pins.rules import Restarted
from tests.hal.chips import CHIPS, board, powered


@pytest.fixture(params=CHIPS)
def chip(request):
    chip = powered(request.param)
    chip.on_reset = lambda cause: None
    with chip.install():
        yield chip


def make(chip):
    from hal.gpio import watchdog

    return watchdog.make(board(chip.board.chip), 0, None)


def test_after_power_up_it_says_so_and_watches_nobody_yet(chip):
    assert make(chip).cause == "power_on"
    chip.advance(60000000)
    assert chip.cause == "power_on"


def test_whoever_feeds_it_runs_on(chip):
    watchdog = make(chip)
    for _ in range(100):
        watchdog.feed()
        chip.advance(7900000)
    assert chip.cause == "power_on"


def test_whoever_stops_is_started_again_after_8_s_and_told_why(chip):
    watchdog = make(chip)
    watchdog.feed()
    chip.advance(7990000)
    assert chip.cause == "power_on"
    chip.advance(20000)
    assert chip.cause == "watchdog"
    assert make(chip).cause == "watchdog"


def test_a_restart_on_purpose_is_told_from_one_by_the_watchdog(chip):
    watchdog = make(chip)
    watchdog.feed()
    watchdog.restart()
    assert make(chip).cause == "software"
    chip.restart("power_on")
    assert make(chip).cause == "power_on"


def test_a_restart_does_not_return(chip):
    chip.on_reset = None
    with pytest.raises(Restarted):
        make(chip).restart()
