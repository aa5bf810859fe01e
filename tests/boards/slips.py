"""What goes wrong when somebody writes a board's definition: one slip each, and what must be said of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from boards.facts import Board, Connector
from hal.meter_maps import MAINS_UNIT
from tools.parts import chip_of, uses

Draw = Callable[[st.SearchStrategy], Any]


class Slip(NamedTuple):
    """Makes a slip in a board, or None where that board cannot have it; `said` is in what is found."""

    make: Callable[[Board, Draw], Board | None]
    said: str


def facts_of(facts):
    """What a board or a connector states itself."""
    return dict(vars(facts))


def board_with(board, **changes):
    """The same board, other facts."""
    return Board(**{**facts_of(board), **changes})


def outlet_with(board, **changes):
    """The same board, with other facts of its first connector."""
    first = Connector(**{**facts_of(board.connectors[0]), **changes})
    return board_with(board, connectors=(first, *board.connectors[1:]))


def pins_with(board, **pins):
    """The same board, with other pins of its first connector."""
    return outlet_with(board, pins={**board.connectors[0].pins, **pins})


def without(mapping, *names):
    """The mapping without these."""
    return {name: value for name, value in mapping.items() if name not in names}


def numbered(board):
    """Whether its pins are numbers."""
    return not chip_of(board).named


def double(board, draw):
    """Two wires on one pin."""
    found = [use for use in uses(board) if use.where and use.wire.kind == "gpio"]
    one, other = draw(st.permutations(found))[:2]
    return pins_with(board, **{one.name: other.pin})


def pin_that_is_not_there(board, draw):
    """A number that the chip does not have, or a text that is no line."""
    there = chip_of(board).pins
    wrong = st.integers(-5, 90).filter(lambda pin: pin not in there)
    return pins_with(board, trip=draw(wrong if numbered(board) else st.sampled_from(["17", 17, "gpiochip0"])))


def taken_pin(board, draw):
    """A pin that the module needs itself."""
    taken = chip_of(board).taken
    return pins_with(board, trip=draw(st.sampled_from(sorted(taken)))) if taken else None


def digital_pin(board, draw):
    """A voltage on a pin without a converter."""
    chip = chip_of(board)
    pins = [pin for pin in chip.pins if pin not in chip.analogue and pin not in chip.taken]
    return pins_with(board, temperature=draw(st.sampled_from(pins))) if pins else None


def silenced_pin(board, draw):
    """A voltage on a converter that Wi-Fi silences."""
    chip = chip_of(board)
    pins = [pin for pin, unit in chip.analogue.items() if unit in chip.silenced]
    return pins_with(board, temperature=draw(st.sampled_from(pins))) if pins else None


def same_slice(board, draw):
    """A lamp on the other channel of the pilot's slice."""
    if not chip_of(board).slices:
        return None
    colour = draw(st.sampled_from(["red", "green", "blue"]))
    return board_with(board, pins={**board.pins, colour: board.connectors[0].pins["pilot"] ^ 1})


def same_output(board, draw):
    """A lamp on the other pin of the pilot's output."""
    if not chip_of(board).slices:
        return None
    colour = draw(st.sampled_from(["red", "green", "blue"]))
    return board_with(board, pins={**board.pins, colour: board.connectors[0].pins["pilot"] ^ 16})


def wrong_uart(board, draw):
    """Send and receive swapped, or on two UARTs."""
    if not chip_of(board).uart_tx:
        return None
    tx, rx = draw(st.sampled_from([(1, 0), (0, 5), (11, 1), (18, 22)]))
    return pins_with(board, meter_tx=tx, meter_rx=rx)


def one_uart(board, draw):
    """Two lines on pins of one UART."""
    return (
        board_with(board, pins={**board.pins, "mains_tx": 12, "mains_rx": 13})
        if chip_of(board).uart_tx
        else None
    )


def wrong_bus(board, draw):
    """Data and clock swapped."""
    pins = {**board.pins, "sda": 3, "scl": 2}
    return board_with(board, pins=pins) if chip_of(board).i2c_sda else None


