"""One charge point's side of OCPP 1.6J without I/O: bytes in, bytes out, time as an argument.

    link.py            client.py     dialogue.py          profiles
    -------- bytes --> websocket --> rpc --> handlers --> core (and one module a profile)
<------- bytes --- websocket <-- rpc <-- sources <--- boot, authorisation, statuses, transactions, metering,
                                                          heartbeat

Whoever owns the client opens and closes the byte stream, and says so with `connected` and `closed`. It may do
so at `reconnect_at_ms`, calls `poll` when `next_poll_ms` has passed or `wake` was called, and writes what
`data_to_send` gives. Nothing that a server sends makes `received` or `poll` raise; a request whose handler
fails is answered with InternalError.
"""

import binascii

from ocpp_client import websocket
from ocpp_client.address import Address
from ocpp_client.authorisation import Authorisation
from ocpp_client.backoff import Backoff
from ocpp_client.boot import Boot
from ocpp_client.core import Core
from ocpp_client.dialogue import Dialogue
from ocpp_client.handshake import Handshake
from ocpp_client.heartbeat import Heartbeat
from ocpp_client.metering import Metering
from ocpp_client.pulse import Pulse
from ocpp_client.source import LOST, TIMED_OUT
from ocpp_client.statuses import Statuses
from ocpp_client.transactions import Transactions
from ocpp_client.websocket import WebSocket

HANDSHAKE_MS = 30000
"""A server that has not opened the WebSocket by then is given up."""
MAX_POLL_MS = 10000
"""Time between polls is never longer, so that a transaction that began unannounced is sampled soon."""


