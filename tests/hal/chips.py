"""What tests of drivers share: a chip of the simulator, and the clock that other parts have."""

from boards.facts import Board, Connector
from simulator.pins.chip import Chip

CHIPS = ["rp2040", "rp2350", "esp32s3"]


class Parts:
    """Parts made so far, with the chip's time."""

    def __init__(self, chip):
        self.clock = Time(chip)


class Time:
    """`hal.contract.Clock` on a chip's time; whoever sleeps lets it pass."""

    def __init__(self, chip):
        self._chip = chip

    def now_ms(self):
        return self._chip.now_us // 1000 & 0x3FFFFFFF

    async def sleep_ms(self, duration_ms):
        self._chip.advance(duration_ms * 1000)


def board(chip, **facts):
    return Board(chip=chip, lowest_micropython=(1, 27), **facts)


def connector(**facts):
    return Connector(**facts)


def powered(name, now_us=0, **facts):
    """A chip of this name, of a board with these facts."""
    return Chip(board(name, **facts), now_us=now_us)
