"""The drivers that tasks use do the same on MicroPython, 64-bit and 32-bit, as on CPython."""

import os
import subprocess
import sys

import pytest

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/hal/on_micropython/board_parts.py"


@pytest.mark.parametrize("chip", ["rp2040", "esp32s3"])
def test_each_part_does_the_same(micropython, chip):
    told = run(micropython, SCRIPT, chip)
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    here = subprocess.run(
        [sys.executable, SCRIPT, chip], env=path, capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stderr == ""
    assert told.stdout.splitlines() == here.stdout.splitlines()
    assert here.stdout.splitlines()[-2:] == ["watchdog", "watchdog"]
