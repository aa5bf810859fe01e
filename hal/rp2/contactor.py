"""Main contactor under a lease that a PIO state machine keeps: the dead-man of RP2040 and RP2350.

The coil's line belongs to a program of nine instructions. It is driven only while a counter runs, and the
counter begins anew only with a word from `renew`: a processor that stalls, whatever the reason, lets it run
out after 100 ms, for PIO needs no processor. A word of 0 ends it at once.

What stops PIO itself leaves the line as it is: a debugger, and a soft reset of MicroPython, which halts every
state machine where it stands (ports/rp2/rp2_pio.c). So whoever ends the firmware drops first (`Guard.open`)
or resets the chip, which lets go of all lines.
"""
# ruff: noqa: F821
# mypy: disable-error-code="name-defined, call-overload"
# The names in the program are the assembler's.

import rp2

from hal.contract import LEASE_MS
from hal.gpio.leased import Leased
from hal.gpio.lines import line_out

_HZ = 600000
_ROUNDS_A_MS = 100
"""The program takes six cycles a round: 10 us."""
_LEASE = LEASE_MS * _ROUNDS_A_MS
_DEPTH = 4
"""Words that wait for the program: never more than one while it runs."""


def _program(opened, closed):
    """The program for a line with these levels: defaults, as the assembler empties the function's globals."""

    @rp2.asm_pio(set_init=rp2.PIO.OUT_HIGH if opened else rp2.PIO.OUT_LOW)
    def lease(opened=opened, closed=closed):
        label("open")
        set(pins, opened)
        pull(block)
        mov(x, osr)
        label("round")
        jmp(not_x, "open")
        set(pins, closed)
        jmp(x_dec, "next")
        label("next")
        pull(noblock)  # a new word, or x itself where there is none
        mov(x, osr)
        jmp("round")

    return lease


class PioContactor(Leased):
    """State machine `number`, 0 to 2 (the first block: Wi-Fi has the second)."""

    def __init__(self, facts, number):
        Leased.__init__(self, facts)
        closed = facts.contactor_level
        line = line_out(facts.pins["contactor"], 1 - closed)
        self._lease = rp2.StateMachine(number, _program(1 - closed, closed), freq=_HZ, set_base=line)
        self._lease.active(1)

    def extend(self):
        self._say(_LEASE)

    def drop(self):
        self._say(0)

    def _say(self, word):
        # A program that runs takes each word within 10 us. One that does not would make `put` wait for ever.
        if self._lease.tx_fifo() < _DEPTH:
            self._lease.put(word)


def make(facts, number, parts):
    """The contactor of connector `number`, which is 1 to 3: a block of PIO has no room for more programs."""
    return PioContactor(facts, number - 1)
