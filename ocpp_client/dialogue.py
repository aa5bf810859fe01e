"""Who speaks when: requests of the server get their answers, answers find their requests, and one call goes
out at a time."""

from ocpp_client import messages, rpc
from ocpp_client.boot import REJECTED
from ocpp_client.schema import check
from ocpp_client.source import FAILED

MAX_WAIT_MS = 3600000


class Dialogue:
    """The exchange of OCPP frames over an open link.

    `sources` take turns in their order once `boot` is accepted, before that `boot` alone speaks.
    `send(pieces)` sends a frame, `on_call(now_ms)` hears of each call that goes out. `prefix` as in
    `rpc.Calls`.
    """

    def __init__(self, configuration, boot, sources, send, on_call, prefix):
        self._configuration = configuration
        self._boot = boot
        self._sources = sources
        self._send = send
        self._on_call = on_call
        self.calls = rpc.Calls(prefix)
        self.handlers = {}
        """Request handlers by action."""

    @property
    def busy(self):
        """A call awaits its answer."""
        return self.calls.source is not None

    def received(self, text, now_ms, answerable):
        """A frame came in. True when it was the answer that was waited for. Requests are served while they
        are `answerable`; one that is not answered is not carried out either."""
        # A charger that was rejected does not respond to anything (OCPP 1.6, 4.2).
        answerable = answerable and self._boot.status != REJECTED
        try:
            kind, message_id, action, payload = rpc.decode(text)
            if kind == rpc.CALL:
                if answerable:
                    self._serve(message_id, action, payload)
            elif self.calls.awaits(message_id):
                self._settle(kind, payload, now_ms)
                return True
        except rpc.CallFailed as failure:
            if answerable:
                self._send(rpc.encode_error(failure.message_id, failure.code, failure.description))
        except rpc.Ignored:
            pass  # nothing in it can be answered, and one bad frame is no reason to lose a link
        return False

    def speak(self, now_ms):
        """Send the next call, if it is anybody's turn."""
        if self.busy:
            return
        for source in self._speakers():
            call = source.next_call(now_ms)
            if call is not None:
                timeout_ms = self._configuration.get("MessageTimeout") * 1000
                self._on_call(now_ms)
                self._send(self.calls.open(source, call[0], call[1], now_ms, timeout_ms))
                return

    def fail(self, cause, now_ms):
        """The open call, if there is one, ends without an answer (`source.TIMED_OUT` or `source.LOST`)."""
        source = self.calls.close()
        if source is not None:
            source.failed(cause, now_ms)

    def wait_ms(self, now_ms):
        """Milliseconds until time alone may give somebody a turn."""
        wait_ms = MAX_WAIT_MS
        for source in self._speakers():
            due_ms = source.wait_ms(now_ms)
            if due_ms is not None:
                wait_ms = min(wait_ms, due_ms)
        return wait_ms

    def _speakers(self):
        return self._sources if self._boot.accepted else (self._boot,)

    def _serve(self, message_id, action, payload):
        """Answer a request of the server. Sent from here, where of the answer only its text is left: a board
        has no room for both while the text is masked."""
        self._send(self._answer(message_id, action, payload))

    def _answer(self, message_id, action, payload):
        try:
            return rpc.encode_result(message_id, self._carry_out(action, payload))
        except rpc.CallFailed as failure:
            return rpc.encode_error(message_id, failure.code, failure.description)
        except Exception as error:
            # A fault of our own costs this answer, not the link. Its words may quote what is nobody's to
            # read.
            description = "%s failed: %s" % (action[:40], type(error).__name__)
            return rpc.encode_error(message_id, rpc.INTERNAL_ERROR, description)

    def _carry_out(self, action, payload):
        """The payload of the answer; CallFailed when there is none."""
        handler = self.handlers.get(action)
        if handler is None:
            known = action in messages.KNOWN_ACTIONS.split()
            raise rpc.CallFailed(rpc.NOT_SUPPORTED if known else rpc.NOT_IMPLEMENTED, action[:40])
        check(payload, messages.REQUESTS[action])
        return handler(payload)

    def _settle(self, kind, payload, now_ms):
        """The answer to the open call is here."""
        try:
            if kind == rpc.ERROR:
                raise rpc.CallFailed(rpc.INTERNAL_ERROR)
            check(payload, messages.ANSWERS[self.calls.action], False)
        except rpc.CallFailed:
            self.fail(FAILED, now_ms)
            return
        self.calls.close().answered(payload, now_ms)
