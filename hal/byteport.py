"""The contract of a byte port: one end of a serial line (a UART, `pyserial`, or memory)."""


class BytePort:
    """A line to which nothing is connected: what is written is lost, and nothing ever arrives.

    A port keeps at least 256 received bytes, the longest Modbus frame, between two reads.
    """

    def write(self, data):
        """Send all of `data` (bytes or bytearray, at most 256) without waiting for it to leave. The port
        keeps no reference to `data`. OSError when the device is gone."""

    def read(self):
        """The bytes that arrived since the last call, b"" when none did; never waits. OSError when the device
        is gone."""
        return b""
