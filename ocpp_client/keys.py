"""Configuration keys: what one is, and the table of those that OCPP 1.6's Core profile defines (9.1, errata
3.80-3.83)."""

from ocpp_client.measurands import is_measurand

BOOLEAN, INTEGER, LIST, TEXT = 0, 1, 2, 3

READ_ONLY, READ_WRITE, WRITE_ONLY = 0, 1, 2

MAX_VALUE_LENGTH = 500
"""Characters of a value on the wire (CiString500Type)."""

_DAY_S = 86400


class Key:
    """One configuration key: everything that GetConfiguration and ChangeConfiguration need to know."""

    def __init__(self, name, kind, default, low=0, high=0, access=READ_WRITE, members=None, reboot=False):
        self.name = name
        self.kind = kind
        """BOOLEAN, INTEGER, LIST (comma-separated) or TEXT."""
        self.default = default if isinstance(default, str) else str(default).lower()
        """Its value as text until somebody changes it."""
        self.low = low
        """Least value of an INTEGER."""
        self.high = high
        """Greatest value of an INTEGER, most items of a LIST, most characters of a TEXT."""
        self.access = access
        """READ_ONLY, READ_WRITE or WRITE_ONLY, as seen by the backend."""
        self.members = members
        """What the items of a LIST, or a TEXT, may be: names, a function that judges one (False, or
        ValueError with the reason), or None for anything."""
        self.reboot = reboot
        """True: a change takes effect at the next start."""

    def parse(self, text):
        """The value that `text` stands for: bool, int, tuple or str. ValueError says why there is none."""
        if len(text) > MAX_VALUE_LENGTH:
            raise ValueError("%s takes at most %d characters" % (self.name, MAX_VALUE_LENGTH))
        return _PARSERS[self.kind](self, text.strip())

    def allows(self, item):
        """Whether `item` is one of the members."""
        if self.members is None:
            return True
        return self.members(item) if callable(self.members) else item in self.members

    def quote(self, text):
        """A refused `text` as a message may repeat it: what is write-only may be a password."""
        return "what was given" if self.access == WRITE_ONLY else "'%s'" % text[:40]


class Keys:
    """A table of keys, held as rows of what `Key` takes. A `Key` is made while it is looked at: forty of them
    would fill some KiB of a small heap."""

    def __init__(self, rows):
        self.rows = rows

    def __iter__(self):
        for row in self.rows:
            yield Key(*row)

    def __add__(self, other):
        return Keys(self.rows + other.rows)

    def names(self):
        """The names of all keys, in the order of the table."""
        return [row[0] for row in self.rows]

    def find(self, name):
        """The `Key` of this name, whatever its capitals, or None."""
        for row in self.rows:
            # The length first: to compare without capitals makes two texts.
            if len(row[0]) == len(name) and row[0].lower() == name.lower():
                return Key(*row)
        return None


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


_PARSERS = (_boolean, _integer, _list, _text)


def _phase_rotation(item):
    connector, _, rotation = item.partition(".")
    rotations = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
    return connector.isdigit() and rotation in rotations


_MAX_MEASURANDS = 12
_MAX_ROTATIONS = 8
_ALIGNED = "Energy.Active.Import.Register"
_SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Current.Offered"

# name, kind, default, and where they are not as usual: low, high, access, members, reboot
CORE_KEYS = Keys(
    (
        ("AllowOfflineTxForUnknownId", BOOLEAN, False),
        ("AuthorizeRemoteTxRequests", BOOLEAN, False),
        ("ClockAlignedDataInterval", INTEGER, 0, 0, _DAY_S),
        ("ConnectionTimeOut", INTEGER, 60, 0, _DAY_S),
        (
            "ConnectorPhaseRotation",
            LIST,
            "0.Unknown,1.Unknown",
            0,
            _MAX_ROTATIONS,
            READ_WRITE,
            _phase_rotation,
        ),
        ("ConnectorPhaseRotationMaxLength", INTEGER, _MAX_ROTATIONS, 0, _MAX_ROTATIONS, READ_ONLY),
        ("GetConfigurationMaxKeys", INTEGER, 50, 0, 50, READ_ONLY),
        ("HeartbeatInterval", INTEGER, 300, 1, _DAY_S),
        ("LocalAuthorizeOffline", BOOLEAN, True),
        ("LocalPreAuthorize", BOOLEAN, False),
        ("MessageTimeout", INTEGER, 30, 1, 600),
        ("MeterValuesAlignedData", LIST, _ALIGNED, 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("MeterValuesAlignedDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("MeterValuesSampledData", LIST, _SAMPLED, 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("MeterValuesSampledDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("MeterValueSampleInterval", INTEGER, 60, 0, _DAY_S),
        ("MinimumStatusDuration", INTEGER, 0, 0, 3600),
        ("NumberOfConnectors", INTEGER, 1, 1, 8, READ_ONLY),
        ("ResetRetries", INTEGER, 1, 0, 10),
        ("StopTransactionOnEVSideDisconnect", BOOLEAN, True, 0, 0, READ_ONLY),
        ("StopTransactionOnInvalidId", BOOLEAN, True),
        # These two take only the empty list: no transaction data is put into StopTransaction, as errata 3.13
        # allows.
        ("StopTxnAlignedData", LIST, "", 0, 0, READ_WRITE, ()),
        ("StopTxnAlignedDataMaxLength", INTEGER, 0, 0, 0, READ_ONLY),
        ("StopTxnSampledData", LIST, "", 0, 0, READ_WRITE, ()),
        ("StopTxnSampledDataMaxLength", INTEGER, 0, 0, 0, READ_ONLY),
        ("SupportedFeatureProfiles", LIST, "Core", 0, 6, READ_ONLY),
        ("TransactionMessageAttempts", INTEGER, 3, 1, 100),
        ("TransactionMessageRetryInterval", INTEGER, 60, 0, _DAY_S),
        ("UnlockConnectorOnEVSideDisconnect", BOOLEAN, False, 0, 0, READ_ONLY),
        ("WebSocketPingInterval", INTEGER, 60, 0, _DAY_S),
    )
)
"""The Core profile's keys that this version honours. What each means is written in `meanings.py`."""
