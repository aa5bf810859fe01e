"""Draws how a board is wired, from its definition: an SVG picture of pins, parts and what is between them."""

from collections.abc import Iterator
from html import escape

from boards.chips import Chip
from boards.facts import Board, Connector
from hal.meter_maps import MAINS_UNIT, MAPS
from tools.parts import Holder, Use, chip_of, holders, label

WIDTH = 980
CHIP_X, CHIP_WIDTH = 20, 230
PART_X, PART_WIDTH = 640, 320
LEFT, RIGHT = CHIP_X + CHIP_WIDTH, PART_X
"""Where wires begin and end."""
ROW, RAISED, TALL, HEAD, GAP = 30, 62, 92, 28, 14
"""Heights: of a wire, with a resistor above it, with resistors on both sides, of a part's title; and the
space between parts."""
NODE = LEFT + 110
"""Where resistors meet a wire."""

STYLE = (
    "text{font:13px system-ui,'DejaVu Sans',sans-serif;fill:#1f2328}"
    ".s{font-size:11px;fill:#59636e}"
    ".m{font:12px ui-monospace,Menlo,'DejaVu Sans Mono',monospace;fill:#0550ae}"
    ".b{font-weight:600}"
    "path,rect{fill:none;stroke:#1f2328;stroke-width:1.3}"
    ".box{fill:#f6f8fa}.chip{fill:#ddf4ff}.safe{fill:#fff8c5}.paper{fill:#fff;stroke:none}.tip{fill:#1f2328}"
)

LEVELS = {
    "contactor": ("contactor_level", "closes"),
    "mirror": ("mirror_level", "power contacts closed"),
    "trip": ("trip_level", "tripped"),
    "test": ("test_level", "tests"),
    "locked": ("lock_level", "locked"),
    "phase_feedback": ("phases_level", "three phases"),
    "earth": ("earth_level", "present"),
}
"""What the level of a wire means: the fact that tells it, and the word."""


