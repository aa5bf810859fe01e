"""The card reader finds cards whenever they come, and is found again whenever it was gone."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.hal.chips import CHIPS, Parts, board, powered

PINS = {"sda": 4, "scl": 5}
ACK = b"\x00\x00\xff\x00\xff\x00"
UIDS = ["04A1B2C3", "04112233445566", "08123456789ABCDEF012"]


class Reader:
    """A PN532 as its user manual has it: it acknowledges a frame within a ms, and answers later."""

    LOOK_US = 60000

    def __init__(self, chip):
        self.chip = chip
        self.card = None
        self.silent = False
        """It takes commands, and never answers."""
        self.commands = []
        self.configured = False
        self.confused = 0
        """Added to the code of its answers."""
        self._out = []  # (when it is ready, bytes)

    def write(self, data):
        assert data[:3] == b"\x00\x00\xff"
        length = data[3]
        assert (length + data[4]) & 0xFF == 0
        assert sum(data[5 : 6 + length]) & 0xFF == 0
        assert (data[5], data[6 + length], len(data)) == (0xD4, 0, 7 + length)
        command = data[6 : 5 + length]
        self.commands.append(command[0])
        now_us = self.chip.now_us
        self._out = []
        if not self.silent:
            answer, late_us = self.act(command)
            self._out = [
                (now_us + 800, ACK),
                (now_us + late_us, framed(bytes((0xD5, command[0] + 1 + self.confused)) + answer)),
            ]
        return True

    def act(self, command):
        if command[0] == 0x14:
            self.configured = True
            return b"", 2000
        if command[0] == 0x32:
            assert self.configured
            return b"", 2000
        assert command == b"\x4a\x01\x00"
        assert self.configured
        if self.card is None:
            return b"\x00", self.LOOK_US
        uid = bytes.fromhex(self.card)
        ats = b"\x06\x75\x77\x81\x02\x80" if len(uid) == 7 else b""
        return bytes((1, 1, 0x03, 0x44, 0x20, len(uid))) + uid + ats, 20000

    def read(self, count):
        if not self._out or self.chip.now_us < self._out[0][0]:
            return b"\x00" * count
        data = (b"\x01" + self._out[0][1]).ljust(count, b"\x00")[:count]
        if count > 1:
            self._out.pop(0)
        return data


def framed(body):
    return b"\x00\x00\xff" + bytes((len(body), -len(body) & 0xFF)) + body + bytes((-sum(body) & 0xFF, 0))


class Bench:
    def __init__(self, chip):
        from hal.gpio import pn532

        self.chip = chip
        self.device = Reader(chip)
        self.plug()
        self.reader = pn532.make(board(chip.board.chip, pins=PINS), 0, Parts(chip))
        self.longest_us = 0

    def plug(self, there=True):
        self.chip.bus(4, 5).attach(0x24, self.device if there else None)

    def look(self, ms):
        """The tags told meanwhile."""
        tags = []
        for _ in range(ms // 100):
            began_us = self.chip.now_us
            tag = self.reader.read()
            self.longest_us = max(self.longest_us, self.chip.now_us - began_us)
            if tag:
                tags.append(tag)
            self.chip.advance(100000)
        return tags


@pytest.fixture(params=CHIPS)
def bench(request):
    chip = powered(request.param, ((1 << 30) - 2000) * 1000)
    with chip.install():
        yield Bench(chip)


def test_it_is_set_up_once_and_then_looks_for_cards(bench):
    assert bench.look(3000) == []
    assert bench.device.commands[:3] == [0x14, 0x32, 0x4A]
    assert set(bench.device.commands[3:]) == {0x4A}


@pytest.mark.parametrize("uid", UIDS)
def test_a_card_is_told_within_a_third_of_a_second(bench, uid):
    bench.look(1000)
    bench.device.card = uid
    assert set(bench.look(300)) == {uid}
    bench.device.card = None
    bench.look(200)
    assert bench.look(2000) == []


def test_a_look_takes_five_milliseconds_at_most(bench):
    bench.look(1000)
    bench.device.card = UIDS[2]
    bench.look(1000)
    assert 0 < bench.longest_us < 5000


def test_without_a_reader_there_is_nobody_and_it_is_found_when_it_comes(bench):
    bench.plug(False)
    assert bench.look(10000) == []
    bench.device.card = UIDS[0]
    bench.plug()
    assert set(bench.look(4000)) == {UIDS[0]}


def test_a_reader_that_falls_silent_is_set_up_anew(bench):
    bench.look(1000)
    bench.device.silent = True
    assert bench.look(6000) == []
    bench.device.silent = False
    bench.device.configured = False  # it had lost its supply
    bench.device.card = UIDS[1]
    assert set(bench.look(5000)) == {UIDS[1]}


def test_one_that_is_pulled_out_while_it_answers(bench):
    bench.look(550)
    bench.plug(False)
    bench.look(1000)
    bench.plug()
    bench.device.card = UIDS[0]
    assert set(bench.look(4500)) == {UIDS[0]}


def test_a_wire_held_low_stalls_nobody_for_long(bench):
    bench.chip.bus(4, 5).stuck = True
    assert bench.look(8000) == []
    assert bench.longest_us < 5000
    bench.chip.bus(4, 5).stuck = False
    bench.device.card = UIDS[0]
    assert set(bench.look(4000)) == {UIDS[0]}


def test_an_answer_to_something_else_sets_it_up_anew(bench):
    bench.look(1000)
    before = len(bench.device.commands)
    bench.device.confused = 2
    assert bench.look(500) == []
    bench.device.confused = 0
    bench.device.card = UIDS[0]
    assert set(bench.look(5000)) == {UIDS[0]}
    assert 0x14 in bench.device.commands[before:]


@pytest.mark.parametrize(
    "answer",
    [
        b"\x4b\x00",
        b"\x4b",
        b"",
        b"\x4b\x01\x01\x03\x44\x20\x04\x01\x02\x03",
        b"\x4b\x01\x01\x03\x44\x20\x05\x01\x02\x03\x04\x05",
        b"\x4b\x01\x01\x03\x44\x20\x00",
    ],
)
def test_what_is_no_number_of_a_card(bench, answer):
    from hal.gpio import pn532

    assert pn532.uid(answer) is None


@given(st.binary(max_size=60), st.integers(0, 5))
@example(b"\x00\x00\xff", 0)
@example(b"\x00\x00\xff\x02", 0)
def test_any_bytes_are_no_frame_or_one_within(data, at):
    with powered("rp2040").install():
        from hal.gpio import pn532

        found = pn532.body(data, at)
        assert found is None or len(found) < len(data)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_bit_that_flips_is_noticed(body, data):
    with powered("rp2040").install():
        from hal.gpio import pn532

        frame = bytearray(framed(b"\xd5" + body))
        assert pn532.body(b"\x01" + bytes(frame), 1) == body
        frame[data.draw(st.integers(0, len(frame) - 2))] ^= 1 << data.draw(st.integers(0, 7))
        assert pn532.body(b"\x01" + bytes(frame), 1) != body
