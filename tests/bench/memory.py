"""Heap of a whole charge over TLS on a 32-bit MicroPython with the heap of a small board
(tests/micropython/heap.py).

Resident code is what is live once every module is imported, from .mpy files; frozen code would not be there
at all. The working heap is the rest, at the highest of some hundred looks after a collection, most of them
in the middle of an event, a frame, a read or a write. What lives only between two looks is not seen, but
had its room too: the charge is made in 256 KiB, enlarged by what the world beside it takes.
"""

from tests.micropython import heap


def measure():
    """`heap_code_kib`, `heap_working_peak_kib`, and the share of the world, which is in neither."""
    measured = heap.measure()
    return {
        "heap_code_kib": {"value": round(measured.code / 1024, 1), "unit": "KiB"},
        "heap_working_peak_kib": {"value": round(measured.working / 1024, 1), "unit": "KiB"},
        "heap_world_kib": {"value": round(measured.beside / 1024, 1), "unit": "KiB"},
    }
