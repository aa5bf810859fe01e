"""The shape of a table in a file: which keys it may have, and what each may hold.

A kind is a function from the value in the file to the value that is meant. It raises `Malformed` with the
rest of a sentence, such as "is a text, not 5"; whoever knows the subject puts it in front (`of`).
"""

import difflib
import math

NEEDED = object()
"""Default of a key that must be there."""
MOST_S = 31 * 86_400
"""Longest time that a file may name: a month."""


class Malformed(ValueError):
    """What is wrong with a thing in a file, and the way out."""

    def of(self, subject):
        """The same, about `subject`: 'seed is a text', or 'step 3: at is a text' for something inside."""
        reason = str(self)
        return Malformed(f"{subject}{reason}" if reason.startswith(":") else f"{subject} {reason}")


def table(given, keys):
    """The values of `keys` (name to (kind, default)) in the table `given`; Malformed."""
    if not isinstance(given, dict):
        raise Malformed(f"is a table of names and values, not {shown(given)}")
    for name in given:
        if name not in keys:
            raise Malformed(f"has {no_such('key', name, keys)}")
    values = {}
    for name, (kind, default) in keys.items():
        if name not in given and default is NEEDED:
            raise Malformed(f"needs the key '{name}'")
        values[name] = part(name, given[name], kind) if name in given else default
    return values


def part(name, value, kind):
    """`value` as `kind` takes it, or Malformed about the part `name`."""
    try:
        return kind(value)
    except Malformed as reason:
        raise Malformed(f": {reason.of(name)}") from None


def no_such(thing, name, known):
    """ "no THING 'NAME'; ...": the nearest of those that are known, or all of them."""
    near = difflib.get_close_matches(str(name), [str(word) for word in known], n=1)
    way_out = f"did you mean '{near[0]}'?" if near else f"choose one of: {', '.join(map(str, known))}"
    return f"no {thing} {shown(str(name))}; {way_out}"


def shown(value):
    """A value of a file, short enough for a sentence."""
    words = repr(value)
    return words if len(words) <= 40 else words[:40] + "..."


# Kinds.


def text(value):
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise Malformed(f"is a text that is not empty, not {shown(value)}")
    return value


def texts(value):
    """A list of such texts, which may be empty."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise Malformed(f'is a list of texts such as ["one", "two"], not {shown(value)}')
    return value


def seconds(value):
    """A time or a duration, of a month at most."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not 0 <= value <= MOST_S:
        raise Malformed(f"is a number of seconds from 0 to {MOST_S} (a month), not {shown(value)}")
    return value


def whole(least, most):
    """Whole numbers from `least` to `most`."""

    def kind(value):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Malformed(f"is a whole number from {least} to {most}, not {shown(value)}")
        return value

    return kind


def truth(value):
    """True or False."""
    if not isinstance(value, bool):
        raise Malformed(f"is true or false, not {shown(value)}")
    return value


def word(*words):
    """One of `words`."""

    def kind(value):
        if value not in words:
            raise Malformed(f"is one of {', '.join(words)}; not {shown(value)}")
        return value

    return kind


def setting(value):
    """A text, a number or a truth, as the text that OCPP has for a configuration key."""
    if not isinstance(value, (str, int, float)):
        raise Malformed(f"is a text, a number, or true or false, not {shown(value)}")
    return str(value).lower() if isinstance(value, bool) else str(value)


def anything(value):
    """Whoever gets it checks it."""
    return value
