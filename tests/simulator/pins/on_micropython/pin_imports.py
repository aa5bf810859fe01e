"""Imports the modules that are named on the chip that is named first, and prints how many there were."""

import sys

from boards.facts import Board
from simulator.pins.chip import Chip

with Chip(Board(chip=sys.argv[1])).install():
    for name in sys.argv[2:]:
        __import__(name)
print(len(sys.argv) - 2)
