"""One charge point's side of OCPP 1.6J without I/O: bytes in, bytes out, time as an argument.

    link.py            connection    dialogue.py          profiles
    -------- bytes --> websocket --> rpc --> handlers --> core (and one module a profile)
    <------- bytes --- websocket <-- rpc <-- sources <--- boot, authorisation, statuses, transactions,
                                                          metering, heartbeat

Whoever owns the client opens and closes the byte stream, and says so with `connected` and `closed`. It may do
so at `outage.until_ms`, calls `poll` when `next_poll_ms` has passed or `wake` was called, and writes what
`data_to_send` gives. Nothing that a server sends makes `received` or `poll` raise; a request whose handler
fails is answered with InternalError.
"""

import binascii

from ocpp_client import seldom
from ocpp_client.access import Access
from ocpp_client.address import Address
from ocpp_client.authorisation import Authorisation
from ocpp_client.boot import UNKNOWN, Boot
from ocpp_client.cache import Cache
from ocpp_client.connection import Connection
from ocpp_client.core import Core
from ocpp_client.dialogue import Dialogue
from ocpp_client.heartbeat import Heartbeat
from ocpp_client.metering import Metering
from ocpp_client.outage import Outage
from ocpp_client.ration import Ration
from ocpp_client.source import LOST
from ocpp_client.statuses import Statuses
from ocpp_client.transactions import Transactions

MAX_POLL_MS = 10000
"""Time between polls is never longer, so that a transaction that began unannounced is sampled soon."""


