"""The rules of the house that can be read off the source: who imports whom, and what a room may not contain.

`violations(root)` parses every file of a checkout and gives `file:line: what is wrong` for each breach.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

DEVICE = ("boards", "control", "hal", "ocpp_client", "firmware")
PORTABLE = "simulator/portable"
# Physics, the stand-ins for flash and meters, and their documentation: it must fit beside the firmware on 32
# bits. All of it takes 50 KiB of a 32-bit heap; the protection suite runs every fault and every odd car on
# boards' builds, with the heap locked, so that none of them can move to where only CPython goes.
PORTABLE_LINES = 1900
PROJECT = (*DEVICE, "simulator", "tests", "tools", "flash")

# A row: the place, and what of the project it may import beside itself. Of two that fit, the longer counts.
MAY_IMPORT = {
    "boards": (),
    "control": (),
    "hal": ("boards", "control"),
    "ocpp_client": (),
    "firmware": ("boards", "control", "hal", "ocpp_client"),
    "simulator": DEVICE,
    PORTABLE: ("boards", "hal", "control/ticks"),
    "simulator/clockwork": (),
    "simulator/wires": ("hal",),
    "simulator/backend": (),
    "simulator/remote": (*DEVICE, PORTABLE),
    "simulator/terminal": (*DEVICE, PORTABLE, "simulator/remote"),
    "simulator/story": (
        *DEVICE,
        PORTABLE,
        "simulator/backend",
        "simulator/remote",
        "simulator/station",
        "simulator/wires",
    ),
    "tests": PROJECT,
    "tools": ("boards", "hal/meter_maps"),
    "flash": ("boards", "tools/inline", "tools/intern", "tools/shorten"),
}

# What control may not know: the time is an argument, and the rest of the world arrives as integers.
IMPURE = frozenset(
    ("asyncio", "time", "os", "socket", "select", "ssl", "tls", "machine", "random", "io", "sys", "_thread")
)
# What only one file of ocpp_client may use.
NETWORK = frozenset(("asyncio", "socket", "ssl", "tls", "time", "os", "select"))
NETWORK_FILE = "ocpp_client/link.py"
# What MicroPython lacks on boards.
ABSENT = frozenset(
    (
        "abc",
        "contextlib",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "itertools",
        "logging",
        "pathlib",
        "typing",
    )
)


def violations(root: Path) -> list[str]:
    """Every breach below `root`, sorted; empty when the house is in order."""
    found = [f"{file}:{line}: {what}" for file, tree in trees(root) for line, what in breaches(file, tree)]
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in (root / PORTABLE).glob("**/*.py")
    )
    if lines > PORTABLE_LINES:
        found.append(f"{PORTABLE}: {lines} lines, and it stays below {PORTABLE_LINES}")
    return sorted(found)


def trees(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Every file of the project with its syntax tree; the name is relative to `root`, with slashes."""
    for place in PROJECT:
        for path in [root / f"{place}.py", *(root / place).glob("**/*.py")]:
            if path.exists():
                yield (
                    path.relative_to(root).as_posix(),
                    ast.parse(path.read_text(encoding="utf-8"), str(path)),
                )


def breaches(file: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) for each breach in one file."""
    place = place_of(file)
    device = place in DEVICE or place == PORTABLE
    for line, module in imports(file, tree):
        top = module.split(".")[0]
        if top in PROJECT and not allowed(place, module):
            yield line, f"{place} may not import {module}"
        if place == "control" and top in IMPURE:
            yield line, f"control decides without {top}"
        if place == "ocpp_client" and top in NETWORK and file != NETWORK_FILE:
            yield line, f"only {NETWORK_FILE} may use {top}"
        if device and top in ABSENT:
            yield line, f"boards have no {top}"
    if place == "control":
        yield from fractions(tree)


def place_of(file: str) -> str:
    """The row of MAY_IMPORT that a file falls under."""
    return max((place for place in MAY_IMPORT if within(place, file.removesuffix(".py"))), key=len)


def within(place: str, name: str) -> bool:
    """Whether a slashed name is the place itself or stands in it."""
    return name == place or name.startswith(place + "/")


def allowed(place: str, module: str) -> bool:
    """Whether a file of `place` may import a module of the project."""
    name = module.replace(".", "/")
    return within(place, name) or any(within(other, name) for other in MAY_IMPORT[place])


def imports(file: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, module) for each import, relative ones resolved; also of what is asked for by a literal name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = origin(file, node)
            # `from . import x` and `from simulator import portable` name modules behind the word import.
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("__import__", "import_module") and node.args:
            name = beginning(node.args[0])
            if name:
                yield node.lineno, name


def origin(file: str, node: ast.ImportFrom) -> str:
    """The absolute name of the module that names are taken from."""
    package = file.split("/")[: -node.level] if node.level else []
    return ".".join([*package, *([node.module] if node.module else [])])


def called(node: ast.Call) -> str:
    """The last word of the called function's name."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def beginning(node: ast.expr) -> str:
    """The module a string expression begins with: "boards." + name, "boards.%s" % name, f"boards.{name}"."""
    while isinstance(node, ast.BinOp):
        node = node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"[^\w.]", node.value)[0].strip(".")
    return ""


def fractions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a float would come into being: a literal, a true division, or a call of float."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"control has no floats, such as {node.value}"
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            yield node.lineno, "control has no floats: divide with //"
        if isinstance(node, ast.Call) and called(node) == "float":
            yield node.lineno, "control has no floats, so no float()"
