"""Configuration keys: what one is, and the tables of those that OCPP 1.6 (9.1, errata 3.80-3.84 and 3.91) and
its security whitepaper (edition 3, 7) define."""

from ocpp_client.measurands import is_measurand

BOOLEAN, INTEGER, LIST, TEXT = 0, 1, 2, 3

READ_ONLY, READ_WRITE, WRITE_ONLY, RAISED, OWNED = 0, 1, 2, 3, 4
"""What a backend may do with a key. RAISED: read it, and write only more than it was. OWNED: read what is the
owner's to write. All but READ_ONLY may be written by the owner; nobody changes what this charger is."""

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
        """Least value of an INTEGER, least characters of a TEXT that a backend writes."""
        self.high = high
        """Greatest value of an INTEGER, most items of a LIST, most characters of a TEXT."""
        self.access = access
        """One of the five words above."""
        self.members = members
        """What the items of a LIST, or a TEXT, may be: names, a function that judges one (False, or
        ValueError with the reason), or None for anything."""
        self.reboot = reboot
        """True: a change takes effect at the next start."""

    def parse(self, text):
        """The value that `text` stands for: bool, int, tuple or str. ValueError says why there is none."""
        if len(text) > MAX_VALUE_LENGTH:
            raise ValueError("%s takes at most %d characters" % (self.name, MAX_VALUE_LENGTH))
        # A password is what was sent, or none: who sent it goes by that.
        return _PARSERS[self.kind](self, text if self.access == WRITE_ONLY else text.strip())

    def write(self, value):
        """The text of a value: `parse` makes the same value of it again."""
        if self.kind == BOOLEAN:
            return "true" if value else "false"
        return ",".join(value) if self.kind == LIST else str(value)

    def allows(self, item):
        """Whether `item` is one of the members."""
        if self.members is None:
            return True
        return self.members(item) if callable(self.members) else item in self.members

    def quote(self, text):
        """A refused `text` as a message may repeat it: what is write-only may be a password, and some
        characters would move a terminal's cursor."""
        hidden = self.access == WRITE_ONLY or not _is_shown(text)
        return "what was given" if hidden else "'%s'" % text[:40]


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


def _is_shown(text):
    """Whether no character of `text` is a control character or half of one (a lone surrogate)."""
    for character in text:
        code = ord(character)
        if code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000:
            return False
    return True


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
    if not _is_shown(text) or not key.allows(text):
        raise ValueError("%s does not take %s" % (key.name, key.quote(text)))
    return text


_PARSERS = (_boolean, _integer, _list, _text)


def _phase_rotation(item):
    connector, _, rotation = item.partition(".")
    rotations = ("NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR")
    return connector in _CONNECTORS and rotation in rotations


def _is_password(text):
    """Whether HTTP Basic authentication can carry it unchanged, whatever the server's character set."""
    for character in text:
        if not "!" <= character <= "~":
            raise ValueError("AuthorizationKey takes ASCII letters, digits and signs, and no blanks")
    return True


_MAX_MEASURANDS = 12
_MAX_ROTATIONS = 9
_CONNECTORS = ("0", "1", "2", "3", "4", "5", "6", "7", "8")
_MOST_WH = 1000000
_ALIGNED = "Energy.Active.Import.Register"
_SAMPLED = "Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,Current.Offered"

# name, kind, default, and where they are not as usual: low, high, access, members, reboot
OCPP_KEYS = Keys(
    (
        ("AllowOfflineTxForUnknownId", BOOLEAN, False),
        ("AuthorizationCacheEnabled", BOOLEAN, True),
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
        ("MaxEnergyOnInvalidId", INTEGER, 0, 0, _MOST_WH),
        ("MessageTimeout", INTEGER, 30, 5, 600),
        ("MeterValuesAlignedData", LIST, _ALIGNED, 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("MeterValuesAlignedDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("MeterValuesSampledData", LIST, _SAMPLED, 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("MeterValuesSampledDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("MeterValueSampleInterval", INTEGER, 60, 0, _DAY_S),
        ("MinimumStatusDuration", INTEGER, 0, 0, 3600),
        ("NumberOfConnectors", INTEGER, 1, 1, 8, READ_ONLY),
        ("ResetRetries", INTEGER, 1, 0, 10),
        ("StopTransactionMaxMeterValues", INTEGER, 28, 0, 28, READ_ONLY),
        ("StopTransactionOnEVSideDisconnect", BOOLEAN, True, 0, 0, READ_ONLY),
        ("StopTransactionOnInvalidId", BOOLEAN, True),
        ("StopTxnAlignedData", LIST, "", 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("StopTxnAlignedDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("StopTxnSampledData", LIST, "", 0, _MAX_MEASURANDS, READ_WRITE, is_measurand),
        ("StopTxnSampledDataMaxLength", INTEGER, _MAX_MEASURANDS, 0, _MAX_MEASURANDS, READ_ONLY),
        ("SupportedFeatureProfiles", LIST, "Core,RemoteTrigger", 0, 6, READ_ONLY),
        ("TransactionMessageAttempts", INTEGER, 3, 1, 100),
        ("TransactionMessageRetryInterval", INTEGER, 60, 0, _DAY_S),
        ("UnlockConnectorOnEVSideDisconnect", BOOLEAN, True),
        ("WebSocketPingInterval", INTEGER, 60, 0, _DAY_S),
        # The security whitepaper's.
        ("AdditionalRootCertificateCheck", BOOLEAN, False, 0, 0, READ_ONLY),
        ("AuthorizationKey", TEXT, "", 16, 40, WRITE_ONLY, _is_password),
        ("CpoName", TEXT, "", 0, 64),
        # 0 is unsecured, 1 has a password, 2 has TLS too: what is less than 2 must be said.
        ("SecurityProfile", INTEGER, 2, 0, 2, RAISED),
    )
)
"""The keys of OCPP that this version honours. What each means is written in `meanings.py`."""
