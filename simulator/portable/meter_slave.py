"""An Eastron SDM630 in memory: a Modbus RTU slave, and the serial line between it and the firmware.

Source of registers and limits: Eastron, "SDM630Modbus protocol". Registers without a value here read 0, as
most of the real ones do on a meter that has nothing to say.
"""

from control.ticks import add, diff
from hal.byteport import BytePort
from hal.modbus import READ_INPUT_REGISTERS, crc16

REGISTERS = 0x017E
"""Input registers that exist: 0 to 0x017D."""
REQUEST_REGISTERS = 80
"""The most that one request may ask for (40 values)."""

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3

_TOTAL = -1  # the sum of the phases
_ONLY = -2  # a value without phases
_MILLI = 1000
_ROWS = (
    # register, attribute of the truth, phase, factor that makes it thousandths of the meter's unit
    (0x0000, "voltage_mv", 0, 1),
    (0x0002, "voltage_mv", 1, 1),
    (0x0004, "voltage_mv", 2, 1),
    (0x0006, "current_ma", 0, 1),
    (0x0008, "current_ma", 1, 1),
    (0x000A, "current_ma", 2, 1),
    (0x000C, "power_w", 0, _MILLI),
    (0x000E, "power_w", 1, _MILLI),
    (0x0010, "power_w", 2, _MILLI),
    (0x0030, "current_ma", _TOTAL, 1),
    (0x0034, "power_w", _TOTAL, _MILLI),
    (0x0046, "frequency_mhz", _ONLY, 1),
    (0x0048, "energy_wh", _ONLY, 1),
)

_CHARACTER_BITS = 11
_FRAME_BYTES = 256
_NORMALISING_SHIFTS = (16, 16, 8, 4, 2, 1)


def float32(thousandths):
    """The two registers (high, low) of `thousandths` / 1000 in IEEE 754 single precision, to nearest, ties to
    even.

    Integers only; below 2^30 no intermediate reaches 2^30. The largest is 1000 * (2^24 - 1).
    """
    if thousandths == 0:
        return 0, 0
    whole, rest = abs(thousandths) // 1000, abs(thousandths) % 1000
    exponent = 150  # of a mantissa whose last bit is worth 1
    for shift in _NORMALISING_SHIFTS:
        if whole >> 24 - shift == 0:
            whole, rest = (whole << shift) + (rest << shift) // 1000, (rest << shift) % 1000
            exponent -= shift
    if rest > 500 or (rest == 500 and whole & 1):
        whole += 1
    if whole >> 24:
        whole >>= 1
        exponent += 1
    sign = 0x8000 if thousandths < 0 else 0
    return sign | exponent << 7 | whole >> 16 & 0x7F, whole & 0xFFFF


class MeterSlave:
    """The meter. It reads `truth` at each request: `voltage_mv`, `current_ma` and `power_w` are lists of
    three phases, `energy_wh` and `frequency_mhz` integers; all below 2^30 in size."""

    def __init__(self, truth, unit=1, baud=9600, latency_ms=20):
        self.latency_ms = latency_ms
        """What the meter thinks between a request's end and its answer's first bit."""
        self._truth = truth
        self._unit = unit
        self._baud = baud
        self._request = b""
        self._request_at_ms = 0
        self._answer = b""
        self._answer_at_ms = 0
        self._sent = 0

    def receive(self, data, now_ms):
        """Bytes that a master begins to send at `now_ms`. A pause of 4 ms ends a frame; while the meter talks
        it is deaf."""
        if self._truth.silent or self._sent < len(self._answer):
            return
        if not 0 <= diff(now_ms, self._request_at_ms) <= self._characters_ms(len(self._request) + 4):
            self._request = b""
        if not self._request:
            self._request_at_ms = now_ms
        self._request = (self._request + bytes(data))[:_FRAME_BYTES]
        if len(self._request) >= 4 and crc16(self._request, len(self._request)) == 0:
            # Four characters: the silence of 3.5 by which a slave knows that a request is over.
            begin_ms = self._characters_ms(len(self._request) + 4) + self.latency_ms
            self._begin(self._respond(self._request), add(self._request_at_ms, begin_ms))
            self._request = b""

    def transmit(self, now_ms):
        """The bytes that came through between the last call and `now_ms`."""
        bits = diff(now_ms, self._answer_at_ms) * self._baud // 1000
        upto = min(max(bits // _CHARACTER_BITS, self._sent), len(self._answer))
        data = self._answer[self._sent : upto]
        self._sent = upto
        return b"" if self._truth.silent else data

    def _begin(self, answer, now_ms):
        self._answer = answer
        self._answer_at_ms = now_ms
        self._sent = 0

    def _characters_ms(self, count):
        return count * _CHARACTER_BITS * 1000 // self._baud

    def _respond(self, request):
        if request[0] != self._unit:
            return b""
        refusal = self._refusal(request)
        if refusal:
            return _frame(bytes((self._unit, request[1] | 0x80, refusal)))
        register, count = request[2] << 8 | request[3], request[5]
        return _frame(bytes((self._unit, request[1], 2 * count)) + self._words(register, count))

    def _refusal(self, request):
        """The exception code of `request`, or 0."""
        if request[1] != READ_INPUT_REGISTERS:
            return ILLEGAL_FUNCTION
        if len(request) != 8:
            return ILLEGAL_VALUE
        register, count = request[2] << 8 | request[3], request[4] << 8 | request[5]
        if not 1 <= count <= REQUEST_REGISTERS:
            return ILLEGAL_VALUE
        return ILLEGAL_ADDRESS if register + count > REGISTERS else 0

    def _words(self, first, count):
        words = bytearray(2 * count)
        for register, attribute, phase, factor in _ROWS:
            if first - 1 <= register < first + count:
                words_of_row = float32(self._value(attribute, phase) * factor)
                for i in range(2):
                    if first <= register + i < first + count:
                        at = 2 * (register + i - first)
                        words[at], words[at + 1] = words_of_row[i] >> 8, words_of_row[i] & 0xFF
        return bytes(words)

    def _value(self, attribute, phase):
        value = getattr(self._truth, attribute)
        if phase == _ONLY:
            return value
        return sum(value) if phase == _TOTAL else value[phase]


class MemoryPort(BytePort):
    """The master's end of a line to `slave`; `clock` has `now_ms()`."""

    def __init__(self, slave, clock):
        self._slave = slave
        self._clock = clock
        self._arrived = b""

    def write(self, data):
        """Send a request."""
        now_ms = self._clock.now_ms()
        self._arrived = (self._arrived + self._slave.transmit(now_ms))[:_FRAME_BYTES]
        self._slave.receive(data, now_ms)

    def read(self):
        """What arrived by now."""
        data = self._arrived + self._slave.transmit(self._clock.now_ms())
        self._arrived = b""
        return data


def _frame(body):
    crc = crc16(body, len(body))
    return body + bytes((crc & 0xFF, crc >> 8))
