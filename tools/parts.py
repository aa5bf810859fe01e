"""What hangs on the pins of a charger: each part with its wires, as boards name them in `boards.facts`."""

from collections.abc import Iterator
from typing import NamedTuple

from boards.chips import CHIPS, Chip
from boards.facts import Board, Connector


class Wire(NamedTuple):
    """One wire of a part: what the pin must be able to do, which way it goes, and what is at its end."""

    kind: str
    """'gpio', 'pwm', 'adc', 'uart' or 'i2c'."""
    out: bool
    end: str


class Part(NamedTuple):
    """A part of a connector or of the board, and its wires by name."""

    title: str
    wires: dict[str, Wire]
    optional: tuple[str, ...] = ()


CONNECTOR_PARTS = {
    "pilot": Part(
        "Control pilot",
        {
            "pilot": Wire("pwm", True, "control pilot (CP), to the car"),
            "pilot_sense": Wire("adc", False, "control pilot (CP), measured"),
            "pilot_high": Wire("adc", False, "control pilot (CP), upper level"),
            "pilot_low": Wire("adc", False, "control pilot (CP), lower level"),
            "pilot_relay": Wire("gpio", True, "relay: takes the pilot off the wire"),
        },
        ("pilot_sense", "pilot_high", "pilot_low", "pilot_relay"),
    ),
    "contactor": Part(
        "Contactor",
        {
            "contactor": Wire("gpio", True, "coil"),
            "mirror": Wire("gpio", False, "mirror contact"),
        },
    ),
    "rcd": Part(
        "Residual-current device",
        {
            "trip": Wire("gpio", False, "trip line"),
            "test": Wire("gpio", True, "test input"),
        },
    ),
    "proximity": Part("Proximity pilot", {"proximity": Wire("adc", False, "proximity contact")}),
    "temperature": Part("Temperature", {"temperature": Wire("adc", False, "sensor")}),
    "lock": Part(
        "Lock of the socket",
        {
            "lock_a": Wire("gpio", True, "H-bridge: lock"),
            "lock_b": Wire("gpio", True, "H-bridge: unlock"),
            "locked": Wire("gpio", False, "position switch"),
        },
    ),
    "phase_switch": Part(
        "Phase switch",
        {
            "phase_switch": Wire("gpio", True, "coil: joins L2 and L3"),
            "phase_feedback": Wire("gpio", False, "auxiliary contact"),
        },
    ),
    "earth": Part("Protective earth", {"earth": Wire("gpio", False, "supervision of earth")}),
    "meter_port": Part(
        "Meter",
        {
            "meter_tx": Wire("uart", True, "RS485"),
            "meter_rx": Wire("uart", False, "RS485, receiver"),
        },
    ),
    "meter": Part("Meter", {}),
}
"""By role, in the order in which people wire them."""

BOARD_PARTS = {
    "lamp": Part(
        "Lamp",
        {
            "red": Wire("pwm", True, "red"),
            "green": Wire("pwm", True, "green"),
            "blue": Wire("pwm", True, "blue"),
        },
    ),
    "button": Part("Button", {"button": Wire("gpio", False, "contact to ground: 0 = pressed")}),
    "card_reader": Part(
        "Card reader",
        {"sda": Wire("i2c", True, "data"), "scl": Wire("i2c", True, "clock")},
    ),
    "mains_port": Part(
        "Meter of the house",
        {
            "mains_tx": Wire("uart", True, "RS485"),
            "mains_rx": Wire("uart", False, "RS485, receiver"),
        },
    ),
    "mains_meter": Part("Meter of the house", {}),
    "store": Part("Store", {}),
    "clock": Part("Clock", {}),
    "watchdog": Part("Watchdog", {}),
    "network": Part("Network", {}),
}

BUS = {"gpio.fram": ("sda", "scl")}
"""Wires of a part's driver that it shares with the card reader."""


class Use(NamedTuple):
    """A pin that a definition gives to a wire."""

    where: str
    """'' for the board, else 'connector 1' and so on."""
    role: str
    name: str
    pin: int | str
    wire: Wire

    def __str__(self) -> str:
        return f"'{self.name}' of {self.where}" if self.where else f"'{self.name}'"


class Holder(NamedTuple):
    """The board, or one of its connectors: what has drivers and pins."""

    where: str
    facts: Board | Connector
    parts: dict[str, Part]

    @property
    def prefix(self) -> str:
        """What a sentence about it begins with."""
        return f"{self.where}: " if self.where else ""

    def wires(self) -> dict[str, tuple[str, Wire]]:
        """Every wire that its parts could have: name to (role, wire)."""
        return {name: (role, wire) for role, part in self.parts.items() for name, wire in part.wires.items()}

    def uses(self) -> list[Use]:
        """Its pins that have a meaning, in the order of the parts."""
        pins = self.facts.pins
        found = self.wires().items()
        return [Use(self.where, role, name, pins[name], wire) for name, (role, wire) in found if name in pins]


def holders(board: Board) -> Iterator[Holder]:
    """The connectors of a board, and then the board itself."""
    for number, connector in enumerate(board.connectors, 1):
        yield Holder(f"connector {number}", connector, CONNECTOR_PARTS)
    yield Holder("", board, BOARD_PARTS)


def uses(board: Board) -> list[Use]:
    """Every pin of a board that has a meaning."""
    return [use for holder in holders(board) for use in holder.uses()]


def chip_of(board: Board) -> Chip:
    """The processor of a board; one that restricts nothing where it is not known."""
    return CHIPS.get(board.chip, Chip(title=board.chip))


def label(chip: Chip, pin: int | str) -> str:
    """A pin as people read it on the module."""
    return f"{chip.prefix}{pin}"
