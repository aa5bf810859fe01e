"""Byte port over a UART of the chip, or over a serial device of Linux.

The RS-485 transceiver is expected to find the direction by itself: no port of MicroPython drives the enable
line of another (DE) at the last bit.
"""

from hal.byteport import BytePort
from hal.meter_maps import MAPS
from hal.silicon import machine

BUFFER_BYTES = 512
"""What the chip keeps between two reads: two of the longest Modbus frames."""
FACTORY_BAUD = 9600


class UartPort(BytePort):
    """One end of a serial line. `uart` keeps what arrives by interrupt, and sends by itself."""

    def __init__(self, uart):
        self._uart = uart

    def write(self, data):
        self._uart.write(data)

    def read(self):
        # Asked for no more than is there: a read for everything waits for the next character.
        count = self._uart.any()
        return self._uart.read(count) or b"" if count else b""


def make(facts, number, parts):
    """The port of the connector's meter, or (0) that of the meter at the mains connection. Its line is set up
    as that meter leaves the factory. ValueError: no UART of this chip has these pins."""
    role, pins = ("meter", "meter") if number else ("mains_meter", "mains")
    meter_map = MAPS.get(facts.drivers.get(role))
    parity = meter_map.parity if meter_map else None
    baud = facts.meter_baud if number else FACTORY_BAUD
    return UartPort(_open(facts.pins[pins + "_tx"], facts.pins[pins + "_rx"], number, baud, parity))


def _open(tx, rx, number, baud, parity):
    if isinstance(tx, str):
        return machine.UART(tx, baudrate=baud, bits=8, parity=parity, stop=1, timeout=0, rxbuf=BUFFER_BYTES)
    # A chip of which any UART may have any pins gets a different one for each line; another refuses all but
    # the one that has them.
    for uart in (number or 2, 1, 0):
        try:
            return machine.UART(
                uart,
                baudrate=baud,
                bits=8,
                parity=parity,
                stop=1,
                tx=machine.Pin(tx),
                rx=machine.Pin(rx),
                timeout=0,
                rxbuf=BUFFER_BYTES,
            )
        except ValueError as error:
            refusal = error
    raise ValueError("no UART has the pins %s and %s (%s); choose others" % (tx, rx, refusal))
