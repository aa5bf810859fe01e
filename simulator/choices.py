"""What the command line chooses for one simulated charger: its board and its settings, checked before
anything starts."""

import difflib
import ssl

import boards
from firmware.settings import OWN_KEYS
from hal.roots import MOST_BYTES, certificates
from ocpp_client.address import Address
from ocpp_client.keys import OCPP_KEYS, TEXT
from simulator.pins import rules

BOARD = "simulated"
OPTIONS = {"BackendUrl": "--csms", "BackendIdentity": "--id", "AuthorizationKey": "--password"}
"""Settings that have an option of their own."""

_KEYS = {key.name.lower(): key for key in OCPP_KEYS + OWN_KEYS}


class Unusable(ValueError):
    """What was asked for cannot be had; the text says why, and the way out."""


def settings(words, csms, identity, password=None, secured=False):
    """Settings (name: text) from `--set` words KEY=VALUE and the options that stand for one; Unusable.

    A ws:// address says by itself that it is not secured (SecurityProfile 0), or by a password alone (1),
    unless this charger was told its profile before (`secured`): a backend may have raised it.
    """
    chosen = dict([_setting(word) for word in words])
    _check_address(csms, identity)
    if not secured and csms.startswith("ws:"):
        chosen.setdefault("SecurityProfile", "0" if password is None else "1")
    chosen["BackendUrl"] = csms
    chosen["BackendIdentity"] = identity
    if password is not None:
        chosen["AuthorizationKey"] = password
    for name, text in chosen.items():
        _parse(name, text)
    return chosen


def roots(path):
    """The root certificates in the file `path`; none without one. Unusable."""
    if path is None:
        return b""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=b"".join(certificates(data)))
    except OSError as error:  # as `ssl.SSLError` is
        raise Unusable(f"--ca {path} cannot be used: {error.strerror or error}") from None
    except ValueError as error:
        raise Unusable(f"--ca {path} cannot be used: {error}") from None
    return data


def board(name, chosen):
    """Name of the board: `name` if it is told, else the simulated one with the NumberOfConnectors that
    `chosen` settings ask for, which is taken out of them; Unusable."""
    text = chosen.pop("NumberOfConnectors", None)
    wanted = None if text is None else _parse("NumberOfConnectors", text)
    if name is None:
        return _board_with(wanted)
    count = len(boards.load(any_board(name)).connectors)
    if wanted not in (None, count):
        raise Unusable(f"the board {name} has NumberOfConnectors={count}, not {wanted}; leave --board out")
    return name


def any_board(name):
    """`name`, of a simulated board or of one whose chip is simulated down to its pins; Unusable."""
    known = [found for found in boards.names() if boards.load(found).simulated]
    known += [found for found in boards.names() if boards.load(found).chip in rules.CHIPS]
    if name not in known:
        raise Unusable(f"no board called '{name}' is simulated; choose one of: {', '.join(known)}")
    return name


def _board_with(wanted):
    counts = {
        found: len(boards.load(found).connectors) for found in boards.names() if boards.load(found).simulated
    }
    for candidate in (BOARD, *counts):
        if wanted in (None, counts[candidate]):
            return candidate
    there = ", ".join(f"{found} has {count}" for found, count in counts.items())
    raise Unusable(f"no simulated board has {wanted} connectors; {there}")


def _setting(word):
    """(name, text) of KEY=VALUE."""
    name, equals, text = word.partition("=")
    if not equals:
        raise Unusable(f"--set takes KEY=VALUE, such as MeterValueSampleInterval=10, not '{word}'")
    key = _key(name.strip())
    if key.name in OPTIONS:
        raise Unusable(f"{key.name} is what {OPTIONS[key.name]} says; leave it out of --set")
    return key.name, text


def _key(name):
    key = _KEYS.get(name.lower())
    if key is None:
        names = {known.lower(): _KEYS[known].name for known in _KEYS}
        close = [names[found] for found in difflib.get_close_matches(name.lower(), names, 3, 0.5)]
        hint = f"did you mean {' or '.join(close)}?" if close else f"there are: {', '.join(names.values())}"
        raise Unusable(f"no setting is called '{name}'; {hint}")
    return key


def _parse(name, text):
    key = _key(name)
    if key.kind == TEXT and len(text) > key.high:
        # Without the text: it may be a password.
        raise Unusable(f"{OPTIONS.get(name, name)} takes at most {key.high} characters, not {len(text)}")
    try:
        return key.parse(text)
    except ValueError as reason:
        # A word of a person's is repeated, but not what may be a password.
        told = OPTIONS.get(name) or f"--set {name}={text}"
        raise Unusable(f"{told}: {reason}") from None


def _check_address(csms, identity):
    if not identity:
        raise Unusable("--id is empty; give the identity that the backend knows this charger by")
    try:
        Address(csms, identity)
    except ValueError as reason:
        raise Unusable(f"--csms: {reason}") from None
