"""Latest values and files in the journal: the newest one is there, and no older one comes back."""

import pytest

from firmware.journal import Journal
from simulator.portable.flash import Flash
from tests.firmware.power import prepared, until_refused


def test_latest_values_outlive_their_sectors():
    flash = Flash(None, 8, 512)
    journal = prepared(flash)
    journal.put("serial", "A-1")
    saves = []
    flash.observer = lambda *change: saves.append(change) if change[0] == "save" else None
    for number in range(400):
        journal.put("energy_wh", number)
        journal.prepare()
    # One save a sector, which has 15 values, where as much as possible is kept erased.
    journal = Journal(flash)
    assert (journal.get("serial"), journal.get("energy_wh"), journal.get("none", 7)) == ("A-1", 399, 7)
    assert 0 < len(saves) <= 400 // 15


def test_the_same_value_again_is_not_written():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    value = [1, "rcd"]
    journal.put("latch", value)
    room = journal.room()
    journal.put("latch", [1, "rcd"])
    assert journal.room() == room
    value.append("changed by its owner later")
    journal.put("latch", value)
    assert Journal(flash).get("latch") == value


def test_an_old_value_in_a_sector_that_stays_does_not_come_back():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    journal.append({"kind": "start", "tx": 1})
    for number in range(300):
        if number < 5 or number == 100:
            journal.put("latch", number)
        journal.put("energy_wh", number)
        journal.prepare()
    assert Journal(flash).after(0) == (1, {"kind": "start", "tx": 1})
    assert (Journal(flash).get("latch"), Journal(flash).get("energy_wh")) == (100, 299)


def test_what_people_choose_is_written_in_the_ring_at_once_and_in_the_file_ahead_of_an_erase():
    flash = Flash(None, 4, 512)
    journal = prepared(flash)
    changes = []
    flash.observer = lambda *change: changes.append(change[0])
    journal.keep("set-Url", "ws://here")
    journal.keep("set-Url", "ws://here")
    assert changes == ["program"]
    assert Journal(flash).get("set-Url") == "ws://here"
    for number in range(300):
        journal.put("energy_wh", number)
        journal.prepare()
    assert "save" in changes
    assert Journal(flash).get("set-Url") == "ws://here"


def test_without_room_what_people_choose_is_saved_in_the_file_and_the_reserve_is_left_alone():
    """A server that has moved, and so takes nothing any more, must not keep its new address away."""
    flash = Flash(None, 16, 512)
    journal = prepared(flash)
    until_refused(lambda: journal.append({"kind": "stop", "tx": 1, "text": "x" * 100}))
    room = journal.room()
    changes = []
    flash.observer = lambda *change: changes.append(change[0])
    for url in ("ws://" + "x" * 480, "ws://" + "y" * 200, "ws://" + "y" * 200):
        journal.keep("set-Url", url)
    assert (changes, journal.room()) == (["save", "save"], room)
    until_refused(lambda: journal.append({"kind": "stop", "tx": 1}))
    journal.keep("set-Url", "ws://elsewhere")
    assert Journal(flash).get("set-Url") == "ws://elsewhere"
    flash.full = True
    with pytest.raises(OSError, match="full"):
        journal.keep("set-Url", "ws://nowhere")
    assert journal.get("set-Url") == Journal(flash).get("set-Url") == "ws://elsewhere"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[1]", b"null"])
def test_a_file_that_is_not_a_dict_counts_as_none(data):
    flash = Flash(None, 4, 512)
    journal = Journal(flash)
    journal.save("settings", {"limit_ma": 16000})
    assert journal.load("settings") == {"limit_ma": 16000}
    flash.save("settings", data)
    assert journal.load("settings") is None


def test_what_one_can_do_without_leaves_the_reserve_alone():
    flash = Flash(None, 32, 512)
    journal = prepared(flash)
    journal.remember("cards-0", "CARD")
    room = journal.room()
    journal.remember("cards-0", "CARD")
    assert journal.room() == room
    numbers = iter(range(10000))
    reason = until_refused(lambda: journal.remember("cards-0", "CARD%d" % next(numbers)))
    assert "keeps what is left for starts and stops; 'cards-0' waits" in reason
    kept = Journal(flash).get("cards-0")
    assert 32 * 512 // 16 <= journal.room() <= 32 * 512 // 16 + 512
    journal.put("latch", 1)
    journal.append({"kind": "start", "tx": 1})
    assert (Journal(flash).get("latch"), Journal(flash).get("cards-0")) == (1, kept)
