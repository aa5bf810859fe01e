"""Payloads held against small tables: which fields there are, of which type, and how long (OCPP 1.6, 6 and
7)."""

from ocpp_client.rpc import FORMATION, OCCURRENCE, PROPERTY, TYPE, CallFailed


class Field:
    """One field of a payload.

    kind       limit
    text       most characters
    printable  most characters; ASCII only, as for an idTag that is shown and compared
    integer    (least, greatest), or None
    number     None
    choice     the words that are allowed
    object     its fields
    items      (kind of each item, its limit, most items)
    """

    def __init__(self, name, kind, limit=None, required=True):
        self.name = name
        self.check = _CHECKS[kind]
        self.limit = limit
        self.required = required


def check(payload, fields, strict=True):
    """Hold `payload` against `fields`; CallFailed carries the CALLERROR code of the first fault.

    A null counts as absent, as many servers write it. Without `strict`, fields that nobody knows are let
    pass.
    """
    known = 0
    for field in fields:
        value = payload.get(field.name)
        if value is not None:
            field.check(field.name, value, field.limit, strict)
        elif field.required:
            raise CallFailed(FORMATION, "%s is missing" % field.name)
        known += field.name in payload
    if strict and known < len(payload):
        names = [field.name for field in fields]
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
    if limit and not limit[0] <= value <= limit[1]:
        raise CallFailed(PROPERTY, "%s is out of range" % name)


def _number(name, value, limit, strict):
    if type(value) is not int and type(value) is not float:
        raise CallFailed(TYPE, "%s is not a number" % name)


def _choice(name, value, limit, strict):
    if not isinstance(value, str):
        raise CallFailed(TYPE, "%s is not a string" % name)
    if value not in limit:
        raise CallFailed(PROPERTY, "%s cannot be '%s'" % (name, value[:40]))


def _object(name, value, limit, strict):
    if not isinstance(value, dict):
        raise CallFailed(TYPE, "%s is not an object" % name)
    check(value, limit, strict)


def _items(name, value, limit, strict):
    if not isinstance(value, list):
        raise CallFailed(TYPE, "%s is not an array" % name)
    kind, item_limit, most = limit
    if len(value) > most:
        raise CallFailed(OCCURRENCE, "%s has more than %d items" % (name, most))
    for item in value:
        _CHECKS[kind](name, item, item_limit, strict)


_CHECKS = {
    "text": _text,
    "printable": _printable,
    "integer": _integer,
    "number": _number,
    "choice": _choice,
    "object": _object,
    "items": _items,
}
