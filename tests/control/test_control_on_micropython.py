"""On MicroPython a tick allocates nothing: read, decide and write run under a locked heap, in every state and
transition, with every fault, and at the largest numbers."""

from control import faults, pilot, residual, states
from tests.runtimes import ROOT, run

STORY = ROOT / "tests/control/on_micropython/story.py"
EXTREMES = ROOT / "tests/control/on_micropython/extremes.py"
COST = ROOT / "tests/control/on_micropython/cost.py"


def check_story(done):
    assert done.stderr == ""
    told = {words[0]: words[1:] for words in map(str.split, done.stdout.splitlines())}
    assert told["states"] == sorted(states.NAMES)
    assert told["rcd"] == sorted(residual.NAMES)
    assert told["levels"] == sorted(pilot.NAMES)
    assert told["faults"] == [str(row.code) for row in faults.ROWS]
    table = {f"{state}>{after}" for state, row in enumerate(states.TRANSITIONS) for _, after in row}
    assert told["moves"] == sorted(table)
    assert int(told["ticks"][0]) > 10000
    assert len(told) == 6, done.stdout


def check_extremes(done):
    assert done.stderr == ""
    told = [line.split()[1:] for line in done.stdout.splitlines()]
    assert told == [[str(2**30 - 1), "70000"], [str(2**30 - 1), "80000"]]


def check_cost(done):
    assert done.stderr == ""
    tick_bytes, wasted_bytes, _ = map(int, done.stdout.split())
    assert tick_bytes == 0
    assert wasted_bytes > 0


def test_no_tick_allocates_in_any_state_or_transition(micropython):
    check_story(run(micropython, STORY, timeout_s=120))


def test_no_tick_allocates_on_a_32_bit_board_build(webassembly):
    check_story(webassembly(STORY, options=("--heapsize", "1000000"), timeout_s=120))


def test_no_number_of_a_tick_leaves_the_small_integers(micropython):
    check_extremes(run(micropython, EXTREMES))


def test_no_number_of_a_tick_leaves_the_small_integers_of_a_32_bit_board_build(webassembly):
    check_extremes(webassembly(EXTREMES, options=("--heapsize", "1000000")))


def test_a_thousand_ticks_take_no_heap(micropython):
    check_cost(run(micropython, COST))


def test_a_thousand_ticks_take_no_heap_on_a_32_bit_board_build(webassembly):
    check_cost(webassembly(COST, options=("--heapsize", "1000000")))
