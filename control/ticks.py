"""Monotonic milliseconds that wrap at 2^30, as MicroPython's `time.ticks_ms` does.

Deadlines up to six days ahead compare rightly across the wrap; longer delays are counters. No intermediate
here reaches 2^30, above which a 32-bit MicroPython would allocate.
"""

MASK = 0x3FFFFFFF
_HALF = 0x20000000


def add(now_ms, delay_ms):
    """The moment `delay_ms` (below 2^29) after `now_ms`."""
    # Split, because the plain sum may pass 2^30 on its way to the mask.
    return (now_ms - (MASK - delay_ms) - 1) & MASK


def diff(later_ms, earlier_ms):
    """Signed ms from `earlier_ms` to `later_ms`, right while they are less than 2^29 ms apart."""
    gap = (later_ms - earlier_ms) & MASK
    return gap if gap < _HALF else gap - MASK - 1
