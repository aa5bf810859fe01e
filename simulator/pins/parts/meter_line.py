"""Serial lines to the meters: bytes go both ways at the line's own pace."""

from control.ticks import MASK
from simulator.portable.meter_slave import MeterSlave

MADE = ("sdm630", "sdm72")
"""Meters whose registers `simulator.portable.meter_slave` has: the second is laid out as the first."""
CHARACTER_BITS = 11


class MeterLine:
    """A meter that measures `truth`, at the other end of the UART on these pins."""

    def __init__(self, circuit, tx, rx, made, truth, unit, baud):
        """ValueError: no meter is simulated that is `made` so."""
        if made not in MADE:
            raise ValueError("no '%s' is simulated on a line; choose one of: %s" % (made, ", ".join(MADE)))
        self._circuit = circuit
        self._baud = baud
        self._slave = MeterSlave(truth, unit, baud)
        self._serial = circuit.chip.serial(tx, rx)
        self._serial.listen(self._hear)

    def look(self):
        """Send what the meter has said by now."""
        data = self._slave.transmit(self._circuit.now_ms)
        if data:
            self._serial.send(data)

    def _hear(self, data, now_us):
        # The slave counts from the first bit, and this is the last one.
        took_us = len(data) * CHARACTER_BITS * 1000000 // self._baud
        self._slave.receive(data, (now_us - took_us) // 1000 & MASK)
