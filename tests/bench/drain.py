"""How 1,000 transactions that waited for a network are delivered: the journal of a MiB and the client as on a
32-bit board, and a server in the same process that answers at once.

    python -m tests.bench.drain
"""

import tempfile
from pathlib import Path

from tests.micropython.heap import compile_modules
from tests.runtimes import ROOT, find, run

SCRIPT = ROOT / "tests/ocpp_client/on_micropython/drain.py"
TRANSACTIONS = 1000
HEAP_BYTES = 256 * 1024
"""Of which the server, the probe and the compiler that reads them have a part."""


def measure():
    """`drain_1000_transactions_s`, with a flash that takes no time, and `drain_heap_peak_kib`: all that is
    live beyond the code."""
    with tempfile.TemporaryDirectory() as name:
        modules, flash = Path(name) / "lib", Path(name) / "flash"
        compile_modules(modules)
        said = {task: perform(task, modules, flash) for task in ("fill", "weigh")}
        flash = Path(name) / "again"
        perform("fill", modules, flash)
        said["drain"] = perform("drain", modules, flash)
    for task in ("weigh", "drain"):
        if said[task][:2] != [TRANSACTIONS, TRANSACTIONS]:
            raise RuntimeError(f"{TRANSACTIONS} transactions were to begin and to end, not {said[task][:2]}")
    return {
        "drain_1000_transactions_s": {"value": round(said["drain"][2] / 1000, 1), "unit": "s"},
        "drain_heap_peak_kib": {"value": round(said["weigh"][2] / 1024, 1), "unit": "KiB"},
    }


def perform(task, modules, flash):
    """The numbers that the script prints."""
    done = run(
        find("micropython-i386"),
        SCRIPT,
        str(flash),
        task,
        str(TRANSACTIONS),
        options=("-X", f"heapsize={HEAP_BYTES}"),
        path=Path(f"{modules}:{ROOT}"),
        timeout_s=300,
    )
    if done.returncode or done.stderr:
        raise RuntimeError(f"'{task}' failed: {done.stderr.strip()}")
    return [int(number) for number in done.stdout.split()]


if __name__ == "__main__":
    for figure, found in measure().items():
        print(figure, found["value"], found["unit"])
