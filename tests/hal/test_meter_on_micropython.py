"""Master, driver and the meter in memory do the same on MicroPython, 64-bit and 32-bit, as on CPython."""

import subprocess
import sys

from hal.modbus import TIMED_OUT
from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/hal/on_micropython/meter.py"


def on_cpython():
    done = subprocess.run(
        [sys.executable, SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.splitlines()


def test_a_meter_is_read_across_the_wrap_a_silence_and_back(micropython):
    done = run(micropython, SCRIPT)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "30 [230123, 231000, 229877] [16000, 15999, 6001] [3680, 3695, -1380] 12345678"
    assert lines[1].split()[-1] == str(TIMED_OUT)
    assert lines[2] == "0 12345679"
    assert lines == on_cpython()


def test_a_meter_is_read_on_a_32_bit_board_build(webassembly):
    done = webassembly(SCRIPT)
    assert (done.stderr, done.stdout.splitlines()) == ("", on_cpython())
