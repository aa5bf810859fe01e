"""Rows beside each other: what happens to one leaves the others as they are."""

import pytest

from control.limits import BACKEND, METER, OWNER, SCHEDULE, SESSION_TIME, START_DELAY, VOLTAGE, Limits
from control.overcurrent import threshold_ma
from control.power import limit_ma
from control.supply import Supply
from control.windows import Mailbox

TICK_MS = 20


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def limits():
    return Limits(32000)


def test_holding_one_row_leaves_the_time_of_another(limits, mailbox):
    mailbox.set_limit(OWNER, 9000, life_ms=1000)
    limits.update(0, mailbox)
    limits.hold(VOLTAGE, 8000, 3000)
    assert (limits.left_ms(OWNER), limits.left_ms(VOLTAGE), limits.left_ms(BACKEND)) == (1000, 3000, 0)
    limits.update(1000, mailbox)
    assert limits.value_ma(OWNER) > 32000
    assert limits.least_ma == 8000


def test_setting_a_held_row_ends_its_time_and_no_other(limits, mailbox):
    limits.hold(VOLTAGE, 8000, 3000)
    limits.hold(METER, 7000, 3000)
    limits.set(VOLTAGE, 8000)
    assert (limits.left_ms(VOLTAGE), limits.left_ms(METER)) == (0, 3000)
    limits.update(3000, mailbox)
    assert (limits.value_ma(VOLTAGE), limits.least_ma) == (8000, 8000)


def test_unplugging_leaves_the_rows_that_are_not_of_the_session(limits, mailbox):
    mailbox.limited_session = 1
    mailbox.set_power(BACKEND, 11040)
    mailbox.set_limit(OWNER, 15000, life_ms=5000)
    mailbox.set_power(SESSION_TIME, 6900, life_ms=5000)
    mailbox.set_limit(START_DELAY, 0, life_ms=5000)
    limits.update(0, mailbox, 1)
    limits.measure([230000] * 3, [0] * 3)
    assert (limits.least_ma, limits.reason) == (0, START_DELAY)
    limits.end_session()
    assert (limits.least_ma, limits.reason) == (15000, OWNER)
    assert limits.left_ms(OWNER) == 5000
    assert limits.left_ms(START_DELAY) == limits.left_ms(SESSION_TIME) == 0
    limits.measure([200000] * 3, [0] * 3)
    assert limits.value_ma(BACKEND) == 18400
    assert limits.value_ma(SESSION_TIME) > 32000


def test_what_falls_back_is_no_power_any_more(limits, mailbox):
    mailbox.set_power(OWNER, 6900, life_ms=1000, fallback_ma=7000)
    mailbox.set_power(SCHEDULE, 11040)
    limits.update(0, mailbox)
    limits.update(1000, mailbox)
    limits.measure([230000] * 3, [0] * 3)
    assert (limits.value_ma(OWNER), limits.value_ma(SCHEDULE)) == (7000, 16000)


def test_one_row_may_go_from_power_to_current_and_back(limits, mailbox):
    limits.measure([230000] * 3, [0] * 3)
    mailbox.set_power(OWNER, 6900)
    limits.update(0, mailbox)
    assert limits.least_ma == 10000
    mailbox.set_limit(OWNER, 12000)
    limits.update(0, mailbox)
    limits.measure([200000] * 3, [0] * 3)
    assert limits.least_ma == 12000
    mailbox.set_power(OWNER, 6900)
    limits.update(0, mailbox)
    assert limits.least_ma == 11500


def test_a_hundred_volts_are_the_least_that_counts():
    assert limit_ma(1000, [100000, 0, 0], 1) == 10000
    assert limit_ma(1000, [99900, 0, 0], 1) == 0


def test_a_current_from_odd_voltages_is_a_whole_number():
    current_ma = limit_ma(1000, [230055, 229999, 100], 3)
    assert (type(current_ma), current_ma) == (int, 1000 * 10000 // (2300 + 2299 + 1))


@pytest.mark.parametrize("signalled_ma", [6000, 6001, 6009, 32003])
def test_what_may_flow_is_a_whole_number_too(signalled_ma):
    most_ma = threshold_ma(signalled_ma)
    assert type(most_ma) is int
    assert most_ma * 10 <= (signalled_ma + 500) * 11 < (most_ma + 1) * 10


@pytest.mark.parametrize(("once_mv", "low"), [(149499, False), (149500, True)])
def test_a_phase_that_was_connected_once_must_keep_its_voltage(once_mv, low):
    for phase in (1, 2):
        supply = Supply(230000, 3)
        voltage_mv = [230000] * 3
        voltage_mv[phase] = once_mv
        supply.update(20, voltage_mv)
        voltage_mv[phase] = 0
        supply.update(5000, voltage_mv)
        assert supply.low == low


@pytest.mark.parametrize(
    ("voltage_mv", "current_ma", "expected_ma"),
    [
        ((230000, 0, 0), (10000, 10000, 10000), 9375),
        ((230000, 99999, 0), (10000, 1000, 999), 14285),
        ((230000, 100000, 0), (10000, 1000, 0), 20909),
        ((230000, 0, 0), (10000, 0, 0), 30000),
    ],
)
def test_a_phase_that_carries_current_has_a_voltage(limits, mailbox, voltage_mv, current_ma, expected_ma):
    mailbox.set_power(OWNER, 6900)
    limits.update(0, mailbox)
    limits.measure(voltage_mv, current_ma)
    assert limits.value_ma(OWNER) == expected_ma
