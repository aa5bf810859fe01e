"""The fields of a command: what each takes, and how it is refused."""

from simulator.portable import faults
from simulator.portable.car import Car

MOST_S = 1e9
"""Thirty years; what a float of seconds still holds to the microsecond."""
NEEDED = object()
"""Default of a field without which a command means nothing."""


class Refused(ValueError):
    """A command that cannot be done; the text says why, and the way out."""


def check(do, fields, given, bench):
    """The values of the command `do`'s `fields` (name: (check, default)) from what was `given`; Refused."""
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise Refused(f"{do} has no field '{unknown[0]}'; it has: {', '.join(fields)}")
    values = {}
    for name, (accept, default) in fields.items():
        if name in given:
            values[name] = accept(name, given[name], bench)
        elif default is NEEDED:
            raise Refused(f"{do} needs the field '{name}'")
        else:
            values[name] = default
    return values


def text(name, value, bench):
    """An idTag, say."""
    if not isinstance(value, str) or not 1 <= len(value) <= 20:
        raise Refused(f"{name} is a text of 1 to 20 characters, not {_shown(value)}")
    return value


def name(name, value, bench):
    """What something is called."""
    if not isinstance(value, str) or not 1 <= len(value) <= 50:
        raise Refused(f"{name} is a text of 1 to 50 characters, not {_shown(value)}")
    return value


def setting(name, value, bench):
    """A text, a number or a truth, as the text that a setting takes. Not repeated when it is refused: it may
    be a password."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int)):
        raise Refused(f"{name} is a text, a whole number, true or false")
    return str(value)


def connector(name, value, bench):
    """A connector that this charger has."""
    last = len(bench.world.connectors)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused(f"{name} is a whole number from 1 to {last}, not {_shown(value)}")
    bench.world.outlet(value)
    return value


def for_all(thing):
    """Connector 1, for what the whole charger has one of."""

    def accept(name, value, bench):
        if connector(name, value, bench) != 1:
            raise Refused(f"the charger has one {thing} for all connectors; leave {name} out")
        return value

    return accept


def seconds(name, value, bench):
    """A duration."""
    if not _is_number(value) or not 0 <= value < MOST_S:
        raise Refused(f"{name} is a number of seconds from 0 to below {MOST_S:g}, not {_shown(value)}")
    return value


def moment(name, value, bench):
    """A time on the simulated clock."""
    if not _is_number(value) or not value >= 0:
        raise Refused(f"{name} is a time in ms, such as the t_ms of an answer, not {_shown(value)}")
    return value


def fault(name, value, bench):
    """The name of a fault."""
    if not isinstance(value, str):
        raise Refused(
            f"{name} is a fault's name, not {_shown(value)}; one of: {', '.join(sorted(faults.CAUSES))}"
        )
    return value


def choice(*words):
    """One of these words."""

    def accept(name, value, bench):
        if value not in words:
            raise Refused(f"{name} is {' or '.join(words)}, not {_shown(value)}")
        return value

    return accept


def anything(name, value, bench):
    """Whoever gets it checks it."""
    return value


def traits(name, value, bench):
    """Traits of a car by the names of `car.RANGES`, with `battery` (kWh) and `level` (%) for people."""
    if not isinstance(value, dict):
        raise Refused(f'{name} is an object such as {{"max_a": 16}}, not {_shown(value)}')
    found = {_KINDLY.get(trait, trait): _whole(figure) for trait, figure in value.items()}
    if "battery" in value:
        found["battery_wh"] = round(_figure("battery", value["battery"], 1, 200, "kWh") * 1000)
    return found


def surroundings(name, value, bench):
    """What surrounds a connector, by the names of `surroundings.RANGES`."""
    if not isinstance(value, dict) or not value:
        raise Refused(f'{name} is an object such as {{"house_ma": 10000}}, not {_shown(value)}')
    return {field: _each_whole(figure) for field, figure in value.items()}


def whole(least, most, unit):
    """A whole number of `unit` in this range."""

    def accept(name, value, bench):
        number = _whole(_figure(name, value, least, most, unit))
        if not isinstance(number, int):
            raise Refused(f"{name} is a whole number of {unit}, not {_shown(value)}")
        return number

    return accept


def level_wh(found, battery_wh=Car.battery_wh):
    """`found` traits with a `level` in % turned into the Wh of a battery of `battery_wh`, unless they name
    another."""
    percent = found.get("level")
    if percent is None:
        return found
    rest = {trait: figure for trait, figure in found.items() if trait != "level"}
    whole_wh = rest.get("battery_wh", battery_wh)
    share = _figure("level", percent, 0, 100, "% of the battery")
    if isinstance(whole_wh, int):
        rest["level_wh"] = round(whole_wh * share / 100)
    return rest


_KINDLY = {"battery": "battery_wh"}


def _whole(value):
    """5.0 is the whole number 5; what is no such number is the car's to refuse."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _each_whole(value):
    """The same for each phase, where there is a list."""
    return [_whole(item) for item in value] if isinstance(value, list) else _whole(value)


def _figure(name, value, least, most, unit):
    if not _is_number(value) or not least <= value <= most:
        raise Refused(f"{name} is {least} to {most} {unit}, not {_shown(value)}")
    return value


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shown(value):
    """A stranger's value, short enough for a sentence."""
    words = repr(value)
    return words if len(words) <= 40 else words[:40] + "..."
