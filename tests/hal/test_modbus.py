"""The Modbus master: one request at a time; whatever the line does, its answer or a failure with a name."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pymodbus.framer import FramerRTU

from control.ticks import MASK, add
from hal import modbus
from hal.modbus import COMPLETE, FAILED, Master, crc16
from tests.hal.line import Clock, ScriptedPort

UNIT, FUNCTION, REGISTER, COUNT = 1, 4, 0x0048, 2
REQUEST = bytes.fromhex("010400480002F1DD")
WORDS = (0x4640, 0xE6B7)


def framed(body):
    """`body` with the checksum of another implementation."""
    return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")


ANSWER = framed(bytes((UNIT, FUNCTION, 4, 0x46, 0x40, 0xE6, 0xB7)))


class Bench:
    """A master on a scripted port."""

    def __init__(self, start_ms=1000, timeout_ms=500):
        self.clock = Clock(start_ms)
        self.port = ScriptedPort()
        self.master = Master(self.port, timeout_ms=timeout_ms)

    def ask(self):
        assert self.master.request(UNIT, FUNCTION, REGISTER, COUNT, self.clock.now_ms())
        while not self.port.sent:
            assert self.poll() is None
            self.clock.pass_ms(1)
        return self

    def poll(self):
        return self.master.poll(self.clock.now_ms())

    def outcome(self, parts, pause_ms=1):
        """The outcome after `parts` have arrived one by one, or after nothing more does."""
        self.port.arriving += parts
        for _ in range(2000):
            outcome = self.poll()
            if outcome is not None:
                return outcome
            self.clock.pass_ms(pause_ms)
        raise AssertionError("the master is stuck")


def cut(data, places):
    """`data` in pieces."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges) if end > start]


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"123456789", 0x4B37),
        (b"", 0xFFFF),
        (bytes.fromhex("01030000000A"), 0xCDC5),
        (bytes.fromhex("010300000005"), 0xC985),
    ],
)
def test_the_checksum_of_known_frames(data, crc):
    assert crc16(data, len(data)) == crc


@given(st.binary(max_size=256))
def test_the_checksum_is_that_of_pymodbus_and_its_own_frame_gives_zero(data):
    crc = crc16(data, len(data))
    assert crc.to_bytes(2, "little") == FramerRTU.compute_CRC(data).to_bytes(2, "big")
    assert crc16(framed(data), len(data) + 2) == 0


def test_a_request_leaves_once_and_its_answer_is_read():
    bench = Bench().ask()
    assert bench.port.sent == [REQUEST]
    assert bench.outcome([ANSWER]) == COMPLETE
    assert tuple(bench.master.register(i) for i in range(COUNT)) == WORDS
    assert bench.poll() is None, "an outcome is told once"


@given(st.lists(st.integers(0, 100), max_size=8))
def test_an_answer_in_pieces_is_the_same_answer(places):
    bench = Bench().ask()
    assert bench.outcome(cut(ANSWER, places)) == COMPLETE
    assert tuple(bench.master.register(i) for i in range(COUNT)) == WORDS


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", modbus.TIMED_OUT),
        (ANSWER[:-1], modbus.TIMED_OUT),
        (framed(b"\x02" + ANSWER[1:-2]), modbus.WRONG_UNIT),
        (framed(b"\x01\x03" + ANSWER[2:-2]), modbus.WRONG_FUNCTION),
        (framed(b"\x01\x04\x02\x00\x00"), modbus.WRONG_LENGTH),
        (framed(b"\x01\x04\x06" + bytes(6)), modbus.WRONG_LENGTH),
        (ANSWER[:-1] + b"\x00", modbus.WRONG_CRC),
        (framed(b"\x01\x84\x02"), modbus.REFUSED),
        (b"\x01\x84\x02\x00\x00", modbus.WRONG_CRC),
        (REQUEST, modbus.WRONG_LENGTH),  # an echo
    ],
)
def test_what_is_no_answer_has_a_number(data, error):
    bench = Bench().ask()
    assert bench.outcome([data] if data else []) == FAILED
    assert bench.master.error == error


def test_a_refusal_says_which():
    bench = Bench().ask()
    assert bench.outcome([framed(b"\x01\x84\x03")]) == FAILED
    assert (bench.master.error, bench.master.exception_code) == (modbus.REFUSED, 3)


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8))
@example([ANSWER, b"\x00"])
@example([b"\x00", ANSWER])
@example([b"\x01\x04\x04" + bytes(300)])
def test_garbage_is_never_an_answer_and_never_the_end(parts):
    bench = Bench().ask()
    outcome = bench.outcome(parts)
    heard = b"".join(parts)
    # Bytes behind a whole answer are noise of the line; they are thrown away before the next request.
    assert (outcome == COMPLETE) == (heard[:3] == ANSWER[:3] and framed(heard[:7]) == heard[:9])
    bench.port.sent.clear()
    bench.clock.pass_ms(20)
    bench.ask()
    assert bench.outcome([ANSWER]) == COMPLETE
    assert tuple(bench.master.register(i) for i in range(COUNT)) == WORDS


