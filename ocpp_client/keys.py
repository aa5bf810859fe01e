"""Configuration keys: what one is, and the table of those that OCPP 1.6's Core profile defines (9.1, errata
3.80-3.83)."""

from ocpp_client.measurands import MEASURANDS

BOOLEAN, INTEGER, LIST, TEXT = "boolean", "integer", "list", "text"

READ_ONLY, READ_WRITE, WRITE_ONLY = "R", "RW", "W"

MAX_VALUE_LENGTH = 500
"""Characters of a value on the wire (CiString500Type)."""

_DAY_S = 86400


class Key:
    """One configuration key: everything that GetConfiguration, ChangeConfiguration and a manual need to
    know.

    What is as usual stands in the class alone: with some forty rows that is a KiB and more of a small heap.
    """

    low = 0
    """Least value of an INTEGER."""
    high = 0
    """Greatest value of an INTEGER, most items of a LIST, most characters of a TEXT."""
    members = None  # type: object
    """What the items of a LIST, or a TEXT, may be: names, a function that judges one, or None for
    anything."""
    access = READ_WRITE
    """READ_ONLY, READ_WRITE or WRITE_ONLY, as seen by the backend."""
    reboot = False
    """True: a change takes effect at the next start."""

    def __init__(
        self, name, kind, default, meaning, low=0, high=0, members=None, access=READ_WRITE, reboot=False
    ):
        self.name = name
        self.kind = kind
        """BOOLEAN, INTEGER, LIST (comma-separated) or TEXT."""
        self.default = default
        """Its value as text until somebody changes it."""
        self.meaning = meaning
        if low:
            self.low = low
        if high:
            self.high = high
        if members is not None:
            self.members = members
        if access != READ_WRITE:
            self.access = access
        if reboot:
            self.reboot = True

    def parse(self, text):
        """The value that `text` stands for: bool, int, tuple or str. ValueError says why there is none."""
        if len(text) > MAX_VALUE_LENGTH:
            raise ValueError("%s takes at most %d characters" % (self.name, MAX_VALUE_LENGTH))
        return _PARSERS[self.kind](self, text.strip())

    def allows(self, item):
        """Whether `item` is one of the members."""
        if self.members is None:
            return True
        if callable(self.members):
            return self.members(item)
        return item in self.members  # type: ignore[operator]

    def quote(self, text):
        """A refused `text` as a message may repeat it: what is write-only may be a password."""
        return "what was given" if self.access == WRITE_ONLY else "'%s'" % text[:40]


def _boolean(key, text):
    if text.lower() not in ("true", "false"):
        raise ValueError("%s is true or false, not %s" % (key.name, key.quote(text)))
    return text.lower() == "true"


def _integer(key, text):
    digits = text[1:] if text[:1] in ("-", "+") else text
    for character in digits or "?":
        if not "0" <= character <= "9":
            raise ValueError("%s is a whole number, not %s" % (key.name, key.quote(text)))
    value = int(text)
    if not key.low <= value <= key.high:
        raise ValueError("%s lies between %d and %d" % (key.name, key.low, key.high))
    return value


def _list(key, text):
    items = []
    for item in text.split(",") if text else ():
        item = item.strip()
        if not key.allows(item):
            raise ValueError("%s does not know %s" % (key.name, key.quote(item)))
        if item not in items:
            items.append(item)
    if len(items) > key.high:
        raise ValueError("%s takes at most %d items" % (key.name, key.high))
    return tuple(items)


def _text(key, text):
    if len(text) > key.high:
        raise ValueError("%s takes at most %d characters" % (key.name, key.high))
    if not key.allows(text):
        raise ValueError("%s does not take %s" % (key.name, key.quote(text)))
    return text


_PARSERS = {BOOLEAN: _boolean, INTEGER: _integer, LIST: _list, TEXT: _text}


def _phase_rotation(item):
    connector, _, rotation = item.partition(".")
    rotations = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
    return connector.isdigit() and rotation in rotations


_MAX_MEASURANDS = 12
_MAX_ROTATIONS = 8
_SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Current.Offered"

