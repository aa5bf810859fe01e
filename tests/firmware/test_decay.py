"""Cells that decay in years, and writes that a power cut tore: the first is an error of the charger where a
latest value is concerned, the second is every day's."""

import pytest

from firmware.journal import Journal
from simulator.portable.flash import Flash
from tests.firmware.cut_images import Image, cuts
from tests.firmware.power import prepare, prepared, read_all
from tests.firmware.stage import play

SECTOR_HEAD, RECORD_HEAD = 16, 16
SIZE = 40
"""Bytes of each record that `written` makes."""


def written():
    """A flash with three values in its first sector, and three log records in its second."""
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    for number in range(3):
        journal.put("latches-%d" % number, [0, 0, 1, number])
    for number in range(3):
        journal.append({"kind": "stop", "tx": number})
    return flash


def decay(flash, sector, at):
    """One cell of a byte."""
    old = bytearray(flash.read(sector, 0, flash.sector_bytes))
    old[at] ^= 0x10
    flash.overwrite(sector, bytes(old))


@pytest.mark.parametrize("at", range(SIZE))
@pytest.mark.parametrize("record", [0, 1])
def test_a_value_that_decayed_among_others_is_known_to_be_missing(record, at):
    flash = written()
    decay(flash, 0, SECTOR_HEAD + record * SIZE + at)
    journal = Journal(flash)
    is_padding = at >= RECORD_HEAD + len("latches-0\0[0,0,1,0]")
    # A sector without a first header that can be read looks like half an erase.
    is_erase = record == 0 and at in (0, 2, 3)
    assert journal.damaged == ([] if is_padding or is_erase else ["journal"])


def test_the_last_value_is_taken_for_one_that_was_never_written_whole():
    flash = written()
    decay(flash, 0, SECTOR_HEAD + 2 * SIZE + 30)
    journal = Journal(flash)
    assert (journal.damaged, journal.get("latches-2"), journal.get("latches-1")) == ([], None, [0, 0, 1, 1])


def test_a_value_that_is_saved_in_the_file_may_decay():
    flash = written()
    Journal(flash)._save_values({})
    decay(flash, 0, SECTOR_HEAD + 30)
    journal = Journal(flash)
    assert (journal.damaged, journal.get("latches-0")) == ([], [0, 0, 1, 0])


def test_a_log_record_that_decayed_is_passed_over():
    flash = written()
    decay(flash, 1, SECTOR_HEAD + 20)
    journal = Journal(flash)
    assert journal.damaged == []
    assert [record["tx"] for _, record in read_all(journal)] == [1, 2]


def write_much(journal, name):
    """So much that the sector of what has decayed is erased."""
    for number in range(100):
        journal.put(name, number)
        prepare(journal)


def test_what_is_written_anew_ends_the_damage_and_nothing_else_does():
    flash = written()
    decay(flash, 0, SECTOR_HEAD + 30)
    journal = prepared(flash)
    write_much(journal, "energy-1")
    assert journal.damaged == Journal(flash).damaged == ["journal"]
    write_much(journal, "latches-0")
    assert journal.damaged == Journal(flash).damaged == []


@pytest.mark.parametrize("again", [[0, 0, 1, 0], [0, 0, 0, 0]])
@pytest.mark.parametrize("write", [Journal.put, Journal.keep])
def test_what_was_lost_is_news_though_an_older_value_was_the_same(write, again):
    flash = written()
    Journal(flash)._save_values({})
    journal = Journal(flash)
    journal.put("latches-0", [1, 1, 1, 1])
    journal.put("after", 1)
    decay(flash, 0, SECTOR_HEAD + 3 * SIZE + 30)
    journal = Journal(flash)
    assert (journal.damaged, journal.get("latches-0")) == (["journal"], [0, 0, 1, 0])
    write(journal, "latches-0", again)
    assert journal.damaged == Journal(flash).damaged == []
    assert Journal(flash).get("latches-0") == again


def test_what_was_lost_is_written_anew_by_a_save_too():
    flash = written()
    decay(flash, 0, SECTOR_HEAD + 30)
    journal = Journal(flash)
    while journal.room() > 600:
        journal.append({"kind": "answered", "upto": 0})
    journal.keep("latches-0", [7])
    assert journal.damaged == Journal(flash).damaged == []
    assert Journal(flash).get("latches-0") == [7]


IN_NAME = range(RECORD_HEAD, RECORD_HEAD + len("latches-1\0"))


@pytest.mark.parametrize("at", [1, 4, 8, 12, *IN_NAME])
def test_without_its_name_it_stays_damaged(at):
    """The header may have decayed in its sort, a number or the check: the name behind it can be read."""
    flash = written()
    decay(flash, 0, SECTOR_HEAD + SIZE + at)
    journal = prepared(flash)
    write_much(journal, "latches-1")
    assert journal.damaged == Journal(flash).damaged == (["journal"] if at in IN_NAME else [])


@pytest.mark.parametrize("mark", [0, 2, 3])
def test_with_a_header_that_cannot_be_read_it_stays_damaged(mark):
    flash = written()
    decay(flash, 0, SECTOR_HEAD + SIZE + mark)
    journal = prepared(flash)
    for name in ("latches-1", "latches-2"):
        write_much(journal, name)
    assert journal.damaged == Journal(flash).damaged == ["journal"]


def test_a_record_that_seems_to_hold_more_than_one_names_none():
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    for name in ("a", "b", "c"):
        journal.put(name, "x" * 8)  # records of 32 bytes: one cell makes one of 64
    old = bytearray(flash.read(0, 0, 512))
    assert old[SECTOR_HEAD + 2] == 12
    old[SECTOR_HEAD + 2] |= 32
    flash.overwrite(0, bytes(old))
    journal = prepared(flash)
    write_much(journal, "a")
    assert journal.damaged == ["journal"]


def test_a_write_that_was_torn_is_no_decay_however_much_is_written_after_it():
    """At every byte, in the first sector and in a later one, of a value and of a log record."""
    image = Image(8, 512)
    recording = Flash(None, 8, 512)
    changes = []
    recording.observer = lambda *change: changes.append(change)
    journal = prepared(recording)
    for number in range(30):
        journal.put("latches-1", number)
        journal.append({"kind": "stop", "tx": number})
    tried = 0
    for change in changes:
        for _ in cuts(image, change, _Halves()):
            torn = image.copy()
            for again in range(3):
                journal = prepared(torn)
                assert journal.damaged == []
                journal.put("boot", again)
                journal.append({"kind": "stop", "tx": 100 + again})
            tried += 1
    assert tried > 1000


class _Halves:
    """Every other cell of the byte at the cut is programmed."""

    def randrange(self, _):
        return 0x55

    def choice(self, choices):
        return choices[0]


def test_a_value_that_decayed_in_the_flash_of_a_charger_is_a_system_error():
    async def story(stage):
        journal = stage.firmware.journal
        journal.put("latches-2", [1, 1, 1, 1, 1])
        journal.put("after", 1)
        flash = stage.world.flash
        place = next(
            (sector, flash.read(sector, 0, flash.sector_bytes).index(b"latches-2\0[1"))
            for sector in range(flash.sectors)
            if b"latches-2\0[1" in flash.read(sector, 0, flash.sector_bytes)
        )
        decay(flash, *place)
        await stage.bench.restart("software")
        await stage.wait(3)
        assert stage.connector.status.vendor_error_code == "SYS_3"
        assert stage.outlet.line.seen_bp == 0

    play(story)
