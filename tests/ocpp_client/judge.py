"""Holds everything that a charger does on its wire against OCPP 1.6, as it happens.

It knows the specification, what crosses the wire, and what truly happened at the charger (`happened`), and
nothing of how the charger is made. `rules.py` and `transaction_rules.py` have the rules.
"""

from tests.ocpp_client import rules, transaction_rules
from tests.ocpp_client.wire import LONGEST_S, LOST, TIMED_OUT, Breach, Call, Wire

LAST = 30
"""So much of what happened a Breach tells."""
ORDER = (
    rules.Ids,
    rules.OneCall,
    rules.BootGate,
    rules.Answers,
    rules.Statuses,
    transaction_rules.Queue,
    transaction_rules.Samples,
)
"""Rules that hold whatever the clock says."""
TIME = (rules.Registration, rules.Heartbeats, rules.SignsOfLife, rules.Redials, transaction_rules.Promptness)
"""Rules about when; for time that is exact."""


class Judge:
    """Is told what happens, in its order; each method takes the time in ms first."""

    def __init__(self, connectors=1, settings=None, rules=ORDER + TIME):
        self.wire = Wire(connectors, settings or {})
        self.story = transaction_rules.Story(self.wire)
        self._rules = [rule(self.wire) for rule in rules]
        for rule in self._rules:
            if isinstance(rule, transaction_rules.StoryRule):
                rule.story = self.story
        self._last: list[str] = []

    # What happens at the charger's end of the wire.

    def restarted(self, at_ms):
        """A power cut is over."""
        self._reach(at_ms, "restarted")
        self._end_link()
        self._tell("restarted")
        self.wire.registration = ""
        self.wire.triggered.clear()
        self.wire.settings = dict(self.wire.saved)

    def opening(self, at_ms):
        """A try to connect begins."""
        self._reach(at_ms, "opening")
        self._tell("opening")

    def opened(self, at_ms):
        """The WebSocket is open."""
        self._reach(at_ms, "opened")
        self._tell("opened")
        self.wire.up = True

    def closed(self, at_ms, reason=""):
        """The link, or the try to have one, has ended."""
        self._reach(at_ms, f"closed: {reason}", closing=True)
        self._end_link()
        self._tell("closed")

    def sent(self, at_ms, message):
        """A frame of the charger, as JSON's value."""
        self._reach(at_ms, f"-> {message}")
        if message[0] == 2:
            self._called(message)
        else:
            self._tell("replied", message[1], message)
            self._replied(message)

    def came(self, at_ms):
        """Bytes of the server came in, a part of a frame or a pong."""
        self._reach(at_ms)
        self._tell("heard")

    def heard(self, at_ms, message):
        """A whole frame of the server came in, as JSON's value."""
        self._reach(at_ms, f"<- {message}")
        self._tell("heard")
        call = self.wire.open
        if message[0] == 2:
            self._tell("asked", message[1], message[2], message[3])
            self.wire.asked.setdefault(message[1], []).append((message[2], message[3]))
        elif call and message[1] == call.message_id:
            payload = message[2] if message[0] == 3 else None
            self._tell("answered", call, payload)
            self.wire.open = None
            if call.action == "BootNotification":
                self._register(payload)
        elif message[0] == 3:
            self.story.answered_late(message[1], message[2])

    def quiet(self, at_ms):
        """Nothing more happens at this moment."""
        self._reach(at_ms)
        self._tell("quiet")

    def finish(self, at_ms):
        """A long time in which everything worked is over."""
        self._reach(at_ms)
        self._tell("finish")

    # What is true of the charger.

    def happened(self, at_ms, action, tx, facts, earlier=False):
        """A transaction began or ended: 'StartTransaction' or 'StopTransaction', its number, and fields that
        the message must have; `earlier`, than the restart that found it out."""
        self._reach(at_ms, f"{action} {tx} {facts}")
        self.story.add(action, tx, facts, earlier)

    def shows(self, at_ms, connector, status):
        """The status of a connector is another one from now on."""
        self._reach(at_ms, f"{connector} is {status}")
        for rule in self._rules:
            if isinstance(rule, rules.Statuses):
                rule.shows(connector, status)

    # Inside.

    def _reach(self, at_ms, words="", closing=False):
        wire = self.wire
        call = wire.open
        if call and (at_ms > call.deadline_ms or (at_ms == call.deadline_ms and not closing)):
            wire.at_ms = call.deadline_ms
            wire.open = None
            self._tell("failed", call, TIMED_OUT, call.deadline_ms)
        wire.at_ms = at_ms
        if words:
            self._last = [*self._last[1 - LAST :], f"{at_ms} {words}"]

    def _tell(self, what, *values):
        try:
            for rule in (*self._rules, self.story):
                getattr(rule, what)(*values)
        except Breach as breach:
            raise Breach("\n".join([f"{breach}", *self._last])) from None

    def _called(self, message):
        _, message_id, action, payload = message
        wire = self.wire
        call = Call(message_id, action, payload, wire.at_ms, wire.ms("MessageTimeout"))
        self._tell("called", call)
        wire.open = call
        wire.triggered.discard((action, payload.get("connectorId", 0)))

    def _replied(self, message):
        wire = self.wire
        requests = wire.asked[message[1]]
        action, asked = requests.pop(0)
        if not requests:
            del wire.asked[message[1]]
        status = message[2].get("status") if message[0] == 3 else None
        if action == "ChangeConfiguration" and status == "Accepted" and asked["key"] in wire.settings:
            wire.settings[asked["key"]] = wire.saved[asked["key"]] = int(asked["value"])
        elif action == "TriggerMessage" and status == "Accepted":
            self._trigger(asked["requestedMessage"], asked.get("connectorId"))

    def _trigger(self, message, connector):
        wire = self.wire
        if message == "BootNotification":
            if wire.open and wire.open.action == message:
                return  # that one is what was asked for
            wire.registration = wire.registration if wire.registration != "Accepted" else ""
        if message in ("BootNotification", "Heartbeat"):
            connector = 0
        some = range(wire.connectors + 1) if connector is None else (connector,)
        wire.triggered.update((message, number) for number in some)

    def _register(self, payload):
        status = payload.get("status") if isinstance(payload, dict) else None
        if status in ("Accepted", "Pending", "Rejected"):
            self.wire.registration = status
            if status == "Accepted" and payload["interval"] > 0:
                self.wire.settings["HeartbeatInterval"] = min(payload["interval"], LONGEST_S)

    def _end_link(self):
        wire = self.wire
        call, wire.open = wire.open, None
        if call:
            self._tell("failed", call, LOST, wire.at_ms)
        wire.up = False
        wire.asked.clear()
