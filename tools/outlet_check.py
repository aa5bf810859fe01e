"""Whether what a board says of an outlet can be true: ratings, times, the way of a trip, levels, divider."""

from collections.abc import Iterator

from boards.facts import Board, Connector
from tools.parts import chip_of

OPEN_MS = 100
"""From the end of a car's demand to open contacts, at most (IEC 61851-1, table A.6)."""
COMMAND_MS = 50
"""What sampling, debouncing and the tick may take of it."""
LEAST_MA, MOST_MA = 6000, 80000
"""What a pilot can offer (IEC 61851-1, annex A)."""
PILOT_MV = 12600
"""The pilot's 12 V, at their highest."""
DIVIDER_MV = 30
"""How far resistors and points of a divider may be apart at the pin: 1 % of its range."""
RCD_PATHS = ("hardware_gate", "hard_irq")
WRITERS = ("rp2.flash", "esp32.partition")
"""Stores in the flash that the program runs from."""
LEVELS = tuple(name for name in vars(Connector) if name.endswith("_level"))


def outlet_findings(connector: Connector, board: Board) -> Iterator[str]:
    """A sentence for each fact of `connector` that cannot be true, or may not be released."""
    yield from _rating(connector, board)
    yield from _release(connector)
    if not board.simulated:
        yield from _trip(connector, board)
    yield from _parts(connector)
    yield from _divider(connector, board)


def _rating(connector: Connector, board: Board) -> Iterator[str]:
    if connector.phases not in (1, 3) or connector.phases > board.phases:
        yield (
            f"it has {connector.phases} phases on a supply of {board.phases}: state 1, or 3 where the supply"
            " has them"
        )
    if not LEAST_MA <= connector.rated_ma <= MOST_MA:
        yield f"{_amperes(connector.rated_ma)} cannot be offered: a pilot says {LEAST_MA} to {MOST_MA} mA"
    if connector.rated_ma > board.rated_ma:
        yield (
            f"it is rated {_amperes(connector.rated_ma)}, and the whole board {_amperes(board.rated_ma)}:"
            " lower it"
        )
    if connector.cable_ma > connector.rated_ma:
        yield (
            f"its cable is rated {_amperes(connector.cable_ma)}, above the outlet's"
            f" {_amperes(connector.rated_ma)}: state for the cable what the whole outlet carries"
        )
    elif connector.cable_ma and connector.cable_ma < LEAST_MA:
        yield (
            f"its cable is rated {_amperes(connector.cable_ma)}, below the least offer of 6 A: state 0 for a"
            " socket"
        )


def _amperes(milliamperes: int) -> str:
    return f"{milliamperes / 1000:g} A"


def _release(connector: Connector) -> Iterator[str]:
    release_ms = connector.contactor_release_ms
    if release_ms <= 0 or COMMAND_MS + release_ms > OPEN_MS:
        yield (
            f"{COMMAND_MS} ms to the command and {release_ms} ms of the contactor are"
            f" {COMMAND_MS + release_ms} ms, and {OPEN_MS} ms are allowed: choose a contactor that releases"
            " faster"
        )


def _trip(connector: Connector, board: Board) -> Iterator[str]:
    path = connector.rcd_path
    if not path:
        yield (
            "no trip opens the contactor within 1 ms (rcd_path): gate the drive with the trip line in"
            " hardware"
        )
    elif path not in RCD_PATHS:
        yield f"rcd_path is '{path}', which nobody knows: choose of {', '.join(RCD_PATHS)}"
    elif path == "hard_irq" and not chip_of(board).deaf_while_writing:
        yield f"rcd_path is 'hard_irq', and pins of {chip_of(board).title} have none: use a hardware_gate"
    elif path == "hard_irq" and connector.drivers.get("contactor") != "rp2.contactor":
        yield (
            "rcd_path is 'hard_irq', and no interrupt can drop this contactor: drive it with 'rp2.contactor'"
        )
    elif path == "hard_irq" and board.drivers.get("store") in WRITERS:
        yield (
            "rcd_path is 'hard_irq', and the journal's flash holds interrupts up for more than 1 ms: use a"
            " hardware_gate, or keep the journal in FRAM"
        )


def _parts(connector: Connector) -> Iterator[str]:
    drivers = connector.drivers
    if not connector.cable_ma and "proximity" not in drivers:
        yield (
            "it has a socket, and nothing reads the rating of the cable in it: fit 'proximity', or state"
            " cable_ma"
        )
    for fact in LEVELS:
        if getattr(connector, fact) not in (0, 1):
            yield f"{fact} is {getattr(connector, fact)}: a level is 0 or 1"
    if not 0 < connector.lock_ms <= 1000:
        yield f"lock_ms is {connector.lock_ms}: a lock's motor is driven for 1 to 1000 ms"
    if "phase_switch" in drivers and connector.phases == 1:
        yield "it switches phases, and has only one: leave 'phase_switch' out"
    if not 1 <= connector.meter_address <= 247:
        yield f"meter_address is {connector.meter_address}: addresses on a line are 1 to 247"


def _divider(connector: Connector, board: Board) -> Iterator[str]:
    (low_mv, low_pin_mv), (high_mv, high_pin_mv) = sorted(connector.pilot_points)
    if low_mv == high_mv or low_pin_mv >= high_pin_mv:
        yield (
            f"pilot_points {connector.pilot_points} are no two points of a divider: give the pin's mV at two"
            " levels"
        )
        return
    top_mv = min(connector.supply_mv, chip_of(board).full_scale_mv)
    for pilot_mv in (-PILOT_MV, PILOT_MV):
        pin_mv = low_pin_mv + (pilot_mv - low_mv) * (high_pin_mv - low_pin_mv) // (high_mv - low_mv)
        if not 0 <= pin_mv <= top_mv:
            yield (
                f"at {pilot_mv} mV of the pilot the divider brings {pin_mv} mV to the pin, which takes 0 to"
                f" {top_mv}: choose other resistors, and state pilot_points anew"
            )
    for pilot_mv, pin_mv in connector.pilot_points if connector.pilot_divider else ():
        made_mv = divided_mv(connector, pilot_mv)
        if abs(made_mv - pin_mv) > DIVIDER_MV:
            yield (
                f"at {pilot_mv} mV of the pilot the resistors of pilot_divider bring {made_mv} mV to the pin,"
                f" and pilot_points says {pin_mv}: mend one of them"
            )


def divided_mv(connector: Connector, pilot_mv: int) -> int:
    """What the resistors of `pilot_divider` make of the pilot, at the pin (mV)."""
    pilot_ohm, supply_ohm, ground_ohm = connector.pilot_divider
    into = pilot_mv / pilot_ohm + connector.supply_mv / supply_ohm
    return round(into / (1 / pilot_ohm + 1 / supply_ohm + 1 / ground_ohm))
