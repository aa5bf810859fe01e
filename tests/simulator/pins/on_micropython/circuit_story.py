"""A car in front of each board's own drivers, on this runtime: what they see of it."""

import boards
from firmware.fitting import CONNECTOR_ROLES, fit
from simulator.pins.chip import Chip
from simulator.pins.circuit import Circuit
from simulator.portable.world import World

NAMES = ("pico_2_w", "pico_w", "esp32_s3")


def tell(name):
    """Plug in, test the device, close, and read everything."""
    board = boards.load(name)
    world = World(board, 1, 0)
    chip = Chip(board)
    circuit = Circuit(chip, board, world)
    with chip.install():
        chip.advance(100000)
        parts = fit(CONNECTOR_ROLES, board.connectors[0], 1, {})
        world.connectors[0].plug()
        parts.pilot.drive(5333)
        parts.contactor.renew(circuit.now_ms)
        for moment in range(12):
            chip.advance(20000)
            for part in (parts.pilot, parts.temperature, parts.rcd, parts.contactor, parts.proximity):
                part.sample(circuit.now_ms)
            parts.meter.poll(circuit.now_ms)
            print(name, moment, parts.pilot.valid, parts.pilot.high_mv, parts.pilot.low_mv, end=" ")
            print(parts.temperature.temperature_dc, parts.rcd.tripped, parts.contactor.closed)
            parts.rcd.test(moment >= 8)
        print(parts.meter.voltage_mv, parts.proximity.resistance_ohm)


for each in NAMES:
    tell(each)
