"""How often something has happened lately, and what it allows of the contactor."""

from hypothesis import given
from hypothesis import strategies as st

from control.operations import CYCLES, WINDOW_MS, Operations
from control.recent import PARTS, Recent


def test_what_happened_counts_until_its_window_is_over():
    recent = Recent(3, 1000)
    counts = []
    for _ in range(3):
        recent.add()
        counts.append(recent.count)
        recent.update(300)
    assert counts == [1, 2, 3]
    assert recent.full()
    recent.update(99)
    assert recent.full()
    recent.update(1)
    assert (recent.count, recent.full()) == (2, False)
    recent.update(600)
    assert recent.count == 0


def test_one_too_many_takes_the_place_of_the_oldest():
    recent = Recent(2, 1000)
    for _ in range(3):
        recent.add()
        recent.update(100)
    assert recent.count == 2
    recent.update(800)  # the first of three would have ended long ago
    assert recent.count == 1
    recent.update(100)
    assert recent.count == 0


def test_they_can_be_forgotten():
    recent = Recent(2, 1000)
    recent.add()
    recent.clear()
    assert recent.count == 0
    recent.add()
    assert recent.count == 1


DAY_MS = 86400000
PART_MS = DAY_MS // PARTS


@given(st.lists(st.integers(0, DAY_MS), max_size=3), st.lists(st.integers(1, DAY_MS // 3), max_size=8))
def test_a_restart_forgets_none_and_makes_none_last_longer_than_a_part(ages_ms, restarts_ms):
    """Whatever has restarted: the last restart counts, not their number."""
    recent, whole = Recent(3, DAY_MS), Recent(3, DAY_MS)
    for gap_ms in ages_ms:
        for each in (recent, whole):
            each.add()
            each.update(gap_ms)
    for restart_ms in restarts_ms:
        kept, recent = recent.kept(), Recent(3, DAY_MS)
        assert 0 <= kept < 1 << 30
        recent.restore(kept)
        for each in (recent, whole):
            each.update(restart_ms)
        assert recent.count >= whole.count
    whole.update(DAY_MS)
    recent.update(DAY_MS)
    assert recent.count == 0


def test_a_trip_is_forgotten_a_day_later_although_the_charger_restarts_each_night():
    recent = Recent(3, DAY_MS)
    recent.add()
    lasted_ms = 0
    while recent.count:
        for _ in range(8):
            recent.update(3600000)
            lasted_ms += 3600000
        kept, recent = recent.kept(), Recent(3, DAY_MS)
        recent.restore(kept)
    assert DAY_MS <= lasted_ms <= DAY_MS + 3 * PART_MS + 8 * 3600000


def test_a_damaged_record_counts_for_no_longer_than_the_window():
    recent = Recent(3, DAY_MS)
    recent.restore(127 << 7)
    recent.update(DAY_MS - 1)
    assert recent.count == 1
    recent.update(1)
    assert (recent.count, recent.kept()) == (0, 0)


@given(st.lists(st.none() | st.integers(0, 700), max_size=40))
def test_it_counts_what_a_list_of_times_would(story):
    recent, now_ms = Recent(4, 1000), 0
    at_ms: list[int] = []
    for step_ms in story:
        if step_ms is None:
            recent.add()
            at_ms = [*at_ms, now_ms][-4:]
        else:
            now_ms += step_ms
            recent.update(step_ms)
        assert recent.count == sum(now_ms - then_ms < 1000 for then_ms in at_ms)


def test_what_lasted_counts_from_its_end():
    recent = Recent(2, 1000)
    recent.add()
    recent.update(400)
    recent.add()
    recent.update(500)
    recent.renew()
    recent.update(100)
    assert recent.count == 1  # the first one was not renewed
    recent.update(899)
    assert recent.count == 1
    recent.update(1)
    assert recent.count == 0
    recent.renew()
    assert recent.count == 1


def test_three_closings_in_ten_minutes_are_six_operations():
    operations = Operations()
    for _ in range(CYCLES):
        assert operations.allowed()
        operations.closed()
        operations.recent.update(60000)
    assert not operations.allowed()
    operations.recent.update(WINDOW_MS - 180001)
    assert not operations.allowed()
    operations.recent.update(1)
    assert operations.allowed()
    assert operations.cycles == 3


def test_a_long_charge_counts_from_its_end():
    operations = Operations()
    operations.restore(0, 2)
    operations.closed()
    operations.recent.update(2 * WINDOW_MS)
    operations.opened()
    assert operations.recent.count == 1
    operations.recent.update(WINDOW_MS)
    assert operations.recent.count == 0


def test_the_cycles_of_a_life_go_on_over_a_restart_and_stop_before_they_overflow():
    operations = Operations()
    operations.restore(4711, 2)
    assert operations.allowed()
    operations.closed()
    assert (operations.cycles, operations.allowed()) == (4712, False)
    operations.restore(2**30 - 1, 0)
    operations.closed()
    assert operations.cycles == 2**30 - 1
