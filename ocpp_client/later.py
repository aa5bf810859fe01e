"""The answer to a request that takes its time, such as that of a lock that has to move first."""

MOST = 4
"""Such answers at once. A server has one call open; more are of calls that it has given up."""
LONGEST_MS = 15000
"""A server waits longer than this: 30 s are usual."""


class Later:
    """What a handler returns in the place of an answer. `give(payload)` is called once the answer is known,
    from wherever; when it takes too long, `otherwise` is the answer. `wake()` has the client polled soon."""

    def __init__(self, otherwise, wake):
        self.otherwise = otherwise
        self.payload = None
        self._wake = wake

    def give(self, payload):
        """The answer is known; the first one counts."""
        if self.payload is None:
            self.payload = payload
            self._wake()


class Delayed:
    """The answers that are still to come; `answer(message_id, payload)` sends one."""

    def __init__(self, configuration, answer):
        self._configuration = configuration
        self._answer = answer
        self._open = []  # type: list  # (message id, `Later`, ms at which it is answered anyway)

    def add(self, message_id, later, now_ms):
        """`later` is the answer to the request with this id."""
        # Where this charger itself gives up sooner, its server may do so too.
        longest_ms = min(LONGEST_MS, self._configuration.get("MessageTimeout") * 500)
        self._open.append((message_id, later, now_ms + longest_ms))
        self.settle(now_ms)

    def settle(self, now_ms):
        """Send what is known, what is overdue, and the oldest where there are too many."""
        for entry in list(self._open):
            message_id, later, due_ms = entry
            if later.payload is not None or now_ms >= due_ms or len(self._open) > MOST:
                self._open.remove(entry)
                self._answer(message_id, later.otherwise if later.payload is None else later.payload)

    def wait_ms(self, now_ms, longest_ms):
        """Milliseconds until one is overdue, at most `longest_ms`."""
        for _, _, due_ms in self._open:
            longest_ms = min(longest_ms, due_ms - now_ms)
        return longest_ms
