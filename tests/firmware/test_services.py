"""What is durable: transactions through power cuts at any moment and in any state of the journal, and who is
told."""

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from firmware.clock import Clock
from firmware.journal import SORTS, Journal
from firmware.services import Services
from hal import contract
from simulator.portable.flash import Flash
from tests.firmware.stage import PLUG_AND_CHARGE, play

STORY_MS = 22000
"""Plug in at 0, charge, every other time a stop at 12 s, unplug at 16 s: what a cut may hit."""


# Power cuts and restarts anywhere.


async def _live(stage, cut_ms, cut):
    """The story up to `cut_ms`, then the cut."""
    deeds = [(0, stage.outlet.plug), (12000, _stop(stage)), (16000, stage.outlet.unplug)]
    begun_ms = stage.kernel.now_ms()
    for at_ms, deed in [*deeds, (STORY_MS, None)]:
        if at_ms > cut_ms:
            break
        await stage.wait((begun_ms + at_ms - stage.kernel.now_ms()) / 1000)
        if deed and (at_ms != 12000 or cut_ms % 200):
            deed()
    await stage.wait((begun_ms + cut_ms - stage.kernel.now_ms()) / 1000)
    await cut()


def _stop(stage):
    return lambda: stage.charger.stop_all("Local")


@pytest.mark.parametrize("kind", ["power", "software"])
def test_a_restart_at_every_100_ms_neither_loses_nor_doubles_a_transaction(kind):
    async def story(stage):
        total_wh = 0
        for cut_ms in range(0, STORY_MS, 100):

            async def cut():
                if kind == "power":
                    await stage.bench.power(False)
                    await stage.bench.power(True)
                else:
                    await stage.bench.restart(kind)

            await _live(stage, cut_ms, cut)
            stage.outlet.unplug()
            await stage.wait(4)
            # As if ten minutes had passed: the contactor may close again.
            stage.connector.controller.protection.operations.recent.clear()
            assert stage.charger.transaction(1) == 0
            assert stage.connector.snapshot.lifetime_wh == stage.outlet.energy.energy_wh >= total_wh
            total_wh = stage.connector.snapshot.lifetime_wh
        assert stage.outlet.contactor.cycles > 150
        _check_log(stage.records())

    play(story, settings=PLUG_AND_CHARGE)


def _check_log(records):
    """Each transaction once, in order, with one start and one stop, and a register that never goes back."""
    starts = [record for record in records if record["kind"] == "start"]
    stops = [record for record in records if record["kind"] == "stop"]
    assert len(starts) > 200
    numbers = [start["tx"] for start in starts]
    assert numbers == sorted(set(numbers))
    assert [stop["tx"] for stop in stops] == numbers
    register_wh = 0
    for record in records:
        assert record["meter_wh"] >= register_wh
        register_wh = record["meter_wh"]
    for start, stop in zip(starts, stops, strict=True):
        assert start["stamp"][:2] <= stop["stamp"][:2]
    assert {stop["reason"] for stop in stops} >= {"Local", "EVDisconnected"}


# What a power cut can leave behind.


def services(flash):
    journal = Journal(flash)
    while journal.prepare():
        pass
    return Services(Clock(contract.Clock(), journal), journal, None)


