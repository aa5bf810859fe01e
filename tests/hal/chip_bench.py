"""A chip with one connector's pins, for the drivers that run on it: made from a few facts, wired by hand."""

import importlib
from contextlib import contextmanager

from boards.facts import Board, Connector
from simulator.pins.chip import Chip

RP2_PINS = {
    "pilot": 6,
    "pilot_relay": 7,
    "contactor": 8,
    "mirror": 9,
    "trip": 10,
    "test": 11,
    "lock_a": 12,
    "lock_b": 13,
    "locked": 14,
    "phase_switch": 15,
    "phase_feedback": 16,
    "earth": 17,
    "pilot_sense": 26,
    "proximity": 27,
    "temperature": 28,
}
ESP32_PINS = RP2_PINS | {
    "pilot": 5,
    "pilot_sense": 1,
    "temperature": 2,
    "proximity": 3,
    "phase_feedback": 18,
    "earth": 21,
}
PINS = {"rp2040": RP2_PINS, "rp2350": RP2_PINS, "esp32s3": ESP32_PINS}
CHIPS = list(PINS)


class Parts:
    """The parts made so far."""

    def __init__(self, **parts):
        for role, part in parts.items():
            setattr(self, role, part)


class ChipBench:
    """One chip, its connector's facts, and hands on every wire by the name of its pin."""

    def __init__(self, chip, facts):
        self.chip = chip
        self.facts = facts

    def make(self, driver, number=1, **parts):
        """The part of a driver, as the firmware makes it."""
        module = importlib.import_module(f"hal.{driver}")
        return module.make(self.facts, number, Parts(**parts))

    def node(self, name):
        return self.chip.pin(self.facts.pins[name])

    def level(self, name):
        return self.node(name).level

    def feed(self, name, level):
        self.node(name).feed_level(level)

    def feed_mv(self, name, millivolts):
        self.node(name).feed(millivolts if callable(millivolts) else lambda at_us: millivolts)

    def edges(self, name):
        """A list that gets (level, us) of each change from now on."""
        found = []
        self.node(name).watch(lambda level, now_us: found.append((level, now_us)))
        return found

    def pass_ms(self, ms):
        self.chip.advance(ms * 1000)

    @property
    def now_us(self):
        return self.chip.now_us

    @property
    def now_ms(self):
        return self.chip.now_us // 1000


@contextmanager
def bench_of(chip="rp2350", seed=1, **facts):
    """A `ChipBench` whose drivers may be imported and run inside the block."""
    connector = Connector(**{"pins": PINS[chip], **facts})
    made = Chip(Board(name="bench", chip=chip, connectors=(connector,)), seed=seed)
    with made.install():
        yield ChipBench(made, connector)
