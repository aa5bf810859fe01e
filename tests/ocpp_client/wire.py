"""What anybody can know who listens where a charger's wire begins: the facts that the rules of `rules.py` and
`transaction_rules.py` judge by. Nothing of the charger's own code is used here."""

LONGEST_S = 86400
"""A server's interval beyond a day counts as a day."""
DEFAULTS = {
    "HeartbeatInterval": 300,
    "MessageTimeout": 30,
    "MeterValueSampleInterval": 60,
    "TransactionMessageAttempts": 3,
    "TransactionMessageRetryInterval": 60,
    "WebSocketPingInterval": 60,
}
"""What the charger starts with; what a server changes is seen on the wire."""
LOST, TIMED_OUT = "lost", "timed out"


class Breach(AssertionError):
    """The charger broke a rule; the text says which, and what happened last."""


class Call:
    """One CALL of the charger."""

    def __init__(self, message_id, action, payload, at_ms, timeout_ms):
        self.message_id = message_id
        self.action = action
        self.payload = payload
        self.at_ms = at_ms
        self.deadline_ms = at_ms + timeout_ms


class Wire:
    """The link, the registration, the one CALL that is open, and the settings that a server sees."""

    def __init__(self, connectors, settings):
        self.connectors = connectors
        self.settings = {**DEFAULTS, **settings}
        self.saved = dict(self.settings)
        """Those that the next start finds."""
        self.at_ms = 0
        self.up = False
        self.registration = ""
        """What the last BootNotification of this start was answered with; nothing before, or where the server
        asked for another one."""
        self.open: Call | None = None
        self.asked: dict[str, list] = {}
        """Requests of the server on this link that are not answered: message id to their (action,
        payload)."""
        self.triggered: set[tuple[str, int]] = set()
        """Messages that a TriggerMessage was accepted for, with their connectors, until they are sent."""

    def ms(self, name):
        """A setting that is in seconds."""
        return self.settings[name] * 1000

    @property
    def idle(self):
        """Nothing keeps an accepted charger from saying what it has to say."""
        return self.up and self.open is None and self.registration == "Accepted"


class Rule:
    """One rule: what it looks at. Each method is called before the wire's facts change, `finish` at the
    end."""

    def __init__(self, wire):
        self.wire = wire

    def restarted(self):
        """The charger lost its power, and starts."""

    def opening(self):
        """The charger tries to connect."""

    def opened(self):
        """The WebSocket is open."""

    def closed(self):
        """The byte stream has ended, or could not be had."""

    def called(self, call):
        """The charger sends a CALL."""

    def replied(self, message_id, message):
        """The charger sends an answer."""

    def asked(self, message_id, action, payload):
        """A request of the server has come in."""

    def heard(self):
        """Bytes of any kind have come in."""

    def answered(self, call, payload):
        """The open CALL has its answer; `payload` is None for a CALLERROR."""

    def failed(self, call, cause, at_ms):
        """The open CALL got none: `LOST` with its link, or `TIMED_OUT` at this moment."""

    def quiet(self):
        """Nothing more happens at this moment: whatever is due has been done."""

    def finish(self):
        """The end of a long time in which everything worked."""


def expect(held, words):
    """`held`, or else a Breach."""
    if not held:
        raise Breach(words)
