"""Waking a sleeping car: some cars miss an offer that comes late, and must see the pilot go and come.

In a plug-in it is tried twice, each time after 30 s of an offer that nobody took: state F for 4 s, then the
pilot off the wire for 30 s. Where no relay can take it off, the second try is state F too. A car that took
the offer and stopped by itself is awake.
"""

AFTER_MS = 30000

_STEPS_MS = (4000, 30000)


class WakeUp:
    """What is tried to wake the car of this plug-in."""

    def __init__(self):
        self.apart = False
        """The pilot is to be off the wire."""
        self._taken = False
        self._waited_ms = 0
        self._step = 0
        self._left_ms = 0

    def forget(self):
        """Another car."""
        self._step = 0
        self.rest()

    def rest(self):
        """There is no offer; the next one is new to the car."""
        self._taken = False
        self._waited_ms = 0

    def due(self, elapsed_ms, ready):
        """An offer stands; `ready`: the car takes it. Whether it is time to try something."""
        self._taken = self._taken or ready
        self._waited_ms = 0 if self._taken else min(self._waited_ms + elapsed_ms, AFTER_MS)
        return self._waited_ms >= AFTER_MS and self._step < len(_STEPS_MS)

    def begin(self):
        """Start the next try."""
        self._left_ms = _STEPS_MS[self._step]
        self.apart = self._step == 1
        self._step += 1
        self._waited_ms = 0

    def over(self, elapsed_ms):
        """Whether the try that began has lasted long enough."""
        self._left_ms -= elapsed_ms
        return self._left_ms <= 0
