"""Who speaks when: requests of the server get their answers, answers find their requests, and one call goes
out at a time."""

from ocpp_client import messages, rpc
from ocpp_client.boot import ACCEPTED, PENDING, REJECTED
from ocpp_client.schema import check
from ocpp_client.source import FAILED, FORGOTTEN, LOST, REFUSED, TIMED_OUT, Source

MAX_WAIT_MS = 3600000
LATE_CALLS = 4
"""So many calls that timed out are remembered, for the sake of their answers."""


class Dialogue:
    """The exchange of OCPP frames over an open link.

    `sources` take turns in their order once `boot` is accepted, before that `boot` alone speaks.
    `send(pieces)` sends a frame, `on_call(now_ms)` hears of each call that goes out. `prefix` as in
    `rpc.Calls`.
    """

    def __init__(self, configuration, boot, sources, send, on_call, prefix):
        self._configuration = configuration
        self._boot = boot
        self.sources = sources
        """A profile adds its own."""
        self._send = send
        self._on_call = on_call
        self.calls = rpc.Calls(prefix)
        self.handlers = {}
        """Request handlers by action: each takes a payload and returns the answer's, or a `later.Later`."""
        self.triggered = ()  # type: tuple
        """Sources whose calls the server has asked for: they also speak while the registration is Pending."""
        self._delayed = None  # `later.Delayed`, once there was one
        self._late = ()  # type: tuple  # (message id, action, source, its subject) of calls that timed out

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
                    self._serve(message_id, action, payload, now_ms)
            elif self.calls.awaits(message_id):
                self._settle(kind, action, payload, now_ms)
                return True
            elif kind == rpc.RESULT:
                return self._settle_late(message_id, payload, now_ms)
        except rpc.CallFailed as failure:
            if answerable:
                self._send(rpc.encode_error(failure.message_id, failure.code, failure.description))
        except rpc.Ignored:
            pass  # nothing in it can be answered, and one bad frame is no reason to lose a link
        return False

    def speak(self, now_ms):
        """Send the answers that are known by now, and the next call, if it is anybody's turn."""
        if self._delayed:
            self._delayed.settle(now_ms)
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
        if cause == LOST:
            self._delayed = None
        message_id = self.calls.message_id
        source = self.calls.close()
        if source is not None:
            if cause == TIMED_OUT and source.subject:
                late = (message_id, self.calls.action, source, source.subject)
                self._late = self._late[1 - LATE_CALLS :] + (late,)
            source.failed(cause, now_ms)

    def wait_ms(self, now_ms):
        """Milliseconds until time alone may end the open call, or give somebody a turn."""
        wait_ms = MAX_WAIT_MS
        if self._delayed:
            wait_ms = self._delayed.wait_ms(now_ms, wait_ms)
        if self.busy:
            return min(wait_ms, self.calls.deadline_ms - now_ms)
        for source in self._speakers():
            due_ms = source.wait_ms(now_ms)
            if due_ms is not None:
                wait_ms = min(wait_ms, due_ms)
        return wait_ms

    def _speakers(self):
        status = self._boot.status
        if status == ACCEPTED:
            return self.triggered + self.sources
        return self.triggered + (self._boot,) if status == PENDING else (self._boot,)

    def _serve(self, message_id, action, payload, now_ms):
        """Answer a request of the server. Sent from here, where of the answer only its text is left: a board
        has no room for both and the frame."""
        text = self._answer(message_id, action, payload, now_ms)
        if text:
            self._send(text)

    def _answer(self, message_id, action, payload, now_ms):
        """The text of an answer; an empty one when it comes later."""
        try:
            answer = self._carry_out(action, payload)
            if isinstance(answer, dict):
                return rpc.encode_result(message_id, answer)
            self._put_off(message_id, answer, now_ms)
            return ""
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

    def _put_off(self, message_id, later, now_ms):
        if not self._delayed:
            from ocpp_client.later import Delayed

            self._delayed = Delayed(self._configuration, self._send_result)
        self._delayed.add(message_id, later, now_ms)

    def _send_result(self, message_id, payload):
        # Whoever was rejected meanwhile responds to nothing any more.
        if self._boot.status != REJECTED:
            self._send(rpc.encode_result(message_id, payload))

    def _settle(self, kind, code, payload, now_ms):
        """The answer to the open call is here."""
        if kind == rpc.ERROR:
            self.fail(self._cause(code, now_ms), now_ms)
            return
        try:
            _check_answer(payload, self.calls.action)
        except rpc.CallFailed:
            self.fail(REFUSED, now_ms)
            return
        self.calls.close().answered(payload, now_ms)

    def _cause(self, code, now_ms):
        """What a CALLERROR with this code says. A server that has lost its memory answers so (OCPP-J errata
        3.10); one that has accepted a BootNotification over this link has not."""
        if code == rpc.SECURITY_ERROR and self._boot.accepted and self._boot.hasten(now_ms):
            return FORGOTTEN
        return FAILED if code in (rpc.INTERNAL_ERROR, rpc.NOT_IMPLEMENTED, rpc.NOT_SUPPORTED) else REFUSED

    def _settle_late(self, message_id, payload, now_ms):
        """Take the answer to a call that timed out, if its source has not got over it yet. True when it has
        been waiting for it."""
        for late_id, action, source, subject in self._late:
            if late_id == message_id and source.subject == subject:
                try:
                    _check_answer(payload, action)
                except rpc.CallFailed:
                    return False
                if self.calls.source is source:
                    # Sent again meanwhile: that call is open until its own end, which is nobody's concern.
                    self.calls.source = Source()
                source.answered(payload, now_ms)
                return True
        return False


def _check_answer(payload, action):
    """Hold an answer against its table. A word on a tag that makes no sense is no permission: whatever a
    server writes that OCPP 1.6 does not know, `Accepted` it is not."""
    info = payload.get("idTagInfo")
    try:
        if info is not None:
            check({"idTagInfo": info}, messages.ANSWERS["Authorize"], False)
    except rpc.CallFailed:
        payload["idTagInfo"] = {"status": "Invalid"}
    check(payload, messages.ANSWERS[action], False)
