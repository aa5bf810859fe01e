"""What the windows say before anybody wrote or read: the safe thing."""

import pytest

from control import limits, windows

EXPECTED: dict[type, dict] = {
    windows.Inputs: {
        "rcd_tripped": True,
        "earthed": True,
        "proximity_ohm": 1000000,
        "joined": 3,
        "current_ma": [0] * 3,
        "voltage_mv": [0] * 3,
    },
    windows.Outputs: {"duty_bp": 10000, "phases": 3},
    windows.Mailbox: {
        "limit_ma": [[limits.NO_LIMIT_MA] * len(limits.NAMES)] * 3,
        "power_w": [0] * len(limits.NAMES),
        "life_ms": [0] * len(limits.NAMES),
        "fallback_ma": [limits.NO_LIMIT_MA] * len(limits.NAMES),
        "written": [0] * len(limits.NAMES),
        "enabled": True,
        "phase_wait_ms": 60000,
        "meter_ma": limits.METER_MA,
    },
    windows.Snapshot: {"paused_by": -1, "phases": 3, "phases_in_use": 3},
}


@pytest.mark.parametrize("window", EXPECTED, ids=lambda window: window.__name__)
def test_a_window_begins_with(window):
    fields = vars(window())
    assert {name: value for name, value in fields.items() if value} == EXPECTED[window]
    assert {type(value) for value in fields.values()} <= {bool, int, list}
    flags = [name for name, value in fields.items() if isinstance(value, bool)]
    assert all(fields[name] is EXPECTED[window].get(name, False) for name in flags)


def test_a_row_that_is_written_says_so_once():
    mailbox = windows.Mailbox()
    for turn in (1, 2):
        mailbox.set_phases(limits.OWNER, 1, 2, 3, 4, 5)
        assert [row[limits.OWNER] for row in mailbox.limit_ma] == [1, 2, 3]
        assert (mailbox.life_ms[limits.OWNER], mailbox.fallback_ma[limits.OWNER]) == (4, 5)
        assert mailbox.power_w[limits.OWNER] == 0
        assert (mailbox.written[limits.OWNER], mailbox.sequence) == (turn, turn)
    mailbox.set_power(limits.OWNER, 7000)
    assert (mailbox.power_w[limits.OWNER], mailbox.written[limits.OWNER], mailbox.sequence) == (7000, 3, 3)
    assert (mailbox.life_ms[limits.OWNER], mailbox.fallback_ma[limits.OWNER]) == (0, limits.NO_LIMIT_MA)
    mailbox.set_limit(limits.OWNER, 6000)
    assert (mailbox.life_ms[limits.OWNER], mailbox.fallback_ma[limits.OWNER]) == (0, limits.NO_LIMIT_MA)


@pytest.mark.parametrize(("asked_w", "kept_w"), [(-5, 1), (0, 1), (1, 1), (99999, 99999), (100001, 100000)])
def test_power_stays_countable(asked_w, kept_w):
    mailbox = windows.Mailbox()
    mailbox.set_power(limits.OWNER, asked_w, 8, 9)
    assert mailbox.power_w[limits.OWNER] == kept_w
    assert (mailbox.life_ms[limits.OWNER], mailbox.fallback_ma[limits.OWNER]) == (8, 9)


def test_counters_wrap_at_24_bits():
    mailbox = windows.Mailbox()
    mailbox.sequence = mailbox.clear_sequence = mailbox.written[limits.OWNER] = 0xFFFFFF
    mailbox.set_limit(limits.OWNER, 6000)
    mailbox.clear(3)
    assert (mailbox.sequence, mailbox.written[limits.OWNER]) == (0, 0)
    assert (mailbox.clear_sequence, mailbox.clear_faults) == (0, 3)
    mailbox.clear(4)
    assert (mailbox.clear_sequence, mailbox.clear_faults) == (1, 4)


def test_a_reader_that_comes_late_misses_the_newest_and_is_told_how_many():
    events = windows.Events()
    for number in range(windows.RING - 1):
        events.put(number, windows.LEVEL, number, -number)
    assert events.dropped == 0
    for missed in (1, 2):
        events.put(0, windows.LEVEL)
        assert events.dropped == missed
    for number in range(windows.RING - 1):
        assert events.take() == (number, windows.LEVEL, number, -number)
    assert events.take() is None
    events.put(5, windows.FAULT)
    assert events.take() == (5, windows.FAULT, 0, 0)


@pytest.mark.parametrize("phase", range(3))
def test_the_highest_current_may_be_on_any_phase(phase):
    inputs = windows.Inputs()
    inputs.current_ma[phase] = 7000
    assert inputs.highest_ma() == 7000
