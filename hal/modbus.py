"""Modbus RTU master over a byte port, without ever waiting.

Sources: MODBUS Application Protocol 1.1b3 (6.3, 6.4, 7) and MODBUS over Serial Line 1.02 (2.4, 2.5.1, 6.2).

RTU has no transaction number, so an answer is known only by its unit, function and length. Three things keep
a late answer from being taken for the present one: the line is emptied and must fall silent before a request
leaves, an answer of another length is refused, and whoever asks gives a slave that timed out the time to
finish.
"""

from control.ticks import add, diff

READ_HOLDING_REGISTERS = 3
READ_INPUT_REGISTERS = 4
MAX_REGISTERS = 125
"""The most that one answer holds (application protocol 6.3)."""

COMPLETE = 1
"""Outcome: the answer is whole; `Master.register` reads it until the next request."""
FAILED = 2
"""Outcome: there is no answer; `Master.error` says why."""

NO_ERROR = 0
TIMED_OUT = 1
"""No whole answer came in time."""
LINE_BUSY = 2
"""The line never fell silent."""
WRONG_UNIT = 3
"""Another unit answered."""
WRONG_FUNCTION = 4
"""The answer is for another function."""
WRONG_LENGTH = 5
"""The answer has another length than was asked for."""
WRONG_CRC = 6
"""The checksum of the answer is wrong."""
REFUSED = 7
"""The device refused the request."""
PORT_LOST = 8
"""The serial port is gone."""

# States, and the events that move between them.
IDLE, LISTENING, AWAITING = range(3)
NOTHING, ASKED, SILENCE, ANSWER, ERROR = range(5)
TRANSITIONS = {
    (IDLE, ASKED): (LISTENING, None),
    (LISTENING, SILENCE): (AWAITING, None),
    (LISTENING, ERROR): (IDLE, FAILED),
    (AWAITING, ANSWER): (IDLE, COMPLETE),
    (AWAITING, ERROR): (IDLE, FAILED),
}
"""(state, event) -> (state, outcome of the poll); every other event leaves the state as it is."""

_REFUSAL = 0x80
_OVERHEAD = 5  # unit, function, byte count (or exception code), CRC
_TURNAROUND_MS = 20  # what an energy meter usually thinks before it answers
_STEP_MS = 10  # between two looks at a line on which the answer is overdue

# CRC-16 of each half byte, polynomial 0xA001 (reflected 0x8005): a quarter of the time of going bit by bit,
# for 16 words of memory.
_NIBBLES = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


def crc16(data, length):
    """Checksum of the first `length` bytes (serial line 6.2.2); it travels low byte first. 0 over a frame
    with its own checksum."""
    crc = 0xFFFF
    table = _NIBBLES
    for i in range(length):
        crc ^= data[i]
        crc = crc >> 4 ^ table[crc & 15]
        crc = crc >> 4 ^ table[crc & 15]
    return crc


