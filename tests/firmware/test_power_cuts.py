"""Power cuts and damage: the journal loses nothing that it acknowledged, and never goes back."""

import copy
import random
import subprocess
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import given

from firmware.journal import SORTS, Journal
from simulator.portable.flash import Flash
from tests import runtimes
from tests.firmware.power import Bench, cuts, filled, prepare, prepared, read_all, until_refused

# A week in small: sessions, an offline time, restarts, latest values, and the ring round more than once.
STORY: list[tuple] = [("prepare", 9)]
for day in range(7):
    STORY += [("put", "boot", day), ("append", "start", 30), ("put", "energy_wh", day * 1000)]
    STORY += [("append", "meter", 40), ("append", "answered", 10)] * 3
    STORY += [("append", "stop", 40), ("put", "latch", [day, "rcd"]), ("reboot",), ("prepare", 2)]
    STORY += [("release", 9 * day), ("prepare", 9), ("append", "answered", 60)]


def test_a_cut_at_every_byte_of_a_story_loses_nothing():
    bench = Bench()
    tried = dict.fromkeys(("program", "erase", "save"), 0)
    for step in STORY:
        whole = copy.deepcopy(bench)
        whole.changes = []
        whole.do(*step)
        for number, (operation, args) in enumerate(whole.changes):
            for at in cuts(operation, args):
                torn = copy.deepcopy(bench)
                torn.cut = (number, at)
                torn.do(*step)
                torn.prepare()
                torn.do("append", "stop", 20)
                assert torn.log[-1][1]["text"] == "x" * 20, "no room was found after the cut"
                torn.boot()
                tried[operation] += 1
        bench = whole
    assert tried["program"] > 5000
    assert tried["erase"] >= 12 * 12
    assert tried["save"] >= 4


sizes = st.integers(0, 150)
numbers = st.integers(0, 1000)
steps = st.one_of(
    st.tuples(st.just("append"), st.sampled_from(sorted(SORTS)), sizes),
    st.tuples(st.just("append"), st.just("stop"), sizes),
    st.tuples(st.just("put"), st.sampled_from(["boot", "energy_wh", "latch"]), numbers),
    st.tuples(st.just("keep"), st.sampled_from(["set-a", "set-b"]), numbers),
    st.tuples(st.just("release"), st.integers(1, 60)),
    st.tuples(st.just("prepare"), st.integers(1, 8)),
    st.tuples(st.just("full"), st.booleans()),
    st.tuples(st.just("reboot")),
)
supply = st.one_of(st.none(), st.none(), st.tuples(st.integers(0, 2), st.integers(0, 120)))


@given(
    st.lists(st.tuples(steps, supply), min_size=20, max_size=90),
    st.sampled_from([(6, 512), (4, 256), (9, 4096)]),
)
def test_no_story_loses_anything(story, size):
    bench = Bench(*size)
    bench.prepare()
    for step, cut in story:
        bench.cut = cut
        bench.do(*step)
    bench.cut = None
    bench.flash.full = False
    bench.boot()
    bench.do("release", len(bench.log))
    bench.prepare()
    bench.do("append", "meter", 100)
    assert bench.log[-1][1]["text"] == "x" * 100, "the journal did not find its room again"
    bench.boot()


@given(st.data())
def test_no_image_stops_the_boot(data):
    """Whatever a flash holds, the journal starts, keeps what can be read, and goes on."""
    bench = Bench()
    for step in STORY[: data.draw(st.integers(0, len(STORY)))]:
        bench.do(*step)
    flash = bench.flash.copy()
    for _ in range(data.draw(st.integers(1, 6))):
        sector = data.draw(st.integers(0, flash.sectors - 1))
        old = flash.read(sector, 0, flash.sector_bytes)
        start = data.draw(st.integers(0, flash.sector_bytes - 1))
        junk = data.draw(st.binary(min_size=1, max_size=64))
        flash.overwrite(sector, (old[:start] + junk + old[start + len(junk) :])[: flash.sector_bytes])
    journal = prepared(flash)
    found = read_all(journal)
    assert [entry for entry in found if entry not in bench.log] == []
    assert [sequence for sequence, _ in found] == sorted(sequence for sequence, _ in found)
    journal.release(10**9)
    prepare(journal)
    sequence = journal.append({"kind": "stop", "tx": 1})
    assert prepared(flash).after(sequence - 1) == (sequence, {"kind": "stop", "tx": 1})


