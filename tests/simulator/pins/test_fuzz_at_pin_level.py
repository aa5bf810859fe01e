"""The control suite's invariants, over stations whose parts are the boards' own drivers on their chips:
seeded lives of a few thousand ticks, in which anything happens and now and then somebody mends it."""

import random

import pytest

from simulator.portable.pilot_line import C_OHM
from tests.control.repertoire import MENDED
from tests.control.watching import Broken
from tests.simulator.pins.pin_station import BOARDS, PinPlay

TICKS = 3000


@pytest.fixture
def play():
    """Builds a `PinPlay`."""
    made: list[PinPlay] = []

    def build(*arguments):
        made.append(PinPlay(*arguments))
        return made[-1]

    yield build
    for each in reversed(made):
        each.station.leave()


def live(play, chance, ticks):
    """Let things happen for so many ticks; everything is looked after in between."""
    while play.oracle.ticks < ticks:
        action, duration_ms = play.setup.step(chance)
        if chance.randrange(100) < MENDED:
            action = ("mend", chance.choice((True, True, False)))
        play.act(*action)
        play.run(duration_ms)


@pytest.mark.parametrize("resets", [False, True], ids=["phases", "resets"])
@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("seed", [11, 12])
def test_no_life_breaks_a_promise(play, board, seed, resets):
    life = play(board, seed, resets)
    life.mend()

    live(life, random.Random(seed), TICKS)

    assert life.oracle.closings > 0


@pytest.mark.parametrize("board", BOARDS)
def test_the_oracle_notices_a_pilot_that_shows_the_past(play, board):
    life = play(board, 1, False)
    life.mend()
    facts, chip = life.station.facts, life.station.chip
    levels_mv = (_pin_mv(facts, -12000), _pin_mv(facts, 6000))
    drive = chip.pin(facts.pins["pilot"])
    assert life.station.outlet.line.load_ohm == C_OHM

    chip.pin(facts.pins["pilot_sense"]).feed(lambda at_us: levels_mv[drive.level_at(at_us)])

    life.charge(0)
    with pytest.raises(Broken, match=r"0[12]"):
        life.run(3000)


@pytest.mark.parametrize("board", BOARDS)
def test_the_oracle_notices_a_trip_that_nobody_heard_of(play, board):
    life = play(board, 1, False)
    life.mend()
    facts = life.station.facts
    life.station.outlet.residual._path = ""
    life.station.chip.pin(facts.pins["trip"]).feed_level(1 - facts.trip_level)
    life.station.chip.pin(facts.pins["trip"]).feed_level = lambda level: None

    life.leak(3)
    with pytest.raises(Broken, match="07"):
        life.run(200)


def _pin_mv(facts, cp_mv):
    (from_mv, pin_from_mv), (to_mv, pin_to_mv) = facts.pilot_points
    return pin_from_mv + (cp_mv - from_mv) * (pin_to_mv - pin_from_mv) // (to_mv - from_mv)