class Row:
    """One wire of the picture."""

    def __init__(self, use: Use, holder: Holder, chip: Chip):
        self.use = use
        self.facts = holder.facts
        self.chip = chip
        self.driver = holder.facts.drivers.get(use.role, "")
        self.height, self.axis = self._room()

    def draw(self, top: int) -> Iterator[str]:
        """Its elements, `top` being its upper edge."""
        y = top + self.axis
        use = self.use
        yield text(LEFT - 8, y + 4, label(self.chip, use.pin), "b", "end")
        yield text(CHIP_X + 8, y + 4, function(use, self.chip, self.driver), "s")
        yield path(f"M{LEFT} {y}H{RIGHT}")
        yield tip(RIGHT, y, 1) if use.wire.out else tip(LEFT, y, -1)
        yield text(LEFT + 12, y - 6, use.name, "m")
        yield text(PART_X + 12, y + 4, self._end())
        yield from self._between(y)

    def _end(self) -> str:
        end = self.use.wire.end
        if self.use.name == "temperature" and isinstance(self.facts, Connector):
            ohm, beta, _ = self.facts.ntc
            end = f"NTC {ohms(ohm)}, B {beta}, to ground"
        if self.use.wire.kind == "uart" and self.use.wire.out:
            end += meter(self.facts)
        fact, word = LEVELS.get(self.use.name, ("", ""))
        return f"{end}: {getattr(self.facts, fact)} = {word}" if fact else end

    def _room(self) -> tuple[int, int]:
        # The height, and where in it the wire is.
        if self.use.wire.kind != "adc":
            return ROW, ROW // 2
        return (RAISED, RAISED - ROW // 2) if self.use.role != "pilot" else (TALL, TALL // 2)

    def _between(self, y: int) -> Iterator[str]:
        facts = self.facts
        if not isinstance(facts, Connector):
            return
        name = self.use.name
        if name in ("pilot_sense", "pilot_high", "pilot_low") and facts.pilot_divider:
            series, up, down = facts.pilot_divider
            yield from across(NODE + 190, y, series)
            yield from upward(NODE + 110, y, up, facts.supply_mv)
            yield from downward(NODE + 110, y, down)
        if name in ("pilot_high", "pilot_low"):
            yield from block(NODE, y, 82, "highest" if name == "pilot_high" else "lowest", "box")
        if name == "proximity":
            yield from upward(NODE + 110, y, facts.proximity_pull_ohm, facts.supply_mv)
        if name == "temperature":
            yield from upward(NODE + 110, y, facts.ntc[2], facts.supply_mv)
        if name == "pilot":
            yield from block(NODE, y, 82, "±12 V", "box")
            yield from across(NODE + 190, y, 1000)
        if name == "contactor":
            yield from self._drive(y, facts.rcd_path)

    def _drive(self, y: int, rcd_path: str) -> Iterator[str]:
        if self.driver == "gpio.monostable":
            yield from block(NODE, y, 124, "monostable 100 ms", "safe")
        if rcd_path == "hardware_gate":
            yield from block(NODE + 146, y, 104, "& no RCD trip", "safe")


def picture(board: Board) -> str:
    """The whole drawing."""
    chip = chip_of(board)
    groups = list(_groups(board, chip))
    elements: list[str] = []
    top = 66
    for title, driver, rows in groups:
        height = HEAD + sum(row.height for row in rows)
        elements += part(top, height, title, driver)
        y = top + HEAD
        for row in rows:
            elements += row.draw(y)
            y += row.height
        top += height + GAP
    for number, connector in enumerate(board.connectors, 1):
        elements += power(top + 26, f"Connector {number}", connector, board)
        top += 84
    body = "\n".join(
        [
            rect(0, 0, WIDTH, top + 10, "paper"),
            text(20, 28, board.title, "b"),
            text(20, 46, f"Drawn from boards/{board.name}/definition.py.", "s"),
            rect(CHIP_X, 60, CHIP_WIDTH, _bottom(groups) - 60, "chip"),
            text(CHIP_X + 8, 80, chip.title, "s"),
            *elements,
        ]
    )
    size = f'width="{WIDTH}" height="{top + 10}" viewBox="0 0 {WIDTH} {top + 10}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    return (
        f"{opening}\n<title>{escape(board.title)}: wiring</title>\n<style>{STYLE}</style>\n{body}\n</svg>\n"
    )


def _groups(board: Board, chip: Chip) -> Iterator[tuple[str, str, list[Row]]]:
    several = len(board.connectors) > 1
    for holder in holders(board):
        for role, what in holder.parts.items():
            rows = [Row(use, holder, chip) for use in holder.uses() if use.role == role]
            title = f"{what.title}, {holder.where}" if several and holder.where else what.title
            if rows:
                yield title, holder.facts.drivers.get(role, ""), rows


def _bottom(groups: list) -> int:
    return 66 + sum(HEAD + GAP + sum(row.height for row in rows) for _, _, rows in groups) - GAP + 6


def part(top: int, height: int, title: str, driver: str) -> list[str]:
    """The box of a part with its title and its driver."""
    return [
        rect(PART_X, top, PART_WIDTH, height, "box"),
        text(PART_X + 12, top + 19, title, "b"),
        text(PART_X + PART_WIDTH - 12, top + 19, driver, "s", "end"),
    ]


