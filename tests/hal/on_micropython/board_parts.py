"""The parts of a board that tasks use, made by their drivers on the strict chip. Prints what tests compare.

board_parts.py CHIP
"""

import asyncio
import sys

from boards.facts import Board, Connector
from simulator.pins.chip import Chip

DRIVERS = {"rp2040": "hal.rp2.flash", "esp32s3": "hal.esp32.partition"}


class Parts:
    store = None  # type: object


def load(path):
    __import__(path)
    return sys.modules[path]


def use_store(facts):
    store = load(DRIVERS[facts.chip]).make(facts, 0, None)
    store.program(1, 250, bytes(range(20)))
    store.program(1, 270, b"next")
    print(store.read(1, 248, 30))
    try:
        store.program(1, 250, b"\xff")
    except OSError as error:
        print(error.args)
    store.erase(1)
    print(store.read(1, 248, 4))


def use_clock(chip, facts, parts):
    parts.clock = load("hal.gpio.clock").make(facts, 0, parts)
    print(parts.clock.unix_s())
    parts.clock.set_unix_s(1835481599)
    chip.advance(2000000)
    print(parts.clock.unix_s())


def use_watchdog(chip, facts):
    watchdog = load("hal.gpio.watchdog").make(facts, 0, None)
    print(watchdog.cause)
    watchdog.feed()


def use_line(chip):
    outlet = Connector(pins={"meter_tx": 4, "meter_rx": 5}, drivers={"meter": "we517"})
    line = load("hal.gpio.uart").make(outlet, 1, None)
    heard = []
    chip.serial(4, 5).listen(lambda data, now_us: heard.append(data))
    line.write(bytearray(b"request"))
    chip.serial(4, 5).send(b"answer")
    chip.advance(20000)
    print(heard, line.read(), line.read(), chip.serial(4, 5).bits)


def press(chip, facts, parts):
    button = load("hal.gpio.button").make(facts, 0, parts)
    told = []
    for level in (None, 0, 0, None, None):
        chip.pin(15).feed_level(level)
        chip.advance(30000)
        told.append(button.pressed())
    print(told)


def light(chip, facts, parts):
    lamp = load("hal.gpio.lamp").make(facts, 0, parts)
    lamp.show(0xFF0000, False)
    chip.advance(5000)
    print([chip.pin(pin).level for pin in (16, 17, 18)])


async def join(chip, facts, parts):
    station = load("hal.wifi.station").make(facts, 0, parts)
    chip.air["Home"] = ("password", 6, -50)
    station.start()
    await asyncio.sleep(0)
    print(station.status)
    station.join("Home", "password")
    await asyncio.sleep(0)
    print(station.status)
    chip.advance(5000000)
    print(station.connected, station.scan())
    reader = load("hal.gpio.pn532").make(facts, 0, parts)
    print(reader.read())


class Store:
    data = None

    def load(self, name):
        return self.data

    def save(self, name, data):
        self.data = data


def main(name):
    pins = {"button": 15, "red": 16, "green": 17, "blue": 18, "sda": 12, "scl": 13}
    facts = Board(chip=name, journal=("journal" if name == "esp32s3" else "", 4), pins=pins)
    chip = Chip(facts)
    chip.on_reset = print
    with chip.install():
        parts = Parts()
        parts.store = Store()
        use_store(facts)
        use_clock(chip, facts, parts)
        use_line(chip)
        press(chip, facts, parts)
        light(chip, facts, parts)
        asyncio.run(join(chip, facts, parts))
        use_watchdog(chip, facts)
        chip.advance(9000000)
        use_watchdog(chip, facts)


main(sys.argv[1])