class _Story:
    """A life in the journal; what it tells at the end is checked against what was done."""

    def __init__(self, client):
        self.flash = Flash(None, 16, 1024)
        self.client = client
        self.open = {}
        self.done = []
        self.boot()

    def boot(self):
        self.services = services(self.flash)
        if self.client:
            self.services.client = self
        for connector, found in [(number, self.services.interrupted(number)) for number in (1, 2)]:
            expected = self.open.get(connector)
            assert bool(found) == bool(expected), (connector, found and found[0].number)
            if found and expected:
                transaction, seen = found
                assert (transaction.number, transaction.connector) == (expected.number, connector)
                assert seen == expected.seen
                assert (transaction.reason, transaction.stop_tag) == (expected.reason, expected.stop_tag)
                self._finish(transaction, seen)

    def log(self, record):
        """The OCPP client writes a record."""
        self.services.journal.append(record)

    def start(self, connector):
        if connector not in self.open:
            begun = self.services.begin(connector, "CARD", 5)
            begun.seen = begun.stamp
            assert begun.number not in self.done
            self.open[connector] = begun

    def note(self, connector):
        if connector in self.open:
            self.services.note(self.open[connector])
            self.open[connector].seen = self.services.clock.stamp()

    def end(self, connector):
        if connector in self.open:
            running = self.open[connector]
            running.end("Remote", self.services.clock.stamp(), "CARD")
            self.services.note(running)
            running.seen = running.stop_stamp

    def meter(self, connector):
        if connector in self.open and not self.open[connector].reason and self.client:
            running = self.open[connector]
            running.seen = self.services.clock.stamp()
            record = {"kind": "meter", "tx": running.number, "connector": connector}
            self.services.journal.append({**record, "stamp": running.seen, "values": ""})

    def answered(self, connector):
        """The server has answered the start."""
        if connector in self.open and self.client:
            record = {"kind": "answered", "upto": 1, "tx": self.open[connector].number, "server_tx": 7}
            self.services.journal.append(record)

    def stop(self, connector):
        if connector in self.open:
            running = self.open[connector]
            running.end("Local", self.services.clock.stamp())
            self._finish(running, running.stop_stamp)

    def stop_half(self, connector):
        """The power goes between the stop and the note that nothing is open."""
        if connector in self.open:
            running = self.open.pop(connector)
            running.end("Local", self.services.clock.stamp())
            self.services.journal.append(running.stop_record(9))
            self.done.append(running.number)
            self.boot()

    def start_half(self, connector):
        """The power goes between the start and the note that it is open."""
        if connector not in self.open:
            journal = self.services.journal
            number = (journal.get("transactions") or 0) + 1
            journal.put("transactions", number)
            stamp = self.services.clock.stamp()
            record = {"kind": "start", "tx": number, "connector": connector, "id_tag": "CARD"}
            journal.append({**record, "meter_wh": 5, "stamp": stamp})
            self.open[connector] = _Expected(number, stamp)
            self.boot()

    def release(self, _):
        """The server has answered all there is, and a record that follows makes that durable."""
        journal = self.services.journal
        journal.release(10**9)
        journal.put("other", journal.get("other", 0) + 1)

    def cut(self, _):
        self.boot()

    def _finish(self, running, stamp):
        running.end("PowerLoss", stamp)
        self.services.complete(running.stop_record(9))
        self.open.pop(running.connector)
        assert running.number not in self.done
        self.done.append(running.number)


class _Expected:
    reason = ""
    stop_tag = ""

    def __init__(self, number, stamp):
        self.number = number
        self.seen = stamp


DEEDS = ("start", "note", "end", "meter", "answered", "stop", "stop_half", "start_half", "release", "cut")


@example(True, [("start", 1), ("meter", 1), ("cut", 1)])
@example(True, [("start", 1), ("answered", 1), ("note", 1), ("cut", 1)])
@example(False, [("start", 1), ("start", 2), ("stop_half", 1), ("cut", 1)])
@example(True, [("start", 1), ("stop_half", 1), ("release", 1), ("cut", 1)])
@example(True, [("start_half", 2), ("release", 1), ("cut", 1)])
@given(st.booleans(), st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 2)), max_size=25))
def test_whatever_records_a_power_cut_leaves_each_transaction_ends_once(client, deeds):
    story = _Story(client)
    for deed, connector in deeds:
        getattr(story, deed)(connector)
    story.boot()
    assert not story.open
    assert len(set(story.done)) == len(story.done)
    assert services(story.flash).interrupted(1) is None


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("meter", {"stamp": [1, 9000, None], "values": "0:70 20:11040"}),
        ("meter", {"stamp": [1, 9000, None], "values": "20:11040", "meter_wh": 70}),
        ("answered", {"seen": [1, 9000, None], "meter_wh": 70, "upto": 1, "server_tx": 7}),
    ],
)
def test_what_the_log_tells_of_an_interrupted_transaction_counts(kind, fields):
    flash = Flash(None, 16, 1024)
    under_test = services(flash)
    number = under_test.begin(1, "CARD", 5).number
    under_test.keep_energy(1, 60, 60)
    under_test.journal.append({"kind": kind, "tx": number, **fields})
    under_test.journal.append({"kind": "answered", "tx": number, "upto": 1, "server_tx": 7})
    found, seen = services(flash).interrupted(1)
    assert (found.known_wh, seen) == (70, [1, 9000, None])


