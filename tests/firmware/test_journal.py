"""The journal writes, wears and refuses as its port says; test_power_cuts.py cuts the supply."""

import pytest

from firmware import journal as journals
from firmware.journal import Journal
from hal.contract import Store
from simulator.portable.flash import Flash
from tests import runtimes
from tests.firmware.power import prepare, prepared, read_all, until_refused

STAMP = [1234, 86_400_000, 1_767_225_600_000]


START = {
    "kind": "start",
    "tx": 123456,
    "connector": 1,
    "id_tag": "04A1B2C3D4E5F60718AB",
    "meter_wh": 123_456_789,
    "stamp": STAMP,
}


VALUES = [["Energy.Active.Import.Register", "", "Wh", "123456789"], ["Power.Active.Import", "", "W", "22080"]]


METER = {
    "kind": "meter",
    "tx": 123456,
    "connector": 1,
    "context": "Sample.Periodic",
    "stamp": STAMP,
    "values": VALUES,
}


STOP = dict(START, kind="stop", reason="EVDisconnected")


ANSWERED = {"kind": "answered", "upto": 1_234_567, "tx": 123456, "server_tx": 987_654_321}


def test_append_writes_once_and_never_erases():
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    changes = []
    flash.observer = lambda *change: changes.append(change[0])
    refusal = until_refused(lambda: journal.append({"kind": "stop", "tx": 1}))
    assert "prepare it while the contactor is open" in refusal
    written = len(read_all(journal))
    assert written > 40
    assert changes == ["program"] * written


def test_all_sectors_wear_alike():
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    erases = [0] * flash.sectors

    def count(operation, *args):
        if operation == "erase":
            erases[args[0]] += 1

    flash.observer = count
    for number in range(2000):
        journal.put("energy_wh", number)
        journal.release(journal.append({"kind": "stop", "tx": number}))
        journal.prepare()
        if number % 100 == 0:
            journal = Journal(flash)
    assert min(erases) > 10
    assert max(erases) - min(erases) <= 2


def test_a_refused_write_is_told_and_later_ones_go_on():
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    first = journal.append({"kind": "start", "tx": 1})
    flash.full = True
    with pytest.raises(OSError, match="the store is full"):
        journal.append({"kind": "stop", "tx": 1})
    with pytest.raises(OSError, match="the store is full"):
        journal.put("energy_wh", 1)
    with pytest.raises(OSError, match="the store is full"):
        journal.save("settings", {"a": 1})
    flash.full = False
    second = journal.append({"kind": "stop", "tx": 1})
    assert [sequence for sequence, _ in read_all(Journal(flash))] == [first, second]
    assert Journal(flash).get("energy_wh") is None


def test_a_failed_erase_is_tried_again():
    flash = Flash(None, 8, 512)
    journal = Journal(flash)
    flash.full = True
    for _ in range(20):
        with pytest.raises(OSError, match="the store is full"):
            journal.prepare()
    flash.full = False
    prepare(journal)
    assert journal.room() == 8 * (512 - 16)


def test_what_is_too_long_is_refused_with_the_way_out():
    journal = prepared(Flash(None, 8, 4096))
    with pytest.raises(OSError, match="split it"):
        journal.append(dict(METER, values=[["Voltage", "L1", "V", "230.1"]] * 40))
    with pytest.raises(ValueError, match="'page' is too long"):
        journal.put("page", "x" * 700)
    for number in range(journals.STATE_NAMES):
        journal.put("name%d" % number, 0)
    with pytest.raises(ValueError, match="one latest value too many"):
        journal.put("one_more", 0)
    with pytest.raises(KeyError):
        journal.append({"kind": "rumour"})


def test_a_board_without_a_store_starts_and_refuses():
    journal = prepared(Store())
    assert (journal.room(), journal.after(0), journal.get("boot"), journal.load("settings")) == (
        0,
        None,
        None,
        None,
    )
    with pytest.raises(OSError, match="no room for a transaction"):
        journal.append(START)


def test_on_micropython_with_files_that_cpython_reads(micropython, tmp_path):
    state = str(tmp_path / "state")
    script = runtimes.ROOT / "tests" / "firmware" / "on_micropython" / "journal_on_flash.py"
    done = runtimes.run(micropython, script, state, options=("-X", "heapsize=256k"))
    assert done.returncode == 0, done.stderr + done.stdout
    *_, last = done.stdout.splitlines()
    count, growth_bytes = (int(word) for word in last.split())
    journal = Journal(Flash(state, 32, 4096))
    assert [record["tx"] for _, record in read_all(journal)] == list(range(count))
    assert journal.get("energy_wh") == 2**40 + count - 1
    assert growth_bytes < 512, "memory grows with the number of records"


def live_a_day(journal, answered):
    """A session of 24 hours in which nothing can be erased; the minutes whose readings were kept."""
    clock_aligned = dict(METER, values=VALUES + [["Current.Import", "L1", "A", "32.000"]] * 3)
    changes: list[str] = []
    journal._store.observer = lambda *change: changes.append(change[0])
    minutes = []
    journal.append(START)
    for minute in range(24 * 60):
        journal.put("seen-1", [1000 + minute, STAMP])
        journal.put("energy-1", [123_456_000 + minute, 98_765_000 + minute])
        for meter in [METER] + [clock_aligned] * (minute % 15 == 0):
            if takes(journal, dict(meter, stamp=[1234, minute * 60000, STAMP[2]])):
                minutes.append(minute)
                if answered:
                    journal.release(journal.append(ANSWERED))
    journal.append(STOP)
    assert set(changes) == {"program"}
    return minutes


def takes(journal, record):
    try:
        return bool(journal.append(record))
    except OSError:
        return False


def test_a_mebibyte_keeps_a_day_of_readings_without_an_erase():
    """The arithmetic in firmware/journal.py, done with the records themselves."""
    journal = prepared(Flash())
    while journal.room() > journals.SESSION_BYTES + 256 * 4096 // 16:
        journal.put("energy_wh", journal.last)
    assert len(live_a_day(journal, answered=True)) == 1440 + 96


def test_a_mebibyte_keeps_a_thousand_transactions_and_readings_of_every_hour_after_them():
    flash = Flash()
    journal = prepared(flash)
    for _ in range(1000):
        journal.append(START)
        journal.append(STOP)
        prepare(journal)
    assert journal.room() >= journals.SESSION_BYTES
    minutes = live_a_day(journal, answered=False)
    assert {minute // 60 for minute in minutes} == set(range(24))
    assert len(read_all(Journal(flash))) == 2000 + len(minutes) + 2
