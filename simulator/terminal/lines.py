"""Lines for a screen: those of `present`, coloured by who does what, and facts under each other."""

import textwrap

from rich.text import Text

from simulator.terminal import present

MOMENT, TEXT = 13, 26
"""Columns at which 'who' and 'what' begin in a line of `present`."""
LEAST_COLUMNS = 60
"""A narrower screen wraps as it likes."""

STYLES = {
    "world": "yellow",
    "status": "bold green",
    "fault": "bold red",
    "out": "cyan",
    "in": "blue",
}
"""By what an entry is; anything else has no colour."""


def line(entry, columns):
    """rich's text of an entry of a bench's events or frames for a screen of so many columns, or None."""
    plain = present.line(entry)
    if plain is None:
        return None
    if len(plain) > columns >= LEAST_COLUMNS:
        plain = textwrap.fill(plain, columns, subsequent_indent=" " * TEXT)
    text = Text(plain)
    text.stylize("dim", 0, MOMENT)
    text.stylize(STYLES.get(_kind(entry), ""), MOMENT)
    return text


def told(t_ms, who, text, style=""):
    """rich's text of what somebody says at this simulated time, in the columns of the other lines."""
    words = Text(present.told(t_ms, who, text), style=style)
    words.stylize("dim", 0, MOMENT)
    return words


def facts(rows):
    """rich's text of rows (name, value), the values under each other; a value is a text of either kind."""
    wide = max(len(name) for name, _ in rows)
    texts = [Text.assemble((f"{name:<{wide}}  ", "dim"), value) for name, value in rows]
    return Text("\n").join(texts)


def _kind(entry):
    if "frame" in entry:
        return entry["direction"]
    if entry["source"] == "world":
        return "world"
    return "fault" if entry.get("error") or entry["event"] == "fault" else entry["event"]
