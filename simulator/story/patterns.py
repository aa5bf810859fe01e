"""Patterns for what was recorded: how an event, a frame or a row of a summary must look.

    "transaction_started id_tag=DRIVER meter_wh>=100"     a name, and what must hold of some fields
    {started_s = "5..7", reason = "Local"}                fields only

Values are texts, in which a blank may be written _, numbers, true and false; relations are = != >= <= > <,
and A..B for "from A to B".
"""

import operator
import re

from simulator.remote import view
from simulator.story.shapes import Malformed, shown

_ORDERS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_SIGNS = ("!=", ">=", "<=", "=", ">", "<")
_TERM = re.compile(r"([A-Za-z_]+)((?:!=|>=|<=|=|>|<).+)", re.DOTALL)
_RANGE = re.compile(r"(-?[0-9.]*[0-9])\.\.(-?[0-9.]*[0-9])")


class Want:
    """What one value must be."""

    def __init__(self, wanted):
        """`wanted`: 5, true, "Local", ">=5" or "5..7"; Malformed."""
        if not isinstance(wanted, (str, int, float)):
            raise Malformed(f'is a text, a number, true, false, ">=5" or "5..7", not {shown(wanted)}')
        text = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
        self._words = text
        bounds = _RANGE.fullmatch(text)
        if bounds:
            least, most = _figure(bounds[1]), _figure(bounds[2])
            if least > most:
                raise Malformed(f"is from {bounds[1]} to {bounds[2]}, which nothing can be")
            self._terms = [(">=", least), ("<=", most)]
            return
        relation, value = _relation(text)
        self._terms = [(relation, _figure(value) if relation in _ORDERS else value)]
        self._words = value if relation == "=" else relation + value

    def __str__(self):
        return self._words

    def of_figures(self):
        """This, where only figures can be as wanted; Malformed when it asks for something else."""
        for _, value in self._terms:
            _figure(value)
        return self

    def met_by(self, actual):
        """Whether a value is as wanted."""
        return all(_holds(actual, relation, wanted) for relation, wanted in self._terms)


class Pattern:
    """What an entry must be called, where a name is asked for, and what must hold of its fields."""

    def __init__(self, name, wants):
        """`wants`: field to `Want`."""
        self.name = name
        self.wants = wants

    def __str__(self):
        terms = [
            f"{field}{'' if str(want)[:1] in '!<>' else '='}{want}" for field, want in self.wants.items()
        ]
        return " ".join([self.name, *terms] if self.name else terms)

    def met_by(self, fields):
        """Whether these fields are as wanted; one that is not there is not."""
        return not self.shortfall(fields)

    def shortfall(self, fields):
        """The names of the fields that are not as wanted."""
        return [name for name, want in self.wants.items() if not want.met_by(fields.get(name))]


def named(text):
    """The `Pattern` that a text stands for: a name, then its fields; Malformed."""
    name, *terms = text.split()
    return Pattern(name, dict(map(_term, terms)))


def _term(text):
    """(field, `Want`) of 'status=Charging'; an equals sign is understood in a `Want`."""
    match = _TERM.fullmatch(text)
    if not match:
        raise Malformed(f"has '{text}' where FIELD=VALUE, FIELD>=NUMBER or FIELD=A..B was meant")
    return match[1], Want(match[2].removeprefix("="))


def _relation(text):
    """('>=', '5') of '>=5', and ('=', 'Local') of 'Local'."""
    relation = next((sign for sign in _SIGNS if text.startswith(sign)), "")
    return relation or "=", text[len(relation) :]


def _holds(actual, relation, wanted):
    if actual is None:
        return False
    if relation in _ORDERS:
        figure = _number(actual)
        return figure is not None and _ORDERS[relation](figure, wanted)
    return _same(actual, wanted) == (relation == "=")


def _same(actual, wanted):
    """Whether `actual` is what the text `wanted` says."""
    if isinstance(actual, bool):
        return str(actual).lower() == wanted
    alike = view.underscored(str(actual)) == view.underscored(wanted)
    return alike or _number(actual) == _number(wanted) is not None


def _figure(text):
    figure = _number(text)
    if figure is None:
        raise Malformed(f"compares numbers, and '{text[:40]}' is none")
    return figure


def _number(value):
    """The number that a value is or spells, or None."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
