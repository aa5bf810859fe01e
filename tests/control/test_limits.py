"""The least limit wins, with a reason, and none outlives its time."""

from hypothesis import given
from hypothesis import strategies as st

from control import limits
from control.limits import BACKEND, CABLE, HARDWARE, INSTALLATION, OWNER, Limits
from control.windows import Mailbox

TICK_MS = 20


class Table:
    """The rows and the mailbox they are filled from."""

    def __init__(self, hardware_ma=32000):
        self.limits = Limits(hardware_ma)
        self.mailbox = Mailbox()

    def write(self, source, limit_ma, **times):
        self.mailbox.set_limit(source, limit_ma, **times)
        self.limits.update(TICK_MS, self.mailbox)

    def run(self, duration_ms):
        for _ in range(duration_ms // TICK_MS):
            self.limits.update(TICK_MS, self.mailbox)

    @property
    def now(self):
        return self.limits.least_ma, limits.NAMES[self.limits.reason]


def test_the_hardware_limits_from_the_start():
    assert Table().now == (32000, "hardware")


def test_the_least_wins_and_gives_the_reason():
    table = Table()
    table.write(INSTALLATION, 25000)
    assert table.now == (25000, "installation")
    table.limits.set(CABLE, 20000)
    assert table.now == (20000, "cable")
    table.write(BACKEND, 10000)
    assert table.now == (10000, "backend")
    table.write(OWNER, 16000)
    assert table.now == (10000, "backend")
    table.write(BACKEND, limits.NO_LIMIT_MA)
    assert table.now == (16000, "owner")
    assert table.limits.value_ma(CABLE) == 20000


def test_nothing_from_outside_lifts_the_hardware():
    table = Table()
    for source in Mailbox.SOURCES:
        table.write(source, 2**31)
    assert table.now == (32000, "hardware")


def test_of_two_alike_the_first_in_the_table_is_the_reason():
    table = Table()
    table.write(OWNER, 16000)
    table.write(BACKEND, 16000)
    assert table.now == (16000, "owner")
    table.write(OWNER, 32000)
    table.write(BACKEND, 32000)
    assert table.now == (32000, "hardware")


def test_a_limit_falls_back_when_its_time_is_over():
    table = Table()
    table.write(BACKEND, 20000, life_ms=10000, fallback_ma=8000)
    table.run(9900)
    assert table.now == (20000, "backend")
    table.run(1000)
    assert table.now == (8000, "backend")
    table.run(100000)
    assert table.now == (8000, "backend")


def test_a_limit_that_is_written_again_lives_on():
    table = Table()
    for limit_ma in (20000, 19000, 18000):
        table.write(BACKEND, limit_ma, life_ms=10000, fallback_ma=6000)
        table.run(9000)
        assert table.now == (limit_ma, "backend")
    table.write(BACKEND, 17000)
    table.run(100000)
    assert table.now == (17000, "backend")


def test_each_row_has_its_own_time():
    table = Table()
    table.write(OWNER, 10000, life_ms=5000, fallback_ma=30000)
    table.write(BACKEND, 12000, life_ms=10000, fallback_ma=31000)
    assert table.now == (10000, "owner")
    table.run(6000)
    assert table.now == (12000, "backend")
    table.run(6000)
    assert table.now == (30000, "owner")


def test_writing_one_row_does_not_renew_another():
    table = Table()
    table.write(BACKEND, 10000, life_ms=2000, fallback_ma=7000)
    for _ in range(3):
        table.run(1000)
        table.write(OWNER, 16000)
    assert table.now == (7000, "backend")


def test_two_rows_written_before_the_same_tick_are_both_taken():
    table = Table()
    table.mailbox.set_limit(OWNER, 15000)
    table.write(BACKEND, 14000)
    assert table.now == (14000, "backend")
    assert table.limits.value_ma(OWNER) == 15000


def test_a_life_longer_than_the_clock_can_count_is_cut_not_lost():
    table = Table()
    table.write(BACKEND, 10000, life_ms=2**40, fallback_ma=7000)
    table.run(10000)
    assert table.now == (10000, "backend")
    assert max(table.limits._left_ms) < 2**30


@given(
    st.lists(
        st.tuples(
            st.sampled_from(Mailbox.SOURCES),
            st.integers(0, 80000),
            st.integers(0, 5000),
            st.integers(0, 80000),
            st.integers(0, 3000),
        ),
        max_size=20,
    )
)
def test_the_least_of_what_holds_is_in_force_within_a_second(writes):
    table = Table()
    rows: dict[int, tuple[int, int | None, int]] = {HARDWARE: (32000, None, 0)}
    now_ms = 0
    for source, limit_ma, life_ms, fallback_ma, pause_ms in writes:
        table.write(source, limit_ma, life_ms=life_ms, fallback_ma=fallback_ma)
        rows[source] = (limit_ma, now_ms + life_ms if life_ms else None, fallback_ma)
        table.run(pause_ms)
        now_ms += pause_ms // TICK_MS * TICK_MS + TICK_MS
        certain = []
        for value_ma, until_ms, then_ma in rows.values():
            if until_ms is None or now_ms <= until_ms - 1000:
                certain.append(value_ma)
            elif now_ms >= until_ms + 1000:
                certain.append(then_ma)
        assert table.limits.least_ma <= min(certain)
        assert table.limits.least_ma == table.limits.value_ma(table.limits.reason)
