"""Where each make of meter keeps its values: a new meter is one `MeterMap` here.

The blocks of a map have different lengths, because the length is what tells a late answer to one request from
the answer to another (`hal.modbus`).
"""

from hal.modbus import READ_INPUT_REGISTERS
from hal.registers import float32

# Where a value goes: the first of three phases, or the only one.
VOLTAGE_MV = 0
CURRENT_MA = 3
POWER_W = 6
ENERGY_WH = 9
FREQUENCY_MHZ = 10
SLOTS = 11

MAINS_UNIT = 2
"""Address of the meter at the mains connection. Those of outlets keep 1, the factory's, and so may share a
line with it."""


class MeterMap:
    """What to ask a meter for, and what the answer means.

    name      make and type
    function  Modbus function that reads the registers: 3 or 4
    number    a format of `hal.registers`
    blocks    requests of one cycle: (first register, count, rows)
    rows      values in the block: (register, slot, scale), the scale from the meter's unit to the slot's
    """

    def __init__(self, name, function, number, blocks):
        self.name = name
        self.function = function
        self.number = number
        self.blocks = blocks


SDM630 = MeterMap(
    # Eastron, "SDM630Modbus protocol": input registers, at most 40 values (80 registers) a request, 9600 baud
    # and unit 1 from the factory. Above 16,384 kWh a single-precision register steps by more than 1 Wh.
    "Eastron SDM630",
    READ_INPUT_REGISTERS,
    float32,
    (
        (
            0x0000,
            18,
            (
                (0x0000, VOLTAGE_MV, 1000),  # line to neutral, V
                (0x0002, VOLTAGE_MV + 1, 1000),
                (0x0004, VOLTAGE_MV + 2, 1000),
                (0x0006, CURRENT_MA, 1000),  # A
                (0x0008, CURRENT_MA + 1, 1000),
                (0x000A, CURRENT_MA + 2, 1000),
                (0x000C, POWER_W, 1),  # active, W
                (0x000E, POWER_W + 1, 1),
                (0x0010, POWER_W + 2, 1),
            ),
        ),
        (0x0046, 4, ((0x0046, FREQUENCY_MHZ, 1000), (0x0048, ENERGY_WH, 1000))),  # Hz; total import, kWh
    ),
)
