"""The authorisation cache knows the same on MicroPython, 64-bit and 32-bit, as on CPython."""

import subprocess
import sys

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/cards.py"


def test_behaviour_19_the_cache_is_the_same_on_a_board(micropython):
    on_cpython = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    done = run(micropython, SCRIPT, options=("-X", "heapsize=256k"))
    assert done.stderr == ""
    assert done.stdout == on_cpython.stdout
    assert "('REFUSED', ('Blocked', ''))" in on_cpython.stdout
