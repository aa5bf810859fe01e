"""Where each make of meter keeps its values: a new meter is one `MeterMap` here.

The blocks of a map have different lengths, because the length is what tells a late answer to one request from
the answer to another (`hal.modbus`).
"""

from hal.modbus import READ_HOLDING_REGISTERS, READ_INPUT_REGISTERS
from hal.registers import float32, tenths16, tenths32

# Where a value goes: the first of three phases, or (from ENERGY_WH on) the only one.
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
    rows      values in the block: (register, slot, scale), the scale from the meter's unit to the slot's;
              and behind it the format, where it is another than `number`. Of three phases that of the first
              one, with the others behind it, two registers each.
    parity    of its line as it leaves the factory: None, or 0 for even; the rest is 9600 baud, 8 bits, 1 stop
              bit and unit 1
    """

    def __init__(self, name, function, number, blocks, parity=None):
        self.name = name
        self.function = function
        self.number = number
        self.blocks = blocks
        self.parity = parity


SDM630 = MeterMap(
    # Eastron, "SDM630Modbus protocol": input registers, at most 40 values (80 registers) a request. Above
    # 16,384 kWh a single-precision register steps by more than 1 Wh.
    "Eastron SDM630",
    READ_INPUT_REGISTERS,
    float32,
    (
        # Line to neutral, V; A; active, W.
        (0x0000, 18, ((0x0000, VOLTAGE_MV, 1000), (0x0006, CURRENT_MA, 1000), (0x000C, POWER_W, 1))),
        (0x0046, 4, ((0x0046, FREQUENCY_MHZ, 1000), (0x0048, ENERGY_WH, 1000))),  # Hz; total import, kWh
    ),
)

SDM72 = MeterMap(
    # Eastron, "SDM72D-M-2 Modbus protocol"; the open implementations mbmd (sdm72v2.go) and sdm_modbus
    # (SDM72V2) read the same. Only version 2 measures by phase: the first SDM72D-M has no voltage, no
    # current and a total power alone, which protects no wire.
    "Eastron SDM72D-M-2",
    SDM630.function,
    float32,
    SDM630.blocks,
)

EM340 = MeterMap(
    # Carlo Gavazzi, "EM300 series and ET300 series communication protocol", version 2 revision 17, as listed
    # by mbmap-library and read by mbmd (carlogavazzi-ex3x0.go). At most 50 registers a request. The import
    # register steps by 100 Wh.
    "Carlo Gavazzi EM340",
    READ_INPUT_REGISTERS,
    tenths32,
    (
        # Line to neutral, 0.1 V; 0.001 A, and so tenths of 10 mA; active, 0.1 W.
        (0x0000, 24, ((0x0000, VOLTAGE_MV, 1000), (0x000C, CURRENT_MA, 10), (0x0012, POWER_W, 1))),
        # 0.1 Hz in one register; total import, 0.1 kWh.
        (0x0033, 3, ((0x0033, FREQUENCY_MHZ, 1000, tenths16), (0x0034, ENERGY_WH, 1000))),
    ),
)

WE517 = MeterMap(
    # Orno, "OR-WE-516, OR-WE-517: register description"; mbmd (orno3p.go) and Tasmota (issue 19616) read the
    # same, and found power to be in kW.
    "Orno OR-WE-517",
    READ_HOLDING_REGISTERS,
    float32,
    (
        (
            0x000E,
            22,
            (
                (0x000E, VOLTAGE_MV, 1000),  # line to neutral, V
                (0x0014, FREQUENCY_MHZ, 1000),  # Hz
                (0x0016, CURRENT_MA, 1000),  # A
                (0x001E, POWER_W, 1000),  # active, kW
            ),
        ),
        (0x0108, 2, ((0x0108, ENERGY_WH, 1000),)),  # total import, kWh
    ),
    parity=0,
)

MAPS = {"sdm630": SDM630, "sdm72": SDM72, "em340": EM340, "we517": WE517}
"""By the names that boards call them."""
