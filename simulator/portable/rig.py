"""The firmware's view of the simulated hardware: which part each driver name 'simulated' stands for."""

from control.ticks import MASK
from hal import contract
from hal.meter_maps import MAINS_UNIT
from simulator.portable import parts
from simulator.portable.meter_slave import MemoryPort, MeterSlave


class Clock(contract.Clock):
    """Monotonic time from a source of ms, and a real-time clock that a power cut forgets."""

    def __init__(self, source_ms, sleep_ms, random_bytes, start_ms=0):
        """`source_ms()`: ms that never wrap; `start_ms`: where the wrapping clock begins, so that a test may
        begin just below the wrap."""
        self._source_ms = source_ms
        self._sleep_ms = sleep_ms
        self._random_bytes = random_bytes
        self._start_ms = start_ms
        self._unix_offset_s = None

    def now_ms(self):
        return (self._source_ms() + self._start_ms) & MASK

    def sleep_ms(self, duration_ms):
        return self._sleep_ms(duration_ms)

    def unix_s(self):
        return 0 if self._unix_offset_s is None else self._source_ms() // 1000 + self._unix_offset_s

    def set_unix_s(self, unix_s):
        self._unix_offset_s = unix_s - self._source_ms() // 1000

    def forget(self):
        """The power is gone, and this clock has no battery."""
        self._unix_offset_s = None

    def random_bytes(self, count):
        return self._random_bytes(count)


def drivers(world, clock, network, ports=None):
    """What the boards' driver names mean here: (role, name) to a factory, as `firmware.compose` takes them.

    `ports`: the meters' byte ports by connector number, that of the mains meter under 0; what is missing has
    a meter in memory.
    """
    board = parts.board_parts(world)
    board.update({"store": world.flash, "clock": clock, "network": network})
    table = {}
    for role in board:
        table[role, "simulated"] = _constant(board[role])
    outlets = [parts.connector_parts(outlet) for outlet in world.connectors]
    for role in outlets[0]:
        table[role, "simulated"] = _of_connector(outlets, role)
    lines = memory_ports(world, clock)
    lines.update(ports or {})
    for role in ("meter_port", "mains_port"):
        table[role, "simulated"] = _of_line(lines)
    return table


def memory_ports(world, clock):
    """A meter in memory for each outlet, and for the connection: connector number, or 0, to byte port."""
    ports = {0: MemoryPort(MeterSlave(world.connection, MAINS_UNIT), clock)}
    for outlet in world.connectors:
        ports[outlet.number] = MemoryPort(MeterSlave(outlet.energy), clock)
    return ports


def _of_line(lines):
    return lambda facts, number, others: lines[number]


def _constant(part):
    return lambda facts, number, others: part


def _of_connector(outlets, role):
    return lambda facts, number, others: outlets[number - 1][role]
