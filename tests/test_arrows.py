"""The rooms import each other one way only: each rule must catch a breach, and the house have none."""

import pytest

from tests.arrows import MAY_IMPORT, PORTABLE_LINES, PROJECT, violations
from tests.runtimes import ROOT

BREACHES = [
    # file, source, what is said
    ("boards/new.py", "import hal.contract", "boards may not import hal.contract"),
    ("boards/new.py", "from control import pilot", "boards may not import control.pilot"),
    ("control/new.py", "from boards.facts import Board", "control may not import boards.facts.Board"),
    ("control/deep/new.py", "def late():\n    import hal", "control may not import hal"),
    ("hal/new.py", "from firmware import clock", "hal may not import firmware.clock"),
    ("hal/new.py", "__import__('ocpp_client.' + name)", "hal may not import ocpp_client"),
    ("hal/new.py", "__import__('simulator.%s' % name)", "hal may not import simulator"),
    ("ocpp_client/new.py", "import control", "ocpp_client may not import control"),
    ("ocpp_client/new.py", "from ..hal import contract", "ocpp_client may not import hal.contract"),
    ("firmware/new.py", "import simulator.parts", "firmware may not import simulator.parts"),
    (
        "firmware/new.py",
        "import importlib\nimportlib.import_module(f'simulator.{name}')",
        "firmware may not import simulator",
    ),
    ("firmware/new.py", "import tests", "firmware may not import tests"),
    ("simulator/new.py", "from tests import runtimes", "simulator may not import tests.runtimes"),
    ("simulator/new.py", "import flash", "simulator may not import flash"),
    (
        "simulator/portable/new.py",
        "from control import pilot",
        "simulator/portable may not import control.pilot",
    ),
    (
        "simulator/portable/new.py",
        "from simulator import clock",
        "simulator/portable may not import simulator.clock",
    ),
    (
        "simulator/portable/new.py",
        "from .. import clock",
        "simulator/portable may not import simulator.clock",
    ),
    (
        "simulator/clockwork/new.py",
        "from simulator.wires import network",
        "simulator/clockwork may not import simulator.wires.network",
    ),
    (
        "simulator/backend/new.py",
        "from simulator import bench",
        "simulator/backend may not import simulator.bench",
    ),
    (
        "simulator/terminal/new.py",
        "from simulator.story import shapes",
        "simulator/terminal may not import simulator.story.shapes",
    ),
    ("flash.py", "import simulator", "flash may not import simulator"),
    ("tools/new.py", "from tests import runtimes", "tools may not import tests.runtimes"),
    ("control/new.py", "import time", "control decides without time"),
    (
        "control/new.py",
        "try:\n    import asyncio\nexcept ImportError:\n    pass",
        "control decides without asyncio",
    ),
    ("control/new.py", "limit_ma = 16.0", "control has no floats, such as 16.0"),
    ("control/new.py", "def half(a):\n    return a / 2", "control has no floats: divide with //"),
    ("control/new.py", "def half(a):\n    a /= 2", "control has no floats: divide with //"),
    ("control/new.py", "def real(a):\n    return float(a)", "control has no floats, so no float()"),
    ("ocpp_client/queue.py", "import asyncio", "only ocpp_client/link.py may use asyncio"),
    ("ocpp_client/queue.py", "from time import time", "only ocpp_client/link.py may use time"),
    ("hal/new.py", "from dataclasses import dataclass", "boards have no dataclasses"),
    ("firmware/new.py", "import logging", "boards have no logging"),
    ("simulator/portable/new.py", "import enum", "boards have no enum"),
]

ALLOWED = [
    ("boards/new.py", "import os\n__import__('boards.' + name + '.definition')"),
    ("control/new.py", "from control import pilot\nfrom . import duty\nhalf = 7 // 2"),
    ("hal/new.py", "import time\nfrom boards.facts import Board\nimport control.pilot\nratio = 1 / 2"),
    ("ocpp_client/link.py", "import asyncio\nimport time\nimport tls"),
    ("firmware/new.py", "import hal, boards, control, ocpp_client\n__import__(name)"),
    ("simulator/new.py", "import enum\nimport firmware.compose\nfrom simulator.portable import car"),
    ("simulator/portable/new.py", "from hal import contract\nfrom boards import facts\nfrom . import car"),
    ("simulator/story/new.py", "from simulator.station import Station\nfrom simulator.remote import view"),
    ("tests/new.py", "import simulator\nfrom tests import runtimes\nimport flash"),
    ("flash.py", "import boards\nimport argparse"),
]


def house_with(tmp_path, file, source):
    place = tmp_path / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(source + "\n", encoding="utf-8")
    return violations(tmp_path)


@pytest.mark.parametrize(
    ("file", "source", "said"), BREACHES, ids=[f"{row[0]}: {row[2]}" for row in BREACHES]
)
def test_a_breach_is_named_with_its_file_and_line(tmp_path, file, source, said):
    (line,) = house_with(tmp_path, file, source)
    assert line.startswith(f"{file}:")
    assert line.endswith(f": {said}")


@pytest.mark.parametrize(("file", "source"), ALLOWED, ids=[row[0] for row in ALLOWED])
def test_what_the_plan_allows_is_not_held_against_a_file(tmp_path, file, source):
    assert house_with(tmp_path, file, source) == []


def test_the_portable_part_of_the_world_stays_small(tmp_path):
    assert house_with(tmp_path, "simulator/portable/car.py", "\n" * (PORTABLE_LINES - 1)) == []
    (line,) = house_with(tmp_path, "simulator/portable/mains.py", "1")
    assert line == f"simulator/portable: {PORTABLE_LINES + 1} lines, and it stays below {PORTABLE_LINES}"


def test_every_room_of_the_checkout_has_a_row():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages <= set(MAY_IMPORT)
    assert set(PROJECT) <= set(MAY_IMPORT)


def test_the_house_is_in_order():
    assert violations(ROOT) == []
