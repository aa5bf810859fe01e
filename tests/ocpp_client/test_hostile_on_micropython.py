"""Hostile frames on MicroPython: the same codes, no exception, and the heap as full afterwards as before."""

import json

from tests.ocpp_client.codes import IGNORED, Codes
from tests.ocpp_client.fuzz import Fuzzer
from tests.ocpp_client.target import text_frame
from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/hostile.py"
FRAMES = 1500
LARGE_BYTES = 4000
"""There may be no memory for a frame that is larger: then it costs its link."""


def test_behaviour_12_each_frame_has_its_code_and_the_heap_its_level(micropython, tmp_path):
    codes = Codes(("Core", "RemoteTrigger"))
    fuzzer = Fuzzer("micropython", codes.served)
    texts = [fuzzer.text() for _ in range(FRAMES)]
    frames = [text_frame(text) for text in texts]
    (tmp_path / "frames").write_bytes(b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames))
    # Enough to compile the source too, which no board does; objects of 64 bits are twice as large.
    heap = "256k" if micropython.name.endswith("i386") else "512k"
    done = run(micropython, SCRIPT, str(tmp_path / "frames"), options=("-X", "heapsize=" + heap))
    assert done.stderr == ""
    *lines, levels, end = done.stdout.splitlines()
    assert len(lines) == FRAMES
    for text, frame, line in zip(texts, frames, lines, strict=True):
        if line == "closed":
            assert len(frame) > LARGE_BYTES
        else:
            judge(codes, text, line)
    before, after = map(int, levels.split())
    assert after - before < 256
    assert end == "True [0, 0]"


def judge(codes, text, line):
    """MicroPython takes some texts for JSON that are none; whatever it makes of them is no harm."""
    reply = json.loads(line) if line else None
    found = IGNORED if not reply else "result" if reply[0] == 3 else reply[2]
    allowed = codes.allowed(text)
    assert found in allowed or not is_json(text), (text[:500], found, allowed)


def is_json(text):
    try:
        json.loads(text, parse_constant=lambda word: 1 / 0)
    except (ValueError, ArithmeticError, RecursionError):
        return False
    return True