class Client:
    """The OCPP client of one charger.

    `charger`, `store` and `clock` are the ports of `ports.py`; `url` and `identity` as in `address.Address`.
    ValueError when the URL cannot be used, or the password lacks that SecurityProfile asks for.
    """

    def __init__(self, charger, store, clock, configuration, url, identity=None):
        self.access = Access(configuration, store, url)
        self._url = url
        self._identity = identity
        self.clock = clock
        self._dial()
        self._store = store
        self.configuration = configuration
        self.wake = _nothing
        """Set by the owner: called when there may be something to send or a shorter time to wait."""
        self.observer = None
        """Optional `observer(direction, text)`, called with 'out' or 'in' and each OCPP frame."""
        self.report = None
        """Optional `report(event)`, called with what people should know of the link: a dict."""
        self.outage = Outage(clock)
        self._connection = None
        self._opening = False
        self.configuration.fix("NumberOfConnectors", "%d" % charger.connector_count)
        self.boot = Boot(charger, clock, configuration, self._on_accepted)
        self.cache = Cache(store, clock, configuration)
        self.authorisation = Authorisation(configuration, self.cache.learn)
        self.statuses = Statuses(charger, clock, configuration)
        self.transactions = Transactions(charger, store, clock, configuration, self.cache.learn)
        self.metering = Metering(
            charger, store, clock, configuration, self.transactions, lambda: self.accepted
        )
        self.heartbeat = Heartbeat(clock, configuration)
        # In the order of their turn: people wait for an authorisation, nobody for a heartbeat.
        sources = (self.authorisation, self.statuses, self.transactions, self.metering, self.heartbeat)
        # The boot number and chance: ids differ from those of every other start, even on an erased store.
        prefix = "%d-%s" % (clock.stamp()[0], str(binascii.hexlify(clock.random_bytes(4)), "ascii"))
        self._dialogue = Dialogue(
            configuration, self.boot, sources, self._send, self.heartbeat.spoken, prefix
        )
        self.handlers = self._dialogue.handlers
        """Request handlers by action; a profile adds its own."""
        self.handlers.update(Core(charger, configuration, self.boot, self.transactions).handlers())
        self.handlers["ClearCache"] = self.cache.clear
        self.handlers.update(seldom.handlers(self, charger, self._dialogue))
        Ration(store, clock, self._report).over(self.handlers)
        configuration.subscribe(lambda name: self.wake())

    # What the charger says

    def status_changed(self, connector_id):
        """The status of `connector_id` (0: the charger) may have changed."""
        self.statuses.changed(connector_id, self.clock.now_ms())
        self.wake()

    def log(self, record):
        """Write the 'start' or 'stop' record of a transaction, with what the meter tells at that
        moment. OSError: it is not written."""
        starts = record["kind"] == "start"
        if not starts:
            self._measure(record, False)
        self._store.append(record)
        if starts:
            self._measure(record, True)
        self.wake()

    def _measure(self, record, starts):
        """What the meter tells is worth no start that nobody ends, and no end."""
        try:
            if starts:
                self.metering.begun(record, self.clock.now_ms())
            else:
                self.metering.ending(record)
        except MemoryError:
            self._report({"event": "unwritten", "name": "meter values", "reason": "there is no memory"})

    def noted(self, tx, note):
        """Somebody wrote a note on the transaction with this number."""
        seldom.note(self, self._dialogue, tx, note)

    def authorise(self, id_tag, answer):
        """Ask the backend for `id_tag`. `answer(info)` is called exactly once: with its IdTagInfo, or with
        None when there is no link, no acceptance, no answer in time, or the server says that it cannot
        tell."""
        if not self.accepted:
            answer(None)
            return
        self.authorisation.ask(id_tag, answer, self.clock.now_ms())
        self.wake()

    # What the owner of the byte stream says

    def opening(self, now_ms):
        """The byte stream is being opened, to `address`."""
        self._opening = True
        self._dial()

    def connected(self, now_ms):
        """The byte stream is open."""
        self._opening = False
        password = self.access.password
        self._connection = Connection(
            self.address, password, self.clock.random_bytes, self.configuration, self._dialogue, now_ms
        )
        self.wake()

    def received(self, data, now_ms):
        """Bytes came in, in pieces of any size."""
        if self._connection is None:
            return
        try:
            for text in self._connection.received(data, now_ms):
                if text is None:
                    if self.address.secure:
                        self.clock.judged()
                    self.boot.linked(now_ms)
                    self._report(self.access.opened())
                else:
                    self._hear(text, now_ms)
            self._speak(now_ms)
        except MemoryError:
            # A message that is too large for what is free just now costs its link, and nothing else.
            self._connection.leave("there was no memory for a message of the server")
        self.wake()

    def closed(self, now_ms, reason):
        """The byte stream is closed, or could not be opened, for `reason`; empty: the owner's wish."""
        connection, self._connection = self._connection, None
        self._opening = False
        self._dialogue.fail(LOST, now_ms)
        self.authorisation.drop()
        self.metering.drop()
        reason = (connection and connection.ending) or reason
        self._mourn(connection, reason and reason + self.transactions.blame(), now_ms)
        self.wake()

    def leave(self):
        """The charger goes away on purpose: its last word, after which the byte stream is to be closed."""
        if self._connection is not None:
            self._connection.leave("the charger went away", 1001)
            self.wake()

    def poll(self, now_ms):
        """Let time pass: whatever is due happens."""
        self.metering.poll(now_ms)
        self.authorisation.expire(now_ms)
        if self._connection is None or self.wants_close:
            return
        self._connection.watch(now_ms)
        self._speak(now_ms)
        if self.wants_close:
            self.wake()

    def data_to_send(self):
        """The next bytes to write, or none; each is given once."""
        return self._connection.data_to_send() if self._connection else b""

    def next_poll_ms(self, now_ms):
        """Milliseconds from `now_ms` until `poll` is wanted, 1 to `MAX_POLL_MS`."""
        wait_ms = min(MAX_POLL_MS, self.metering.due_ms(now_ms))
        if self._connection is None:
            # Once the moment has passed, the opening is the owner's to do and takes its own time.
            if self.outage.until_ms > now_ms:
                wait_ms = min(wait_ms, self.outage.until_ms - now_ms)
        elif not self.wants_close:
            wait_ms = self._connection.due_ms(now_ms, wait_ms)
        return max(1, wait_ms)

    # What there is to know

    @property
    def wants_close(self):
        """True: close the byte stream once `data_to_send` is empty."""
        return self._connection is not None and self._connection.ending != ""

    @property
    def accepted(self):
        """The backend has accepted the charger, and the link is up."""
        return self._is_open and self.boot.accepted

    @property
    def tried(self):
        """The first attempt to be accepted has ended, well or not: before that nobody knows whether the
        backend can be asked."""
        return not self.outage.is_first or self.boot.status != UNKNOWN

    @property
    def awaiting(self):
        """Something is under way to the server and its answer is not here: an opening, a handshake, a CALL or
        a ping."""
        if self._connection is None:
            return self._opening
        return self._connection.awaiting or self._dialogue.busy

    @property
    def state(self):
        """A short word for people, with the reason where there is one."""
        connection = self._connection
        if connection is None and not self._opening:
            return self.outage.words()
        if connection is None or not connection.is_open:
            ending = connection.ending if connection else ""
            return "closing: %s" % ending if ending else "connecting to %s" % self.address.url
        if self.boot.accepted:
            return "connected"
        return "connected, registration %s" % self.boot.status.lower()

    # Inside

    @property
    def _is_open(self):
        return self._connection is not None and self._connection.is_open

    def _hear(self, text, now_ms):
        """Take a frame of the server."""
        self._observe("in", text)
        # An answer that came with a farewell still counts; a request whose answer cannot be sent does not.
        settled = self._dialogue.received(text, now_ms, self._is_open)
        # A settled call in an accepted state is the proof that this server works; a mere connection is none.
        if settled and self.boot.accepted:
            self.outage.over()

    def _dial(self):
        """Settle how the server is spoken to the next time, and where."""
        self.access.dial()
        self.address = Address(self._url, self._identity, self.access.profile == 2)
        self.clock.proven = self.address.secure

    def _speak(self, now_ms):
        connection = self._connection
        if connection is None or not connection.is_open or connection.ending:
            return
        if self.access.outdated:
            # The answer to the request that changed it is on its way already.
            connection.leave("connecting anew with other security settings")
        else:
            self._dialogue.speak(now_ms)

    def _send(self, pieces):
        if self.observer is not None:
            self._observe("out", str(b"".join(pieces), "utf-8"))
        self._connection.send(pieces)  # type: ignore[union-attr]  # who speaks has one

    def _report(self, event):
        if event and self.report is not None:
            self.report(event)

    def _mourn(self, connection, reason, now_ms):
        """A connection has ended, or (None) was not to be had, for `reason`."""
        was_opened = connection is not None and connection.was_opened
        if was_opened and self.access.outdated:
            self.outage.pause(reason, now_ms)
            return
        if reason and not was_opened:
            self.access.failed(connection is not None and connection.was_refused, reason)
        if self.outage.begin(reason, now_ms):
            self._report({"event": "link", "state": self.state})

    def _observe(self, direction, text):
        if self.observer is not None:
            self.observer(direction, text)

    def _on_accepted(self, now_ms):
        self.heartbeat.synchronised(now_ms)
        self.statuses.restart(now_ms)


def _nothing():
    """The wake of a client without an owner."""
