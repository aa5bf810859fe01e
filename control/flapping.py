"""A car that goes to and fro between B and C: more than six swaps in a minute wear the contactor.

Swaps within 1 s of a change of our own offer do not count: real cars show false levels then. Two of those
slow the rises of the offer down for the rest of the plug-in; what lowers it is never slowed. Nor does a car
count that stops while nothing is offered: it obeys.
"""

from control.recent import Recent

WINDOW_MS = 60000
MOST = 6
OWN_MS = 1000
"""A swap so soon after a change of the duty is an answer to it."""
PATIENCE = 2


class Flapping:
    """Counts the swaps of one plug-in."""

    def __init__(self):
        self.upset = False
        """The car dislikes changes of the offer."""
        self.swaps = Recent(MOST + 1, WINDOW_MS)
        self._own = 0

    def found(self):
        """Whether there were too many."""
        return self.swaps.full()

    def forget(self):
        """Another car."""
        self.upset = False
        self._own = 0
        self.swaps.clear()

    def swap(self, since_change_ms, stops, offered):
        """The level went from B to C or back (`stops`: to B), so long after the last change of the duty.
        `offered`: there is current to have."""
        if stops and not offered:
            return
        if since_change_ms >= OWN_MS:
            self.swaps.add()
        elif stops:
            self._own = min(self._own + 1, PATIENCE)
            self.upset = self._own >= PATIENCE
