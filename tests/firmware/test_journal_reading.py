"""The journal is read in order and forgets what was released, whatever became of its sectors."""

from firmware.journal import Journal
from simulator.portable.flash import Flash
from tests.firmware.power import filled, prepare, prepared, read_all


def test_reading_on_costs_the_same_however_long_the_log_is():
    class Counting(Flash):
        reads = 0

        def read(self, sector, offset, length):
            self.reads += 1
            return super().read(sector, offset, length)

    flash = Counting(None, 64, 4096)
    journal, sequences = filled(flash, 1000)
    journal = Journal(flash)
    flash.reads = 0
    assert [sequence for sequence, _ in read_all(journal)] == sequences
    assert flash.reads <= 2 * 1000 + 3 * 64
    for sequence, most in (
        (sequences[-1], 2),
        (sequences[400], 150),
        (sequences[400], 3),
        (sequences[401], 3),
    ):
        flash.reads = 0
        journal.after(sequence)
        assert flash.reads <= most


def test_one_record_that_is_not_released_keeps_its_sector():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    kept = [journal.append({"kind": "stop", "tx": number}) for number in range(3)]
    journal.release(kept[1])
    for number in range(200):
        journal.put("energy_wh", number)
        journal.prepare()
    assert read_all(journal) == read_all(Journal(flash)) == [(kept[2], {"kind": "stop", "tx": 2})]
    erased = set()
    flash.observer = lambda operation, *args: erased.add(args[0]) if operation == "erase" else None
    journal.append({"kind": "stop", "tx": 3, "text": "x" * 400})
    journal.release(kept[2])
    for number in range(200):
        journal.put("energy_wh", number)
        journal.prepare()
    assert 0 in erased


def test_a_release_is_remembered_with_the_next_record():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    sequences = [journal.append({"kind": "stop", "tx": number}) for number in range(4)]
    journal.release(sequences[1])
    assert [sequence for sequence, _ in read_all(Journal(flash))] == sequences
    journal.put("energy_wh", 1)
    assert [sequence for sequence, _ in read_all(Journal(flash))] == sequences[2:]


def test_reading_goes_on_in_the_right_place_after_sectors_were_used_again():
    flash = Flash(None, 3, 512)
    journal = prepared(flash)
    number = expected = sequence = 0
    for _ in range(60):
        for _ in range(7):
            journal.append({"kind": "stop", "tx": number, "text": "x" * 20})
            number += 1
        for _ in range(7):
            sequence, record = journal.after(sequence)
            assert record["tx"] == expected
            expected += 1
        assert journal.after(sequence) is None
        journal.release(sequence)
        prepare(journal)


def test_the_reader_does_not_go_on_in_a_sector_that_was_used_again():
    flash = Flash(None, 3, 512)
    journal = prepared(flash)
    last = journal.append({"kind": "stop", "tx": 0})
    assert journal.after(last) is None
    journal.release(journal.append({"kind": "stop", "tx": 0, "text": "x" * 450}))
    assert journal.prepare()
    stops = [journal.append({"kind": "stop", "tx": number, "text": "x" * 100}) for number in range(1, 7)]
    assert [sequence for sequence, _ in read_all(Journal(flash))] == stops
    assert journal.after(last)[0] == stops[0]
