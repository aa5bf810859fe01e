"""What a person types at the prompt: a word for what to do, and words after it."""

import difflib

from control.faults import ROWS
from firmware import settings
from simulator.portable import car, faults, surroundings
from simulator.remote.fields import Refused

CARDS = {"CARD-1": "Accepted", "CARD-2": "Accepted", "CARD-3": "Blocked"}
"""idTags of the cards that lie around, and what the backend thinks of each (AuthorizationStatus)."""
FIRST_CARD = "CARD-1"


class Unclear(Exception):
    """The words after a command's name do not fit it."""


class Phrase:
    """How one command is typed."""

    def __init__(self, gather, example, meaning, words=()):
        self.gather = gather
        """From the words after the command's name to its fields; `Unclear`."""
        self.example = example
        self.meaning = meaning
        self.words = words
        """What may follow, for the tabulator key."""


def read(line):
    """The command (an object with `do`) that `line` means, None for an empty one; Refused."""
    words = line.split()
    if not words:
        return None
    do = _ALIKE.get(words[0], words[0])
    if do not in PHRASES:
        near = difflib.get_close_matches(do, PHRASES, n=1)
        way_out = f"did you mean '{near[0]}'?" if near else "'help' lists all."
        raise Refused(f"'{do[:20]}' is no command; {way_out}")
    words, command = _connector(words[1:])
    phrase = PHRASES[do]
    try:
        return {"do": do, **command, **phrase.gather(words)}
    except Unclear:
        raise Refused(f"'{do}' is typed like this: {phrase.example}") from None


def complete(text):
    """The words that could end `text`."""
    *before, last = text.split(" ")
    known = PHRASES if not before else PHRASES[before[0]].words if before[0] in PHRASES else ()
    return [word for word in known if word.startswith(last)]


def _connector(words):
    """The other words, and the connector where one of them says `connector=2`."""
    rest = [word for word in words if not word.startswith("connector=")]
    chosen = [word.partition("=")[2] for word in words if word.startswith("connector=")]
    return rest, {"connector": _figure(chosen[-1])} if chosen else {}


# How the words after a name become fields.


def _nothing(words):
    if words:
        raise Unclear
    return {}


def _word(field, default=None):
    """One word; without a `default` it must be there."""

    def gather(words):
        found = words or [default]
        if len(found) != 1 or found[0] is None:
            raise Unclear
        return {field: found[0]}

    return gather


def _seconds(words):
    return {"s": _figure(_word("s")(words)["s"])}


def _milliseconds(words):
    return {"ms": _figure(_word("ms")(words)["ms"])}


def _traits(words):
    if not all("=" in word for word in words):
        raise Unclear
    pairs = [word.partition("=") for word in words]
    return {"ev": {name: _SWITCH.get(text, _figure(text)) for name, _, text in pairs}}


def _charge(words):
    """A card, and what is asked for."""
    id_tag = [word for word in words if "=" not in word] or [FIRST_CARD]
    wishes = [word.partition("=") for word in words if "=" in word]
    if len(id_tag) != 1:
        raise Unclear
    return {"id_tag": id_tag[0], **{name: _figure(text) for name, _, text in wishes}}


def _setting(words):
    """A key, and all that follows it: some values have blanks, and none is 'nothing'."""
    if not words:
        raise Unclear
    return {"key": words[0], "value": " ".join(words[1:])}


def _surroundings(words):
    """Like traits; a value for each phase is written with commas."""
    told = _changes(words)["ev"]
    return {"world": {name: _by_phase(value) for name, value in told.items()}}


def _by_phase(value):
    if isinstance(value, str) and "," in value:
        return [_figure(part) for part in value.split(",")]
    return value


def _changes(words):
    if not words:
        raise Unclear
    return _traits(words)


def _condition(words):
    """Terms, with how long to wait at the end: `wait Charging 30`."""
    last = _figure(words[-1]) if len(words) > 1 else ""
    limited = {} if isinstance(last, str) else {"timeout_s": last}
    if not words:
        raise Unclear
    return {"for": " ".join(words[:-1] if limited else words), **limited}


def _figure(text):
    """A number if it is one; what else it may be, the command knows."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text


_SWITCH = {"yes": 1, "on": 1, "true": 1, "no": 0, "off": 0, "false": 0}
_SETTINGS = settings.keys().names()
_WISHES = ["power_w=", "energy_wh=", "duration_s=", "note="]
_ERRORS = sorted(row.name for row in ROWS)
_SURROUNDINGS = [name + "=" for name in surroundings.RANGES]
_TRAITS = [name + "=" for name in ("battery", "level", *car.RANGES)]

SECTIONS = {
    "In front of the charger": {
        "plug": Phrase(
            _traits, "plug phases=1 max_a=16", "a car comes; what you leave out is usual", _TRAITS
        ),
        "swipe": Phrase(
            _word("id_tag"), f"swipe {FIRST_CARD}", "a card starts, or stops what it started", CARDS
        ),
        "press": Phrase(_nothing, "press", "the button stops the charge"),
        "ev": Phrase(_changes, "ev level=80 charge=no", "the car changes its mind", _TRAITS),
        "pulse": Phrase(_milliseconds, "pulse 250", "S2 of the car bounces for so many ms"),
        "unplug": Phrase(_nothing, "unplug", "the car leaves"),
    },
    "Around it": {
        "fault": Phrase(_word("name"), "fault rcd_trip", "something breaks", sorted(faults.CAUSES)),
        "clear": Phrase(_word("name"), "clear rcd_trip", "it is repaired", sorted(faults.CAUSES)),
        "world": Phrase(
            _surroundings,
            "world house_ma=9000,0,0 place_dc=680",
            "loads of the house, voltages, heat",
            _SURROUNDINGS,
        ),
        "stall": Phrase(_milliseconds, "stall 200", "the processor is held up for so many ms"),
        "power": Phrase(_word("to"), "power off", "the mains, off or on", ("off", "on")),
        "network": Phrase(
            _word("to"), "network cut", "the way to the backend, cut or restore", ("cut", "restore")
        ),
    },
    "At its page": {
        "charge": Phrase(
            _charge,
            f"charge {FIRST_CARD} energy_wh=5000",
            "a charge with limits of its own",
            [*CARDS, *_WISHES],
        ),
        "skip": Phrase(_nothing, "skip", "the random waits are called off"),
        "limit": Phrase(_word("a"), "limit 10", "the owner's limit, AllowedCurrent, in A"),
        "set": Phrase(_setting, "set MeterValueSampleInterval 10", "a setting changes", _SETTINGS),
    },
    "From the backend": {
        "start": Phrase(_word("id_tag", FIRST_CARD), f"start {FIRST_CARD}", "RemoteStartTransaction", CARDS),
        "stop": Phrase(_nothing, "stop", "RemoteStopTransaction"),
    },
    "Here": {
        "get": Phrase(_nothing, "get, or status", "how everything stands"),
        "guide": Phrase(
            _word("error"), "guide RCD_TRIP", "what an error means, and who may do what", _ERRORS
        ),
        "wait": Phrase(_condition, "wait Charging 30", "until something is so, for so many seconds at most"),
        "help": Phrase(_nothing, "help", "this list"),
        "quit": Phrase(_nothing, "quit", "stop everything"),
    },
}
"""Command by name, in the groups in which `help` lists them."""

PHRASES = {name: phrase for section in SECTIONS.values() for name, phrase in section.items()}
PHRASES["advance"] = Phrase(_seconds, "advance 10", "")
_ALIKE = {"status": "get", "exit": "quit", "?": "help"}