class Master:
    """One line with any number of slaves, and at most one request under way."""

    error = NO_ERROR
    """Why the last request failed."""
    exception_code = 0
    """What the device said with `REFUSED` (application protocol 7): 1 function, 2 address, 3 value, 4
    failure."""

    def __init__(self, port, baud=9600, timeout_ms=500):
        """`timeout_ms` runs from a request's departure to its answer's last byte, and before that for the
        line to fall silent."""
        self.silence_ms = max(38500 // baud, 1) + 2
        """Silence between two frames: 3.5 characters of 11 bits, rounded up, at least 1.75 ms; and one more,
        as the clock may be about to step."""
        self._port = port
        self._baud = baud
        self._timeout_ms = timeout_ms
        self._state = IDLE
        self._request = bytearray(8)
        self._frame = bytearray(_OVERHEAD + 2 * MAX_REGISTERS)
        self._received = 0
        self._heard_at_ms = 0
        self._expected_at_ms = 0
        self._deadline_ms = 0

    def request(self, unit, function, register, count, now_ms):
        """Ask `unit` (1-247) with `function` (3 or 4) for `count` (1-125) registers from `register` on.
        `poll` sends it.

        False, and nothing changes, while another request is under way. ValueError when it could not be sent.
        """
        if self._state != IDLE:
            return False
        if not (1 <= unit <= 247 and function in (READ_HOLDING_REGISTERS, READ_INPUT_REGISTERS)):
            raise ValueError(
                "Unit %d, function %d cannot be asked: units 1-247, functions 3 and 4." % (unit, function)
            )
        if not (1 <= count <= MAX_REGISTERS and 0 <= register <= 0x10000 - count):
            raise ValueError("%d registers from %d cannot be read: 1-125 up to 65535." % (count, register))
        self._compose(unit, function, register, count)
        self.error = NO_ERROR
        self.exception_code = 0
        self._deadline_ms = add(now_ms, self._timeout_ms)
        self._move(ASKED)
        return True

    def poll(self, now_ms):
        """Move the request on: None while nothing is decided, and exactly once `COMPLETE` or `FAILED`."""
        if self._state == IDLE:
            return None
        try:
            event = self._listen(now_ms) if self._state == LISTENING else self._await(now_ms)
        except OSError:
            event = self._fail(PORT_LOST)
        return self._move(event)

    def wait_ms(self, now_ms):
        """How long nothing can happen to the request under way, at least 1: the time until the next useful
        `poll`."""
        if self._state == LISTENING:
            wait_ms = self.silence_ms - diff(now_ms, self._heard_at_ms)
        else:
            wait_ms = max(diff(self._expected_at_ms, now_ms), _STEP_MS)
        return max(min(wait_ms, diff(self._deadline_ms, now_ms)), 1)

    def register(self, index):
        """The 16-bit word at `index` of the last complete answer."""
        at = 3 + 2 * index
        return self._frame[at] << 8 | self._frame[at + 1]

    def _move(self, event):
        step = TRANSITIONS.get((self._state, event))
        if step is None:
            return None
        self._state = step[0]
        return step[1]

    def _compose(self, unit, function, register, count):
        request = self._request
        request[0] = unit
        request[1] = function
        request[2] = register >> 8
        request[3] = register & 0xFF
        request[4] = 0
        request[5] = count
        crc = crc16(request, 6)
        request[6] = crc & 0xFF
        request[7] = crc >> 8

    def _listen(self, now_ms):
        if self._port.read():
            self._heard_at_ms = now_ms
        # A line that was quiet for more than six days wraps to a negative time.
        if not 0 <= diff(now_ms, self._heard_at_ms) < self.silence_ms:
            self._send(now_ms)
            return SILENCE
        return self._overdue(now_ms, LINE_BUSY)

    def _send(self, now_ms):
        self._received = 0
        self._port.write(self._request)
        characters = len(self._request) + _OVERHEAD + 2 * self._request[5]
        self._expected_at_ms = add(
            now_ms, characters * 11000 // self._baud + self.silence_ms + _TURNAROUND_MS
        )
        self._deadline_ms = add(now_ms, self._timeout_ms)

    def _await(self, now_ms):
        # What arrived is judged before the time is: a task that was kept away loses no answer by it.
        self._receive(now_ms)
        event = self._judge()
        return event if event != NOTHING else self._overdue(now_ms, TIMED_OUT)

    def _receive(self, now_ms):
        data = self._port.read()
        if not data:
            return
        self._heard_at_ms = now_ms
        start = self._received
        end = min(start + len(data), len(self._frame))
        self._frame[start:end] = data[: end - start]
        self._received = end

    def _judge(self):
        """What the bytes so far amount to; the same however they were cut on their way."""
        frame = self._frame
        if self._received > 0 and frame[0] != self._request[0]:
            return self._fail(WRONG_UNIT)
        if self._received > 1 and frame[1] & ~_REFUSAL != self._request[1]:
            return self._fail(WRONG_FUNCTION)
        if self._received < 3:
            return NOTHING
        refused = frame[1] & _REFUSAL
        if not refused and frame[2] != 2 * self._request[5]:
            return self._fail(WRONG_LENGTH)
        return self._conclude(refused, _OVERHEAD if refused else _OVERHEAD + frame[2])

    def _conclude(self, refused, length):
        if self._received < length:
            return NOTHING
        if crc16(self._frame, length):
            return self._fail(WRONG_CRC)
        if refused:
            self.exception_code = self._frame[2]
            return self._fail(REFUSED)
        return ANSWER

    def _overdue(self, now_ms, error):
        return self._fail(error) if diff(now_ms, self._deadline_ms) >= 0 else NOTHING

    def _fail(self, error):
        self.error = error
        return ERROR
