"""Whether a processor's pins can do what a board asks of them: a sentence for each that cannot."""

import re
from collections.abc import Iterator
from itertools import combinations

from boards.chips import PATTERNS, Chip
from boards.facts import Board
from tools.parts import BUS, Holder, Use, chip_of, holders, label, uses

SECOND = {"meter_tx": "meter_rx", "mains_tx": "mains_rx", "sda": "scl"}
"""The other wire of a bus."""


def pin_findings(board: Board) -> Iterator[str]:
    """A sentence for each pin that is missing, misnamed, double or unable."""
    chip = chip_of(board)
    for holder in holders(board):
        yield from _names(holder)
        yield from _missing(holder)
    found = uses(board)
    for use in found:
        yield from _existence(use, chip)
        yield from _converter(use, chip, board)
    yield from _doubles(found, chip)
    yield from _pwm(found, chip)
    yield from _buses(found, chip)


def _names(holder: Holder) -> Iterator[str]:
    wires = holder.wires()
    for name, pin in holder.facts.pins.items():
        if name not in wires:
            known = ", ".join(wires)
            yield f"{holder.prefix}no pin is called '{name}', so {pin} goes nowhere; the names are {known}"
        elif not _fitted(holder, name):
            role = wires[name][0]
            yield (
                f"{holder.prefix}'{name}' is wired, but the part '{role}' has no driver: name one, or free"
                " the pin"
            )


def _fitted(holder: Holder, name: str) -> bool:
    drivers = holder.facts.drivers
    return holder.wires()[name][0] in drivers or any(
        name in BUS.get(driver, ()) for driver in drivers.values()
    )


def _missing(holder: Holder) -> Iterator[str]:
    pins = holder.facts.pins
    for role, driver in holder.facts.drivers.items():
        part = holder.parts.get(role)
        if part is None:
            known = ", ".join(holder.parts)
            yield (
                f"{holder.prefix}no part is called '{role}', and its driver would never be made; parts are"
                f" {known}"
            )
            continue
        for name in [*part.wires, *BUS.get(driver, ())]:
            if name not in pins and name not in part.optional:
                yield f"{holder.prefix}the driver '{driver}' needs the pin '{name}': say where it is wired"
        if (
            role == "pilot"
            and "pilot_sense" not in pins
            and not ("pilot_high" in pins and "pilot_low" in pins)
        ):
            yield (
                f"{holder.prefix}nothing reads the pilot, so no car would ever be seen: wire 'pilot_sense',"
                " or 'pilot_high' and 'pilot_low'"
            )


def _existence(use: Use, chip: Chip) -> Iterator[str]:
    if chip.named:
        form = PATTERNS[use.wire.kind]
        pattern = form.replace("NAME", r"[\w/-]+").replace("N", r"\d+")
        if not re.fullmatch(pattern, str(use.pin)):
            yield f"{use} cannot be {use.pin!r}: on {chip.title} it is called as in '{form}'"
    elif use.pin not in chip.pins:
        yield f"{use} is on {use.pin!r}, which {chip.title} does not have: choose another pin"
    elif use.pin in chip.taken:
        yield f"{use} is on {label(chip, use.pin)}, which {chip.taken[use.pin]}: choose another pin"


def _converter(use: Use, chip: Chip, board: Board) -> Iterator[str]:
    if use.wire.kind != "adc" or chip.named or use.pin not in chip.pins:
        return
    converter = chip.analogue.get(use.pin)
    if converter is None:
        able = ", ".join([label(chip, pin) for pin in chip.analogue if pin not in chip.taken])
        yield f"{use} is a voltage, and {label(chip, use.pin)} cannot measure one: use one of {able}"
    elif converter in chip.silenced and board.drivers.get("network", "").startswith("wifi."):
        able = ", ".join([label(chip, pin) for pin, unit in chip.analogue.items() if unit != converter])
        yield (
            f"{use} is on {label(chip, use.pin)}, whose converter {converter} does not work while Wi-Fi is"
            f" on: use one of {able}"
        )


