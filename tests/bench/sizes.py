"""What the device's code weighs, compiled: bytes of .mpy, room by room."""

import tempfile
from pathlib import Path

import flash


def measure():
    """`mpy_bytes`, and `mpy_bytes_ROOM` for each room."""
    with tempfile.TemporaryDirectory() as out:
        sizes = flash.build(Path(out))
    rooms = {f"mpy_bytes_{room}": size.mpy_bytes for room, size in sizes.items()}
    figures = {"mpy_bytes": sum(rooms.values()), **rooms}
    return {name: {"value": value, "unit": "B"} for name, value in figures.items()}
