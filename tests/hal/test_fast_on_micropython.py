"""What the tick calls of the drivers takes no heap on MicroPython, 64-bit and 32-bit, whatever it sees."""

from tests.runtimes import ROOT, run

SCRIPT = ROOT / "tests/hal/on_micropython/fast.py"
PLATEAUS = "[(True, {0}, {0}), (True, 90, 90), " + ", ".join(["(True, 90, {0})"] * 4) + "]"


def check(done):
    assert done.stderr == ""
    noticed, rp2, socket, counted_out, esp32, _, calls = done.stdout.splitlines()
    assert noticed == "True"
    assert rp2 == PLATEAUS.format(-121)
    assert socket == "219 250 True False"
    assert counted_out == "False 1"
    assert esp32 == PLATEAUS.format(-120)
    assert calls == "1393 True"


def test_no_call_from_the_tick_takes_heap(micropython):
    check(run(micropython, SCRIPT))


def test_none_does_on_a_32_bit_board_build(webassembly):
    check(webassembly(SCRIPT, options=("--heapsize", "1000000")))
