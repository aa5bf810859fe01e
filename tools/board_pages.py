"""Writes what people read about boards from their definitions: docs/boards.md, pictures and tables.

    python -m tools.board_pages

A test compares them. Prose is not touched: only blocks between `<!-- NAME -->` and `<!-- /NAME -->`.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import boards
from boards.facts import Board, Connector
from hal.meter_maps import MAPS
from tools.outlet_check import COMMAND_MS
from tools.parts import Holder, chip_of, holders, label
from tools.wiring import ohms, picture

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "boards.md"
PATHS = {"hardware_gate": "gate in hardware", "hard_irq": "hard interrupt", "": "**none**"}


def real() -> list[Board]:
    """The boards of copper, by name."""
    return [board for board in map(boards.load, boards.names()) if not board.simulated]


def pages() -> dict[Path, str]:
    """Every file with data of boards in it, as it should be."""
    found = {PAGE: renewed(PAGE.read_text(encoding="utf-8"), tables())}
    for board in real():
        folder = ROOT / "boards" / board.name
        found[folder / "wiring.svg"] = picture(board)
        text = (folder / "wiring.md").read_text(encoding="utf-8")
        found[folder / "wiring.md"] = renewed(text, {"pins": pins_of(board), "facts": facts_of(board)})
    return found


def tables() -> dict[str, str]:
    """The tables of docs/boards.md, by the names of their places."""
    every = list(map(boards.load, boards.names()))
    return {
        "boards": table(
            ("board", "what", "processor", "outlets", "rating", "MicroPython"), map(overview, every)
        ),
        "safety": table(
            ("board", "tick", "dead-man", "a trip opens by", "contactor opens", "the tick stops for"),
            [safety(board) for board in real()],
        ),
        "extras": table(("board", *EXTRAS), [extras(board) for board in real()]),
        "pins": pin_table(real()),
        "flaws": "\n\n".join([f"**{board.name}**\n\n{flaws(board)}" for board in real()]),
    }


JOURNALS = {
    "rp2350": "end of the flash",
    "rp2040": "end of the flash",
    "esp32s3": "partition",
    "linux": "folder",
}
EXTRAS = ("TLS", "page", "journal", "meter", "meter of the house", "lock", "card reader")


def overview(board: Board) -> tuple[str, ...]:
    """A board in one line."""
    folder = f"[{board.name}](../boards/{board.name}/wiring.md)" if not board.simulated else board.name
    rating = f"{board.phases} x {board.rated_ma // 1000} A"
    chip = chip_of(board)
    version = (
        "CPython 3.11" if chip.named else "any" if board.simulated else _dotted(board.lowest_micropython)
    )
    kinds = [outlet(connector) for connector in board.connectors]
    return folder, board.title, chip.title or "none", ", ".join(kinds), rating, version


def outlet(connector: Connector) -> str:
    """What the car's driver has in hand."""
    cable = f"cable, {connector.cable_ma // 1000} A" if connector.cable_ma else "socket"
    return f"{cable}, {connector.phases} phases" if connector.phases == 1 else cable


def safety(board: Board) -> tuple[str, ...]:
    """What opens the contactor, and how fast."""
    first = board.connectors[0]
    total_ms = COMMAND_MS + first.contactor_release_ms
    opens = f"{first.contactor_release_ms} ms after the command, {total_ms} ms in all"
    stalls = ", ".join(board.stalls) or "nothing"
    tick = f"{board.tick_ms} ms, {board.tick_on}"
    return board.name, tick, board.dead_man or "**none**", PATHS[first.rcd_path], opens, stalls


def extras(board: Board) -> tuple[str, ...]:
    """What a board has beside the charger."""
    connector = board.connectors[0].drivers
    return (
        board.name,
        _yes("tls" in board.extras),
        _yes("page" in board.extras),
        f"{board.journal[1] * 4} KiB, {JOURNALS.get(board.chip, '')} {board.journal[0]}".rstrip(),
        _meter(connector.get("meter", "")),
        _meter(board.drivers.get("mains_meter", "")),
        _yes("lock" in connector),
        _yes("card_reader" in board.drivers),
    )


