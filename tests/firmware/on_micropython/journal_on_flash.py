"""The journal on MicroPython: cut at every byte in memory, then kept in the folder that is given.

The last line is how many records are in the folder, and how many bytes the heap grew while all but the first
tenth were written.
"""

import gc
import sys

from firmware.journal import Journal
from firmware.records import record_bytes
from simulator.portable.flash import Flash

RECORDS = 400


class Cut(Exception):
    pass


def prepared(flash):
    journal = Journal(flash)
    while journal.prepare():
        pass
    return journal


def numbers(journal):
    found = []
    entry = journal.after(0)
    while entry:
        found.append(entry[1]["tx"])
        entry = journal.after(entry[0])
    return found


def cut_everywhere():
    """Cut each append of a short story after each of its bytes. Returns how many cuts there were."""
    cuts = 0
    for acknowledged in range(8):
        at = 0
        while cut_once(acknowledged, at):
            at += 1
            cuts += 1
    return cuts


def cut_once(acknowledged, at):
    """False: the append was over before `at` bytes."""
    flash = Flash(None, 4, 256)
    journal = prepared(flash)
    for number in range(acknowledged):
        journal.append({"kind": "stop", "tx": number})
    flash.observer = cutter(flash, at)
    try:
        journal.append({"kind": "stop", "tx": acknowledged})
        cut = False
    except Cut:
        cut = True
    flash.observer = None
    found = numbers(prepared(flash))
    assert found in (list(range(acknowledged)), list(range(acknowledged + 1))), (found, at)
    return cut


def cutter(flash, at):
    def observe(_operation, sector, offset, data):
        if at < len(data):
            flash.observer = None
            flash.program(sector, offset, data[:at])
            raise Cut

    return observe


def write(journal, first, beyond):
    for number in range(first, beyond):
        journal.append({"kind": "stop", "tx": number, "id_tag": "04A1B2C3D4E5F6"})
        journal.put("energy_wh", 2**40 + number)
        assert journal.after(0)[1]["tx"] == 0
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined]  # MicroPython's


assert cut_everywhere() == 8 * record_bytes(len('{"tx":0}'))
journal = prepared(Flash(sys.argv[1], 32, 4096))
before = write(journal, 0, RECORDS // 10)
after = write(journal, RECORDS // 10, RECORDS)
assert numbers(Journal(Flash(sys.argv[1], 32, 4096))) == list(range(RECORDS))
print(RECORDS, after - before)