CORE_KEYS = (
    Key(
        "AllowOfflineTxForUnknownId",
        BOOLEAN,
        "false",
        "Tags that nobody knows may charge while the backend is away.",
    ),
    Key(
        "AuthorizeRemoteTxRequests",
        BOOLEAN,
        "false",
        "A remote start asks for authorisation first, as a card does.",
    ),
    Key(
        "ClockAlignedDataInterval",
        INTEGER,
        "0",
        "Seconds between clock-aligned values, from midnight; 0: none.",
        0,
        _DAY_S,
    ),
    Key(
        "ConnectionTimeOut",
        INTEGER,
        "60",
        "Seconds from authorisation or plug-in until the attempt ends.",
        0,
        _DAY_S,
    ),
    Key(
        "ConnectorPhaseRotation",
        LIST,
        "0.Unknown,1.Unknown",
        "How each connector's phases are wired.",
        high=_MAX_ROTATIONS,
        members=_phase_rotation,
    ),
    Key(
        "ConnectorPhaseRotationMaxLength",
        INTEGER,
        str(_MAX_ROTATIONS),
        "Most items in ConnectorPhaseRotation.",
        high=_MAX_ROTATIONS,
        access=READ_ONLY,
    ),
    Key(
        "GetConfigurationMaxKeys",
        INTEGER,
        "50",
        "Most keys that one GetConfiguration may ask for.",
        high=50,
        access=READ_ONLY,
    ),
    Key(
        "HeartbeatInterval",
        INTEGER,
        "300",
        "Seconds of silence until a Heartbeat; the backend sets it at boot.",
        1,
        _DAY_S,
    ),
    Key(
        "LocalAuthorizeOffline",
        BOOLEAN,
        "true",
        "Tags known to the charger may charge while the backend is away.",
    ),
    Key(
        "LocalPreAuthorize",
        BOOLEAN,
        "false",
        "Tags known to the charger start at once, without asking the backend.",
    ),
    Key("MessageTimeout", INTEGER, "30", "Seconds until a request without an answer has failed.", 1, 600),
    Key(
        "MeterValuesAlignedData",
        LIST,
        "Energy.Active.Import.Register",
        "Measurands of clock-aligned values.",
        high=_MAX_MEASURANDS,
        members=MEASURANDS,
    ),
    Key(
        "MeterValuesAlignedDataMaxLength",
        INTEGER,
        str(_MAX_MEASURANDS),
        "Most items in MeterValuesAlignedData.",
        high=_MAX_MEASURANDS,
        access=READ_ONLY,
    ),
    Key(
        "MeterValuesSampledData",
        LIST,
        _SAMPLED,
        "Measurands of the values sampled during a transaction.",
        high=_MAX_MEASURANDS,
        members=MEASURANDS,
    ),
    Key(
        "MeterValuesSampledDataMaxLength",
        INTEGER,
        str(_MAX_MEASURANDS),
        "Most items in MeterValuesSampledData.",
        high=_MAX_MEASURANDS,
        access=READ_ONLY,
    ),
    Key(
        "MeterValueSampleInterval",
        INTEGER,
        "60",
        "Seconds between samples during a transaction; 0: none.",
        0,
        _DAY_S,
    ),
    Key(
        "MinimumStatusDuration",
        INTEGER,
        "0",
        "Seconds that a status must last before it is reported.",
        0,
        3600,
    ),
    Key("NumberOfConnectors", INTEGER, "1", "Connectors of this charger.", 1, 8, access=READ_ONLY),
    Key("ResetRetries", INTEGER, "1", "How often an unsuccessful reset is tried again.", 0, 10),
    Key(
        "StopTransactionOnEVSideDisconnect",
        BOOLEAN,
        "true",
        "Unplugging at the car ends the transaction.",
        access=READ_ONLY,
    ),
    Key(
        "StopTransactionOnInvalidId",
        BOOLEAN,
        "true",
        "A tag that the backend refuses ends the running transaction.",
    ),
    # These two take only the empty list: no transaction data is put into StopTransaction, as errata 3.13
    # allows.
    Key("StopTxnAlignedData", LIST, "", "Clock-aligned measurands in StopTransaction.", members=()),
    Key("StopTxnAlignedDataMaxLength", INTEGER, "0", "Most items in StopTxnAlignedData.", access=READ_ONLY),
    Key("StopTxnSampledData", LIST, "", "Sampled measurands in StopTransaction.", members=()),
    Key("StopTxnSampledDataMaxLength", INTEGER, "0", "Most items in StopTxnSampledData.", access=READ_ONLY),
    Key(
        "SupportedFeatureProfiles",
        LIST,
        "Core",
        "OCPP feature profiles of this charger.",
        high=6,
        access=READ_ONLY,
    ),
    Key("TransactionMessageAttempts", INTEGER, "3", "How often a transaction message is tried.", 1, 100),
    Key(
        "TransactionMessageRetryInterval",
        INTEGER,
        "60",
        "Seconds until a failed transaction message is tried again, times the tries before.",
        0,
        _DAY_S,
    ),
    Key(
        "UnlockConnectorOnEVSideDisconnect",
        BOOLEAN,
        "false",
        "Unplugging at the car unlocks the cable here.",
        access=READ_ONLY,
    ),
    Key("WebSocketPingInterval", INTEGER, "60", "Seconds between WebSocket pings; 0: none.", 0, _DAY_S),
)
"""The Core profile's keys that this version honours."""
