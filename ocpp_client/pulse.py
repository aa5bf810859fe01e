"""Whether the server is still there (OCPP-J errata 3.11): a half-open link looks alive until something is
asked of it."""


class Pulse:
    """Pings every WebSocketPingInterval, and in the middle of a long wait for an answer."""

    def __init__(self, configuration):
        self._configuration = configuration
        self._heard_ms = 0
        self._pinged_ms = 0
        self.awaits_pong = False

    def opened(self, now_ms):
        """A new WebSocket."""
        self._pinged_ms = now_ms
        self.awaits_pong = False

    def heard(self, now_ms):
        """Bytes came from the server: whatever they are, they are as good as the answer to a ping."""
        self._heard_ms = now_ms
        self.awaits_pong = False

    def pinged(self, now_ms):
        """A ping is sent."""
        self._pinged_ms = now_ms
        self.awaits_pong = True

    def silent_since(self, moment_ms):
        """Nothing at all came since `moment_ms`."""
        return self._heard_ms <= moment_ms

    def dead(self, now_ms):
        """Nothing came within MessageTimeout of a ping."""
        return self.awaits_pong and now_ms >= self._overdue_ms()

    def ping_due(self, now_ms, calls):
        """Whether to ping now. An open call (`rpc.Calls`) without any sign of life for half its time asks for
        one: so a server that is slow is told from one that is gone before the call times out."""
        if self.awaits_pong:
            return False
        interval_s = self._configuration.get("WebSocketPingInterval")
        if interval_s and now_ms >= self._pinged_ms + interval_s * 1000:
            return True
        return calls.source is not None and now_ms >= _half_ms(calls) and self.silent_since(calls.sent_ms)

    def due_ms(self, calls, otherwise_ms):
        """When `dead` or `ping_due` may become true; `otherwise_ms` when neither will by itself."""
        if self.awaits_pong:
            return self._overdue_ms()
        interval_s = self._configuration.get("WebSocketPingInterval")
        due_ms = self._pinged_ms + interval_s * 1000 if interval_s else otherwise_ms
        if calls.source is not None and self.silent_since(calls.sent_ms):
            due_ms = min(due_ms, _half_ms(calls))
        return due_ms

    def _overdue_ms(self):
        return self._pinged_ms + self._configuration.get("MessageTimeout") * 1000


def _half_ms(calls):
    return (calls.sent_ms + calls.deadline_ms) // 2
