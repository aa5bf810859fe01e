"""The two windows: what passes in and out of control, and what a slow reader misses."""

from control import limits, windows
from control.windows import RING, Events, Inputs, Mailbox, Outputs, Snapshot


def drain(events):
    found = []
    event = events.take()
    while event:
        found.append(event)
        event = events.take()
    return found


def test_events_come_in_their_order():
    events = Events()
    assert events.take() is None
    events.put(10, windows.PLUGGED, 1)
    events.put(20, windows.STATE, 1, 2)
    assert drain(events) == [(10, windows.PLUGGED, 1, 0), (20, windows.STATE, 1, 2)]
    assert events.take() is None


def test_the_ring_goes_round():
    events = Events()
    for number in range(5 * RING):
        events.put(number, windows.LEVEL, number)
        assert events.take() == (number, windows.LEVEL, number, 0)
    assert events.dropped == 0


def test_a_full_ring_keeps_the_causes_and_counts_what_it_dropped():
    events = Events()
    for number in range(RING + 9):
        events.put(number, windows.LEVEL)
    assert events.dropped == 10
    assert [event[0] for event in drain(events)] == list(range(RING - 1))
    events.put(7, windows.FAULT, 3)
    assert drain(events) == [(7, windows.FAULT, 3, 0)]


def test_every_event_has_a_name():
    codes = [
        windows.PLUGGED,
        windows.UNPLUGGED,
        windows.STATE,
        windows.LEVEL,
        windows.FAULT,
        windows.FAULT_END,
        windows.OFFER,
        windows.CONTACTOR,
    ]
    assert codes == list(range(1, len(windows.EVENT_NAMES)))


def test_nothing_is_allowed_before_anybody_spoke():
    mailbox = Mailbox()
    assert mailbox.authorised_session == 0
    assert {value_ma for by_row in mailbox.limit_ma for value_ma in by_row} == {limits.NO_LIMIT_MA}
    assert set(mailbox.power_w) == set(mailbox.life_ms) == {0}
    assert (mailbox.limited_session, mailbox.end_wh, mailbox.system_faults) == (0, 0, 0)
    assert not Outputs().close
    assert Outputs().duty_bp == 10000
    inputs = Inputs()
    assert inputs.rcd_tripped
    assert not inputs.hazard
    assert [inputs.pilot_valid, inputs.locked, inputs.metered] == [False] * 3
    assert Snapshot().ticks == 0


def test_a_row_is_written_as_a_whole_and_counted():
    mailbox = Mailbox()
    mailbox.set_limit(limits.BACKEND, 10000, life_ms=5000, fallback_ma=6000)
    assert mailbox.sequence == sum(mailbox.written) == mailbox.written[limits.BACKEND] == 1
    assert [by_row[limits.BACKEND] for by_row in mailbox.limit_ma] == [10000] * 3
    mailbox.set_limit(limits.BACKEND, 12000)
    assert mailbox.life_ms[limits.BACKEND] == 0
    assert mailbox.fallback_ma[limits.BACKEND] == limits.NO_LIMIT_MA
    mailbox.set_phases(limits.BACKEND, 11000, 12000, 13000)
    assert [by_row[limits.BACKEND] for by_row in mailbox.limit_ma] == [11000, 12000, 13000]
    mailbox.set_power(limits.BACKEND, 7000, life_ms=1000, fallback_ma=6000)
    assert mailbox.power_w[limits.BACKEND] == 7000
    assert (mailbox.life_ms[limits.BACKEND], mailbox.fallback_ma[limits.BACKEND]) == (1000, 6000)
    mailbox.set_limit(limits.BACKEND, 10000)
    assert mailbox.power_w[limits.BACKEND] == 0
    assert (mailbox.sequence, mailbox.written[limits.BACKEND]) == (5, 5)


def test_what_control_knows_itself_is_not_taken_from_outside():
    own = {
        limits.HARDWARE,
        limits.CABLE,
        limits.SESSION_ENERGY,
        limits.TEMPERATURE,
        limits.METER,
        limits.SIMPLE_CAR,
    }
    assert set(range(len(limits.NAMES))) - set(Mailbox.SOURCES) == own


def test_a_technician_speaks_once():
    mailbox = Mailbox()
    mailbox.clear(6)
    assert (mailbox.clear_faults, mailbox.clear_sequence) == (6, 1)
