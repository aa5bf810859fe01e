"""The file of a scenario (TOML): what the charger is, what happens to it, and what is expected.

    title = "A card starts and stops"
    cards = ["DRIVER"]

    [[step]]
    at = 5                              # seconds since the power came
    do = "plug"
    ev = { phases = 1, max_a = 16 }

    [[step]]
    after = 1                           # seconds since the step before
    do = "swipe"
    id_tag = "DRIVER"

    [[step]]                            # at once
    expect = "Charging offered_ma=32000"
    within = 10

    [[step]]
    hold = "Charging world.contacts"
    during = 60

    [[step]]
    do = "swipe"
    id_tag = "DRIVER"

    [[step]]
    expect = "Finishing transaction=0"
    within = 6

    [[step]]                            # the backend hears of the last values, and then of the end
    after = 1

    [expect]
    events = ["contactor close=true", "contactor close=false"]
    sent = ["StartTransaction idTag=DRIVER", "StopTransaction meterStop>0"]
    frames = { Authorize = 1 }
    never = ["world.contacts transaction=0"]

    [[expect.transactions]]
    reason = "Local"
    energy_wh = "55..65"

At the top, all but `title` and `step` may be left out:

    board     the name of a simulated board; "simulated" unless told
    seed      decides all chance; 0 unless told
    settings  a table of configuration keys by their names, such as { PlugAndCharge = true }
    cards     idTags that the backend accepts, or a table from idTag to AuthorizationStatus
    network   a table of latency_ms and jitter_ms, each way
    sectors   of 4 KiB in the charger's flash, 16 to 256; 256 unless told
    clock_ms  where the charger's clock begins, which wraps at 2^30 ms
    ends_at   until when, in seconds, the run lasts at least

A step waits for its time, `at` or `after`, if it has one, and then does one of these, or nothing:

    do        a command of the control socket (`simulator.remote.commands`), an order of the backend's
              operator (`simulator.story.orders`) with the `answer` that it must get, any yes unless told, or
              "backend": `to` "stop" breaks its connections off and refuses more until "start"
    expect    a condition (`simulator.remote.conditions`) that must come true `within` so many seconds, or be
              so now
    hold      a condition that must be so all the time `during` so many seconds

At the end, `expect` tells what must have become of it all:

    events        what happened in this order, with other things in between: a name and what must be so of its
                  fields (`simulator.story.patterns`); the backend's own events only with source=backend
    sent          the calls that the charger sent, in the same way
    frames        how many calls of an action there were, in both directions
    transactions  those in the backend's store, one table each, no more and no fewer
                  (`simulator.story.summary`)
    connectors    what is true of them, one table each, from connector 1 on (`simulator.story.summary`)
    never         conditions of any connector that must not last for 0.1 s
"""

import tomllib
from pathlib import Path

import boards
from firmware.settings import OWN_KEYS
from ocpp_client.keys import OCPP_KEYS
from simulator.portable.flash import SECTORS
from simulator.story import expectations, shapes
from simulator.story.orders import CARD_STATUSES
from simulator.story.shapes import NEEDED, Malformed

FOLDER = Path(__file__).parent.parent / "scenarios"
_STATION_KEYS = ("BackendUrl", "BackendIdentity", "NumberOfConnectors")


class Scenario:
    """A well-formed scenario; whether its steps can be done, `simulator.story.steps` says."""

    def __init__(self, path, values):
        self.path = path
        self.name = path.stem
        self.title = values["title"]
        self.board = values["board"]
        self.seed = values["seed"]
        self.sectors = values["sectors"]
        self.clock_ms = values["clock_ms"]
        self.settings = values["settings"]
        self.cards = values["cards"]
        self.network = values["network"]
        self.ends_at = values["ends_at"]
        self.steps = values["step"]
        """The tables of the steps, as they stand in the file."""
        self.expect = values["expect"]
        """The `Expectations` at the end."""


def bundled():
    """The names of the scenarios that come with the simulator."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(path):
    """The `Scenario` in a file, or the bundled one of this bare name; Malformed."""
    path = Path(path)
    if not path.exists() and str(path) in bundled():
        path = FOLDER / f"{path}.toml"
    try:
        return Scenario(path, shapes.table(_parsed(_read(path)), KEYS))
    except Malformed as reason:
        raise reason.of(path) from None


def _read(path):
    try:
        # Some editors put a mark before UTF-8, which is no part of the text.
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Malformed("is not UTF-8 text; save it as such") from None
        reason = error.strerror if isinstance(error, OSError) else error
        raise Malformed(
            f"cannot be read ({reason}); give the path of a scenario, or one of: {', '.join(bundled())}"
        ) from None


def _parsed(text):
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Malformed("is nested too deeply; a scenario needs no more than tables in a list") from None
    except ValueError as error:
        reason = str(error).partition(";")[0]
        raise Malformed(f"is not TOML ({reason}); correct it there, or see toml.io") from None


def _board(value):
    names = [name for name in boards.names() if boards.load(name).simulated]
    if shapes.text(value) not in names:
        raise Malformed(f"names {shapes.no_such('simulated board', value, names)}")
    return value


def _settings(value):
    """The charger's configuration keys, as the texts that OCPP gives them."""
    keys = {key.name: key for key in OCPP_KEYS + OWN_KEYS}
    found = shapes.table(value, {name: (_setting(key), None) for name, key in keys.items()})
    return {name: found[name] for name in value}


def _setting(key):
    def kind(value):
        text = shapes.setting(value)
        if key.name in _STATION_KEYS:
            raise Malformed("is the simulator's to set; leave it out")
        try:
            key.parse(text)
        except ValueError as reason:
            raise Malformed(f"has a value that the charger refuses: {reason}") from None
        return text

    return kind


def _cards(value):
    """IdTag to AuthorizationStatus, from such a table or from a list of those that are accepted."""
    if isinstance(value, list):
        value = dict.fromkeys(shapes.texts(value), "Accepted")
    if not isinstance(value, dict):
        raise Malformed(
            f'is a list such as ["A"], or a table such as {{ LOST = "Blocked" }}, not {shapes.shown(value)}'
        )
    for id_tag, status in value.items():
        if not 1 <= len(id_tag) <= 20:
            raise Malformed(f"has '{id_tag[:40]}', but an idTag has 1 to 20 characters")
        shapes.part(id_tag, status, shapes.word(*CARD_STATUSES))
    return value


def _network(value):
    delay = (shapes.whole(0, 10_000), 0)
    return shapes.table(value, {"latency_ms": delay, "jitter_ms": delay})


def _steps(value):
    if not isinstance(value, list) or not value or not all(isinstance(step, dict) for step in value):
        raise Malformed("is a list of steps that is not empty: write each below a line [[step]]")
    return value


KEYS: dict = {
    "title": (shapes.text, NEEDED),
    "board": (_board, "simulated"),
    "seed": (shapes.whole(0, 2**63 - 1), 0),
    "sectors": (shapes.whole(16, SECTORS), SECTORS),
    "clock_ms": (shapes.whole(0, 2**30 - 1), 0),
    "settings": (_settings, {}),
    "cards": (_cards, {}),
    "network": (_network, {}),
    "ends_at": (shapes.seconds, 0),
    "step": (_steps, NEEDED),
    "expect": (expectations.Expectations, expectations.Expectations({})),
}
"""At the top of a file: key to (kind, default)."""
