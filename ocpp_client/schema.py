"""Payloads held against lines of fields: which there are, of which kind, and how long (OCPP 1.6, 6 and 7).

A field is written `name:kind:limit`, with a question mark behind the name of one that may be absent.

    kind       limit
    text       most characters
    printable  most characters; ASCII only, as for an idTag that is shown and compared
    integer
    id         an integer of at most 64 bits
    number
    any        of whatever kind
    choice     the words that are allowed, with bars between
    object     its name in `messages.OBJECTS`
    items      most items, and what each of them is: `items:96:object:Period`
"""

from ocpp_client.messages import OBJECTS
from ocpp_client.rpc import FORMATION, OCCURRENCE, PROPERTY, TYPE, CallFailed

# 64 bits hold every id a server has; more would be an attack on the arithmetic of a board.
_LIMIT_OF_IDS = 2**63
# Some servers write an integer as 5.0. So it is taken as far as the 32-bit floats of boards are exact.
_LEAST, _MOST = -(2**24), 2**24
_WHOLE = ("integer", "id")


def check(payload, fields, strict=True):
    """Hold `payload` against `fields`; CallFailed carries the CALLERROR code of the first fault.

    A null counts as absent, as many servers write it. Without `strict`, fields that nobody knows are let
    pass, and a faulty one that may be absent becomes null: a server's slip there must not cost its answer.
    """
    _check(payload, _rows(fields), strict)


def _rows(fields):
    """A row for each field: its name, whether it is required, its kind and the limit of that."""
    rows = []
    for field in fields.split():
        name, _, rule = field.partition(":")
        rows.append((name.rstrip("?"), name[-1] != "?") + _split(rule))
    return rows


def _split(rule):
    """(kind, its limit) of `kind:limit`."""
    kind, _, limit = rule.partition(":")
    if kind == "choice":
        return kind, limit.split("|")
    return kind, int(limit) if limit.isdigit() else limit


def _check(payload, rows, strict):
    known = 0
    for name, required, kind, limit in rows:
        value = payload.get(name)
        if type(value) is float and kind in _WHOLE and _LEAST < value < _MOST and value == int(value):
            value = payload[name] = int(value)
        if value is not None:
            known += 1
            try:
                _CHECKS[kind](name, value, limit, strict)
            except CallFailed:
                if strict or required:
                    raise
                payload[name] = None
        elif required:
            raise CallFailed(FORMATION, "%s is missing" % name)
        elif name in payload:
            known += 1
    if strict and known < len(payload):
        names = [row[0] for row in rows]
        stranger = next(name for name in payload if name not in names)
        raise CallFailed(FORMATION, "%s is not a field of this message" % stranger[:40])


def _text(name, value, limit, strict):
    if not isinstance(value, str):
        raise CallFailed(TYPE, "%s is not a string" % name)
    if len(value) > limit:
        raise CallFailed(TYPE, "%s has more than %d characters" % (name, limit))


def _printable(name, value, limit, strict):
    _text(name, value, limit, strict)
    for character in value:
        if not " " <= character <= "~":
            raise CallFailed(PROPERTY, "%s has unprintable characters" % name)


def _integer(name, value, limit, strict):
    if type(value) is not int:
        raise CallFailed(TYPE, "%s is not an integer" % name)


def _id(name, value, limit, strict):
    _integer(name, value, limit, strict)
    if not -_LIMIT_OF_IDS <= value < _LIMIT_OF_IDS:
        raise CallFailed(PROPERTY, "%s is out of range" % name)


def _number(name, value, limit, strict):
    if type(value) is not int and type(value) is not float:
        raise CallFailed(TYPE, "%s is not a number" % name)


def _any(name, value, limit, strict):
    """Who reads it judges it."""


def _choice(name, value, limit, strict):
    if not isinstance(value, str):
        raise CallFailed(TYPE, "%s is not a string" % name)
    if value not in limit:
        raise CallFailed(PROPERTY, "%s cannot be '%s'" % (name, value[:40]))


def _object(name, value, limit, strict):
    _check_object(name, value, _rows(OBJECTS[limit]), strict)


def _check_object(name, value, rows, strict):
    if not isinstance(value, dict):
        raise CallFailed(TYPE, "%s is not an object" % name)
    _check(value, rows, strict)


def _items(name, value, limit, strict):
    if not isinstance(value, list):
        raise CallFailed(TYPE, "%s is not an array" % name)
    most, _, rule = limit.partition(":")
    if len(value) > int(most):
        raise CallFailed(OCCURRENCE, "%s has more than %s items" % (name, most))
    kind, limit = _split(rule)
    check_item = _CHECKS[kind]
    if kind == "object":
        check_item, limit = _check_object, _rows(OBJECTS[limit])
    for item in value:
        check_item(name, item, limit, strict)


_CHECKS = {
    "text": _text,
    "printable": _printable,
    "integer": _integer,
    "id": _id,
    "number": _number,
    "any": _any,
    "choice": _choice,
    "object": _object,
    "items": _items,
}
