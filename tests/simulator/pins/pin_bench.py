"""Chips for the tests of their own rules: bare ones, of no charger."""

from boards.facts import Board
from simulator.pins.chip import Chip

NAMES = ["rp2040", "rp2350", "esp32s3"]


def chip_of(name, version=(1, 27), seed=1, journal=("journal", 16)):
    """A chip just powered up."""
    return Chip(Board(chip=name, lowest_micropython=version, journal=journal), seed=seed)


def recorded(node):
    """(moment, level) of each change of a node's wire, as they come."""
    changes = []
    node.watch(lambda level, now_us: changes.append((now_us, level)))
    return changes
