"""Conditions on a simulated charger, as `wait` takes them: what must be so at one moment.

A condition is text, terms separated by blanks, or an object from names to values; all of it must hold.

    "status=Charging"                        {"status": "Charging"}
    "transaction connected"                  {"transaction": true, "connected": true}
    "session_wh>=500 world.contacts=true"    {"session_wh": ">=500", "world.contacts": true}
    "event=transaction_stopped"              {"event": "transaction_stopped"}
    "frame=StopTransaction"                  {"frame": "StopTransaction"}

    "RCD_TRIP", "errors=RCD_TRIP"                        {"errors": "RCD_TRIP"}
    "limits.load_balancing<=10000"                       {"limit_reason": "load balancing"}

A name is one that `get` shows of the connector, or of the charger as a whole (`connected`, `network`, ...),
or `world.` with one of the connector's truth, `connection.` with one of the truth where house and charger
meet, or `limits.` with the name of a row of `control.limits`, which has no value while it does not limit.
Relations are = != >= <= > <; of a list, one item is enough, and a list with anything in it is true. A blank
in a name or a value may be written _. A term without a value asks for true: `transaction` means that one
runs. `event` (of the charger or its world) and `frame` (an OCPP action, in either direction) hold once such a
thing has happened since the wait began. A single word that is a status, the name of an error, or an event and
no name, means just that: "Charging", "RCD_TRIP", "transaction_stopped".
"""

import operator
import re

from control import faults, limits, pilot, states, windows
from ocpp_client import messages
from simulator.portable.faults import CAUSES
from simulator.remote import view

STATUSES = (
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEV",
    "SuspendedEVSE",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
)
EVENTS = (
    *windows.EVENT_NAMES[1:],
    "access",
    "authorisation_expired",
    "authorised",
    "availability",
    "clear",
    "ev",
    "link",
    "mains_meter",
    "network",
    "no_date",
    "observer_failed",
    "plug",
    "plug_held",
    "plug_released",
    "power",
    "press",
    "pulse",
    "rationed",
    "restart",
    "self_test",
    "setting_refused",
    "stall",
    "start_refused",
    "status",
    "stop_unwritten",
    "stopping",
    "swipe",
    "task_failed",
    "transaction_started",
    "transaction_stopped",
    "unlock",
    "unplug",
    "unsafe",
    "unwritten",
    "world",
)
ERRORS = tuple(dict.fromkeys(row.name for row in faults.ROWS))
FRAMES = (*messages.REQUESTS, *messages.ANSWERS, *messages.KNOWN_ACTIONS.split())
_HAPPENINGS = {"event": EVENTS, "frame": FRAMES}
_WORDS: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    **dict.fromkeys(("error", "errors", "warnings", "latched"), ERRORS),
    "state": states.NAMES,
    "level": pilot.NAMES,
    "limit_reason": tuple(map(view.underscored, limits.NAMES)),
    "world.faults": tuple(sorted(CAUSES)),
}
"""Names whose values are known words, or nothing."""
_PLACES = {
    "world": view.truth,
    "limits": view.of_limits,
    "connection": lambda bench, connector: view.connection(bench),
}
"""What a name is of, as it says before its point."""

_ORDERS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
_TERM = re.compile(r"([A-Za-z_.0-9]+)(=|!=|>=|<=|>|<)?(.*)", re.DOTALL)
_VALUE = re.compile(r"(=|!=|>=|<=|>|<)?(.*)", re.DOTALL)


class BadCondition(ValueError):
    """No condition; the text says why, and what there is."""


