"""The tick beside the main thread, as on a chip with two cores. Prints how many ticks there were, and whether
any came after the end."""

import time

from hal.rp2 import tick

moments = [0] * 100
count = [0]


def note(now_ms):
    """One tick."""
    moments[count[0]] = now_ms
    count[0] += 1


ticking = tick.start(note, time.ticks_ms, 5, "core")  # type: ignore[attr-defined]
while count[0] < 10:
    time.sleep_ms(1)  # type: ignore[attr-defined]
ticking.stop()
time.sleep_ms(20)  # type: ignore[attr-defined]
stopped = count[0]
time.sleep_ms(20)  # type: ignore[attr-defined]
early = [turn for turn in range(1, 10) if time.ticks_diff(moments[turn], moments[0]) < 5 * turn - 1]  # type: ignore[attr-defined]
print(stopped >= 10, count[0] - stopped, early)