def test_every_start_without_an_end_has_one_after_the_next_boot():
    flash = Flash(None, 16, 1024)
    under_test = services(flash)
    under_test.awaited = True
    lost, other, running = [under_test.begin(connector, "CARD", 5) for connector in (1, 2, 1)]
    under_test.journal.append(
        {"kind": "meter", "tx": lost.number, "stamp": [1, 7000, None], "values": "0:70"}
    )
    ended = under_test.begin(1, "CARD", 80)
    ended.end("Local", [1, 8000, None])
    under_test.complete(ended.stop_record(90))
    again = services(flash)
    again.awaited = True
    found, _ = again.interrupted(1)
    assert found.number == running.number
    assert again.interrupted(2)[0].number == other.number
    stops = [record for record in records(again) if record["kind"] == "stop"]
    assert [stop["tx"] for stop in stops] == [ended.number, lost.number]
    assert (stops[1]["meter_wh"], stops[1]["stamp"], stops[1]["reason"]) == (70, [1, 7000, None], "Other")
    assert again.interrupted(1)[0].number == running.number
    assert len([record for record in records(again) if record["kind"] == "stop"]) == 2


@pytest.mark.parametrize("error", [OSError, MemoryError])
def test_the_boot_goes_on_where_a_missing_end_cannot_be_written(error):
    flash = Flash(None, 16, 1024)
    under_test = services(flash)
    under_test.awaited = True
    lost, running = [under_test.begin(1, "CARD", 5) for _ in range(2)]
    again = services(flash)
    again.awaited = True

    def refuse(record):
        raise error

    again._log = refuse
    assert again.interrupted(1)[0].number == running.number
    del again._log
    assert again.interrupted(1)[0].number == running.number
    assert [record["tx"] for record in records(again) if record["kind"] == "stop"] == [lost.number]


def records(under_test):
    """What the log holds."""
    found = []
    entry = under_test.journal.after(0)
    while entry:
        found.append(entry[1])
        entry = under_test.journal.after(entry[0])
    return found


# What the store refuses.


def test_a_state_that_was_refused_is_told_once_and_written_later():
    flash = Flash(None, 16, 1024)
    told: list = []
    under_test = services(flash)
    under_test.observe(told.append)
    flash.full = True
    under_test.keep_energy(1, 10, 3)
    under_test.keep_energy(1, 20, 13)
    under_test.settle()
    assert [(event["event"], event["name"]) for event in told] == [("unwritten", "energy-1")]
    flash.full = False
    under_test.settle()
    assert services(flash).journal.get("energy-1") == [20, 13]
    flash.full = True
    under_test.settle()
    under_test.keep_energy(1, 20, 13)
    assert len(told) == 1


