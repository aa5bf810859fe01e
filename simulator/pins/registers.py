"""`machine.mem32` of RP2: the few registers that MicroPython has no class for."""

from simulator.pins.converter import Converter
from simulator.pins.rules import Undefined

BLOCK = 0x4000
ALIASES = 0x3000
"""Writes to these copies of a block: exclusive or, set, clear (data sheet, 2.1.3)."""
REASON, SCRATCH = 0x08, 0x0C
SCRATCHES = 8


class Watchdog:
    """Why it restarted last, and eight words that a restart leaves as they are."""

    def __init__(self, chip):
        self._chip = chip

    def read(self, offset):
        """A register's value."""
        if offset == REASON:
            return {"watchdog": 1, "software": 2}.get(self._chip.cause, 0)
        return self._chip.kept.get(self._scratch(offset), 0)

    def write(self, offset, value):
        """Keep a word."""
        self._chip.kept[self._scratch(offset)] = value & 0xFFFFFFFF

    def _scratch(self, offset):
        if SCRATCH <= offset < SCRATCH + 4 * SCRATCHES:
            return offset
        raise Undefined("the watchdog's register at offset %d is none that is simulated" % offset)


class Words:
    """`mem32[address]`."""

    def __init__(self, chip):
        self._chip = chip

    def __getitem__(self, address):
        block, offset = self._find(address)
        return block.read(offset & ~ALIASES)

    def __setitem__(self, address, value):
        block, offset = self._find(address)
        alias, offset = offset & ALIASES, offset & ~ALIASES
        if alias:
            old = block.read(offset)
            value = (old ^ value, old | value, old & ~value)[(alias >> 12) - 1]
        block.write(offset, value)

    def _find(self, address):
        rules = self._chip.rules
        base = address & ~(BLOCK - 1)
        if address & 3:
            raise Undefined("mem32 reads and writes at multiples of 4, not at 0x%08x" % address)
        if base == rules.adc_base:
            if not self._chip.converter:
                self._chip.converter = Converter(self._chip)
            return self._chip.converter, address - base
        if base == rules.watchdog_base:
            return Watchdog(self._chip), address - base
        raise Undefined("0x%08x is no register that is simulated here" % address)
