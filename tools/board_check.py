"""Whether a board's definition can be true: a sentence for each fact that cannot, for whoever installs it.

    python -m tools.board_check [BOARD...]

Exit code 0: nothing found; 1: findings, a line each; 2: no such board. It knows what processors and papers
say. Whether the copper is as the definition says, only a measurement on it can tell.
"""

import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import boards
from boards.chips import CHIPS
from boards.facts import Board
from hal.meter_maps import MAINS_UNIT, MAPS
from tools.outlet_check import WRITERS, outlet_findings
from tools.parts import Holder, chip_of, holders
from tools.pin_check import pin_findings

HAL = Path(__file__).resolve().parent.parent / "hal"

REGIONS = ("EU", "UK")
"""With defaults of their own (firmware/regions.py), and all others."""
STALLS = ("handshake", "look-up", "erase", "save")
EXTRAS = ("tls", "page")
AT_MOST = {
    "rp2.pilot": (1, "converter that follows a pilot"),
    "rp2.contactor": (4, "PIO state machines for it"),
}
"""Drivers of which a chip carries only so many, and why."""
METERS = ("meter", "mains_meter")
CHIP_FOLDERS = tuple({chip.family for chip in CHIPS.values()})


def findings(board: Board, hal: Path = HAL) -> list[str]:
    """A sentence for each fact of `board` that cannot be true or may not be released; `hal`: the drivers."""
    found = [*_names(board), *_whole(board)]
    for holder in holders(board):
        found += [holder.prefix + what for what in _drivers(holder, board, hal)]
    for number, connector in enumerate(board.connectors, 1):
        found += [f"connector {number}: {what}" for what in outlet_findings(connector, board)]
    found += _addresses(board)
    if not board.simulated:
        found += [*_processor(board), *pin_findings(board)]
    return found


def _names(board: Board) -> Iterator[str]:
    for fact, text in (("vendor", board.vendor), ("model", board.model)):
        if not 0 < len(text) <= 20:
            yield f"{fact} has {len(text)} characters, and OCPP takes 1 to 20: choose another"
    if not board.connectors:
        yield "it has no connector: name at least one"
    for fact, words, known in (("extras", board.extras, EXTRAS), ("stalls", board.stalls, STALLS)):
        for word in words:
            if word not in known:
                yield f"{fact} has '{word}', which nobody knows: choose of {', '.join(known)}"


def _whole(board: Board) -> Iterator[str]:
    if board.phases not in (1, 3):
        yield f"phases is {board.phases}: a supply has 1 or 3"
    if not 100000 <= board.mains_mv <= 277000:
        yield f"mains_mv is {board.mains_mv}: mains have 100000 to 277000 mV between phase and neutral"
    if board.region not in REGIONS:
        yield f"region is '{board.region}', which has no defaults: choose of {', '.join(REGIONS)}"
    if board.tick_ms not in (10, 20):
        yield f"tick_ms is {board.tick_ms}: the control tick runs every 20 ms, or 10 where the board can"
    if not board.dead_man and not board.simulated:
        yield (
            "nothing opens the contactor when the program stops (dead_man): fit a one-shot or a monostable of"
            " 100 ms"
        )


def _processor(board: Board) -> Iterator[str]:
    chip = CHIPS.get(board.chip)
    if chip is None:
        yield f"chip is '{board.chip}', which nobody knows: choose of {', '.join(CHIPS)}"
        return
    if board.tick_ms < chip.least_tick_ms:
        yield (
            f"tick_ms is {board.tick_ms}, and {chip.title} needs {chip.least_tick_ms} to see the pilot: raise"
            " it"
        )
    if board.tick_on not in chip.ticks:
        yield f"the tick cannot run on '{board.tick_on}' of {chip.title}: choose of {', '.join(chip.ticks)}"
    elif board.tick_on == "timer" and chip.hard_timer and board.lowest_micropython < chip.hard_timer:
        yield f"a hard timer needs MicroPython {_version(chip.hard_timer)}: raise lowest_micropython"
    if board.lowest_micropython < chip.since:
        yield f"{chip.title} needs MicroPython {_version(chip.since)}: raise lowest_micropython"
    for extra in board.extras:
        if extra in chip.lacks_room:
            yield f"extras has '{extra}', and {chip.title} has no memory for it: leave it out"
    for driver, (most, why) in AT_MOST.items():
        count = sum(driver in connector.drivers.values() for connector in board.connectors)
        if count > most:
            yield (
                f"{count} connectors have the driver '{driver}', and there is {most} {why}: have fewer"
                " connectors"
            )
    for word in _undeclared(board):
        yield f"'{word}' stops the tick of this board, and stalls does not say so: add it"


def _undeclared(board: Board) -> list[str]:
    chip = chip_of(board)
    needed = ["erase", "save"] if board.drivers.get("store") in WRITERS else []
    if "tls" in board.extras and (chip.waits_for_c or board.tick_on == "task"):
        needed.append("handshake")
    return [word for word in needed if word not in board.stalls]


def _version(version: tuple) -> str:
    return ".".join([str(part) for part in version])


def _drivers(holder: Holder, board: Board, hal: Path) -> Iterator[str]:
    found = [_driver(role, name, board, hal) for role, name in holder.facts.drivers.items()]
    yield from filter(None, found)
    port = {"meter": "meter_port", "mains_meter": "mains_port"}
    for role in METERS:
        if role in holder.facts.drivers and port[role] not in holder.facts.drivers:
            yield f"the part '{role}' has no line to its meter: name a driver for '{port[role]}'"


def _driver(role: str, name: str, board: Board, hal: Path) -> str:
    if name == "simulated":
        simulated = "the part '%s' is a simulator's, and no release energises with it: name a real driver"
        return "" if board.simulated else simulated % role
    if role in METERS and name in MAPS:
        return ""
    if role in METERS:
        return f"no meter is called '{name}': choose of {', '.join(MAPS)}"
    what = f"the part '{role}' has the driver '{name}'"
    folder, _, module = name.partition(".")
    file = hal / folder / f"{module}.py"
    if not module or not file.is_file():
        return f"{what}, and there is no file hal/{name.replace('.', '/')}.py: mend it"
    if "\ndef make(" not in file.read_text(encoding="utf-8"):
        return f"{what}, which makes no part: name a module of hal with a 'make'"
    chip = chip_of(board)
    foreign = name in chip.lacks_drivers or (folder in CHIP_FOLDERS and folder != chip.family)
    if foreign and not board.simulated:
        return f"{what}, which does not run on {chip.title}: choose another"
    return ""


def _addresses(board: Board) -> Iterator[str]:
    meters = [
        (connector.pins.get("meter_tx"), connector.meter_address, f"connector {number}")
        for number, connector in enumerate(board.connectors, 1)
        if "meter" in connector.drivers
    ]
    if "mains_meter" in board.drivers:
        meters.append((board.pins.get("mains_tx"), MAINS_UNIT, "the house"))
    for (line, address, one), (other_line, other_address, other) in combinations(meters, 2):
        if line is not None and line == other_line and address == other_address:
            yield (
                f"the meters of {one} and of {other} both have address {address} on one line: give one"
                " another address"
            )


def main(names: list[str]) -> int:
    """Print what is found in the boards called `names`, or in all."""
    try:
        found = [
            f"{name}: {what}." for name in names or boards.names() for what in findings(boards.load(name))
        ]
    except boards.UnknownBoard as error:
        print(f"{error}.", file=sys.stderr)
        return 2
    for line in found:
        print(line)
    if not found:
        print(f"{', '.join(names or boards.names())}: nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
