"""On MicroPython: the self-test allocates nothing in the tick, and the second core ticks by itself."""

from tests.runtimes import ROOT, run

SCRIPTS = ROOT / "tests/firmware/on_micropython"


def check(done):
    assert done.stderr == ""
    # 0.1 s at +12 V, 0.3 s in state F, 0.1 s back, the test and its end, and the lock's way: 65 ticks.
    assert done.stdout == "119 -121 40 True True False 65\n"


def test_no_tick_of_the_self_test_allocates(micropython):
    check(run(micropython, SCRIPTS / "probed.py"))


def test_no_tick_of_the_self_test_allocates_on_a_32_bit_board_build(webassembly):
    check(webassembly(SCRIPTS / "probed.py", options=("--heapsize", "1000000")))


def test_a_second_core_ticks_on_its_schedule_until_it_is_stopped(micropython):
    done = run(micropython, SCRIPTS / "second_core.py")
    assert (done.stderr, done.stdout) == ("", "True 0 []\n")
