"""Figures as a table, beside their bounds, and as build/bench.json."""

import json

from control import states

BOUNDS = {
    "reaction_c_to_b_ms": ("<=", 50),
    "reaction_rcd_ms": ("<=", 20),
    "reaction_cp_short_ms": ("<=", 120),
    "reaction_diode_ms": ("<=", 120),
    # Late ticks: the lease of 100 ms ends a command that nobody renews, a tick or a filter later at most; and
    # 5 ms of bounce count from the first edge.
    "reaction_c_to_b_late_ms": ("<=", 125),
    "reaction_rcd_late_ms": ("<=", 100),
    "reaction_cp_short_late_ms": ("<=", 205),
    "reaction_diode_late_ms": ("<=", 205),
    # Where half of the readings of so long are spoilt, nothing is driven.
    "reaction_disturbed_ms": ("<=", 400),
    "reaction_rcd_pulses": (">=", 500),
    "reaction_rcd_missed": ("<=", 0),
    "tick_heap_bytes": ("<=", 0),
    "tick_heap_states": (">=", len(states.NAMES)),
    "tick_heap_transitions": (">=", sum(map(len, states.TRANSITIONS))),
    "sampling_worst_mv": ("<=", 150),
    "sampling_lost": ("<=", 0),
    "sim_speed": (">=", 500),
    "heap_working_peak_kib": ("<=", 96),
    "codec_ratio_ocpp": (">=", 5),
}
"""What is promised; a figure that is not here is told and judged by people."""


def holds(name, value):
    """Whether a figure keeps its promise; True where there is none."""
    sign, bound = BOUNDS.get(name, ("", 0))
    return value <= bound if sign == "<=" else value >= bound if sign == ">=" else True


def verdict(name, value):
    """The bound and whether it holds, for people."""
    if name not in BOUNDS:
        return ""
    sign, bound = BOUNDS[name]
    return f"{sign} {bound}  {'holds' if holds(name, value) else 'MISSED'}"


def rows(figures, modules):
    """The table's rows: name, value, unit, bound, and the command that reproduces it (`modules`: by name)."""
    for name, figure in figures.items():
        value = figure["value"]
        command = f"python -m tests.bench {modules[name]}"
        yield name, f"{value:,}".replace(",", " "), figure["unit"], verdict(name, value), command


def table(figures, modules):
    """The figures in columns."""
    lines = [("figure", "value", "unit", "bound", "reproduce with"), *rows(figures, modules)]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells, widths):
    name, value, *rest = cells
    padded = [cell.ljust(width) for cell, width in zip(rest, widths[2:], strict=True)]
    return "  ".join([name.ljust(widths[0]), value.rjust(widths[1]), *padded]).rstrip()


def write(figures, path):
    """Exactly {"NAME": {"value": N, "unit": "..."}}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