def power(y: int, title: str, connector: Connector, board: Board) -> list[str]:
    """The way of the current, from the mains to the car."""
    outlet = f"cable, {connector.cable_ma // 1000} A" if connector.cable_ma else "socket, type 2"
    stations = [f"mains, {board.phases} x {board.mains_mv // 1000} V", "meter", "RCD 30 mA AC, 6 mA DC"]
    stations.append(f"contactor, {connector.rated_ma // 1000} A")
    if "phase_switch" in connector.drivers:
        stations.append("phase switch")
    stations.append(outlet)
    drawn = [text(CHIP_X, y - 6, f"{title}, the way of the current", "s")]
    x = CHIP_X
    for index, name in enumerate(stations):
        width = 8 * len(name) + 12
        if index:
            drawn += [path(f"M{x} {y + 18}h20"), tip(x + 20, y + 18, 1)]
            x += 20
        drawn += [rect(x, y + 2, width, 32, "box"), text(x + width // 2, y + 22, name, "", "middle")]
        x += width
    return drawn


def function(use: Use, chip: Chip, driver: str) -> str:
    """What the processor does on that pin, in its own words."""
    if driver == "rp2.contactor" and use.name == "contactor":
        return "PIO one-shot, 100 ms"
    kind = use.wire.kind
    if kind == "pwm" and chip.slices and isinstance(use.pin, int):
        return f"PWM {(use.pin >> 1) % chip.slices}{'AB'[use.pin % 2]}"
    if kind == "adc" and isinstance(use.pin, int):
        return chip.analogue.get(use.pin, "ADC")
    if kind in ("uart", "i2c"):
        units = (chip.uart_tx, chip.uart_rx) if kind == "uart" else (chip.i2c_sda, chip.i2c_scl)
        found = [str(unit) for side in units for unit, pins in enumerate(side) if use.pin in pins]
        return " ".join([kind.upper(), *found[:1]])
    return {"pwm": "PWM", "adc": "ADC"}.get(kind, "out" if use.wire.out else "in")


def meter(facts: Board | Connector) -> str:
    """Which meter is at the end of the line."""
    role, address = (
        ("meter", facts.meter_address) if isinstance(facts, Connector) else ("mains_meter", MAINS_UNIT)
    )
    found = MAPS.get(facts.drivers.get(role, ""))
    return f": {found.name}, address {address}" if found else ""


def ohms(value: int) -> str:
    """A resistor as people write it."""
    return f"{value / 1000:g} kΩ" if value >= 1000 else f"{value} Ω"


def across(x: int, y: int, value: int) -> list[str]:
    """A resistor in the wire."""
    return [
        rect(x, y - 6, 34, 12, "paper"),
        rect(x, y - 6, 34, 12),
        text(x + 17, y - 11, ohms(value), "s", "middle"),
    ]


def upward(x: int, y: int, value: int, supply_mv: int) -> list[str]:
    """A resistor from the wire to the supply."""
    return [
        path(f"M{x} {y}v-6M{x} {y - 30}v-6m-7 0h14"),
        rect(x - 6, y - 30, 12, 24),
        text(x + 12, y - 14, ohms(value), "s"),
        text(x + 12, y - 32, f"{supply_mv / 1000:g} V", "s"),
    ]


def downward(x: int, y: int, value: int) -> list[str]:
    """A resistor from the wire to ground."""
    return [
        path(f"M{x} {y}v6M{x} {y + 30}v5m-8 0h16m-13 3h10m-7 3h4"),
        rect(x - 6, y + 6, 12, 24),
        text(x + 12, y + 22, ohms(value), "s"),
    ]


def block(x: int, y: int, width: int, words: str, style: str) -> list[str]:
    """A box in the wire."""
    return [rect(x, y - 11, width, 22, style), text(x + width // 2, y + 4, words, "s", "middle")]


def tip(x: int, y: int, way: int) -> str:
    """The head of an arrow that ends at `x`."""
    return path(f"M{x} {y}l{-9 * way} -4v8z", "tip")


def path(steps: str, style: str = "") -> str:
    """A line."""
    return f'<path{_class(style)} d="{steps}"/>'


def rect(x: int, y: int, width: int, height: int, style: str = "") -> str:
    """A rectangle."""
    return f'<rect{_class(style)} x="{x}" y="{y}" width="{width}" height="{height}"/>'


def text(x: int, y: int, words: str, style: str = "", anchor: str = "") -> str:
    """A line of text."""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{_class(style)} x="{x}" y="{y}"{placed}>{escape(words)}</text>'


def _class(style: str) -> str:
    return f' class="{style}"' if style else ""
