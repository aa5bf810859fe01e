"""What an image of MicroPython for this board freezes. Nobody has built it yet.

    python flash.py build --board esp32_s3
    make -C ports/esp32 BOARD=ESP32_GENERIC_S3 FROZEN_MANIFEST=.../boards/esp32_s3/manifest.py

The first line in this checkout, the second in one of MicroPython, whose sdkconfig must name this folder's
partitions.csv (CONFIG_PARTITION_TABLE_CUSTOM_FILENAME): the journal has a partition of its own. Of
micropython-lib nothing is needed beyond what the port's own list brings.
"""
# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
# The names are those of MicroPython's tools/manifestfile.py.

metadata(version="0.1.0")
include("$(PORT_DIR)/boards/manifest.py")
freeze("../../build/mpy")
