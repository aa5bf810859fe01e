"""The rows of the limits: by phase, in W, of a session, and held for a time."""

import pytest

from control import limits
from control.limits import (
    BACKEND,
    INSTALLATION,
    LOAD_BALANCING,
    NO_LIMIT_MA,
    OWNER,
    SCHEDULE,
    SESSION,
    SESSION_POWER,
    SESSION_TIME,
    START_DELAY,
    VOLTAGE,
    Limits,
)
from control.windows import MOST_W, Mailbox

TICK_MS = 20


class Table:
    """The rows and the mailbox they are filled from."""

    def __init__(self, phases=3):
        self.limits = Limits(32000, phases)
        self.mailbox = Mailbox()
        self.session = 1

    def run(self, duration_ms=TICK_MS):
        for _ in range(duration_ms // TICK_MS):
            self.limits.update(TICK_MS, self.mailbox, self.session)
        return self.limits.least_ma, limits.NAMES[self.limits.reason]

    def write(self, source, limit_ma, **times):
        self.mailbox.set_limit(source, limit_ma, **times)
        return self.run()


@pytest.mark.parametrize("source", Mailbox.SOURCES, ids=lambda source: limits.NAMES[source])
def test_every_row_from_outside_limits_and_lets_go(source):
    table = Table()
    table.mailbox.limited_session = 1
    assert table.write(source, 9000) == (9000, limits.NAMES[source])
    assert table.write(source, 0) == (0, limits.NAMES[source])
    assert table.write(source, NO_LIMIT_MA) == (32000, "hardware")


@pytest.mark.parametrize(("phases", "least_ma"), [(1, 20000), (2, 16000), (3, 12000)])
def test_the_least_of_the_phases_in_use_counts(phases, least_ma):
    table = Table()
    table.mailbox.set_phases(LOAD_BALANCING, 20000, 16000, 12000)
    table.limits.use(phases)
    assert table.run() == (least_ma, "load balancing")
    assert table.limits.value_ma(LOAD_BALANCING) == least_ma


def test_two_rows_may_limit_different_phases():
    table = Table()
    table.mailbox.set_phases(LOAD_BALANCING, 20000, 30000, 30000)
    table.mailbox.set_phases(INSTALLATION, 25000, 25000, 15000)
    assert table.run() == (15000, "installation")
    table.limits.use(1)
    assert table.run() == (20000, "load balancing")


@pytest.mark.parametrize(
    ("voltage_mv", "phases", "least_ma"),
    [(230000, 3, 10000), (230000, 1, 30000), (207000, 3, 11111), (253000, 3, 9090), (0, 3, 0)],
)
def test_watts_follow_the_live_voltage_and_the_phases(voltage_mv, phases, least_ma):
    table = Table()
    table.mailbox.set_power(BACKEND, 6900)
    table.limits.measure([voltage_mv] * 3, [0] * 3)
    table.limits.use(phases)
    assert table.run() == (least_ma, "backend")


def test_before_the_meter_has_told_the_highest_voltage_counts():
    table = Table()
    table.mailbox.set_power(BACKEND, 7590)
    assert table.run() == (10000, "backend")
    table.limits.measure([230000] * 3, [0] * 3)
    assert table.run() == (11000, "backend")


def test_a_row_in_watts_becomes_one_in_amperes_and_back():
    table = Table()
    table.mailbox.set_power(BACKEND, 7590)
    table.run()
    assert table.write(BACKEND, 13000) == (13000, "backend")
    table.limits.measure([115000] * 3, [0] * 3)
    assert table.run() == (13000, "backend")
    table.mailbox.set_power(BACKEND, 6900)
    assert table.run() == (20000, "backend")


def test_a_row_in_watts_falls_back_to_amperes():
    table = Table()
    table.mailbox.set_power(BACKEND, 7590, life_ms=5000, fallback_ma=8000)
    assert table.run(4980) == (10000, "backend")
    assert table.limits.left_ms(BACKEND) == TICK_MS
    assert table.run(TICK_MS) == (8000, "backend")
    table.limits.measure([115000] * 3, [0] * 3)
    assert table.run(60000) == (8000, "backend")
    assert table.limits.left_ms(BACKEND) == 0


@pytest.mark.parametrize(
    ("power_w", "least_ma"), [(-5, 1), (0, 1), (MOST_W, 32000), (MOST_W + 1, 32000), (2**40, 32000)]
)
def test_what_nobody_can_mean_is_cut(power_w, least_ma):
    table = Table()
    table.limits.measure([230000] * 3, [0] * 3)
    table.mailbox.set_power(BACKEND, power_w)
    assert table.run()[0] == least_ma


@pytest.mark.parametrize("source", SESSION, ids=lambda source: limits.NAMES[source])
def test_what_was_asked_for_a_session_ends_with_it(source):
    for write in (
        lambda mailbox: mailbox.set_limit(source, 8000),
        lambda mailbox: mailbox.set_limit(source, 8000, 60000, 7000),
        lambda mailbox: mailbox.set_phases(source, NO_LIMIT_MA, 8000, NO_LIMIT_MA),
        lambda mailbox: mailbox.set_power(source, 5520),
    ):
        table = Table()
        table.mailbox.limited_session = 1
        write(table.mailbox)
        limited = table.run()
        # The energy of a session is control's own row.
        assert limited[0] < 9000 or source not in Mailbox.SOURCES
        table.session = 2
        table.limits.end_session()
        assert table.run() == (32000, "hardware")
        table.limits.measure([115000] * 3, [0] * 3)
        assert table.run(100000) == (32000, "hardware")


def test_what_was_asked_for_another_session_is_not_taken():
    table = Table()
    table.mailbox.limited_session = 7
    for source in (SESSION_POWER, SESSION_TIME, START_DELAY):
        assert table.write(source, 0) == (32000, "hardware")
    assert table.write(OWNER, 16000) == (16000, "owner")


def test_what_belongs_to_no_session_outlives_it():
    table = Table()
    table.mailbox.limited_session = 1
    table.mailbox.set_limit(SCHEDULE, 9000)
    table.mailbox.set_limit(SESSION_POWER, 8000)
    assert table.run() == (8000, "session power")
    table.limits.end_session()
    assert table.run() == (9000, "schedule")


def test_a_row_may_be_held_for_a_time_and_written_meanwhile():
    table = Table()
    table.limits.hold(VOLTAGE, 0, 10000)
    assert table.limits.least_ma == 0
    assert table.run(9980) == (0, "voltage")
    assert table.limits.left_ms(VOLTAGE) == TICK_MS
    assert table.run(TICK_MS) == (32000, "hardware")
    table.limits.hold(VOLTAGE, 0, 2**40)
    assert table.limits.left_ms(VOLTAGE) < 2**30
    assert table.write(VOLTAGE, NO_LIMIT_MA) == (32000, "hardware")


def test_a_row_that_control_sets_has_no_end():
    table = Table()
    table.limits.hold(VOLTAGE, 0, 1000)
    table.limits.set(VOLTAGE, 0)
    assert table.run(100000) == (0, "voltage")
    table.limits.set(VOLTAGE, 0)
    assert table.limits.left_ms(VOLTAGE) == 0


def test_every_row_has_a_name_of_its_own():
    for number, name in enumerate(limits.NAMES):
        assert getattr(limits, name.upper().replace(" ", "_")) == number
