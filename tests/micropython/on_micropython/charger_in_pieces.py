"""`charger.py`, told the same, on a heap that has gone to pieces: no free one is longer than `PIECE_BYTES`
and a few bytes."""

import gc
import sys

import charger  # type: ignore[import-not-found]  # beside this script

PIECE_BYTES = 1024


def crumble():
    """Take all that is free in pieces, and give every other one back. Returns the rest, to be kept."""
    kept = given = ()  # type: tuple
    gc.collect()
    try:
        while True:
            kept = (kept, bytearray(PIECE_BYTES))
            given = (given, bytearray(PIECE_BYTES))
    except MemoryError:
        given = ()
    gc.collect()
    return kept


charger.main(*sys.argv[1:], made=crumble)
