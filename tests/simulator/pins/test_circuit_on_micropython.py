"""The boards' own drivers in their circuits, run on MicroPython as on CPython: they see the same world."""

import os
import subprocess
import sys

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/simulator/pins/on_micropython/circuit_story.py"


def on_cpython():
    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_drivers_see_the_same_world_on_micropython(micropython):
    done = run(micropython, SCRIPT, options=("-X", "heapsize=32M"))
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines == on_cpython()
    closed = [line for line in lines if line.endswith("True")]
    assert len(closed) >= 3 * 4  # as long as the lease, and as the contacts take to part
    assert sum("True True" in line or "True False" in line for line in lines) > 0
