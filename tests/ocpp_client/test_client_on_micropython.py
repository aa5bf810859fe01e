"""The sans-I/O client does the same on MicroPython, 64-bit and 32-bit, as on CPython, byte by byte."""

import subprocess
import sys

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/session.py"


def on_cpython():
    done = subprocess.run(
        [sys.executable, SCRIPT],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_story_is_whole_on_cpython():
    lines = on_cpython()
    assert sum("StartTransaction" in line and line.startswith("out") for line in lines) == 1
    assert sum("StopTransaction" in line and line.startswith("out") for line in lines) == 1
    assert "closed by the charger: 1002 unknown opcode 3" in lines[-1]


def test_boot_transaction_offline_time_and_power_cut(micropython):
    # Enough to compile the source too, which no board does; objects of 64 bits are twice as large.
    heap = "256k" if micropython.name.endswith("i386") else "512k"
    done = run(micropython, SCRIPT, options=("-X", "heapsize=" + heap))
    assert done.stderr == ""
    assert done.stdout.splitlines() == on_cpython()
