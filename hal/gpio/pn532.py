"""Card reader NXP PN532 on I2C: cards of ISO 14443 type A, by their number.

Source: NXP UM0701-02, "PN532 user manual": 6.2 (frames, I2C), 7.2.10 (SAMConfiguration), 7.3.1
(RFConfiguration), 7.3.5 (InListPassiveTarget).
"""

from binascii import hexlify

from control.ticks import add, diff
from hal import contract
from hal.gpio.i2c import bus

ADDRESS = 0x24
UID_BYTES = (4, 7, 10)
"""Lengths of a card's number (ISO 14443-3, 6.5.4)."""

COMMANDS = (
    b"\x14\x01\x14\x01",  # SAMConfiguration: normal mode, no SAM
    b"\x32\x05\xff\x01\x02",  # RFConfiguration 5: look three times for a card, then say that there is none
    b"\x4a\x01\x00",  # InListPassiveTarget: one card, 106 kbit/s type A
)
"""The first two once, the last one again and again."""
ANSWER_MS = 1000
"""Longest wait for an answer: a reader that is slower is gone."""
AGAIN_MS = 3000
"""After which a reader that was gone is tried again."""
STEPS = 3
"""Most exchanges a look, each of some 1 ms at most."""

_LOOKING = len(COMMANDS) - 1
_ACKNOWLEDGED = b"\x00\x00\xff\x00\xff\x00"
_ANSWER_BYTES = 56  # with the number and the answer to select (ATS) of any card
_TO_READER, _FROM_READER = 0xD4, 0xD5

RESTING, SENT, ACCEPTED = range(3)


class Pn532(contract.CardReader):
    """Asks for a card, and looks at each `read` how far the reader is. One that is not there, or falls
    silent, is nobody, and tried again later."""

    def __init__(self, i2c, clock):
        self._i2c = i2c
        self._now_ms = clock.now_ms
        self._state = RESTING
        self._command = 0
        self._due_ms = clock.now_ms()
        self._deadline_ms = 0
        self._tag = None
        self._ready = bytearray(1)
        self._answer = bytearray(1 + _ANSWER_BYTES)

    def read(self):
        self._tag = None
        for _ in range(STEPS):
            try:
                if not self._step(self._now_ms()):
                    break
            except OSError:  # it does not even acknowledge its address
                self._lose()
        return self._tag

    def _step(self, now_ms):
        """Whether it is worth going on."""
        if self._state == RESTING:
            if diff(self._due_ms, now_ms) > 0:
                return False
            self._i2c.writeto(ADDRESS, frame(COMMANDS[self._command]))
            self._deadline_ms = add(now_ms, ANSWER_MS)
            self._state = SENT
            return True
        self._i2c.readfrom_into(ADDRESS, self._ready)
        if not self._ready[0] & 1:
            if diff(now_ms, self._deadline_ms) >= 0:
                self._lose()
            return False
        return self._accept() if self._state == SENT else self._finish(now_ms)

    def _accept(self):
        if self._i2c.readfrom(ADDRESS, 1 + len(_ACKNOWLEDGED))[1:] != _ACKNOWLEDGED:
            self._lose()
            return False
        self._state = ACCEPTED
        return True

    def _finish(self, now_ms):
        self._i2c.readfrom_into(ADDRESS, self._answer)
        answer = body(self._answer, 1)
        if answer is None or answer[0] != COMMANDS[self._command][0] + 1:
            self._lose()
            return False
        if self._command == _LOOKING:
            self._tag = uid(answer)
        else:
            self._command += 1
        self._due_ms = now_ms
        self._state = RESTING
        return True

    def _lose(self):
        self._state = RESTING
        self._command = 0
        self._due_ms = add(self._now_ms(), AGAIN_MS)


def frame(command):
    """A command as it travels: a normal information frame (6.2.1.1)."""
    length = len(command) + 1
    total = _TO_READER
    for byte in command:
        total += byte
    head = bytes((0, 0, 0xFF, length, -length & 0xFF, _TO_READER))
    return head + command + bytes((-total & 0xFF, 0))


def body(data, at):
    """What is in the frame from the reader that begins at `at`, its first byte the answer's code; None: there
    is no whole one."""
    if data[at : at + 3] != b"\x00\x00\xff" or len(data) < at + 5:
        return None
    length = data[at + 3]
    start = at + 5
    if length < 2 or (length + data[at + 4]) & 0xFF or start + length >= len(data):
        return None
    total = 0
    for i in range(length + 1):
        total += data[start + i]
    if total & 0xFF or data[start] != _FROM_READER:
        return None
    return bytes(data[start + 1 : start + length])


def uid(answer):
    """The number of the card in an answer to InListPassiveTarget, in hex; None: there is none, or one of
    another kind."""
    if len(answer) < 7 or answer[1] != 1:
        return None
    length = answer[6]
    number = answer[7 : 7 + length]
    if length not in UID_BYTES or len(number) != length:
        return None
    return hexlify(number).decode().upper()


def make(facts, number, parts):
    """The board's card reader."""
    return Pn532(bus(facts.pins), parts.clock)
