"""The pins run on every runtime, and come to the same."""

import subprocess
import sys
from pathlib import Path

import pytest

import flash
from simulator.pins import rules
from tests.runtimes import ROOT, run
from tests.simulator.pins.pin_bench import NAMES

STORY = ROOT / "tests/simulator/pins/on_micropython/pin_story.py"
CHIP_IMPORTS = ROOT / "tests/simulator/pins/on_micropython/pin_imports.py"
IMPORTS = ROOT / "tests/micropython/on_micropython/imports.py"


CPYTHON_ONLY = {"simulator.pins.bench"}


def modules():
    """All but the bench, which is one of the simulator's own, on CPython."""
    paths = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "simulator/pins").rglob("*.py")]
    return sorted({".".join(path.parts).removesuffix(".__init__") for path in paths} - CPYTHON_ONLY)


@pytest.fixture(scope="module")
def told():
    done = subprocess.run(
        [sys.executable, STORY, *NAMES],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_story_is_told(told):
    lines = told.splitlines()
    assert [line for line in lines if line in NAMES] == NAMES
    assert [line for line in lines if line.startswith("lease")][:2] == ["lease 1 5", "lease 0 230011"]
    assert lines.count("refused ValueError") == 16
    assert lines.count("taken") == 2


def test_the_unix_port_tells_the_same(micropython, told):
    done = run(micropython, STORY, *NAMES)
    assert (done.stderr, done.stdout) == ("", told)


def test_the_unix_port_imports_everything(micropython):
    done = run(micropython, IMPORTS, *modules())
    assert (done.stderr, done.stdout) == ("", f"{len(modules())}\n")


def drivers(chip):
    """The modules below hal that run on a chip."""
    folders = ["gpio", "wifi", rules.CHIPS[chip].family]
    paths = [path for folder in folders for path in (ROOT / "hal" / folder).glob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]
    return sorted(name.removesuffix(".__init__") for name in names)


@pytest.mark.parametrize("chip", NAMES)
def test_every_driver_of_a_chip_is_imported_on_it(micropython, chip):
    done = run(micropython, CHIP_IMPORTS, chip, "hal.silicon", *drivers(chip))
    assert (done.stderr, done.stdout) == ("", f"{len(drivers(chip)) + 1}\n")
    assert len(drivers(chip)) > 15


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compiled")
    flash.build(folder)
    return folder


@pytest.mark.parametrize("chip", NAMES)
def test_every_driver_is_imported_as_it_is_compiled_for_a_board(micropython, compiled, chip):
    done = run(
        micropython, CHIP_IMPORTS, chip, "hal.silicon", *drivers(chip), path=Path(f"{compiled}:{ROOT}")
    )
    assert (done.stderr, done.stdout) == ("", f"{len(drivers(chip)) + 1}\n")
