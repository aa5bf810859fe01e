"""OCPP-J's remote procedure calls (OCPP-J 1.6, 4): frames to and from text, and the one CALL that may be
open."""

import json

CALL, RESULT, ERROR = 2, 3, 4

NOT_IMPLEMENTED = "NotImplemented"
NOT_SUPPORTED = "NotSupported"
INTERNAL_ERROR = "InternalError"
SECURITY_ERROR = "SecurityError"
FORMATION = "FormationViolation"
PROPERTY = "PropertyConstraintViolation"
OCCURRENCE = "OccurenceConstraintViolation"  # misspelt in the specification, and so on the wire (errata 5.1)
TYPE = "TypeConstraintViolation"

MAX_ID_LENGTH = 36

MAX_DEPTH = 12
"""Deepest nesting that is parsed; OCPP 1.6 needs seven. MicroPython's parser and a board's C stack would take
the rest for an attack, and rightly so."""

MAX_DIGITS = 40
"""Longest number: 64 bits have 19 digits, and the time that arithmetic takes grows with their square."""
_LONG = 2000  # characters: what is shorter holds no number that takes long
_RUN = "0" * (MAX_DIGITS + 1)

PIECE_BYTES = 256
"""What is sent is made in pieces of at most this length, or of one object: a heap that has gone to pieces
itself has no room for a long text."""

MAX_CONTAINERS = 400
MAX_COMMAS = 2000
"""Most objects and arrays, and most items, of one message: each costs 20 to 40 bytes of heap. A local list of
a hundred tags has 200 objects and 400 items."""
MAX_ESCAPES = 200
"""Most escapes of U+D000 and above; the longest note of a session has a hundred of them."""

_PLAIN = (str, int, float, bool, type(None))
_MAX_ECHOED_ID = 255  # a longer id is not repeated in a CALLERROR


class Ignored(Exception):
    """A frame that cannot be answered; the text says why."""


class CallFailed(Exception):
    """A CALL that is answered with a CALLERROR."""

    def __init__(self, code, description="", message_id=None):
        self.code = code
        self.description = description
        self.message_id = message_id


try:
    # CPython's dumps() with separators makes an encoder each time, which takes longer than to use it.
    _encoder = json.encoder.c_make_encoder(  # type: ignore[attr-defined]
        None, None, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True
    )

    def _to_json(o):
        return "".join(_encoder(o, 0))
except (AttributeError, TypeError):

    def _to_json(o):
        return json.dumps(o, separators=(",", ":"))


def encode_call(message_id, action, payload):
    """The UTF-8 of a CALL, in pieces. In `payload` an iterator is an array, made item by item."""
    return _pieces([CALL, message_id, action, payload])


def encode_result(message_id, payload):
    """The UTF-8 of a CALLRESULT, in pieces."""
    return _pieces([RESULT, message_id, payload])


def encode_error(message_id, code, description):
    """The UTF-8 of a CALLERROR, in pieces."""
    return _pieces([ERROR, message_id, code, description[:255], {}])


def _pieces(message):
    pieces = []  # type: list
    texts = []  # type: list
    length = 0
    for text in _texts(message):
        if length + len(text) > PIECE_BYTES:
            pieces.append("".join(texts).encode())
            texts, length = [], 0
        texts.append(text)
        length += len(text)
    pieces.append("".join(texts).encode())
    return pieces


def _texts(value):
    """Yields the JSON of an object or array, or of an iterator, which is an array: item by item, and at once
    what holds no others."""
    named = isinstance(value, dict)
    mark = "{" if named else "["
    for item in value:
        inner = item
        if named:
            inner = value[item]
            mark += _to_json(item) + ":"
        if not isinstance(inner, _PLAIN) and _is_deep(inner):
            yield mark
            yield from _texts(inner)
        else:
            yield mark + _to_json(inner)
        mark = ","
    yield "}" if named else "]" if mark == "," else "[]"


