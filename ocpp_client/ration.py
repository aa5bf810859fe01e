"""How often a server may have something written.

Flash wears out, and nothing of it is erased while a car charges. A server that changes a setting to and fro
without end would first take the room of the meter values, and the flash in the end. So each of its requests
over which something is written takes from a ration, and whoever has used it up is answered Rejected. Requests
that write nothing take nothing; what ends a charge, and what is told of it, is never rationed.

A restart that the server asks for gives nothing back: what is left goes along. After a power cut, which no
server can cause, the ration is whole.
"""

BURST = 100
"""So many at once: every setting twice."""
PERIOD_MS = 60000
"""From one more to the next."""

_KEPT = "ration"
_START = "RemoteStartTransaction"
_RATIONED = ("ChangeAvailability", "ChangeConfiguration", "ClearCache", "DataTransfer", _START)


class Ration:
    """The ration of the server of one client. `report(event)` hears when it is used up."""

    def __init__(self, store, clock, report):
        self._store = store
        self._clock = clock
        self._report = report
        self._kept = store.get(_KEPT)  # what was left when a reset was asked for, None: all of it
        self._left = BURST if self._kept is None else self._kept
        self._restarting = False
        self._since_ms = clock.now_ms()
        self._told = False

    def over(self, handlers):
        """Put a ration on what writes among the `handlers` (action to handler)."""
        for action in _RATIONED:
            handlers[action] = self._rationed(action, handlers[action])
        handlers["Reset"] = self._resetting(handlers["Reset"])

    def _rationed(self, action, handler):
        def serve(payload):
            self._grow()
            if not self._left:
                self._tell(action)
                return {"status": "Rejected"}
            written = self._store.written
            answer = handler(payload)
            # What a start writes may come later, with a car or an authorisation.
            if self._store.written != written or (action == _START and answer["status"] == "Accepted"):
                self._left -= 1
                if self._restarting:
                    self._keep()
            return answer

        return serve

    def _resetting(self, handler):
        def serve(payload):
            answer = handler(payload)
            if answer["status"] == "Accepted":
                self._grow()
                self._restarting = True
                self._keep()
            return answer

        return serve

    def _keep(self):
        """Write down what is left, for after the restart."""
        left = self._left if self._left < BURST else None
        try:
            if left != self._kept:
                self._store.keep(_KEPT, left)
                self._kept = left
        except OSError:
            pass  # a reset is obeyed all the same

    def _grow(self):
        earned = (self._clock.now_ms() - self._since_ms) // PERIOD_MS
        self._since_ms += earned * PERIOD_MS
        self._left = min(BURST, self._left + earned)
        if self._left >= BURST // 2:
            self._told = False
        if self._left == BURST and self._kept is not None:
            self._keep()

    def _tell(self, action):
        if not self._told:
            self._told = True
            reason = "the server has the flash written too often: %d times at once, and one a minute" % BURST
            self._report({"event": "rationed", "action": action, "reason": reason})
