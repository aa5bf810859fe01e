"""What the tick pays for a reading of the pilot on RP2: copy, sort and find. Prints the ns of one."""

import time

from tests.hal.on_micropython.fast import facts_of_a_connector, rp2_pilot, rp2_reading

TICKS = 200
BATCHES = 7


def reading_ns(now_ns):
    """The least of some batches, with a new ring for each."""
    pilot = rp2_pilot(facts_of_a_connector())
    pilot.drive(2667)
    converter = pilot._converter
    dma = converter._dma
    least_ns = 0
    for _ in range(BATCHES):
        rp2_reading(converter, 2800, 267)
        began_ns = now_ns()
        for _ in range(TICKS):
            dma.count -= 1010
            pilot.sample(0)
        batch_ns = now_ns() - began_ns
        least_ns = min(least_ns, batch_ns) if least_ns else batch_ns
    if not pilot.valid:
        raise RuntimeError("no plateau was found, so this measured nothing")
    return least_ns // TICKS


if __name__ == "__main__":
    print(reading_ns(time.time_ns))
