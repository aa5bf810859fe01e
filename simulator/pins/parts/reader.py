"""Card reader PN532 on I2C, as its user manual has it (NXP UM0701-02, 6.2 and 7.3.5)."""

from binascii import unhexlify

ADDRESS = 0x24
LENGTHS = (4, 7, 10)
"""Bytes in a card's number (ISO 14443-3, 6.5.4)."""
LOOK_US = 60000
"""How long it looks for a card before it says that there is none."""
FOUND_US = 20000
DONE_US = 2000
ACCEPTED_US = 800
FIND = 0x4A
FROM_HOST, TO_HOST = 0xD4, 0xD5
ACCEPTED = b"\x00\x00\xff\x00\xff\x00"


def is_number(tag):
    """Whether a card can have this number (hex)."""
    try:
        return len(unhexlify(tag)) in LENGTHS
    except ValueError:
        return False


class Reader:
    """Takes the cards that people present to `card_reader`, in order."""

    def __init__(self, circuit, pins, card_reader):
        self._chip = circuit.chip
        self._card_reader = card_reader
        self._out = []
        circuit.chip.bus(pins["sda"], pins["scl"]).attach(ADDRESS, self)

    def write(self, data):
        """A frame from the host; an acknowledgement follows, and an answer."""
        if len(data) < 8 or data[5] != FROM_HOST:
            return True
        now_us = self._chip.now_us
        answer, took_us = self._answer(data[6])
        self._out = [(now_us + ACCEPTED_US, ACCEPTED), (now_us + took_us, framed(answer))]
        return True

    def read(self, count):
        """Its state byte, and behind it what it has to say."""
        if not self._out or self._chip.now_us < self._out[0][0]:
            return bytes(count)
        data = b"\x01" + self._out[0][1]
        if count > 1:
            self._out.pop(0)
        return (data + bytes(count))[:count]

    def look(self):
        """Nothing: it speaks when it is asked."""

    def _answer(self, command):
        head = bytes((TO_HOST, command + 1))
        if command != FIND:
            return head, DONE_US
        swipes = self._card_reader.swipes
        if not swipes or not is_number(swipes[0]):
            return head + b"\x00", LOOK_US
        number = unhexlify(self._card_reader.read())
        return head + bytes((1, 1, 0x00, 0x04, 0x08, len(number))) + number, FOUND_US


def framed(body):
    """A frame of the reader's."""
    total = 0
    for byte in body:
        total += byte
    return b"\x00\x00\xff" + bytes((len(body), -len(body) & 0xFF)) + body + bytes((-total & 0xFF, 0))
