"""What a bad server does instead of answering as it should: one mood a CALL, until there are none left for
such CALLs."""

import collections
import datetime

from tests.ocpp_client.transaction_rules import START_UNIX_MS

PAGE = b"HTTP/1.1 302 Found\r\nLocation: https://login.example/\r\nContent-Length: 5\r\n\r\n<html"


class Server:
    """Answers the CALLs that come in over the streams of a `storm.Storm`."""

    def __init__(self, storm):
        self._storm = storm
        self.moods: dict[str, collections.deque] = collections.defaultdict(collections.deque)
        """By action, or '' for any: what it does with the next CALLs, as (name of a method here, its
        values)."""
        self.welcomes: collections.deque = collections.deque()
        """What it does with the next handshakes: 'page', 'refusal', 'silence', or else it accepts."""
        self.interval = 300
        """Of Heartbeats, as an accepted charger is told."""
        self.forgetful = False
        """A StartTransaction that comes again begins another transaction."""
        self._known: dict[str, int] = {}
        self._transactions = 0
        self._requests = 0

    def be_good(self):
        """Answer as a server should from now on."""
        self.moods.clear()
        self.welcomes.clear()

    # What comes in.

    def welcome(self, stream, request):
        """A handshake."""
        how = self.welcomes.popleft() if self.welcomes else "acceptance"
        protocol = stream.protocol
        if how == "page":
            stream.raw(PAGE)
            stream.later("in", stream.end, "the server closed the connection")
        elif how != "silence":
            answer = protocol.reject(401, "go away") if how == "refusal" else protocol.accept(request)
            protocol.send_response(answer)
            stream.flush()

    def hear(self, stream, message):
        """A message of the charger."""
        if message[0] == 2:
            moods = self.moods[message[2]] or self.moods[""]
            name, *values = moods.popleft() if moods else ("good",)
            getattr(self, name)(stream, message, *values)

    def ask(self, action, payload):
        """Send a request over the stream that is open."""
        self._requests += 1
        if self._storm.stream:
            self._storm.stream.say([2, f"s-{self._requests}", action, payload])

    # Moods.

    def good(self, stream, message, pieces=1, pause_ms=0):
        """As it should, perhaps in pieces with pauses."""
        stream.say([3, message[1], self._answer(message)], pieces, pause_ms)

    def late(self, stream, message, seconds):
        """After a while."""
        answer = [3, message[1], self._answer(message)]
        self._storm.at(self._storm.now_ms + round(seconds * 1000), stream.say, answer)

    def never(self, stream, message):
        """Not at all."""

    def twice(self, stream, message):
        """Two times, and then with an error."""
        self.good(stream, message)
        self.good(stream, message)
        self.error(stream, message)

    def error(self, stream, message):
        """With a CALLERROR."""
        stream.say([4, message[1], "InternalError", "", {}])

    def empty(self, stream, message):
        """With nothing in it."""
        stream.say([3, message[1], {}])

    def junk(self, stream, message):
        """With something that is no payload."""
        stream.say([3, message[1], "yes"])

    def stranger(self, stream, message):
        """To what nobody asked, first."""
        answer = self._answer(message)
        stream.say([3, "nobody", answer])
        stream.say([4, "", "GenericError", "", {}])
        stream.say([3, message[1], answer])

    def counter(self, stream, message):
        """With a request of the same id, first."""
        stream.say([2, message[1], "GetConfiguration", {"key": ["HeartbeatInterval"]}])
        self.good(stream, message)

    def fragments(self, stream, message):
        """In two frames with a ping between."""
        stream.fragment([3, message[1], self._answer(message)])

    def tear(self, stream, message, share):
        """With a part of the answer, and a broken connection."""
        stream.tear([3, message[1], self._answer(message)], share)

    def half_open(self, stream, message, answers):
        """Perhaps; and then the connection is dead, though nobody says so."""
        if answers:
            self.good(stream, message)
        self._storm.at(self._storm.now_ms + self._storm.latency_ms, self._storm.deafen)

    def hang_up(self, stream, message):
        """With a farewell."""
        stream.protocol.send_close(1001, "maintenance")
        stream.flush()

    def drop(self, stream, message):
        """With the end of the connection."""
        stream.later("in", stream.end, "the server closed the connection")

    def restart(self, stream, message, seconds):
        """By a restart."""
        self._storm.restart_server(seconds)

    def undecided(self, stream, message, status, interval):
        """Where a charger registers: with Pending or Rejected."""
        answer = self._answer(message)
        if message[2] == "BootNotification":
            answer = {**answer, "status": status, "interval": interval}
        stream.say([3, message[1], answer])

    # Answers.

    def _answer(self, message):
        _, _, action, payload = message
        now = datetime.datetime.fromtimestamp((START_UNIX_MS + self._storm.now_ms) / 1000, datetime.UTC)
        if action == "BootNotification":
            return {"status": "Accepted", "currentTime": now.isoformat(), "interval": self.interval}
        if action == "Heartbeat":
            return {"currentTime": now.isoformat()}
        if action == "Authorize":
            return {"idTagInfo": {"status": "Accepted"}}
        if action == "StartTransaction":
            return {"idTagInfo": {"status": "Accepted"}, "transactionId": self._transaction(payload)}
        return {}

    def _transaction(self, payload):
        key = f"{payload}"
        if key not in self._known or self.forgetful:
            half, odd = divmod(self._transactions, 2)
            # 0, -2, 1, -3, ...: zero and below are ids like others, -1 alone means none.
            self._known[key] = -half - 2 if odd else half
            self._transactions += 1
        return self._known[key]
