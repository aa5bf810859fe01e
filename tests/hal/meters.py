"""Meters of four makes, as `pymodbus` would serve them: it shares neither code nor table with the driver.

The layouts are written down as numbers, not taken from `hal.meter_maps`, so that each checks the other.
"""

import asyncio
import struct
from collections.abc import Callable

from pymodbus.constants import ExcCodes
from pymodbus.framer import FramerRTU
from pymodbus.pdu import DecodePDU, ExceptionResponse
from pymodbus.simulator import DataType, SimData, SimDevice
from pymodbus.simulator.simcore import SimCore

from control.ticks import add, diff
from hal.byteport import BytePort

HOLDING, INPUT = 3, 4


def real(value: float) -> list[int]:
    return list(struct.unpack(">HH", struct.pack(">f", value)))


def swapped(value: float) -> list[int]:
    """32 bits with a sign, low word first."""
    high, low = struct.unpack(">HH", struct.pack(">i", round(value)))
    return [low, high]


def word(value: float) -> list[int]:
    return [round(value) & 0xFFFF]


class Make:
    """What a make of meter answers: functions, registers, most of them a request, and where each value is."""

    def __init__(self, functions, registers, most, layout):
        self.functions = functions
        self.registers = registers
        self.most = most
        self.layout: dict[int, tuple[Callable, Callable]] = layout


def by_phase(first, encode, attribute, factor):
    return {
        first + 2 * phase: (encode, lambda truth, phase=phase: getattr(truth, attribute)[phase] * factor)
        for phase in range(3)
    }


def only(register, encode, attribute, factor):
    return {register: (encode, lambda truth: getattr(truth, attribute) * factor)}


EASTRON = {
    **by_phase(0, real, "voltage_mv", 0.001),
    **by_phase(6, real, "current_ma", 0.001),
    **by_phase(12, real, "power_w", 1),
    **only(70, real, "frequency_mhz", 0.001),
    **only(72, real, "energy_wh", 0.001),
    **only(74, real, "exported_wh", 0.001),
}
GAVAZZI = {
    **by_phase(0, swapped, "voltage_mv", 0.01),
    **by_phase(12, swapped, "current_ma", 1),
    **by_phase(18, swapped, "power_w", 10),
    **only(50, word, "phase_sequence", 1),
    **only(51, word, "frequency_mhz", 0.01),
    **only(52, swapped, "energy_wh", 0.01),
    **only(78, swapped, "exported_wh", 0.01),
}
ORNO = {
    **by_phase(14, real, "voltage_mv", 0.001),
    **only(20, real, "frequency_mhz", 0.001),
    **by_phase(22, real, "current_ma", 0.001),
    **by_phase(30, real, "power_w", 0.001),
    **only(256, real, "turned_wh", 0.001),
    **only(264, real, "energy_wh", 0.001),
    **only(272, real, "exported_wh", 0.001),
}
MAKES = {
    "sdm630": Make((INPUT,), 382, 80, EASTRON),
    "sdm72": Make((INPUT,), 398, 80, EASTRON),
    "em340": Make((HOLDING, INPUT), 84, 50, GAVAZZI),
    "we517": Make((HOLDING,), 352, 125, ORNO),
}


class Truth:
    """What a meter measures, with values that each make can tell."""

    def __init__(self):
        self.voltage_mv = [230100, 231000, 229800]
        self.current_ma = [16000, 15999, 6001]
        self.power_w = [3680, 3695, -1380]
        self.energy_wh = 1234500
        self.exported_wh = 4200
        self.turned_wh = 1238700
        self.frequency_mhz = 49900
        self.phase_sequence = -1
        self.silent = False

    def values(self):
        """As `tests.hal.line.values` of a meter that tells the truth."""
        return self.voltage_mv, [abs(ma) for ma in self.current_ma], self.power_w, self.energy_wh


class Meter(BytePort):
    """The master's end of a line to a meter of the `make`, which `pymodbus` plays on the bench's clock."""

    def __init__(self, make, truth, clock, unit=1):
        self.latency_ms = 30
        self.refusal: ExcCodes | None = None
        """What it answers instead of anything else."""
        self.requests: list[tuple] = []
        self._make = make
        self._truth = truth
        self._clock = clock
        self._unit = unit
        self._framer = FramerRTU(DecodePDU(True))
        block = SimData(0, count=make.registers, datatype=DataType.REGISTERS)
        self._core = SimCore(SimDevice(unit, simdata=[block], action=self._measure))
        self._coming: list[tuple[int, bytes]] = []

    def write(self, data):
        _, request = self._framer.handleFrame(bytes(data), 0, 0)
        assert request is not None, "every frame of the master is whole"
        self.requests.append((request.dev_id, request.function_code, request.address, request.count))
        if self._truth.silent or request.dev_id != self._unit:
            return
        answering = request.datastore_update(self._core, request.dev_id)  # type: ignore[arg-type]  # its server's
        answer = asyncio.run(answering)
        if self.refusal:
            answer = ExceptionResponse(request.function_code, self.refusal)
        answer.dev_id = request.dev_id
        at_ms = add(self._clock.now_ms(), self.latency_ms)
        self._coming.append((at_ms, self._framer.buildFrame(answer)))

    def read(self):
        now_ms = self._clock.now_ms()
        here = [data for at_ms, data in self._coming if diff(now_ms, at_ms) >= 0]
        self._coming = [(at_ms, data) for at_ms, data in self._coming if diff(now_ms, at_ms) < 0]
        return b"".join(here)

    async def _measure(self, function, _start, _address, count, registers, _values):
        return measure(self._make, self._truth, function, count, registers)


def measure(make, truth, function, count, registers):
    """Fill the registers of a meter, or say why it refuses."""
    if function not in make.functions:
        return ExcCodes.ILLEGAL_FUNCTION
    if count > make.most:
        return ExcCodes.ILLEGAL_VALUE
    for register, (encode, value) in make.layout.items():
        words = encode(value(truth))
        registers[register : register + len(words)] = words
    return None
