"""A file of latest values that has decayed is never written over: the defaults of what it held may be more
than the wires bear."""

import errno

import pytest

from firmware.journal import SNAPSHOT, Journal
from simulator.portable.flash import Flash
from tests.firmware.power import prepared


def decayed():
    """Flash whose saved values say 16 A, in a file that has decayed since."""
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    journal.put("set-InstallationCurrent", "16")
    for number in range(300):
        journal.put("energy_wh", number)
        journal.prepare()
    saved = bytearray(flash.load(SNAPSHOT))
    saved[12] ^= 1
    flash.save(SNAPSHOT, bytes(saved))
    return flash


def write_much(journal):
    journal.put("latch", journal.last)
    for number in range(300):
        journal.put("energy_wh", 1000 + number)
        journal.prepare()


def choose_much(journal):
    for number in range(300):
        journal.keep("set-Url", "ws://%d" % number)


@pytest.mark.parametrize("write", [write_much, choose_much])
def test_it_stays_damaged_whatever_is_written_and_erased(write):
    flash = decayed()
    for _ in range(3):
        journal = Journal(flash)
        assert journal.damaged == [SNAPSHOT]
        assert journal.get("set-InstallationCurrent") is None
        with pytest.raises(OSError, match="a technician must look") as refusal:
            write(journal)
        assert refusal.value.errno == errno.EIO
        assert journal.damaged == [SNAPSHOT]
