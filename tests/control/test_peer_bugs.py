"""Twenty bugs that peers really had, and as many slips, seeded one by one: the oracle sees each of them."""

import pytest

from tests.control.peers import BUGS
from tests.control.play import Play
from tests.control.repertoire import SETUPS
from tests.control.station import NEAR_WRAP_MS
from tests.control.watching import Broken

LEAST = 20
PLAYS = {(bug.play.__name__, bug.setup): bug for bug in BUGS}


def charging(setup):
    play = Play(1, NEAR_WRAP_MS, setup)
    play.mend()
    play.run(40000)
    assert play.oracle.truth.offer_ma > 31900
    return play


@pytest.fixture(scope="module")
def started():
    """A station of each setup whose car charges, to go on from."""
    return {setup: charging(setup).kept() for setup in SETUPS}


def test_enough_bugs_are_seeded():
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert sum(bug.patch.__doc__.startswith(("A peer", "Peers")) for bug in BUGS) >= LEAST


def test_each_invariant_sees_one():
    assert {bug.rule for bug in BUGS} >= {"%02d" % number for number in range(1, 18)}


@pytest.mark.parametrize("bug", PLAYS.values(), ids=[" ".join(key) for key in PLAYS])
def test_a_sound_firmware_plays_it_without_a_broken_promise(bug, started):
    bug.play(Play.again(started[bug.setup]))


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name for bug in BUGS])
def test_the_oracle_sees_what_a_peer_had_wrong(bug, started, monkeypatch):
    bug.patch(monkeypatch)
    with pytest.raises(Broken) as broken:
        bug.play(Play.again(started[bug.setup]))
    assert str(broken.value).startswith(bug.rule + ":")