@pytest.mark.parametrize("offset", [0, 4, 9])
def test_a_corrupt_sector_is_skipped_and_the_rest_recovered(offset):
    flash = Flash(None, 8, 512)
    _, sequences = filled(flash, 30)
    flash.program(2, offset, b"\0")
    found = [sequence for sequence, _ in read_all(Journal(flash))]
    lost = [sequence for sequence in sequences if sequence not in found]
    assert found == sorted(found)
    assert 0 < len(lost) <= 512 // 64
    assert lost == list(range(lost[0], lost[-1] + 1))


def test_a_corrupt_payload_costs_one_record():
    flash = Flash(None, 8, 512)
    _, sequences = filled(flash, 30)
    flash.program(2, 16 + 16 + 5, b"\0")
    assert len(read_all(Journal(flash))) == len(sequences) - 1


def test_half_an_erase_that_looks_blank_is_not_written_to():
    flash = Flash(None, 4, 512)
    journal, _ = filled(flash, 9)
    journal.release(9)
    room = journal.room()
    assert room < 3 * 512
    flash.overwrite(0, flash.read(0, 0, 16) + b"\xff" * 300 + b"\x55" * 196)
    journal = Journal(flash)
    assert journal.room() == room
    prepare(journal)
    assert flash.read(0, 16, 496) == b"\xff" * 496
    assert journal.room() == room + 496


@pytest.mark.parametrize(("in_newest", "offset"), [(1, 0), (1, 16), (1, 40), (2, 72), (2, 72 + 24)])
def test_numbers_never_go_back_even_when_the_newest_records_cannot_be_read(in_newest, offset):
    """A damaged sector header, record header and payload; in each case of the last record at least."""
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    programs = []
    flash.observer = lambda *change: programs.append(change[1])
    sequence = 0
    while len(programs) < 30 or programs[-in_newest - 1 :].count(programs[-1]) != in_newest:
        sequence = journal.append({"kind": "stop", "tx": 1, "text": "x" * 20})
    flash.program(programs[-1], offset, b"\0")
    journal = prepared(flash)
    assert sequence not in dict(read_all(journal))
    assert journal.append({"kind": "stop", "tx": 1}) > sequence


@pytest.mark.parametrize("reached", [1, 20, 40])
def test_a_write_that_failed_half_way_costs_nothing_that_was_acknowledged(reached):
    """Also when all of it reached the flash: then it may be found, but never in the place of another."""

    class Failing(Flash):
        failing = False

        def program(self, sector, offset, data):
            super().program(sector, offset, data[:reached] if self.failing else data)
            if self.failing:
                raise OSError(5, "the flash did not answer")

    flash = Failing(None, 8, 512)
    journal = prepared(flash)
    first = journal.append({"kind": "start", "tx": 1})
    flash.failing = True
    assert (
        until_refused(lambda: journal.append({"kind": "meter", "tx": 1}))
        == "[Errno 5] the flash did not answer"
    )
    flash.failing = False
    last = journal.append({"kind": "stop", "tx": 1})
    for reader in (journal, Journal(flash)):
        found = dict(read_all(reader))
        assert (found.pop(first)["kind"], found.pop(last)["kind"]) == ("start", "stop")
        assert [record["kind"] for record in found.values()] in ([], ["meter"])


def test_numbers_and_values_outlive_all_sectors():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    journal.put("serial", "A-1")
    for number in range(50):
        journal.release(journal.append({"kind": "stop", "tx": number}))
        journal.prepare()
    saved_upto = journal.load("journal")["upto"]
    for sector in range(4):
        flash.erase(sector)
    journal = prepared(flash)
    assert journal.get("serial") == "A-1"
    assert journal.append({"kind": "start", "tx": 50}) == saved_upto + 1


def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path):
    """SIGKILL at a random moment, three times, over one folder."""
    script = """if True:
        from firmware.journal import Journal
        from simulator.portable.flash import Flash
        journal = Journal(Flash(%r, 64, 4096))
        while journal.prepare():
            pass
        while True:
            print(journal.append({"kind": "stop", "tx": 1, "text": "x" * 50}), flush=True)
    """
    acknowledged: list[int] = []
    chance = random.Random(1)
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", script % str(tmp_path / "state")],
            cwd=runtimes.ROOT,
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout
            acknowledged += [int(child.stdout.readline()) for _ in range(chance.randrange(20, 90))]
            child.kill()
            acknowledged += [int(line) for line in child.stdout.read().splitlines()]
    found = [sequence for sequence, _ in read_all(Journal(Flash(str(tmp_path / "state"), 64, 4096)))]
    assert set(acknowledged) <= set(found)
    assert found == sorted(found)
