"""What an image of MicroPython for the Pico W freezes. Nobody has built it yet.

    python flash.py build --board pico_w
    make -C ports/rp2 BOARD=RPI_PICO_W FROZEN_MANIFEST=.../boards/pico_w/manifest.py

The first line in this checkout, the second in one of MicroPython. The port's own list is not included: its
_boot.py gives all of the flash to files. Of micropython-lib nothing is needed.
"""
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
# The names are those of MicroPython's tools/manifestfile.py.

metadata(version="0.1.0")
module("rp2.py", base_path="$(PORT_DIR)/modules")
module("_boot.py")
include("$(MPY_DIR)/extmod/asyncio")
freeze("../../build/mpy")
