"""Reads every guide twice. Prints how many there are, their characters, and how many bytes of heap are more
after the second time than after the first."""

import gc

from control import faults
from firmware import guide


def read():
    characters = 0
    for code in codes:
        characters += len(guide.load(code).paragraph())
    gc.collect()
    return characters, gc.mem_alloc()  # type: ignore[attr-defined]  # MicroPython's


codes = sorted({row.name for row in faults.ROWS})
_, before = read()
characters, after = read()
print(len(codes), characters, after - before)
