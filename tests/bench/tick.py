"""What a control tick costs: heap on MicroPython, and time on MicroPython and CPython."""

import time

from tests.control.on_micropython.cost import tick_ns
from tests.runtimes import ROOT, find, run

SCRIPT = ROOT / "tests/control/on_micropython/cost.py"
RUNTIMES = ("micropython", "micropython-i386", "micropython-webassembly")


def measure():
    """Heap bytes by 1,000 ticks of a charge, the most of all runtimes; us a tick (unix port, CPython)."""
    costs = {name: cost_on(name) for name in RUNTIMES}
    return {
        "tick_heap_bytes": {"value": max(heap for heap, _ in costs.values()), "unit": "B"},
        "tick_us_micropython": {"value": round(costs["micropython"][1] / 1000, 1), "unit": "us"},
        "tick_us_cpython": {"value": round(tick_ns(time.perf_counter_ns) / 1000, 1), "unit": "us"},
    }


def cost_on(name):
    """(heap bytes by 1,000 ticks, ns a tick) on one runtime."""
    options = ("--heapsize", "1000000") if name.endswith("webassembly") else ()
    done = run(find(name), SCRIPT, options=options)
    if done.returncode or done.stderr:
        raise RuntimeError(f"the tick could not be measured on {name}: {done.stderr.strip()}")
    heap_bytes, wasted_bytes, ns = map(int, done.stdout.split())
    if not wasted_bytes:
        raise RuntimeError(f"the measurement on {name} sees no allocation at all")
    return heap_bytes, ns
