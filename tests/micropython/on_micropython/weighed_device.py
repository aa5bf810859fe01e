"""Tells the live heap when every module that a charger needs is imported and nothing runs yet."""

# ruff: noqa: F401 - to import is all there is to do.

import asyncio
import gc

import boards.simulated.definition
import firmware.compose
import hal.host

gc.collect()
print(gc.mem_alloc())  # type: ignore[attr-defined]  # MicroPython's
