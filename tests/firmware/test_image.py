"""A release energises only boards that open in hardware, with parts of their own; any other image only says
what is missing."""

import copy
import json
import subprocess
import sys
import types
from typing import Any

import pytest

import boards
from boards.facts import Board, Connector
from control import faults
from firmware import image
from tests.firmware.stage import PLUG_AND_CHARGE, play
from tests.runtimes import ROOT

MINUTES_S = 900


def release_for(name):
    module: Any = types.ModuleType("release")
    module.BOARD, module.VERSION = name, "1.0.0"
    return module


@pytest.fixture
def release(monkeypatch):
    """Make this process an image that was released for a board."""
    return lambda name: monkeypatch.setitem(sys.modules, "release", release_for(name))


OWN_PARTS = {
    "name": "own",
    "dead_man": "monostable",
    "connectors": (Connector(rcd_path="hard_irq", drivers={"pilot": "rp2.pilot"}),),
    "drivers": {"store": "rp2.flash"},
}


def refusals(**facts):
    return image.refusals(Board(**{**OWN_PARTS, **facts}), release_for("own"))


def test_a_sound_board_with_its_own_release_is_refused_nothing():
    assert refusals() == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"dead_man": ""}, "nothing but the tick opens the contactor of the board 'own'; fit a dead-man"),
        (
            {"connectors": (Connector(rcd_path="hard_irq"), Connector())},
            "a residual current on connector 2 of the board 'own' waits for the tick",
        ),
        ({"simulated": True}, "the board 'own' has simulated parts"),
        (
            {"connectors": (Connector(rcd_path="hard_irq", drivers={"rcd": "simulated"}),)},
            "the board 'own' has simulated parts",
        ),
        ({"drivers": {"store": "simulated"}}, "the board 'own' has simulated parts"),
        ({"name": "other"}, "this release is for the board 'own' and not for 'other'"),
    ],
)
def test_what_is_missing_is_named(facts, words):
    (sentence,) = refusals(**facts)
    assert sentence.startswith(words)
    assert image.refusals(Board(**{**OWN_PARTS, **facts}), None) == []


def test_every_board_of_copper_may_be_released_and_no_simulated_one():
    for name in boards.names():
        board = boards.load(name)
        assert bool(image.refusals(board, release_for(name))) == board.simulated, name


def test_nothing_is_a_release_unless_its_manifest_froze_one(monkeypatch):
    assert image.released() is None
    monkeypatch.setitem(sys.modules, "release", release_for("own"))
    assert image.released().BOARD == "own"


def test_a_refused_board_boots_says_so_and_never_energises(release):
    release("simulated")

    async def story(stage):
        stage.outlet.plug()
        for _ in range(MINUTES_S):
            await stage.wait(1)
            assert not stage.outlet.contactor.driven
            assert stage.outlet.contactor.cycles == 0
        told = stage.events("unsafe")
        assert [event["energises"] for event in told] == [False]
        assert told[0]["reason"].startswith("the board 'simulated' has simulated parts")
        assert stage.status == "Faulted"
        assert stage.connector.status.vendor_error_code == "SYS_3"
        assert stage.charger.status(0).status == "Faulted"
        # It is no error that a restart could end, and none that the next image should inherit.
        assert not stage.events("restart")
        assert stage.firmware.journal.get("latches-1") is None
        assert (await stage.charger.present("04A1B2C3"))[0] == "refused"

    play(story, settings=PLUG_AND_CHARGE)


def test_a_task_that_fails_lets_no_refused_board_charge(release):
    release("simulated")

    async def story(stage):
        stage.connector.work = None
        stage.outlet.plug()
        controller = stage.firmware.guard.lanes[0].controller
        for _ in range(100):
            await stage.wait(0.1)
            controller.mailbox.authorised_session = controller.snapshot.session
            assert not stage.outlet.contactor.driven
        assert stage.events("task_failed")

    play(story)


def test_the_next_image_charges_and_old_latches_stand(release, monkeypatch):
    async def story(stage):
        stage.world.fault("pilot_dead")
        await stage.bench.restart("software")
        await stage.wait(3)
        kept = stage.firmware.journal.get("latches-1")
        assert kept[1] & (1 << faults.SYS_POST)
        release("simulated")
        await stage.bench.restart("software")
        await stage.wait(10)
        assert stage.firmware.journal.get("latches-1") == kept
        monkeypatch.delitem(sys.modules, "release")
        stage.world.clear("pilot_dead")
        await stage.bench.restart("software")
        await stage.wait(10)
        await stage.charge()

    play(story, settings=PLUG_AND_CHARGE)


def test_without_a_release_the_board_says_what_it_lacks_and_charges():
    async def story(stage):
        stage.bench.board = board = copy.copy(stage.bench.board)
        board.dead_man = ""
        await stage.bench.start()
        await stage.wait(3)
        assert [(event["energises"], event["reason"][:31]) for event in stage.events("unsafe")] == [
            (True, "nothing but the tick opens the ")
        ]
        await stage.charge()
        await stage.bench.stop()

    play(story, settings=PLUG_AND_CHARGE, begin=False)


def test_a_file_called_release_makes_a_release_of_an_image(tmp_path):
    """As the manifest freezes it: a module that is imported by its name alone."""
    (tmp_path / "release.py").write_text('BOARD = "simulated"\nVERSION = "1.0.0"\n')
    program = (
        "import json, boards; from firmware import image;"
        "print(json.dumps(image.refusals(boards.load('simulated'), image.released())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert len(json.loads(done.stdout)) == 1
