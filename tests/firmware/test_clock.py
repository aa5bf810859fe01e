"""Time: monotonic at once, a date when it is known, and the same date for a stamp each time it is asked."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from control.ticks import MASK
from firmware import transaction
from firmware.clock import NOISE_MS, SYNCS, Clock
from firmware.journal import Journal
from hal import contract
from ocpp_client import ports, timestamps
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.transactions import Transactions
from simulator.portable.flash import Flash
from tests import runtimes

NOON = 1_767_268_800_000


class HalClock(contract.Clock):
    """The board's clock, moved by the test; its real-time clock has a battery unless `rtc_ms` is 0."""

    def __init__(self, raw_ms=0, rtc_ms=0):
        self.raw_ms = raw_ms
        self.rtc_ms = rtc_ms

    def advance(self, duration_ms):
        self.raw_ms = (self.raw_ms + duration_ms) & MASK
        if self.rtc_ms:
            self.rtc_ms += duration_ms

    def now_ms(self):
        return self.raw_ms

    def unix_s(self):
        return self.rtc_ms // 1000

    def set_unix_s(self, unix_s):
        self.rtc_ms = unix_s * 1000

    def random_bytes(self, count):
        return bytes(range(count))


@pytest.fixture
def flash():
    flash = Flash(None, 8, 4096)
    journal = Journal(flash)
    while journal.prepare():
        pass
    return flash


def boot(flash, raw_ms=5000, rtc_ms=0):
    hal_clock = HalClock(raw_ms, rtc_ms)
    return hal_clock, Clock(hal_clock, Journal(flash))


@given(st.integers(0, MASK), st.lists(st.integers(0, MASK), max_size=30))
def test_monotonic_time_never_wraps(raw_ms, durations_ms):
    hal_clock = HalClock(raw_ms)
    clock = Clock(hal_clock, Journal(Flash(None, 1, 256)))
    assert clock.now_ms() == 0
    total_ms = 0
    for duration_ms in durations_ms:
        hal_clock.advance(duration_ms)
        total_ms += duration_ms
        assert clock.now_ms() == total_ms


def test_each_boot_has_its_number(flash):
    assert [boot(flash)[1].boot for _ in range(3)] == [1, 2, 3]


def test_the_date_is_unknown_at_first_and_then_right_also_for_what_was_before(flash):
    hal_clock, clock = boot(flash)
    hal_clock.advance(1000)
    early = clock.stamp()
    assert (early, clock.known, clock.source, clock.unix_ms(early)) == ([1, 1000, None], False, "", None)
    hal_clock.advance(2000)
    clock.set_unix_ms(NOON)
    assert (clock.known, clock.source) == (True, "ocpp")
    assert clock.unix_ms(early) == NOON - 2000
    assert clock.stamp() == [1, 3000, NOON]
    assert hal_clock.unix_s() * 1000 == NOON


def test_a_stamp_means_the_same_after_corrections_and_boots(flash):
    hal_clock, clock = boot(flash)
    before = clock.stamp()
    hal_clock.advance(60_000)
    clock.set_unix_ms(NOON)
    hal_clock.advance(60_000)
    between = clock.stamp()
    clock.set_unix_ms(NOON + 60_000 + 5000)
    corrected = clock.stamp()
    told = [clock.unix_ms(stamp) for stamp in (before, between, corrected)]
    assert told == [NOON - 60_000, NOON + 60_000, NOON + 65_000]
    for _ in range(3):
        hal_clock, clock = boot(flash)
        assert [clock.unix_ms(stamp) for stamp in (before, between, corrected)] == told
        clock.set_unix_ms(NOON + 3_600_000)
        assert [clock.unix_ms(stamp) for stamp in (before, between, corrected)] == told


def test_a_wall_clock_step_never_moves_the_monotonic_time(flash):
    hal_clock, clock = boot(flash)
    for unix_ms in (NOON, NOON - 86_400_000, NOON + 86_400_000):
        hal_clock.advance(1000)
        now_ms = clock.now_ms()
        clock.set_unix_ms(unix_ms)
        assert clock.now_ms() == now_ms
        assert clock.unix_ms(clock.stamp()) == unix_ms


def test_whole_seconds_and_latency_are_not_a_correction(flash):
    _, clock = boot(flash)
    clock.set_unix_ms(NOON)
    for noise_ms in (NOISE_MS, -NOISE_MS, 300):
        clock.set_unix_ms(NOON + noise_ms)
        assert clock.stamp()[2] == NOON
    clock.set_unix_ms(NOON + NOISE_MS + 1)
    assert clock.stamp()[2] == NOON + NOISE_MS + 1


