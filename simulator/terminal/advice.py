"""What to do now: the guide to an error, shown below the line that says that a connector is Faulted."""

import textwrap

from firmware import guide
from simulator.terminal.lines import LEAST_COLUMNS, TEXT


def error(entry):
    """The vendor code of the error with which a connector becomes Faulted, if that is what `entry` of a
    bench's log says; else an empty string."""
    faulted = entry.get("source") == "charger" and entry["event"] == "status" and entry["status"] == "Faulted"
    return entry["error"] if faulted else ""


def paragraph(vendor_code, columns):
    """The guide to an error as lines of at most so many columns, under the text of the line above."""
    indent = " " * TEXT if columns >= LEAST_COLUMNS else ""
    told = guide.load(vendor_code).paragraph()
    return textwrap.fill(told, max(columns, len(indent) + 1), initial_indent=indent, subsequent_indent=indent)