def _is_deep(value):
    """Whether `value` holds objects or arrays, as far as one can tell: an iterator may."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return hasattr(value, "__next__")
    for inner in value:
        if not isinstance(inner, _PLAIN):
            return True
    return False


def decode(text):
    """(type, message id, action, payload) of a frame: `action` is the error code in a CALLERROR and None in a
    CALLRESULT. CallFailed for a CALL that breaks the format, Ignored for everything else that does."""
    message = parse(text)
    if not isinstance(message, list) or len(message) < 3 or type(message[0]) is not int:
        raise Ignored("not an OCPP message")
    kind, message_id = message[0], message[1]
    if kind not in _DECODERS:
        raise Ignored("unknown message type %d" % min(kind, 9999))
    if not isinstance(message_id, str) or len(message_id) > _MAX_ECHOED_ID:
        raise Ignored("no usable message id")
    return _DECODERS[kind](message_id, message)


def _decode_call(message_id, message):
    if len(message_id) > MAX_ID_LENGTH:
        raise CallFailed(FORMATION, "the message id has more than %d characters" % MAX_ID_LENGTH, message_id)
    if len(message) != 4 or not isinstance(message[2], str):
        raise CallFailed(FORMATION, 'a CALL is [2, "id", "action", {payload}]', message_id)
    payload = {} if message[3] is None else message[3]
    if not isinstance(payload, dict):
        raise CallFailed(FORMATION, "the payload is not an object", message_id)
    return CALL, message_id, message[2], payload


def _decode_result(message_id, message):
    # A result that breaks the format still ends its CALL, as one without content.
    payload = message[2] if len(message) == 3 and isinstance(message[2], dict) else {}
    return RESULT, message_id, None, payload


def _decode_error(message_id, message):
    code = message[2] if isinstance(message[2], str) else INTERNAL_ERROR
    return ERROR, message_id, code[:40], message[3] if len(message) > 3 else ""


_DECODERS = {CALL: _decode_call, RESULT: _decode_result, ERROR: _decode_error}


def parse(text):
    """The value of JSON that a stranger wrote; Ignored says why there is none.

    None of this takes a step for each character: on a board that would keep everybody waiting.
    """
    containers = text.count("[") + text.count("{")
    if containers > MAX_CONTAINERS or text.count(",") > MAX_COMMAS:
        raise Ignored("a message of more items than this charger takes")
    try:
        # Brackets inside strings count too, so few brackets are proof and only the rest is worth a closer
        # look.
        if containers > MAX_DEPTH and _depth(text) > MAX_DEPTH:
            raise Ignored("a message nested more than %d deep" % MAX_DEPTH)
        if len(text) > _LONG and _has_long_number(text):
            raise Ignored("a number of more than %d digits" % MAX_DIGITS)
        for mark in ("\\ud", "\\uD"):
            if mark in text:
                text = _joined(text.split(mark), mark)
        return json.loads(text)
    except (ValueError, MemoryError, RuntimeError):
        raise Ignored("not JSON")


def _joined(parts, mark):
    """A text that was split at `mark`, with each escaped pair of surrogates as the character that it is,
    and U+FFFD for one alone: MicroPython would send them back as broken UTF-8, and an idTag of that kind
    would end every link from then on."""
    if len(parts) > MAX_ESCAPES:
        raise Ignored("a message of more escapes than this charger takes")
    pieces = [parts[0]]
    high = 0  # the pair's first half, while nothing has come after it
    for at in range(1, len(parts)):
        before, part = parts[at - 1], parts[at]
        unit = _unit(part[:3])
        if unit < 0x800 or (len(before) - len(before.rstrip("\\"))) % 2:
            pieces.append(mark + part)
            unit = 0
        elif high and unit >= 0xC00:
            pieces[-1] = chr(0x10000 + (high - 0x800) * 0x400 + unit - 0xC00) + part[3:]
        else:
            pieces.append("\ufffd" + part[3:])
        high = unit if 0x800 <= unit < 0xC00 and len(part) == 3 else 0
    return "".join(pieces)


def _unit(digits):
    """The number that three hexadecimal digits are, or 0."""
    try:
        return int(digits, 16) if len(digits) == 3 else 0
    except ValueError:
        return 0


def _depth(text):
    """Greatest nesting of brackets outside strings."""
    depth = deepest = 0
    for piece in "".join(_outside(text)).replace("{", "[").replace("}", "]").split("[")[1:]:
        depth += 1
        deepest = max(deepest, depth)
        depth -= piece.count("]")
    return deepest


def _has_long_number(text):
    """Whether there are more than `MAX_DIGITS` in a row outside strings."""
    for digit in "123456789":
        text = text.replace(digit, "0")
    return _RUN in text and _RUN in ",".join(_outside(text))


def _outside(text):
    """The pieces of a text that lie outside strings: those at even places, once escaped quotes are gone."""
    return text.replace("\\\\", "").replace('\\"', "").split('"')[::2]


class Calls:
    """The one CALL that may be open (OCPP-J 1.6, 4.1.1), and message ids that are never used twice.

    `prefix` (<= 25 characters) makes the ids of this start differ from those of all others (errata 3.1).
    """

    def __init__(self, prefix):
        self._prefix = prefix
        self._count = 0
        self.message_id = None
        """That of the open CALL."""
        self.source = None
        """Who gets the answer; None while no CALL is open."""
        self.action = ""
        self.sent_ms = 0
        self.deadline_ms = 0

    def open(self, source, action, payload, now_ms, timeout_ms):
        """The UTF-8 of a new CALL, in pieces; it is now the open one."""
        self._count += 1
        self.message_id = "%s-%d" % (self._prefix, self._count)
        self.source = source
        self.action = action
        self.sent_ms = now_ms
        self.deadline_ms = now_ms + timeout_ms
        return encode_call(self.message_id, action, payload)

    def awaits(self, message_id):
        """Whether this is the answer to the open CALL: a late, doubled or invented one is not."""
        return self.source is not None and message_id == self.message_id

    def close(self):
        """The open CALL is over; who gets its answer."""
        source, self.source, self.message_id = self.source, None, None
        return source
