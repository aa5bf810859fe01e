"""The journal when it is full: how long a boot reads it, and what it keeps of a year without a network.

The first on a 32-bit MicroPython of this machine with a flash in its memory, which says how much there is to
do, and not how fast a board does it.
"""

import tracemalloc

from tests.firmware.cut_images import Image
from tests.firmware.power import read_all
from tests.firmware.replay import Boot
from tests.firmware.year import SAMPLED, Year
from tests.runtimes import ROOT, find, run

SCRIPT = ROOT / "tests/firmware/on_micropython/full_journal.py"
HEAP = "6m"
"""The flash is in it."""
SESSIONS = 2500


def measure():
    """`journal_full_...` of a boot, `year_...` of the year."""
    done = run(find("micropython-i386"), SCRIPT, options=("-X", f"heapsize={HEAP}"), timeout_s=300)
    if done.returncode or done.stderr:
        raise RuntimeError(f"no full journal was read: {done.stderr.strip()}")
    _, _, recovery_ms, reading_ms, held_bytes, reads = [int(number) for number in done.stdout.split()]
    return {
        "journal_full_recovery_ms": {"value": recovery_ms, "unit": "ms"},
        "journal_full_reading_ms": {"value": reading_ms, "unit": "ms"},
        "journal_full_heap_bytes": {"value": held_bytes, "unit": "B"},
        "journal_full_reads": {"value": reads, "unit": "reads"},
        **live(),
    }


def live():
    """What a MiB keeps of so many sessions, and how the heap grows from the tenth part of them on."""
    boot = Boot(Image(256, 4096), MeterValuesSampledData=SAMPLED)
    year = Year(boot.firmware, boot.pass_time)
    year.live(SESSIONS // 10)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    year.live(SESSIONS - SESSIONS // 10)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    kinds = [record["kind"] for _, record in read_all(boot.firmware.journal)]
    return {
        "year_transactions_kept": {"value": kinds.count("stop"), "unit": "transactions"},
        "year_readings_kept": {"value": kinds.count("meter"), "unit": "readings"},
        "year_heap_growth_bytes": {"value": grown, "unit": "B"},
    }


if __name__ == "__main__":
    for name, figure in measure().items():
        print(name, figure["value"], figure["unit"])
