"""What the snapshot tells of a pause: which limit made it, for as long as it lasts, and a weld elsewhere."""

from control import limits


def test_the_limit_that_took_the_offer_is_told_until_the_offer_is_back(charging):
    snapshot = charging.snapshot
    assert snapshot.paused_by == -1
    charging.mailbox.set_limit(limits.SCHEDULE, 5999)
    charging.tick()
    assert snapshot.paused_by == limits.SCHEDULE
    charging.mailbox.set_limit(limits.SCHEDULE, 6000)
    for _ in range(499):
        charging.tick()
        assert (snapshot.paused_by, snapshot.offered_ma) == (limits.SCHEDULE, 0)
    charging.tick()
    assert (snapshot.paused_by, snapshot.limit_ma) == (-1, 6000)


def test_of_several_limits_the_last_that_rose_is_told(charging):
    charging.mailbox.set_limit(limits.BACKEND, 0)
    charging.tick()
    charging.mailbox.set_limit(limits.OWNER, 5000)
    charging.tick()
    assert charging.snapshot.paused_by == limits.BACKEND
    charging.mailbox.set_limit(limits.BACKEND, limits.NO_LIMIT_MA)
    charging.tick()
    charging.mailbox.set_limit(limits.OWNER, limits.NO_LIMIT_MA)
    charging.tick()
    assert charging.snapshot.paused_by == limits.OWNER


def test_where_nothing_was_offered_nothing_pauses_when_the_limit_rises(station):
    station = station()
    station.mailbox.set_limit(limits.OWNER, 0)
    station.run(1000)
    assert station.snapshot.paused_by == limits.OWNER
    station.mailbox.set_limit(limits.OWNER, 6000)
    station.tick()
    assert station.snapshot.paused_by == -1


def test_a_weld_elsewhere_is_told(charging):
    assert not charging.snapshot.hazard
    charging.lane.tick(charging.now_ms, hazard=True)
    assert charging.snapshot.hazard