def two_devices(board, draw):
    """Linux: one serial device sends, and another receives."""
    return pins_with(board, meter_rx="/dev/ttyS9") if not numbered(board) else None


def missing_pin(board, draw):
    """A part without one of its wires."""
    optional = ("pilot_relay", "pilot_sense", "pilot_high", "pilot_low")
    name = draw(st.sampled_from([name for name in board.connectors[0].pins if name not in optional]))
    return outlet_with(board, pins=without(board.connectors[0].pins, name))


def missing_sense(board, draw):
    """Nothing looks at the pilot."""
    return outlet_with(board, pins=without(board.connectors[0].pins, "pilot_sense", "pilot_high"))


def lock_without_feedback(board, draw):
    """A lock that nobody asks where it is."""
    if "lock" not in board.connectors[0].drivers:
        return None
    return outlet_with(board, pins=without(board.connectors[0].pins, "locked"))


def socket_without_proximity(board, draw):
    """A socket that takes any cable."""
    connector = board.connectors[0]
    return outlet_with(
        board,
        cable_ma=0,
        drivers=without(connector.drivers, "proximity"),
        pins=without(connector.pins, "proximity"),
    )


def driver_of_nobody(board, draw):
    """A driver that is no file."""
    name = draw(st.sampled_from(["gpio.rdc", "rcd", "rp2.rcd.line", "", "gpio."]))
    return outlet_with(board, drivers={**board.connectors[0].drivers, "rcd": name})


def driver_of_another_chip(board, draw):
    """A driver that runs on another processor."""
    others = {"rp2.pilot", "esp32.pilot", "linux.pilot"} - {board.connectors[0].drivers["pilot"]}
    driver = draw(st.sampled_from(sorted(others)))
    return outlet_with(board, drivers={**board.connectors[0].drivers, "pilot": driver})


def with_station(board):
    """The board with the network of a microcontroller."""
    return board_with(board, drivers={**board.drivers, "network": "wifi.station"})


def soft_timer_of_old(board, draw):
    """A hard timer that this MicroPython has not."""
    if not chip_of(board).hard_timer:
        return None
    return board_with(board, tick_on="timer", lowest_micropython=(1, draw(st.integers(25, 26))))


def short_tick(board, draw):
    """A tick in which the pilot cannot be seen."""
    return board_with(board, tick_ms=10) if chip_of(board).least_tick_ms > 10 else None


def tick_elsewhere(board, draw):
    """A tick where the chip has nothing that ticks."""
    places = {"core", "timer", "thread", "tasks", ""} - set(chip_of(board).ticks)
    return board_with(board, tick_on=draw(st.sampled_from(sorted(places))))


def too_much(board, draw):
    """An extra that the chip has no room for."""
    lacking = chip_of(board).lacks_room
    return board_with(board, extras=(draw(st.sampled_from(lacking)),)) if lacking else None


def silent_stall(board, draw):
    """Something that stops the tick and is not declared."""
    if not board.stalls:
        return None
    word = draw(st.sampled_from(board.stalls))
    return board_with(board, stalls=tuple(stall for stall in board.stalls if stall != word))


def interrupt_instead_of_gate(board, draw):
    """A trip that has to wait for what stops interrupts, or that finds none."""
    return outlet_with(board, rcd_path="hard_irq")


def two_pilots(board, draw):
    """Two connectors on a chip with one converter."""
    if board.connectors[0].drivers["pilot"] != "rp2.pilot":
        return None
    return board_with(board, connectors=board.connectors * 2)


def one_address(board, draw):
    """Two meters with one address on one line."""
    board = outlet_with(board, meter_address=MAINS_UNIT)
    return pins_with(board, meter_tx=board.pins["mains_tx"], meter_rx=board.pins["mains_rx"])


def levels(fact):
    """A level that is none."""
    return lambda board, draw: outlet_with(board, **{fact: draw(st.sampled_from([-1, 2, "high"]))})


