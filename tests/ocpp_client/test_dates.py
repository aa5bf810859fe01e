"""Boots that never learnt the date: told as blocks, one behind the other, and the same each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.timestamps import from_text
from ocpp_client.transactions import Transactions
from tests.ocpp_client.ports_in_memory import NOON, MemoryCharger, MemoryStore, VirtualClock


def _nothing(id_tag, info):
    """No cache."""


ANSWER = {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}


class Log:
    """A store with the records of boots 2, 3, ... none of which learnt the date, read in a boot that does."""

    def __init__(self, earliest_ms=None, latest_ms=NOON):
        self.store = MemoryStore()
        self.bounds = (earliest_ms, latest_ms)
        self.stamps = {}
        """[boot, ms since boot] by (kind, transaction)."""
        self.told = []
        """(kind, transaction, Unix ms) as the server was told."""
        self.boot()

    def write(self, kind, tx, boot, since_ms, connector=1):
        self.stamps[kind, tx] = [boot, since_ms]
        record = {"kind": kind, "tx": tx, "connector": connector, "id_tag": "CARD", "meter_wh": 0}
        extra: dict = {"start": {}, "stop": {"reason": ""}, "meter": {"context": "", "values": ""}}
        self.store.append({**record, **extra[kind], "stamp": [boot, since_ms, None]})

    def boot(self):
        """A power cut, and a boot that learns the date again."""
        self.clock = VirtualClock(1000)
        self.clock.set_unix_ms(NOON)
        self.clock.bounds = dict.fromkeys(range(2, 1000), self.bounds)
        self.charger = MemoryCharger(self.store, self.clock, 2)
        configuration = Configuration(OCPP_KEYS, self.store)
        self.source = Transactions(self.charger, self.store, self.clock, configuration, learn=_nothing)

    def deliver(self, cuts=()):
        """Send all there is; before the answers whose numbers are in `cuts` the power goes, and it is sent
        again."""
        for number in range(len(self.store.records)):
            call = self.source.next_call(0)
            if call is None:
                break
            if number in cuts:
                self.boot()
                assert self.source.next_call(0) == call, "it is another message when it is sent again"
            kind, tx = self.source._current[1]["kind"], self.source._current[1]["tx"]
            dated = call[1]["meterValue"][0] if kind == "meter" else call[1]
            self.told.append((kind, tx, from_text(dated["timestamp"])))
            self.source.answered(ANSWER, 0)
        return [unix_ms for _, _, unix_ms in self.told]


def test_a_lone_charge_lasts_as_long_as_it_did_and_ends_before_the_date_was_learnt():
    log = Log()
    log.write("start", 1, 2, 5000)
    log.write("stop", 1, 2, 605_000)
    assert log.deliver() == [NOON - 600_000, NOON]


def test_where_nobody_ever_knows_the_distances_are_kept():
    log = Log(None, None)
    log.clock.unix_at_boot_ms = None
    log.write("start", 1, 2, 5000)
    log.write("stop", 1, 2, 605_000)
    assert log.deliver() == [1000, 601_000]


def test_a_clock_that_was_set_back_takes_no_time_away():
    log = Log(NOON + 86_400_000, NOON)
    log.write("start", 1, 2, 5000)
    log.write("stop", 1, 2, 605_000)
    assert log.deliver() == [NOON - 600_000, NOON]


def test_boots_that_began_alike_are_told_apart():
    """As when the supply flickers: each begins its transaction at the same moment of its life."""
    log = Log(NOON - 3_600_000)
    for boot in (2, 3, 4):
        log.write("start", boot, boot, 300)
        log.write("stop", boot, boot, 300)
    begun = NOON - 3_600_000 + 300
    assert log.deliver() == [begun] * 2 + [begun + 1000] * 2 + [begun + 2000] * 2


def test_the_first_block_waits_until_the_last_transaction_of_its_kind_is_ended():
    """A restart has cut it off, and the meter has not answered yet: how long it took is not in the log."""
    log = Log()
    log.write("start", 1, 2, 300)
    log.charger.running[1] = 1
    assert log.source.next_call(0) is None
    log.write("stop", 1, 2, 60_300)
    log.charger.running[1] = 0
    assert log.deliver() == [NOON - 60_000, NOON]


@pytest.mark.parametrize("cut", range(5))
def test_an_end_that_is_written_late_keeps_its_distance_to_its_start(cut):
    """Connector 2 began again, in the next boot, before the end of what that boot cut off was written."""
    log = Log(NOON - 3_600_000)
    log.write("start", 1, 2, 1000)
    log.write("start", 2, 3, 2000, connector=2)
    log.write("stop", 1, 2, 601_000)
    log.write("stop", 2, 3, 9000, connector=2)
    begun = NOON - 3_600_000 + 1000
    assert log.deliver({cut}) == [begun, begun + 1000, begun + 600_000, begun + 8000]


charges = st.tuples(st.integers(400, 5000), st.integers(0, 3_600_000), st.booleans())
boots = st.lists(st.lists(charges, min_size=1, max_size=3), min_size=1, max_size=6)


@given(boots, st.sampled_from([None, NOON - 10**9]), st.sets(st.integers(0, 60)))
def test_whatever_was_recorded_is_told_in_order_apart_and_the_same_when_sent_again(boots, earliest_ms, cuts):
    log = Log(earliest_ms)
    tx = 0
    for boot, charges in enumerate(boots, 2):
        since_ms = 0
        for wait_ms, duration_ms, sampled in charges:
            tx += 1
            log.write("start", tx, boot, since_ms + wait_ms)
            since_ms += wait_ms + duration_ms
            if sampled:
                log.write("meter", tx, boot, since_ms - duration_ms // 2)
            log.write("stop", tx, boot, since_ms)
    told = log.deliver(cuts)
    assert len(told) == len(log.stamps)
    assert told == sorted(told)
    assert told[-1] <= NOON
    last = None
    for kind, number, unix_ms in log.told:
        boot, since_ms = log.stamps[kind, number]
        if last:
            apart_ms = since_ms - last[1]
            if boot != last[0]:
                assert unix_ms - last[2] >= 1000
            else:
                assert unix_ms - last[2] == (max(apart_ms, 1000) if kind == "start" else apart_ms)
        last = (boot, since_ms, unix_ms)
