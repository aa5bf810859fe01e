"""Where every driver takes `machine` from: MicroPython's own, or on Linux what looks the same."""

try:
    import machine as machine
except ImportError:
    import sys

    __import__("hal.linux.machine")
    machine = sys.modules["hal.linux.machine"]