class Condition:
    """Terms that must hold together for one connector of a bench."""

    def __init__(self, wanted, bench, connector):
        """`wanted`: text or object as above; BadCondition."""
        self._bench = bench
        self._connector = connector
        self._happened: set[tuple[str, str]] = set()
        self._places = tuple(_PLACES)
        values = self._values()
        self._terms = _terms(wanted, values)
        for name, relation, text in self._terms:
            _check(name, relation, text, values)
        # What no term asks for need not be found out ten times a second.
        self._places = tuple({name.partition(".")[0] for name, _, _ in self._terms}.intersection(_PLACES))

    def __str__(self):
        return " ".join(name + relation + text for name, relation, text in self._terms)

    def hear(self, entry):
        """Take an entry of the bench's events or frames."""
        if "frame" not in entry:
            self._happened.add(("event", entry["event"]))
            return
        frame = entry["frame"]  # whatever a backend sends
        if isinstance(frame, list) and len(frame) > 2 and frame[0] == 2:
            self._happened.add(("frame", str(frame[2])))

    def holds(self):
        """Whether every term holds now."""
        values = self._values()
        return all(self._term_holds(term, values) for term in self._terms)

    def shortfall(self):
        """What is missing, in words."""
        values = self._values()
        missing = [term for term in self._terms if not self._term_holds(term, values)]
        return ", ".join(_finding(name, text, values) for name, _, text in missing)

    def _term_holds(self, term, values):
        name, relation, text = term
        if name in _HAPPENINGS:
            return (name, text) in self._happened
        return _compare(values[name], relation, text)

    def _values(self):
        bench, connector = self._bench, self._connector
        values = {**view.of_charger(bench), **view.of_connector(bench, connector)}
        for place in self._places:
            found = _PLACES[place](bench, connector)
            values |= {f"{place}.{name}": value for name, value in found.items()}
        return values


def _terms(wanted, values):
    """(name, relation, value as text) of each term."""
    if isinstance(wanted, str) and wanted.strip():
        return [_term(word, values) for word in wanted.split()]
    if isinstance(wanted, dict) and wanted:
        return [(str(name), *_relation(value)) for name, value in wanted.items()]
    raise BadCondition(
        'a condition is text such as "status=Charging" or an object such as {"status": "Charging"}'
    )


def _term(word, values):
    if word in STATUSES:
        return "status", "=", word
    if word in ERRORS:
        return "errors", "=", word
    if word in EVENTS and word not in values:
        return "event", "=", word
    match = _TERM.fullmatch(word)
    if not match or bool(match[2]) != bool(match[3]):
        raise BadCondition(f"'{word}' is no condition: write NAME, NAME=VALUE or NAME>=NUMBER")
    return match[1], match[2] or "=", match[3] or "true"


def _relation(value):
    """('>=', '500') of '>=500', 500 or true."""
    if isinstance(value, bool):
        return "=", "true" if value else "false"
    relation, text = _VALUE.fullmatch(str(value)).groups()  # type: ignore[union-attr]  # it matches anything
    return relation or "=", text


def _check(name, relation, text, values):
    if name in _HAPPENINGS:
        happenings = _HAPPENINGS[name]
        if relation != "=" or text not in happenings:
            raise BadCondition(
                f"no {name} is called '{text}'; choose one of: {', '.join(sorted(set(happenings)))}"
            )
    elif name not in values:
        known = sorted([*values, *_HAPPENINGS])
        raise BadCondition(f"there is no '{name}' to wait for; choose one of: {', '.join(known)}")
    elif name in _WORDS and view.underscored(text) not in ("", "true", "false", *_WORDS[name]):
        raise BadCondition(f"no {name} is called '{text}'; choose one of: {', '.join(_WORDS[name])}")
    elif relation in _ORDERS and _number(text) is None:
        raise BadCondition(f"{relation} compares numbers, and '{text}' is none")


def _compare(actual, relation, text):
    if relation == "!=":
        return not _compare(actual, "=", text)
    if isinstance(actual, list) and text not in ("true", "false"):
        return any(_compare(item, relation, text) for item in actual)
    if relation in _ORDERS:
        return isinstance(actual, int) and _ORDERS[relation](actual, _number(text))
    if text in ("true", "false"):
        return bool(actual) == (text == "true")
    if isinstance(actual, str):
        return view.underscored(actual) == view.underscored(text)
    return actual is not None and (actual == text or (isinstance(actual, int) and actual == _number(text)))


def _number(text):
    try:
        return float(text)
    except ValueError:
        return None


def _finding(name, text, values):
    if name in _HAPPENINGS:
        return f"no {name} {text}"
    actual = values[name]
    return f"{name} is {str(actual).lower() if isinstance(actual, bool) or actual is None else actual}"
