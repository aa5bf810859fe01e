"""Where the tick runs on ESP32: in a timer's callback.

MicroPython calls it between two bytecodes of whatever runs, never inside a C function: a TLS handshake, the
look-up of a name or the erase of a sector holds it up for as long as it takes. That is why such a board
declares them (`Board.stalls`), and why only a dead-man outside of the chip bounds the opening.
"""

TIMER = 0
PLACES = ("timer",)


def start(tick, now_ms, period_ms, place):
    """Tick for ever, the first time at once: `tick(now_ms())` each `period_ms`. Returns what has a `stop`.
    ValueError: the chip has no such `place`."""
    if place not in PLACES:
        raise ValueError("this chip has no '%s' to tick on; choose 'timer' or 'task'" % place)
    return Ring(tick, now_ms, period_ms)


class Ring:
    """The timer."""

    def __init__(self, tick, now_ms, period_ms):
        from hal.silicon import machine

        self._tick = tick
        self._now_ms = now_ms
        tick(now_ms())
        self._timer = machine.Timer(TIMER)
        self._timer.init(mode=machine.Timer.PERIODIC, period=period_ms, callback=self._ring)

    def stop(self):
        """No more ticks."""
        self._timer.deinit()

    def _ring(self, timer):
        self._tick(self._now_ms())
