"""Drivers for Linux on CPython, and what stands there in the place of MicroPython's `machine`."""