def _doubles(found: list[Use], chip: Chip) -> Iterator[str]:
    # An operating system sends and receives by one device.
    devices = [pair for pair in pairs(found) if chip.named and pair[0].wire.kind == "uart"]
    for one, other in combinations(found, 2):
        if one.pin == other.pin and (one, other) not in devices:
            pin = label(chip, one.pin)
            yield f"{pin} is used twice, for {one} and for {other}: give one of them another pin"
    for one, other in devices:
        if one.pin != other.pin:
            yield f"{one} and {other} are two devices, and one does both: name the same for both"


def _pwm(found: list[Use], chip: Chip) -> Iterator[str]:
    outputs = [use for use in found if use.wire.kind == "pwm"]
    if chip.outputs and len(outputs) > chip.outputs:
        yield (f"{len(outputs)} pins are to be PWM, and {chip.title} has {chip.outputs}: do without some")
    for one, other in combinations(outputs if chip.slices else [], 2):
        what = _clash(one, other, chip.slices)
        if what and one.pin != other.pin:
            places = f"{label(chip, one.pin)} ({one}) and {label(chip, other.pin)} ({other})"
            yield f"{places} {what}: move one of them"


def _clash(one: Use, other: Use, slices: int) -> str:
    if not (isinstance(one.pin, int) and isinstance(other.pin, int)):
        return ""
    if (one.pin >> 1) % slices != (other.pin >> 1) % slices:
        return ""
    if one.pin % 2 == other.pin % 2:
        return "are the same PWM output"
    if (one.name == "pilot") != (other.name == "pilot"):
        return "share a PWM slice and so one frequency, and the pilot needs 1 kHz for itself"
    return ""


def _buses(found: list[Use], chip: Chip) -> Iterator[str]:
    lines = set()
    for first, second in pairs(found):
        bus = first.wire.kind
        ones, others = (chip.uart_tx, chip.uart_rx) if bus == "uart" else (chip.i2c_sda, chip.i2c_scl)
        unit = next((unit for unit, pins in enumerate(ones) if first.pin in pins), None)
        if ones and (unit is None or second.pin not in others[unit]):
            yield _stray(first, second, ones, others, chip)
        elif bus == "uart":
            lines.add((first.pin, second.pin, unit))
    yield from _lines(sorted(lines), chip)


def pairs(found: list[Use]) -> Iterator[tuple[Use, Use]]:
    """The two wires of each bus: TX and RX, SDA and SCL."""
    by_name = {(use.where, use.name): use for use in found}
    for use in found:
        second = by_name.get((use.where, SECOND.get(use.name, "")))
        if second:
            yield use, second


def _stray(first: Use, second: Use, ones: tuple, others: tuple, chip: Chip) -> str:
    bus = first.wire.kind.upper()
    ways = [
        f"{bus} {unit} on {_some(ones[unit], chip)} and {_some(others[unit], chip)}"
        for unit in range(len(ones))
    ]
    return (
        f"{label(chip, first.pin)} and {label(chip, second.pin)} are not the two wires of one {bus}, as"
        f" {first} and {second} must be: {chip.title} has {', '.join(ways)}"
    )


def _some(pins: tuple, chip: Chip) -> str:
    return "/".join([label(chip, pin) for pin in pins if pin not in chip.taken])


def _lines(lines: list[tuple], chip: Chip) -> Iterator[str]:
    if chip.uarts and len(lines) > chip.uarts:
        yield f"there are {len(lines)} serial lines, and {chip.title} has {chip.uarts} UARTs: leave one out"
    for one, other in combinations(lines, 2):
        if one[2] is not None and one[2] == other[2]:
            pins = f"{label(chip, one[0])} and {label(chip, other[0])}"
            yield f"{pins} are both UART {one[2]}, which is one line: move one of them to the other UART"
