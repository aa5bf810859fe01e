"""The gate for work that stops the tick: it goes while no contactor is closed, and none closes meanwhile.

What stops it, a board declares (`Board.stalls`): 'handshake' (TLS), 'look-up' (of a name), 'erase' and 'save'
(flash). Whoever stalls the tick all the same opens the contactors, by the lease, and is counted
as an overrun; a declared stall meets open ones, and counts for nothing.
"""

from control import pilot
from control.faults import RELAY_WELDED
from control.limits import NO_LIMIT_MA, RECONNECTING

PATIENCE_MS = 900000
"""So long a car charges on without a connection; then the offer is withdrawn for the work, and comes back
after it, in the same transaction."""
REST_MS = 60000
"""After such work a car that may charge has so long to begin again, however soon the next is due."""
OPENING_MS = 10000
"""Once the offer is withdrawn a contactor is open within 6 s. What is not open by now will not be: it is
welded, nothing is commanded, and the server should hear of it."""
LONGEST_MS = 90000
"""No work keeps the offer away for longer: 30 s to connect, 20 s to greet, and what it takes to open."""
LOOK_MS = 100


class Stalls:
    """Asked before work that stops the tick where the board declares so; costs nothing where it does not."""

    def __init__(self, declared, lanes, clock):
        """`declared`: `Board.stalls`; `clock`: `firmware.clock.Clock`."""
        self._declared = declared
        self._lanes = lanes
        self._clock = clock
        self._inside = []
        self._left_ms = -REST_MS

    def may(self, *works):
        """Whether works of at most 2 s, 'erase' or 'save', may be done now: no contactor is closed and, where
        they stop the tick, none could be told to close within the next 500 ms."""
        if self._stops(works):
            return not any(_closes(lane.controller) for lane in self._lanes)
        return not any(lane.controller.snapshot.closed for lane in self._lanes)

    async def enter(self, who, works, patience_ms=PATIENCE_MS):
        """Wait until all of `works` may be done by `who`, and keep every contactor open until they `leave`,
        which is theirs to do however it ends."""
        if not self._stops(works):
            return
        clock = self._clock
        asked_ms = clock.now_ms()
        while self._is_busy() and clock.now_ms() - asked_ms < patience_ms:
            await clock.sleep_ms(LOOK_MS)
        self._inside.append(who)
        self._limit(0, LONGEST_MS)
        # A look later at the least: a tick must have seen that nothing may close any more.
        waited_ms = 0
        while not waited_ms or (waited_ms < OPENING_MS and any(map(_is_closed, self._snapshots()))):
            await clock.sleep_ms(LOOK_MS)
            waited_ms += LOOK_MS

    def leave(self, who):
        """The work of `who` is done, has failed, or was never begun."""
        if who not in self._inside:
            return
        self._inside.remove(who)
        if not self._inside:
            self._left_ms = self._clock.now_ms()
            self._limit(NO_LIMIT_MA, 0)

    def _stops(self, works):
        return any(work in self._declared for work in works)

    def _is_busy(self):
        """Whether a car charges, or is about to."""
        rests = self._clock.now_ms() - self._left_ms < REST_MS
        for lane in self._lanes:
            controller = lane.controller
            if _closes(controller) or (rests and _is_authorised(controller)):
                return True
        return False

    def _limit(self, limit_ma, life_ms):
        for lane in self._lanes:
            lane.controller.mailbox.set_limit(RECONNECTING, limit_ma, life_ms)

    def _snapshots(self):
        return [lane.controller.snapshot for lane in self._lanes]


def _is_closed(snapshot):
    """By command or feedback; of a weld, which nothing opens any more, by command alone."""
    welded = snapshot.faults & (1 << RELAY_WELDED)
    return snapshot.close or (snapshot.closed and not welded)


def _is_authorised(controller):
    snapshot = controller.snapshot
    return snapshot.plugged and controller.mailbox.authorised_session == snapshot.session


def _closes(controller):
    """Whether it is closed, or may close at any moment: whoever is authorised asks for current, and no limit
    but ours stands against it. Any other car must show for 500 ms that it is ready."""
    snapshot = controller.snapshot
    if _is_closed(snapshot):
        return True
    asks = _is_authorised(controller) and pilot.C <= snapshot.level <= pilot.D
    return asks and snapshot.paused_by in (-1, RECONNECTING)
