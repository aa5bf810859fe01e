"""What a tick of a charging connector costs. Prints the heap bytes of 1,000 ticks, those of ticks that
waste, and the ns of one tick."""

import gc
import time

from tests.control.station import TICK_MS, Station

TICKS = 1000
BATCHES = 7


def charging_station():
    """A station whose car draws 16 A."""
    station = Station()
    station.charge()
    return station


def heap_bytes(tick, station, ticks=TICKS):
    """Heap bytes that `tick` takes over a charge from the plug on, counted around each call alone."""
    mem_alloc = gc.mem_alloc  # type: ignore[attr-defined]
    total = 0
    gc.collect()
    gc.disable()
    for turn in range(ticks):
        station.pass_by(TICK_MS)
        station.meter.poll(station.now_ms)
        now_ms = station.now_ms
        before = mem_alloc()
        tick(now_ms)
        total += mem_alloc() - before
        if turn % 50 == 0:
            gc.collect()
    gc.enable()
    return total


def charge_heap_bytes():
    """The same for a lane, from before the plug until after the stop."""
    station = Station()
    station.run(500)
    station.outlet.plug()
    station.authorise()
    tick = station.lane.tick
    total = heap_bytes(tick, station, TICKS // 2)
    if not station.outlet.contactor.contacts_closed:
        raise RuntimeError("the car was not charged, so this measured nothing")
    station.withdraw()
    return total + heap_bytes(tick, station, TICKS - TICKS // 2)


def tick_ns(now_ns):
    """The least of some batches of ticks: read, decide, write, with the world standing still."""
    station = charging_station()
    tick, now_ms = station.lane.tick, station.now_ms
    least_ns = 0
    for _ in range(BATCHES):
        began_ns = now_ns()
        for _ in range(TICKS):
            now_ms = (now_ms + TICK_MS) & 0x3FFFFFFF
            tick(now_ms)
        batch_ns = now_ns() - began_ns
        least_ns = min(least_ns, batch_ns) if least_ns else batch_ns
    return least_ns // TICKS


class Wasteful:
    """Keeps a list a tick: proves that the measurement sees an allocation."""

    def __init__(self):
        self.kept = None

    def tick(self, now_ms):
        self.kept = [now_ms]


def main():
    wasted = heap_bytes(Wasteful().tick, Station(), 100)
    print(charge_heap_bytes(), wasted, tick_ns(time.time_ns))


if __name__ == "__main__":
    main()