@pytest.mark.parametrize("unix_ms", [0, -1, 946_684_800_000, 4_102_444_800_000, 2**70])
def test_a_server_that_lies_about_the_time_is_not_believed(flash, unix_ms):
    hal_clock, clock = boot(flash)
    clock.set_unix_ms(unix_ms)
    assert (clock.known, hal_clock.unix_s()) == (False, 0)


def test_the_real_time_clock_tells_the_date_until_the_server_does(flash):
    hal_clock, clock = boot(flash, rtc_ms=NOON)
    assert (clock.known, clock.source, clock.stamp()) == (True, "rtc", [1, 0, NOON])
    early = clock.stamp()
    hal_clock.advance(10_000)
    clock.set_unix_ms(NOON + 3_600_000)
    assert clock.source == "ocpp"
    assert clock.unix_ms(early) == NOON + 3_590_000, "the server knows better, also for what was before"


@pytest.mark.parametrize("rtc_ms", [NOON - 1000, 946_684_800_000, 5_000_000_000_000])
def test_a_real_time_clock_that_lost_its_date_is_not_believed(flash, rtc_ms):
    _, clock = boot(flash)
    clock.proven = True
    clock.set_unix_ms(NOON)
    _, clock = boot(flash, rtc_ms=rtc_ms)
    assert (clock.known, clock.source, clock.stamp()[2]) == (False, "", None)


def test_a_boot_that_never_learnt_the_date_lies_between_its_neighbours(flash):
    hal_clock, clock = boot(flash)
    hal_clock.advance(2000)
    assert clock.bounds_ms(1) == (None, None)
    clock.set_unix_ms(NOON)
    assert clock.bounds_ms(0) == (None, NOON - 2000)
    hal_clock, clock = boot(flash)
    hal_clock.advance(7000)
    lost = clock.stamp()
    assert (clock.unix_ms(lost), clock.bounds_ms(2)) == (None, (NOON, None))
    hal_clock, clock = boot(flash)
    hal_clock.advance(1000)
    clock.set_unix_ms(NOON + 40_000)
    assert (clock.unix_ms(lost), clock.bounds_ms(2)) == (None, (NOON, NOON + 39_000))


def test_the_backend_is_told_of_such_boots_in_order(flash):
    def started(clock, hal_clock, after_ms):
        hal_clock.advance(after_ms)
        record = transaction.Transaction(1, 1, "CARD", 0, clock.stamp()).start_record()
        Journal(flash).append(record)

    hal_clock, clock = boot(flash)
    clock.set_unix_ms(NOON)
    started(clock, hal_clock, 60_000)
    for _ in range(2):
        hal_clock, clock = boot(flash)
        started(clock, hal_clock, 70_000)
        started(clock, hal_clock, 1_000)
    hal_clock, clock = boot(flash)
    clock.set_unix_ms(NOON + 3_600_000)
    journal = Journal(flash)
    source = Transactions(
        ports.Charger(), journal, clock, Configuration(OCPP_KEYS, journal), lambda id_tag, info: None
    )
    told = []
    call = source.next_call(0)
    while call:
        told.append(timestamps.from_text(call[1]["timestamp"]) - NOON)
        source.answered({"transactionId": 7, "idTagInfo": {"status": "Accepted"}}, 0)
        call = source.next_call(0)
    assert told == [60_000, 70_000, 71_000, 72_000, 73_000]


def test_only_so_many_boots_are_remembered(flash):
    stamps = []
    for number in range(SYNCS + 2):
        hal_clock, clock = boot(flash)
        stamps.append(clock.stamp())
        hal_clock.advance(1000)
        clock.set_unix_ms(NOON + number * 3_600_000)
    dates = [clock.unix_ms(stamp) for stamp in stamps]
    assert dates == [None] * 2 + [NOON + number * 3_600_000 - 1000 for number in range(2, SYNCS + 2)]


def test_a_full_store_does_not_stop_the_clock_and_its_boot_is_written_later(flash):
    flash.full = True
    hal_clock, clock = boot(flash)
    hal_clock.advance(1000)
    clock.set_unix_ms(NOON)
    assert clock.stamp() == [1, 1000, NOON]
    flash.full = False
    clock.stamp()
    _, clock = boot(flash)
    assert clock.boot == 2
    assert clock.unix_ms([1, 500, None]) == NOON - 500


def test_chance_and_sleep_come_from_the_board(flash):
    _, clock = boot(flash)
    assert clock.random_bytes(4) == b"\0\1\2\3"
    sleep = clock.sleep_ms(10)
    with pytest.raises(StopIteration):
        sleep.send(None)


def test_dates_and_the_wrap_on_micropython(micropython):
    script = runtimes.ROOT / "tests" / "firmware" / "on_micropython" / "clock_over_wrap.py"
    done = runtimes.run(micropython, script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "[1, 1073741824, None]",
        "[1, 1073744824, %d]" % NOON,
        "%d" % (NOON - 3000),
        "2 %d" % (NOON - 3000),
    ]
