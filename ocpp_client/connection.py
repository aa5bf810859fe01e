"""One byte stream to the backend, from its opening to its end: the WebSocket on it, and whether the server is
still there."""

from ocpp_client import websocket
from ocpp_client.handshake import Handshake
from ocpp_client.pulse import Pulse
from ocpp_client.source import TIMED_OUT
from ocpp_client.websocket import WebSocket

HANDSHAKE_MS = 30000
"""A server that has not opened the WebSocket by then is given up."""
_REFUSALS = ("401", "403")


class Connection:
    """What lives as long as the byte stream. `dialogue` is held over it, once it is open."""

    def __init__(self, address, password, random_bytes, configuration, dialogue, now_ms):
        self._websocket = WebSocket(Handshake(address, random_bytes, password), random_bytes)
        self._pulse = Pulse(configuration)
        self._dialogue = dialogue
        self._deadline_ms = now_ms + HANDSHAKE_MS
        self.ending = ""
        """Why it is about to end, where that is known better than by the byte stream."""

    @property
    def is_open(self):
        """Whether messages can be sent."""
        return self._websocket.state == websocket.OPEN

    @property
    def was_opened(self):
        """Whether the WebSocket has opened, though it may be over by now."""
        return self._websocket.handshake is None

    @property
    def was_refused(self):
        """Whether the server would not have this charger."""
        return not self.was_opened and self._websocket.handshake.status in _REFUSALS

    @property
    def awaiting(self):
        """The server owes an answer to the handshake or to a ping."""
        return not self.is_open or self._pulse.awaits_pong

    def received(self, data, now_ms):
        """Take bytes; yields None when the WebSocket opens, and each message's text."""
        self._pulse.heard(now_ms)
        for event, value in self._websocket.received(data):
            if event == websocket.OPENED:
                self._pulse.opened(now_ms)
                yield None
            elif event == websocket.MESSAGE:
                yield value
            elif event != websocket.PONGED:
                self.end(value)

    def send(self, pieces):
        """Send a message, given in pieces."""
        self._websocket.send(pieces)

    def data_to_send(self):
        """The next bytes to write, or none; each is given once."""
        return self._websocket.data_to_send()

    def end(self, reason):
        """Let go of the byte stream; the first reason stands."""
        self.ending = self.ending or reason

    def leave(self, reason, code=1000):
        """Say farewell with a close code (RFC 6455, 7.4.1), and let go."""
        self._websocket.close(code)
        self.end(reason)

    def watch(self, now_ms):
        """Time out what is overdue. Without any sign of life it is the link that failed, not the server, and
        a lost link costs a transaction message none of its attempts."""
        calls = self._dialogue.calls
        if not self.is_open:
            if now_ms >= self._deadline_ms:
                self.end("the server did not answer the handshake within %d s" % (HANDSHAKE_MS // 1000))
        elif self._pulse.dead(now_ms):
            self.end("the server did not answer a ping: the link is dead")
        elif self._dialogue.busy and now_ms >= calls.deadline_ms:
            if self._pulse.silent_since(calls.sent_ms):
                self.end("the server has fallen silent: the link is dead")
            else:
                self._dialogue.fail(TIMED_OUT, now_ms)
        elif self._pulse.ping_due(now_ms, calls):
            self._pulse.pinged(now_ms)
            self._websocket.ping()

    def due_ms(self, now_ms, longest_ms):
        """Milliseconds until `watch` or the dialogue wants to be looked at, at most `longest_ms`."""
        if not self.is_open:
            return min(longest_ms, self._deadline_ms - now_ms)
        pulse_ms = self._pulse.due_ms(self._dialogue.calls, now_ms + longest_ms)
        return min(longest_ms, self._dialogue.wait_ms(now_ms), pulse_ms - now_ms)
