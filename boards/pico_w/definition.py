"""The board of the Pico 2 W with its predecessor in the same place: pins and circuit are the same.

RP2040 has half the memory: no TLS, no page, and a journal that holds less.
"""

from boards.facts import Board
from boards.pico_2_w.definition import (
    CONNECTOR,
    IMAGE,
    PAGES,
    PHASES,
    SHARED,
    SHARED_HEAP,
    SHARED_PINS,
    SOFT_RESET,
    STALLS,
    SUPPLY,
    UNTRIED,
)

BOARD = Board(
    name="pico_w",
    title="Raspberry Pi Pico W, 22 kW, socket",
    model="Pico W",
    rated_ma=32000,
    chip="rp2040",
    dead_man="PIO one-shot, 100 ms",
    lowest_micropython=(1, 25),
    tick_on="core",
    stalls=STALLS,
    journal=("", 96),
    extras=(),
    flaws=(
        UNTRIED,
        PAGES,
        SHARED_HEAP,
        SUPPLY,
        IMAGE,
        PHASES,
        SOFT_RESET,
        (
            "Its 264 KiB of memory leave no room for TLS: it belongs behind a local controller or a"
            " tunnel, never on the open internet."
        ),
        (
            "The converter has steps of nine codes, 7 mV, at four places (erratum RP2040-E11): seen from"
            " the pilot, 67 mV."
        ),
        "The journal of 384 KiB holds 14 hours of readings a minute without an erase, and not 24.",
    ),
    connectors=(CONNECTOR,),
    drivers=SHARED,
    pins=SHARED_PINS,
)