@given(st.integers(0, 8 * len(ANSWER) - 16), st.integers(1, 0xFFFF))
def test_a_burst_of_up_to_16_spoilt_bits_is_always_seen(start, pattern):
    spoilt = int.from_bytes(ANSWER, "big") ^ pattern << start
    bench = Bench().ask()
    assert bench.outcome([spoilt.to_bytes(len(ANSWER), "big")]) == FAILED


def test_a_late_answer_is_thrown_away_before_the_next_request():
    bench = Bench().ask()
    assert bench.outcome([]) == FAILED
    bench.port.sent.clear()
    late = framed(bytes((UNIT, FUNCTION, 4, 0, 0, 0, 0)))
    bench.port.arriving += [late[:4], late[4:]]
    bench.ask()
    assert bench.port.arriving == []
    assert bench.outcome([ANSWER]) == COMPLETE
    assert bench.master.register(0) == WORDS[0]


def test_a_request_waits_until_the_line_is_silent():
    bench = Bench()
    bench.master.request(UNIT, FUNCTION, REGISTER, COUNT, bench.clock.now_ms())
    bench.port.arriving += [b"\x00"] * 10
    heard_ms = bench.clock.now_ms()
    while not bench.port.sent:
        heard_ms = bench.clock.now_ms() if bench.port.arriving else heard_ms
        assert bench.poll() is None
        bench.clock.pass_ms(1)
    assert bench.clock.now_ms() - 1 - heard_ms >= 5, "3.5 characters of 11 bits at 9600 baud are 4.01 ms"


@pytest.mark.parametrize(("baud", "least_ms"), [(2400, 16.05), (9600, 4.02), (19200, 2.01), (115200, 1.75)])
def test_the_silence_between_frames(baud, least_ms):
    # The clock may step right after it was read: of n ms only n - 1 are sure.
    assert least_ms <= Master(ScriptedPort(), baud).silence_ms - 1 <= least_ms + 1.3


def test_a_line_that_never_falls_silent_fails_the_request_in_time():
    bench = Bench(timeout_ms=100)
    bench.master.request(UNIT, FUNCTION, REGISTER, COUNT, bench.clock.now_ms())
    assert bench.outcome([b"\x55"] * 1000) == FAILED
    assert bench.master.error == modbus.LINE_BUSY
    assert bench.clock.now_ms() == 1100
    assert bench.port.sent == []


def test_an_answer_counts_although_nobody_looked_until_after_the_deadline():
    bench = Bench().ask()
    bench.clock.pass_ms(5000)
    assert bench.outcome([ANSWER]) == COMPLETE


def test_a_second_request_has_to_wait_for_the_first():
    bench = Bench().ask()
    assert not bench.master.request(2, 3, 0, 1, bench.clock.now_ms())
    assert bench.outcome([ANSWER]) == COMPLETE
    assert bench.master.request(2, 3, 0, 1, bench.clock.now_ms())


@pytest.mark.parametrize(
    ("unit", "function", "register", "count"),
    [
        (0, 4, 0, 1),
        (248, 4, 0, 1),
        (1, 6, 0, 1),
        (1, 4, 0, 0),
        (1, 4, 0, 126),
        (1, 4, 65535, 2),
        (1, 4, -1, 1),
    ],
)
def test_what_cannot_be_asked_is_refused_at_once(unit, function, register, count):
    with pytest.raises(ValueError, match="cannot be"):
        Master(ScriptedPort()).request(unit, function, register, count, 0)


@pytest.mark.parametrize("method", ["read", "write"])
def test_a_port_that_is_gone_fails_the_request_and_may_come_back(method):
    bench = Bench()

    def gone(*_):
        raise OSError("no such device")

    setattr(bench.port, method, gone)
    bench.master.request(UNIT, FUNCTION, REGISTER, COUNT, bench.clock.now_ms())
    assert bench.outcome([]) == FAILED
    assert bench.master.error == modbus.PORT_LOST
    delattr(bench.port, method)
    assert bench.ask().outcome([ANSWER]) == COMPLETE


@given(st.integers(0, MASK))
@example(MASK - 3)
@example(MASK - 400)
def test_time_may_wrap_anywhere(start_ms):
    bench = Bench(start_ms)
    bench.clock.pass_ms(10)  # whatever was heard last, it is over
    bench.ask()
    sent_ms = add(bench.clock.now_ms(), -1)
    assert bench.outcome([]) == FAILED
    assert bench.clock.now_ms() == add(sent_ms, 500)
    bench.port.sent.clear()
    assert bench.ask().outcome(cut(ANSWER, (3, 5)), pause_ms=7) == COMPLETE


def test_waiting_as_long_as_told_needs_few_polls_and_misses_nothing():
    bench = Bench().ask()
    polls = 0
    while (outcome := bench.poll()) is None:
        wait_ms = bench.master.wait_ms(bench.clock.now_ms())
        assert wait_ms >= 1
        bench.clock.pass_ms(wait_ms)
        polls += 1
    assert outcome == FAILED
    assert bench.clock.now_ms() - 1000 <= 502
    assert polls <= 52


def test_every_state_ends_in_idle_by_some_event():
    states = {state for state, _ in modbus.TRANSITIONS}
    assert states == {modbus.IDLE, modbus.LISTENING, modbus.AWAITING}
    for state in states - {modbus.IDLE}:
        assert modbus.TRANSITIONS[state, modbus.ERROR] == (modbus.IDLE, FAILED)