class Client:
    """The OCPP client of one charger.

    `charger`, `store` and `clock` are the ports of `ports.py`; `url` and `identity` as in `address.Address`;
    `password` (text or bytes) adds HTTP basic authentication. ValueError when the URL cannot be used.
    """

    def __init__(self, charger, store, clock, configuration, url, password=None, identity=None):
        self.address = Address(url, identity)
        self.clock = clock
        self.configuration = configuration
        self.wake = _nothing
        """Set by the owner: called when there may be something to send or a shorter time to wait."""
        self.observer = None
        """Optional `observer(direction, text)`, called with 'out' or 'in' and each OCPP frame."""
        self.reconnect_at_ms = clock.now_ms()
        """When the byte stream may be opened again."""
        self.wants_close = False
        """True: close the byte stream once `data_to_send` is empty."""
        self._password = password
        self._backoff = Backoff(clock.random_bytes)
        self._websocket = None
        self._opening = False
        self._reason = "not connected yet"  # why there is no link
        self._ending = ""  # why this link is about to end, where we know better than the byte stream
        self._deadline_ms = 0  # of the handshake
        self.configuration.fix("NumberOfConnectors", "%d" % charger.connector_count)
        self.boot = Boot(charger, clock, configuration, self._on_accepted)
        self.authorisation = Authorisation(configuration)
        self.statuses = Statuses(charger, clock, configuration)
        self.transactions = Transactions(charger, store, clock, configuration)
        self.metering = Metering(charger, store, clock, configuration, lambda: self.accepted)
        self.heartbeat = Heartbeat(clock, configuration)
        # In the order of their turn: people wait for an authorisation, nobody for a heartbeat.
        sources = (self.authorisation, self.statuses, self.transactions, self.metering, self.heartbeat)
        # The boot number and chance: ids differ from those of every other start, even on an erased store.
        prefix = "%d-%s" % (clock.stamp()[0], str(binascii.hexlify(clock.random_bytes(4)), "ascii"))
        self._pulse = Pulse(configuration)
        self._dialogue = Dialogue(
            configuration, self.boot, sources, self._send, self.heartbeat.spoken, prefix
        )
        self.handlers = self._dialogue.handlers
        """Request handlers by action; a profile adds its own."""
        self.handlers.update(Core(charger, configuration, self.boot, self.transactions).handlers())
        configuration.subscribe(lambda name: self.wake())

    # What the charger says

    def status_changed(self, connector_id):
        """The status of `connector_id` (0: the charger) may have changed."""
        self.statuses.changed(connector_id, self.clock.now_ms())
        self.wake()

    def recorded(self):
        """A transaction began or ended: its record is in the store."""
        self.wake()

    def authorise(self, id_tag, answer):
        """Ask the backend for `id_tag`. `answer(status)` is called exactly once: with an AuthorizationStatus,
        or with None when there is no link, no acceptance, no answer in time or a CALLERROR."""
        if not self.accepted:
            answer(None)
            return
        self.authorisation.ask(id_tag, answer, self.clock.now_ms())
        self.wake()

    # What the owner of the byte stream says

    def opening(self, now_ms):
        """The byte stream is being opened."""
        self._opening = True

    def connected(self, now_ms):
        """The byte stream is open."""
        self._opening = False
        self.wants_close = False
        random_bytes = self.clock.random_bytes
        self._websocket = WebSocket(Handshake(self.address, random_bytes, self._password), random_bytes)
        self._ending = ""
        self._deadline_ms = now_ms + HANDSHAKE_MS
        self.wake()

    def received(self, data, now_ms):
        """Bytes came in, in pieces of any size."""
        if self._websocket is None:
            return
        self._pulse.heard(now_ms)
        for event, value in self._websocket.received(data):
            self._HANDLERS[event](self, value, now_ms)
        self._speak(now_ms)
        self.wake()

    def closed(self, now_ms, reason):
        """The byte stream is closed, or could not be opened, for `reason`."""
        self._opening = False
        self.wants_close = False
        self._websocket = None
        self._reason = self._ending or reason
        self._ending = ""
        self.reconnect_at_ms = now_ms + self._backoff.next_ms()
        self._dialogue.fail(LOST, now_ms)
        self.authorisation.drop()
        self.metering.drop()
        self.wake()

    def poll(self, now_ms):
        """Let time pass: whatever is due happens."""
        self.metering.poll(now_ms)
        self.authorisation.expire(now_ms)
        if self._websocket is None or self.wants_close:
            return
        if self._open:
            self._watch(now_ms)
        elif now_ms >= self._deadline_ms:
            self._abandon("the server did not answer the handshake within %d s" % (HANDSHAKE_MS // 1000))
        self._speak(now_ms)

    def data_to_send(self):
        """The bytes to write now; each is given once."""
        return self._websocket.data_to_send() if self._websocket else b""

    def next_poll_ms(self, now_ms):
        """Milliseconds from `now_ms` until `poll` is wanted, 1 to `MAX_POLL_MS`."""
        wait_ms = min(MAX_POLL_MS, self.metering.due_ms(now_ms))
        if self._websocket is None:
            # Once the moment has passed, the opening is the owner's to do and takes its own time.
            if self.reconnect_at_ms > now_ms:
                wait_ms = min(wait_ms, self.reconnect_at_ms - now_ms)
        elif self.wants_close:
            return max(1, wait_ms)
        elif not self._open:
            wait_ms = min(wait_ms, self._deadline_ms - now_ms)
        else:
            wait_ms = min(wait_ms, self._due_ms(now_ms))
        return max(1, wait_ms)

    # What there is to know

    @property
    def accepted(self):
        """The backend has accepted the charger, and the link is up."""
        return self._open is not None and self.boot.accepted

    @property
    def awaiting(self):
        """Something is under way to the server and its answer is not here: an opening, a handshake, a CALL or
        a ping."""
        if self._websocket is None:
            return self._opening
        return not self._open or self._dialogue.busy or self._pulse.awaits_pong

    @property
    def state(self):
        """A short word for people, with the reason where there is one."""
        if self._websocket is None and not self._opening:
            seconds = max(0, self.reconnect_at_ms - self.clock.now_ms() + 999) // 1000
            return "waiting %d s: %s" % (seconds, self._reason)
        if not self._open:
            return "closing: %s" % self._ending if self._ending else "connecting to %s" % self.address.url
        if self.boot.accepted:
            return "connected"
        return "connected, registration %s" % self.boot.status.lower()

    # Inside

    @property
    def _open(self):
        """The WebSocket while it is open, else None."""
        link = self._websocket
        return link if link is not None and link.state == websocket.OPEN else None

    def _on_opened(self, _, now_ms):
        self._pulse.opened(now_ms)
        self.boot.linked(now_ms)

    def _on_message(self, text, now_ms):
        self._observe("in", text)
        # An answer that came with a farewell still counts; a request whose answer cannot be sent does not.
        settled = self._dialogue.received(text, now_ms, self._open is not None)
        # A settled call in an accepted state is the proof that this server works; a mere connection is none.
        if settled and self.boot.accepted:
            self._backoff.reset()

    def _on_ponged(self, _, now_ms):
        self._pulse.ponged()

    def _on_ended(self, reason, now_ms):
        self._ending = self._ending or reason
        self.wants_close = True

    _HANDLERS = {
        websocket.OPENED: _on_opened,
        websocket.MESSAGE: _on_message,
        websocket.PONGED: _on_ponged,
        websocket.ENDED: _on_ended,
    }

    def _on_accepted(self, now_ms):
        self.heartbeat.synchronised(now_ms)
        self.statuses.restart(now_ms)

    def _speak(self, now_ms):
        if self._open and not self.wants_close:
            self._dialogue.speak(now_ms)

    def _send(self, text):
        self._observe("out", text)
        self._open.send(text)

    def _observe(self, direction, text):
        if self.observer is not None:
            self.observer(direction, text)

    def _watch(self, now_ms):
        """Time out what is overdue. Without any sign of life it is the link that failed, not the server, and
        a lost link costs a transaction message none of its attempts."""
        calls = self._dialogue.calls
        if self._pulse.dead(now_ms):
            self._abandon("the server did not answer a ping: the link is dead")
        elif self._dialogue.busy and now_ms >= calls.deadline_ms:
            if self._pulse.silent_since(calls.sent_ms):
                self._abandon("the server has fallen silent: the link is dead")
            else:
                self._dialogue.fail(TIMED_OUT, now_ms)
        elif self._pulse.ping_due(now_ms, calls):
            self._pulse.pinged(now_ms)
            self._open.ping()

    def _due_ms(self, now_ms):
        """Milliseconds until an open link needs a poll."""
        calls = self._dialogue.calls
        wait_ms = calls.deadline_ms - now_ms if self._dialogue.busy else self._dialogue.wait_ms(now_ms)
        return min(wait_ms, self._pulse.due_ms(calls, now_ms + MAX_POLL_MS) - now_ms)

    def _abandon(self, reason):
        """The server is not there any more: let go of the byte stream without a farewell."""
        self._ending = self._ending or reason
        self.wants_close = True
        self.wake()


def _nothing():
    """The wake of a client without an owner."""
