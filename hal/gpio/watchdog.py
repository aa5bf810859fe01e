"""The chip's watchdog, and why it started."""

from hal import contract
from hal.silicon import machine

TIMEOUT_MS = 8000
"""An RP2040 counts no further than 8388 ms."""

REASONS = {"rp2040": 0x40058008, "rp2350": 0x400D8008}
"""The watchdog's register REASON (data sheets of RP2040, 4.7.6, and RP2350, 12.9.7), as MicroPython tells its
own `reset` there by the same word as a watchdog that ran out."""
_TIMER = 1
"""Its bit that says that the time ran out; the other one says that somebody asked for it."""


class ChipWatchdog(contract.Watchdog):
    """Watches from the first `feed` on, the end of the first tick: to read the journal at boot and to erase
    ahead may take longer than the watchdog waits, and until then no contactor can be closed."""

    def __init__(self, cause):
        """`cause`: as the contract's."""
        self.cause = cause
        self._begin = machine.WDT  # MicroPython has it ready: to begin takes no memory in the tick
        self._reset = machine.reset
        self._watch = None

    def begin(self):
        """Watch from now on. OSError: Linux has no watchdog for this user."""
        self._watch = self._begin(timeout=TIMEOUT_MS)
        return self._watch

    def feed(self):
        (self._watch or self.begin()).feed()

    def restart(self):
        self._reset()


def reset_cause(chip):
    """In the words of `hal.contract.Watchdog`. Espressif's chips tell a brown-out as a power-on, and their
    `reset` as a hard one."""
    cause = machine.reset_cause()
    if cause == machine.PWRON_RESET:
        return "power_on"
    if cause != machine.WDT_RESET:
        return "software"
    return "watchdog" if chip not in REASONS or machine.mem32[REASONS[chip]] & _TIMER else "software"


def make(facts, number, parts):
    """The board's watchdog. On Linux it begins at once: what is in its way is told at boot, not to a tick."""
    watchdog = ChipWatchdog(reset_cause(facts.chip))
    if facts.chip == "linux":
        watchdog.begin()
    return watchdog
