"""What a control tick costs: heap on MicroPython, and time on MicroPython and CPython.

Heap bytes are counted over a charge; in every state and transition the heap is locked, so that one byte would
end the run.
"""

import time

from tests.control.on_micropython.cost import tick_ns
from tests.runtimes import ROOT, find, run

SCRIPT = ROOT / "tests/control/on_micropython/cost.py"
STORY = ROOT / "tests/control/on_micropython/story.py"
RUNTIMES = ("micropython", "micropython-i386", "micropython-webassembly")


def measure():
    """Heap bytes by 1,000 ticks of a charge, the most of all runtimes; the states and transitions in which a
    tick took none, the least of all; us a tick (unix port, CPython)."""
    costs = {name: cost_on(name) for name in RUNTIMES}
    seen = [locked_on(name) for name in RUNTIMES]
    return {
        "tick_heap_bytes": {"value": max(heap for heap, _ in costs.values()), "unit": "B"},
        "tick_heap_states": {"value": min(told["states"] for told in seen), "unit": "states"},
        "tick_heap_transitions": {"value": min(told["moves"] for told in seen), "unit": "transitions"},
        "tick_us_micropython": {"value": round(costs["micropython"][1] / 1000, 1), "unit": "us"},
        "tick_us_cpython": {"value": round(tick_ns(time.perf_counter_ns) / 1000, 1), "unit": "us"},
    }


def cost_on(name):
    """(heap bytes by 1,000 ticks, ns a tick) on one runtime."""
    heap_bytes, wasted_bytes, ns = map(int, told_by(name, SCRIPT).split())
    if not wasted_bytes:
        raise RuntimeError(f"the measurement on {name} sees no allocation at all")
    return heap_bytes, ns


def locked_on(name):
    """How many states, transitions and so on a life with a locked heap passes through on one runtime."""
    lines = map(str.split, told_by(name, STORY).splitlines())
    return {words[0]: len(words) - 1 for words in lines}


def told_by(name, script):
    """What `script` prints on one runtime."""
    options = ("--heapsize", "1000000") if name.endswith("webassembly") else ()
    done = run(find(name), script, options=options, timeout_s=120)
    if done.returncode or done.stderr:
        raise RuntimeError(f"the tick could not be measured on {name}: {done.stderr.strip()}")
    return done.stdout
