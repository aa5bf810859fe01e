"""Writes the tables of docs/configuration.md from the tables of configuration keys.

`python -m tests.reference` renews them.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from ocpp.v16.enums import Measurand

from firmware import meanings as own_meanings
from firmware import regions, settings
from ocpp_client import keys, meanings
from ocpp_client.keys import Key
from ocpp_client.measurands import is_measurand

PAGE = Path(__file__).parent.parent / "docs" / "configuration.md"

GROUPS = {"core": meanings.CORE, "security": meanings.SECURITY, "own": own_meanings.OWN}
"""Meaning by key, by the name that marks the table's place in the page."""

TYPES = {keys.BOOLEAN: "boolean", keys.INTEGER: "integer", keys.LIST: "list", keys.TEXT: "text"}
ACCESS = {
    keys.READ_ONLY: "read",
    keys.READ_WRITE: "read, write",
    keys.WRITE_ONLY: "write",
    keys.RAISED: "read, raise",
    keys.OWNED: "read; the owner writes",
}
_HEAD = ("key", "type", "range", "access", "restart", "default", "meaning")


def range_of(key: Key) -> str:
    """What the values of a key lie between."""
    if key.kind == keys.BOOLEAN or key.access == keys.READ_ONLY:
        return ""
    if key.kind == keys.INTEGER:
        return f"{key.low} to {key.high}"
    if key.kind == keys.LIST:
        items = "[measurands](#measurands)" if key.members is is_measurand else "items"
        return f"at most {key.high} {items}"
    if isinstance(key.members, tuple):
        return ", ".join(key.members)
    return f"{key.low} to {key.high} characters" if key.low else f"at most {key.high} characters"


def row(key: Key, meaning: str) -> tuple[str, ...]:
    """The cells of one key."""
    default = f"`{key.default}`" if key.default else ""
    restart = "yes" if key.reboot else ""
    return key.name, TYPES[key.kind], range_of(key), ACCESS[key.access], restart, default, meaning


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join([_line(head), _line(["---"] * len(head)), *[_line(cells) for cells in rows]])


def tables() -> dict[str, str]:
    """Every table by the name that marks its place in the page."""
    known = settings.keys()
    found = {
        name: table(_HEAD, [row(known.find(key), meaning) for key, meaning in group.items()])
        for name, group in GROUPS.items()
    }
    found["measurands"] = table(("measurand", "one phase of it"), _measurands())
    found["uk"] = table(("key", "default"), [(name, f"`{value}`") for name, value in regions.UK.items()])
    return found


def renewed(text: str) -> str:
    """`text` with each block between `<!-- NAME -->` and `<!-- /NAME -->` written anew."""
    for name, written in tables().items():
        before, opened, rest = text.partition(f"<!-- {name} -->\n")
        _, closed, after = rest.partition(f"<!-- /{name} -->")
        if not opened or not closed:
            raise ValueError(f"the page has no place for the table '{name}'")
        text = before + opened + written + "\n" + closed + after
    return text


def _measurands() -> list[tuple[str, str]]:
    names = [str(measurand.value) for measurand in Measurand if is_measurand(measurand.value)]
    return [(name, f"`{name}.L1`, `.L2`, `.L3`" if is_measurand(name + ".L1") else "") for name in names]


def _line(cells: Iterable[str]) -> str:
    # A bar in a cell would begin the next one.
    return "| " + " | ".join([re.sub(r"\|", r"\\|", cell) for cell in cells]) + " |"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