def _yes(fitted: bool) -> str:
    return "yes" if fitted else ""


def _meter(name: str) -> str:
    return MAPS[name].name if name in MAPS else ""


def _dotted(version: tuple) -> str:
    return ".".join([str(part) for part in version])


def pin_table(of: list[Board]) -> str:
    """The pins of several boards beside each other."""
    names: list[tuple[Holder, str]] = []
    for holder in holders(of[0]):
        names += [(holder, name) for name in holder.wires()]
    rows = []
    for holder, name in names:
        cells = [_pin(board, holder.where, name) for board in of]
        if any(cells):
            rows.append((f"`{name}`", holder.wires()[name][1].end, *cells))
    return table(("pin", "wire", *[board.name for board in of]), rows)


def _pin(board: Board, where: str, name: str) -> str:
    found = [
        use.pin
        for holder in holders(board)
        if holder.where == where
        for use in holder.uses()
        if use.name == name
    ]
    return label(chip_of(board), found[0]) if found else ""


def pins_of(board: Board) -> str:
    """Every pin of one board."""
    chip = chip_of(board)
    rows = [
        (label(chip, use.pin), f"`{use.name}`", use.where or "board", what.title, use.wire.end)
        for holder in holders(board)
        for role, what in holder.parts.items()
        for use in holder.uses()
        if use.role == role
    ]
    return table(("pin", "name", "of", "part", "wire"), rows)


def facts_of(board: Board) -> str:
    """The figures of each outlet's circuit."""
    rows = []
    for number, connector in enumerate(board.connectors, 1):
        rows += [(str(number), what, value) for what, value in figures(connector)]
    return table(("outlet", "fact", "value"), rows)


def figures(connector: Connector) -> list[tuple[str, str]]:
    """What a technician measures or reads off, with units."""
    (low_mv, low_pin_mv), (high_mv, high_pin_mv) = connector.pilot_points
    found = [
        ("rating", f"{connector.rated_ma // 1000} A, {connector.phases} phases"),
        ("cable", f"{connector.cable_ma // 1000} A" if connector.cable_ma else "none: a socket"),
        ("pilot at the pin", f"{low_mv} mV: {low_pin_mv} mV; {high_mv} mV: {high_pin_mv} mV"),
        ("contactor releases within", f"{connector.contactor_release_ms} ms"),
        (
            "temperature sensor",
            f"{ohms(connector.ntc[0])}, B {connector.ntc[1]}, {ohms(connector.ntc[2])} to the supply",
        ),
        ("supply of the resistors", f"{connector.supply_mv} mV"),
        ("meter", f"{_meter(connector.drivers.get('meter', ''))}, address {connector.meter_address}"),
    ]
    if "proximity" in connector.drivers:
        found.append(("proximity pilot", f"{ohms(connector.proximity_pull_ohm)} to the supply"))
    if "lock" in connector.drivers:
        found.append(("lock's motor runs", f"{connector.lock_ms} ms"))
    return found


def flaws(board: Board) -> str:
    """What is known to be imperfect, as a list."""
    return "\n".join([f"- {flaw}" for flaw in board.flaws])


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    return "\n".join([_line(head), _line(["---"] * len(head)), *[_line(cells) for cells in rows]])


def _line(cells: Iterable[str]) -> str:
    # A bar in a cell would begin the next one.
    return "| " + " | ".join([re.sub(r"\|", r"\\|", cell) for cell in cells]) + " |"


def renewed(text: str, blocks: dict[str, str]) -> str:
    """`text` with each block between `<!-- NAME -->` and `<!-- /NAME -->` written anew."""
    for name, written in blocks.items():
        before, opened, rest = text.partition(f"<!-- {name} -->\n")
        _, closed, after = rest.partition(f"<!-- /{name} -->")
        if not opened or not closed:
            raise ValueError(f"the page has no place for '{name}': add the two comments around it")
        text = before + opened + written + "\n" + closed + after
    return text


if __name__ == "__main__":
    for place, content in pages().items():
        place.write_text(content, encoding="utf-8")
