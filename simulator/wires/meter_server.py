"""The same SDM630 in real time: a `pymodbus` server behind a pair of pseudo-terminals.

It shares neither code nor table with `simulator.portable.meter_slave`, so that each is a check on the other.

A pseudo-terminal has one end with a name and one without. `pymodbus` opens its line by name and so does the
firmware, so there are two of them, and the wire between their nameless ends is this module's: it can be cut.
"""

import asyncio
import contextlib
import os
import struct
import tty
from collections.abc import Callable
from typing import Protocol

import serial
from pymodbus.constants import ExcCodes
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from hal.byteport import BytePort

INPUT_REGISTERS = 382
REQUEST_REGISTERS = 80


class Truth(Protocol):
    """What the meter measures; the server reads it afresh for every request."""

    voltage_mv: list[int]
    current_ma: list[int]
    power_w: list[int]
    energy_wh: int
    frequency_mhz: int
    silent: bool


LAYOUT: dict[int, Callable[[Truth], float]] = {
    0: lambda truth: truth.voltage_mv[0] / 1000,
    2: lambda truth: truth.voltage_mv[1] / 1000,
    4: lambda truth: truth.voltage_mv[2] / 1000,
    6: lambda truth: truth.current_ma[0] / 1000,
    8: lambda truth: truth.current_ma[1] / 1000,
    10: lambda truth: truth.current_ma[2] / 1000,
    12: lambda truth: truth.power_w[0],
    14: lambda truth: truth.power_w[1],
    16: lambda truth: truth.power_w[2],
    48: lambda truth: sum(truth.current_ma) / 1000,
    52: lambda truth: sum(truth.power_w),
    70: lambda truth: truth.frequency_mhz / 1000,
    72: lambda truth: truth.energy_wh / 1000,
}


class MeterServer:
    """A running meter. The firmware opens `path` (`SerialPort`)."""

    def __init__(self, truth: Truth, unit: int = 1, baud: int = 9600) -> None:
        self._truth = truth
        self._unit = unit
        self._baud = baud
        self._loop = asyncio.get_running_loop()
        # The named ends stay open here too: without, the nameless one reports an error whenever nobody has it
        # open.
        self._meter_end, meter_name = _open_pty()
        self._master_end, master_name = _open_pty()
        self._descriptors = [self._meter_end, meter_name, self._master_end, master_name]
        self._meter_path = os.ttyname(meter_name)
        self.path = os.ttyname(master_name)
        self._server: ModbusSerialServer | None = None

    async def serve(self) -> None:
        """Begin to answer, in the running event loop. An error leaves the devices to `close`."""
        block = SimData(0, count=INPUT_REGISTERS, datatype=DataType.REGISTERS)
        self._server = ModbusSerialServer(
            SimDevice(self._unit, simdata=[block], action=self._measure),
            port=self._meter_path,
            baudrate=self._baud,
            trace_pdu=self._overhear,  # type: ignore[arg-type]  # it drops what is None
        )
        await self._server.serve_forever(background=True)
        self._join(self._meter_end, self._master_end)
        self._join(self._master_end, self._meter_end)
        # `pymodbus` puts its reader into the loop by a callback; without it a close right now would come too
        # early.
        await asyncio.sleep(0)

    def close(self) -> None:
        """Stop, and take the devices away. A second call does nothing."""
        if self._server is not None:
            self._server.close()
        self._server = None
        while self._descriptors:
            descriptor = self._descriptors.pop()
            self._loop.remove_reader(descriptor)
            os.close(descriptor)

    def _join(self, source: int, target: int) -> None:
        self._loop.add_reader(source, self._carry, source, target)

    def _carry(self, source: int, target: int) -> None:
        data = os.read(source, 1024)
        # Where nobody listens for long, the line fills up and loses bytes, as a real one does.
        with contextlib.suppress(BlockingIOError):
            if not self._truth.silent:
                os.write(target, data)

    def _overhear(self, sending: bool, pdu: ModbusPDU) -> ModbusPDU | None:
        """A meter keeps silent on requests to others; `pymodbus` would answer them with an exception."""
        return pdu if sending or pdu.dev_id == self._unit else None

    async def _measure(
        self,
        function: int,
        _start: int,
        _address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """`pymodbus` calls this for every request to an address that exists, before it takes the answer from
        `registers`."""
        if self._server is None:
            # The line went while this request was under way; `pymodbus` would complain of it on the terminal.
            raise asyncio.CancelledError
        if function != 4 or values is not None:
            return ExcCodes.ILLEGAL_FUNCTION
        if count > REQUEST_REGISTERS:
            return ExcCodes.ILLEGAL_VALUE
        for address, value in LAYOUT.items():
            registers[address : address + 2] = struct.unpack(">HH", struct.pack(">f", value(self._truth)))
        return None


class SerialPort(BytePort):
    """A serial device of the operating system as a byte port. OSError when it cannot be opened."""

    def __init__(self, path: str, baud: int = 9600) -> None:
        self._serial = serial.Serial(path, baudrate=baud, timeout=0, write_timeout=0, exclusive=True)

    def write(self, data):
        """Send; the system's buffer takes far more than one request."""
        self._serial.write(data)

    def read(self):
        """What arrived by now."""
        return self._serial.read(256)

    def close(self) -> None:
        """Give the device back."""
        self._serial.close()


async def start(truth: Truth, unit: int = 1) -> MeterServer:
    """A meter that answers in the running event loop until its `close`."""
    server = MeterServer(truth, unit)
    try:
        await server.serve()
    except BaseException:
        server.close()
        raise
    return server


def _open_pty() -> tuple[int, int]:
    """Descriptors of the nameless and of the named end; bytes pass as they are."""
    nameless, named = os.openpty()
    tty.setraw(named)
    os.set_blocking(nameless, False)
    return nameless, named
