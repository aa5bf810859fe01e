"""The physics that MicroPython needs too: integers only, a few hundred lines."""
