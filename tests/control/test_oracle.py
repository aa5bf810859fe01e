"""The oracle itself: it reads the world alone, knows all seventeen invariants, and raises no false alarm."""

import ast
from pathlib import Path

import pytest

from control import limits
from tests.control.play import Play
from tests.control.station import NEAR_WRAP_MS

INVARIANTS = ["%02d" % number for number in range(1, 18)]
HERE = Path(__file__).parent
SOURCES = [
    *sorted(HERE.glob("invariants/*.py")),
    *(HERE / f"{name}.py" for name in ("oracle", "grants", "watching")),
]
FOREIGN = {"snapshot", "controller", "mailbox", "lane", "station", "events", "inputs", "outputs"}
"""By which one could ask the firmware, or what it sees."""


def nodes(path):
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_it_shares_nothing_with_the_firmware(path):
    own = ("tests.control.grants", "tests.control.invariants", "tests.control.watching")
    names = [name for node in nodes(path) for name in imported(node)]
    assert [name for name in names if not name.startswith(own)] == []


@pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])
def test_it_asks_nothing_but_the_world(path):
    assert FOREIGN.isdisjoint(node.attr for node in nodes(path) if isinstance(node, ast.Attribute))


def test_every_invariant_is_promised_by_its_number():
    calls = [node for path in SOURCES for node in nodes(path) if isinstance(node, ast.Call)]
    promises = [call.args[0] for call in calls if getattr(call.func, "id", "") == "promise"]
    rules = {str(rule.value) for rule in promises if isinstance(rule, ast.Constant)}
    assert sorted(rule for rule in rules if rule.isdigit()) == INVARIANTS


@pytest.fixture(scope="module")
def charging():
    play = Play(1, NEAR_WRAP_MS)
    play.mend()
    play.run(40000)
    return play.kept()


@pytest.mark.parametrize("gap_ms", [20, 40, 60, 90])
def test_a_close_in_a_late_tick_is_reckoned_to_that_tick(charging, gap_ms):
    """The tick before it may have come less than 500 ms after the car began to ask."""
    play = Play.again(charging)
    play.charge(0)
    play.run(8000)
    play.charge(1)
    while not play.oracle.truth.asks:
        play.tick()
    play.run(480)
    assert not play.oracle.truth.driven
    play.tick(gap_ms)
    play.run(40)
    assert play.oracle.truth.driven


def test_an_offer_that_limits_took_away_may_wait_before_it_comes_back(charging):
    """Ten seconds of its own, before those in which a healthy car must charge."""
    play = Play.again(charging)
    play.limit(limits.OWNER, 0, 0, 0)
    play.run(8000)
    play.limit(limits.OWNER, 32000, 0, 0)
    play.run(10000)
    assert not play.oracle.truth.driven
    play.run(10000)
    assert play.oracle.truth.driven


def test_a_switch_that_bounced_for_long_is_an_accident(charging):
    """Its swaps were too many for a minute, so the next car has to wait for a while."""
    play = Play.again(charging)
    play.bounce(18, 17)
    play.run(1000)
    assert play.oracle.pending() == ["Swaps", "Operations"]
    play.unplug()
    play.run(1000)
    play.plug({})
    play.run(1000)
    play.authorise()
    play.run(20000)
    assert not play.oracle.truth.driven
    play.run(20000)
    assert play.oracle.truth.driven


def test_a_moment_between_two_states_is_no_change_of_mind(charging):
    play = Play.again(charging)
    play.charge(0)
    play.run(8000)
    play.charge(1)
    while not play.oracle.truth.asks:
        play.tick()
    play.run(160)
    play.corrode(7000, 58)
    play.run(340)
    assert play.oracle.truth.driven