@pytest.mark.parametrize(("sectors", "sector_bytes"), [(24, 1024), (64, 4096)])
def test_starts_that_are_refused_take_nothing_of_what_is_left(sectors, sector_bytes):
    under_test = services(Flash(None, sectors, sector_bytes))
    under_test.awaited = True

    def fill():
        while True:
            begun = under_test.begin(1, "CARD", 5)
            begun.end("Local", under_test.clock.stamp())
            under_test.complete(begun.stop_record(6))
            while under_test.journal.prepare():
                pass

    with pytest.raises(OSError, match="no room for a transaction"):
        fill()
    written = under_test.journal.written
    for _ in range(1440):
        with pytest.raises(OSError, match="no room for a transaction"):
            under_test.begin(1, "CARD", 5)
    assert under_test.journal.written == written


def test_a_start_is_refused_by_a_full_store_and_its_number_is_not_used():
    flash = Flash(None, 16, 1024)
    under_test = services(flash)
    flash.full = True
    with pytest.raises(OSError, match="full"):
        under_test.begin(1, "CARD", 0)
    flash.full = False
    assert under_test.begin(1, "CARD", 0).number == 1
    assert services(flash).interrupted(2) is None


def take_and_refuse(stage, kind):
    """The next record of this kind reaches the flash, and the store says that it did not."""
    flash = stage.world.flash
    program = flash.program

    def once(sector, offset, data):
        program(sector, offset, data)
        if offset and data[1] == SORTS[kind]:
            flash.program = program
            raise OSError(5, "the flash did not answer")

    flash.program = once


def told_of(stage):
    """What the server heard of transactions: (action, transactionId of a stop)."""
    calls = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
    return [
        (frame[2], frame[3].get("transactionId"))
        for frame in calls
        if frame[0] == 2 and frame[2] in ("StartTransaction", "StopTransaction")
    ]


def test_an_end_that_was_refused_and_written_all_the_same_is_told_once():
    async def story(stage):
        await stage.charge()
        take_and_refuse(stage, "stop")
        stage.outlet.unplug()
        await stage.until("stop_unwritten")
        await stage.until("transaction_stopped")
        await stage.wait(5)
        assert len(stage.stops()) == 2
        assert told_of(stage) == [("StartTransaction", None), ("StopTransaction", 1)]

    play(story, settings=PLUG_AND_CHARGE, backend=True)


@pytest.mark.parametrize("stop_is_refused", [False, True])
def test_a_start_that_was_refused_and_written_all_the_same_is_ended(stop_is_refused):
    async def story(stage):
        take_and_refuse(stage, "start")
        if stop_is_refused:
            begun = stage.world.flash.program

            def full(sector, offset, data):
                try:
                    begun(sector, offset, data)
                except OSError:
                    stage.world.flash.full = True
                    raise

            stage.world.flash.program = full
        stage.outlet.plug()
        await stage.until("start_refused")
        await stage.wait(5)
        stage.world.flash.full = False
        await stage.wait(5)
        assert [record["tx"] for record in stage.stops()] == [1]
        assert told_of(stage) == [("StartTransaction", None), ("StopTransaction", 1)]
        stage.outlet.unplug()
        await stage.wait(3)
        await stage.charge()
        assert stage.charger.transaction(1) == 2

    play(story, settings=PLUG_AND_CHARGE, backend=True)


# Who is told.


def test_an_observer_that_raises_is_told_no_more_and_stops_no_charge():
    async def story(stage):
        heard = []

        def broken(event):
            heard.append(event["event"])
            raise ValueError("the page is gone")

        stage.firmware.services.observe(broken)
        await stage.charge()
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        assert len(heard) == 1
        assert [event["reason"] for event in stage.events("observer_failed")] == [
            "ValueError: the page is gone"
        ]
        assert not stage.events("task_failed")

    play(story, settings=PLUG_AND_CHARGE)


def test_without_a_backend_the_log_holds_no_room():
    async def story(stage):
        for _ in range(3):
            await stage.charge()
            stage.outlet.unplug()
            await stage.until("transaction_stopped")
        await stage.wait(1)
        assert len(stage.starts()) == 3
        assert stage.firmware.journal.after(0) is None

    play(story, settings=PLUG_AND_CHARGE)
