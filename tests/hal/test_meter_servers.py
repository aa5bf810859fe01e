"""Every register map once more in real time: a `pymodbus` server on a pseudo-terminal, and the driver at its
other end."""

import asyncio
import time

import pytest

from hal.meter_maps import MAPS
from hal.meter_modbus import ModbusMeter
from hal.modbus import Master
from simulator.wires.meter_server import MeterServer, SerialPort
from tests.hal.line import values
from tests.hal.meters import MAKES, Truth, measure

PATIENCE_S = 20


class Server(MeterServer):
    """A meter of a make."""

    def __init__(self, make, truth):
        super().__init__(truth)
        self._make = make

    async def _measure(self, function, _start, _address, count, registers, _values):
        if self._server is None:
            raise asyncio.CancelledError
        return measure(self._make, self._truth, function, count, registers)


@pytest.mark.parametrize("name", sorted(MAKES))
def test_a_server_on_a_serial_line_is_read(name):
    async def story():
        truth = Truth()
        server = Server(MAKES[name], truth)
        await server.serve()
        port = SerialPort(server.path)
        try:
            meter = ModbusMeter(Master(port), MAPS[name])
            until_s = time.monotonic() + PATIENCE_S
            while not meter.readings and time.monotonic() < until_s:
                now_ms = int(time.monotonic() * 1000) & 0x3FFFFFFF
                await asyncio.sleep(meter.poll(now_ms) / 1000)
            return values(meter), truth.values(), meter.frequency_mhz == truth.frequency_mhz
        finally:
            port.close()
            server.close()

    found, told, same = asyncio.run(story())
    assert found == told
    assert same
