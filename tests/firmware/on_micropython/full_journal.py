"""A journal of a MiB, full of what no server has taken, and what a boot makes of it.

Prints: transactions, readings, ms until the journal stands, ms until a connector knows that nothing was cut
off, bytes of heap that the journal then holds, and reads of the flash for both.
"""

import gc
import time

from firmware.clock import Clock
from firmware.journal import Journal
from firmware.services import Services
from hal import contract
from simulator.portable.flash import Flash


class Counting(Flash):
    reads = 0

    def read(self, sector, offset, length):
        self.reads += 1
        return Flash.read(self, sector, offset, length)


def record(kind, number, minute):
    found = {"kind": kind, "tx": number, "connector": 1}
    found["stamp"] = [7, (number * 60 + minute) * 60000, 1767225600000 + (number * 60 + minute) * 60000]
    if kind == "meter":
        found["context"] = "Sample.Periodic"
        found["values"] = "0:%d 20:10872 21:3625 22:3625 23:3622 31:16.000 32:16.000 33:16.000" % number
        return found
    found["id_tag"] = "04A1B2C3D4E5F6"
    found["meter_wh"] = number * 10000 + minute * 100
    if kind == "stop":
        found["reason"] = "EVDisconnected"
    return found


def appended(journal, what):
    try:
        return journal.append(what) > 0
    except OSError:
        return False


def fill(journal):
    """Sessions of 45 minutes until none may begin."""
    number = readings = 0
    while appended(journal, record("start", number + 1, 0)):
        number += 1
        for minute in range(1, 46):
            readings += appended(journal, record("meter", number, minute))
        journal.put("energy-1", [number, number])
        journal.append(record("stop", number, 45))
        while journal.prepare():
            pass
    return number, readings


def milliseconds():
    return time.ticks_ms()  # type: ignore[attr-defined]  # MicroPython's


def live():
    gc.collect()
    return gc.mem_alloc()  # type: ignore[attr-defined]  # MicroPython's


flash = Counting()
journal = Journal(flash)
while journal.prepare():
    pass
counts = fill(journal)
del journal
flash.reads = 0
before = live()
began_ms = milliseconds()
journal = Journal(flash)
recovered_ms = milliseconds() - began_ms
held = live() - before
began_ms = milliseconds()
assert Services(Clock(contract.Clock(), journal), journal, None).interrupted(1) is None
print(counts[0], counts[1], recovered_ms, milliseconds() - began_ms, held, flash.reads)
