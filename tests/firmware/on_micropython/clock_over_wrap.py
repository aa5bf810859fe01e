"""The clock past the wrap of the monotonic time, with dates beyond 31 bits. Prints what the test expects."""

from control.ticks import MASK
from firmware.clock import Clock
from firmware.journal import Journal
from hal import contract
from simulator.portable.flash import Flash


class HalClock(contract.Clock):
    raw_ms = MASK - 500

    def advance(self, duration_ms):
        self.raw_ms = (self.raw_ms + duration_ms) & MASK

    def now_ms(self):
        return self.raw_ms


def main():
    flash = Flash(None, 4, 1024)
    journal = Journal(flash)
    while journal.prepare():
        pass
    hal_clock = HalClock()
    clock = Clock(hal_clock, journal)
    for _ in range(2):
        hal_clock.advance(MASK // 2 + 1)
        clock.now_ms()
    early = clock.stamp()
    print(early)
    hal_clock.advance(3000)
    clock.set_unix_ms(1767268800000)
    print(clock.stamp())
    print(clock.unix_ms(early))
    clock = Clock(HalClock(), Journal(flash))
    print(clock.boot, clock.unix_ms(early))


main()