SLIPS = {
    "pin used twice": Slip(double, "used twice"),
    "pin that the chip has not": Slip(pin_that_is_not_there, "'trip' of connector 1"),
    "pin that the module takes": Slip(taken_pin, "choose another pin"),
    "voltage on a digital pin": Slip(digital_pin, "cannot measure one"),
    "converter silenced by Wi-Fi": Slip(silenced_pin, "does not work while Wi-Fi is on"),
    "lamp on the pilot's slice": Slip(same_slice, "share a PWM slice"),
    "lamp on the pilot's output": Slip(same_output, "the same PWM output"),
    "pins that are no UART": Slip(wrong_uart, "not the two wires of one UART"),
    "two lines on one UART": Slip(one_uart, "both UART 0"),
    "pins that are no I2C": Slip(wrong_bus, "not the two wires of one I2C"),
    "two devices for one line": Slip(two_devices, "are two devices"),
    "wire that is missing": Slip(missing_pin, "say where it is wired"),
    "pilot that nobody sees": Slip(missing_sense, "nothing reads the pilot"),
    "lock without feedback": Slip(lock_without_feedback, "needs the pin 'locked'"),
    "socket without proximity": Slip(socket_without_proximity, "it has a socket"),
    "misspelt pin": Slip(lambda board, draw: pins_with(board, tripp=22), "no pin is called 'tripp'"),
    "pin of a part that is not fitted": Slip(
        lambda board, draw: outlet_with(board, drivers=without(board.connectors[0].drivers, "earth")),
        "'earth' is wired",
    ),
    "misspelt part": Slip(
        lambda board, draw: outlet_with(board, drivers={**board.connectors[0].drivers, "rdc": "gpio.rcd"}),
        "no part is called 'rdc'",
    ),
    "driver that is no file": Slip(driver_of_nobody, "there is no file hal/"),
    "module that is no driver": Slip(
        lambda board, draw: outlet_with(board, drivers={**board.connectors[0].drivers, "rcd": "gpio.lines"}),
        "which makes no part",
    ),
    "Wi-Fi of a chip on Linux": Slip(
        lambda board, draw: None if numbered(board) else with_station(board), "does not run on a single-board"
    ),
    "driver of another chip": Slip(driver_of_another_chip, "does not run on"),
    "simulated part": Slip(
        lambda board, draw: outlet_with(board, drivers={**board.connectors[0].drivers, "rcd": "simulated"}),
        "the part 'rcd' is a simulator's",
    ),
    "meter of nobody": Slip(
        lambda board, draw: outlet_with(board, drivers={**board.connectors[0].drivers, "meter": "sdm631"}),
        "no meter is called 'sdm631'",
    ),
    "meter without a line": Slip(
        lambda board, draw: outlet_with(board, drivers=without(board.connectors[0].drivers, "meter_port")),
        "no line to its meter",
    ),
    "address out of range": Slip(
        lambda board, draw: outlet_with(board, meter_address=draw(st.sampled_from([-1, 0, 248, 1000]))),
        "addresses on a line are 1 to 247",
    ),
    "one address twice": Slip(one_address, "both have address 2 on one line"),
    "connector above the board": Slip(
        lambda board, draw: outlet_with(board, rated_ma=board.rated_ma + draw(st.integers(1, 40000))),
        "and the whole board",
    ),
    "cable above the connector": Slip(
        lambda board, draw: outlet_with(board, cable_ma=board.rated_ma + draw(st.integers(1, 40000))),
        "its cable is rated",
    ),
    "cable below any offer": Slip(
        lambda board, draw: outlet_with(board, cable_ma=draw(st.integers(1, 5999))), "below the least offer"
    ),
    "rating below any offer": Slip(
        lambda board, draw: outlet_with(board, rated_ma=draw(st.integers(-1, 5999)), cable_ma=0),
        "cannot be offered",
    ),
    "unknown phases": Slip(
        lambda board, draw: outlet_with(board, phases=draw(st.sampled_from([0, 2, 4, "3"]))),
        "phases on a supply",
    ),
    "unknown phases of the supply": Slip(
        lambda board, draw: board_with(board, phases=draw(st.sampled_from([0, 2, 4]))), "a supply has 1 or 3"
    ),
    "more phases than the supply": Slip(
        lambda board, draw: board_with(board, phases=1), "phases on a supply of 1"
    ),
    "volts for millivolts": Slip(lambda board, draw: board_with(board, mains_mv=230), "mains_mv is 230"),
    "unknown region": Slip(lambda board, draw: board_with(board, region="GB"), "region is 'GB'"),
    "slow contactor": Slip(
        lambda board, draw: outlet_with(board, contactor_release_ms=draw(st.integers(51, 500))),
        "choose a contactor that releases faster",
    ),
    "tick of another period": Slip(
        lambda board, draw: board_with(
            board, tick_ms=draw(st.integers(0, 100).filter(lambda ms: ms not in (10, 20)))
        ),
        "the control tick runs every 20 ms",
    ),
    "tick too short for the chip": Slip(short_tick, "to see the pilot"),
    "tick nowhere": Slip(tick_elsewhere, "the tick cannot run on"),
    "hard timer of old": Slip(soft_timer_of_old, "a hard timer needs MicroPython 1.27"),
    "MicroPython too old": Slip(
        lambda board, draw: board_with(board, lowest_micropython=(1, draw(st.integers(0, 24)))),
        "needs MicroPython 1.25",
    ),
    "no dead-man": Slip(lambda board, draw: board_with(board, dead_man=""), "nothing opens the contactor"),
    "no path for a trip": Slip(
        lambda board, draw: outlet_with(board, rcd_path=""), "no trip opens the contactor"
    ),
    "path of nobody": Slip(lambda board, draw: outlet_with(board, rcd_path="gate"), "rcd_path is 'gate'"),
    "interrupt instead of a gate": Slip(interrupt_instead_of_gate, "rcd_path is 'hard_irq'"),
    "two pilots on one converter": Slip(two_pilots, "have fewer connectors"),
    "unknown chip": Slip(lambda board, draw: board_with(board, chip="stm32"), "chip is 'stm32'"),
    "extra without room": Slip(too_much, "has no memory for it"),
    "unknown extra": Slip(lambda board, draw: board_with(board, extras=("radio",)), "extras has 'radio'"),
    "unknown stall": Slip(
        lambda board, draw: board_with(board, stalls=(*board.stalls, "flash")), "stalls has 'flash'"
    ),
    "stall that is not declared": Slip(silent_stall, "and stalls does not say so"),
    "divider too high": Slip(
        lambda board, draw: outlet_with(
            board, pilot_divider=(), pilot_points=((-12000, 300), (12000, draw(st.integers(3300, 5000))))
        ),
        "choose other resistors",
    ),
    "divider too low": Slip(
        lambda board, draw: outlet_with(
            board, pilot_divider=(), pilot_points=((12000, 2500), (-12000, draw(st.integers(-2000, 0))))
        ),
        "choose other resistors",
    ),
    "divider of one point": Slip(
        lambda board, draw: outlet_with(board, pilot_points=((-12000, 300), (-12000, 3000))), "no two points"
    ),
    "divider upside down": Slip(
        lambda board, draw: outlet_with(board, pilot_points=((-12000, 2900), (12000, 300))), "no two points"
    ),
    "divider of other resistors": Slip(
        lambda board, draw: outlet_with(
            board, pilot_divider=draw(st.sampled_from([(100000, 22000, 33000), (47000, 22000, 27000)]))
        ),
        "the resistors of pilot_divider",
    ),
    "lock that drives too long": Slip(
        lambda board, draw: outlet_with(board, lock_ms=draw(st.sampled_from([0, 1001, 10000]))), "lock_ms is"
    ),
    "phase switch without phases": Slip(
        lambda board, draw: outlet_with(board, phases=1), "it switches phases, and has only one"
    ),
    **{
        f"{fact} that is none": Slip(levels(fact), f"{fact} is")
        for fact in vars(Connector)
        if fact.endswith("_level")
    },
    "no connector": Slip(lambda board, draw: board_with(board, connectors=()), "it has no connector"),
    "name too long": Slip(lambda board, draw: board_with(board, model="x" * 21), "OCPP takes 1 to 20"),
}
