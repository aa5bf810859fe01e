"""The simulated flash behaves as the contract of the store says, in memory and in a folder."""

import os

import pytest

from simulator.portable.flash import Flash

KINDS = ["memory", "folder"]


@pytest.fixture(params=KINDS)
def flash(request, tmp_path):
    return Flash(str(tmp_path / "state") if request.param == "folder" else None, 4, 256)


def test_it_comes_erased(flash):
    assert [flash.read(sector, 0, 256) for sector in range(4)] == [b"\xff" * 256] * 4
    assert flash.load("settings") is None


def test_programming_only_turns_ones_into_zeros(flash):
    flash.program(1, 10, b"\xf0")
    flash.program(1, 10, b"\xc0")
    with pytest.raises(OSError, match="sector 1 is not erased at 9; erase it first"):
        flash.program(1, 9, b"\x00\xc1")
    assert flash.read(1, 9, 3) == b"\xff\xc0\xff"
    flash.erase(1)
    assert flash.read(1, 9, 3) == b"\xff\xff\xff"


def test_sectors_do_not_touch_each_other(flash):
    for sector in range(4):
        flash.program(sector, 0, bytes([sector]) * 256)
    flash.erase(2)
    assert [flash.read(sector, 0, 256) for sector in range(4)] == [
        b"\0" * 256,
        b"\1" * 256,
        b"\xff" * 256,
        b"\3" * 256,
    ]


@pytest.mark.parametrize("place", [(4, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 250, 7)])
def test_nothing_is_outside_of_the_sectors(flash, place):
    sector, offset, length = place
    with pytest.raises(
        OSError, match="the store has no %d bytes at %d of sector %d" % (length, offset, sector)
    ):
        flash.read(*place)
    with pytest.raises(OSError, match="the store has no"):
        flash.program(sector, offset, b"\0" * length)


def test_named_files_are_replaced_whole(flash):
    flash.save("settings", b"old")
    flash.save("settings", b"new")
    flash.save("cards", b"")
    assert (flash.load("settings"), flash.load("cards"), flash.load("none")) == (b"new", b"", None)


def test_a_full_store_refuses_every_change_and_still_reads(flash):
    flash.program(0, 0, b"\1")
    flash.save("settings", b"old")
    flash.full = True
    for change in (
        lambda: flash.program(0, 1, b"\0"),
        lambda: flash.erase(0),
        lambda: flash.save("settings", b""),
    ):
        with pytest.raises(OSError, match="the store is full") as refusal:
            change()
        assert refusal.value.errno == 28
    assert (flash.read(0, 0, 2), flash.load("settings")) == (b"\1\xff", b"old")
    flash.full = False
    flash.program(0, 1, b"\0")


def test_the_observer_sees_each_change_before_it_happens(flash):
    seen = []

    def observe(operation, *args):
        seen.append((operation, args, flash.read(0, 0, 2), flash.load("settings")))

    flash.observer = observe
    flash.program(0, 0, b"\1")
    flash.save("settings", b"a")
    with pytest.raises(OSError, match="erase it first"):
        flash.program(0, 0, b"\2")
    flash.erase(0)
    assert seen == [
        ("program", (0, 0, b"\1"), b"\xff\xff", None),
        ("save", ("settings", b"a"), b"\1\xff", None),
        ("erase", (0,), b"\1\xff", b"a"),
    ]


def test_a_copy_is_what_a_power_cut_leaves(flash):
    flash.program(0, 0, b"\1\2\3")
    flash.save("settings", b"old")
    torn = flash.copy()
    torn.program(0, 3, b"\4")
    torn.overwrite(1, b"\x55" * 256)
    torn.save("settings", b"new")
    assert (flash.read(0, 0, 4), flash.read(1, 0, 1), flash.load("settings")) == (
        b"\1\2\3\xff",
        b"\xff",
        b"old",
    )
    assert (torn.read(0, 0, 4), torn.read(1, 0, 1), torn.load("settings")) == (b"\1\2\3\4", b"\x55", b"new")


def test_a_folder_keeps_everything_also_without_an_end(tmp_path):
    folder = str(tmp_path / "state")
    flash = Flash(folder, 4, 256)
    flash.program(3, 200, b"kept")
    flash.save("settings", b"{}")
    # The first one is never closed: this is what another process finds after SIGKILL.
    again = Flash(folder, 4, 256)
    assert (again.read(3, 200, 4), again.load("settings")) == (b"kept", b"{}")
    again.erase(3)
    assert flash.read(3, 200, 4) == b"\xff" * 4


def test_a_save_that_was_cut_leaves_the_old_file(tmp_path):
    flash = Flash(str(tmp_path), 4, 256)
    flash.save("settings", b"old")
    (tmp_path / "settings.saved.new").write_bytes(b"ne")
    assert Flash(str(tmp_path), 4, 256).load("settings") == b"old"
    flash.save("settings", b"newer")
    assert flash.load("settings") == b"newer"
    assert sorted(os.listdir(tmp_path)) == ["sectors.bin", "settings.saved"]


def test_a_first_start_that_was_cut_starts_again(tmp_path):
    (tmp_path / "sectors.bin.new").write_bytes(b"\xff" * 100)
    assert Flash(str(tmp_path), 4, 256).read(3, 0, 256) == b"\xff" * 256


def test_a_folder_of_another_board_is_refused_with_the_way_out(tmp_path):
    Flash(str(tmp_path), 4, 256).program(0, 0, b"\0")
    with pytest.raises(
        ValueError, match=r"holds 1024 bytes but .* has 2048; remove the folder or choose another"
    ):
        Flash(str(tmp_path), 8, 256)
    assert Flash(str(tmp_path), 4, 256).read(0, 0, 1) == b"\0"


def test_a_folder_that_cannot_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        Flash(str(tmp_path / "file"), 4, 256)


@pytest.mark.parametrize("name", ["", "../escape", "a/b"])
def test_a_file_name_stays_in_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="cannot name a file of the store"):
        Flash(str(tmp_path / "state"), 4, 256).save(name, b"")
    assert os.listdir(tmp_path) == ["state"]


def test_a_decayed_cell_changes_one_bit_of_each_file_and_nothing_else(flash):
    flash.save("settings", b"\x00\x00\x00")
    flash.save("cards", b"")
    flash.program(1, 0, b"\x00\x00\x00")
    flash.decayed = True
    assert sum(byte.bit_count() for byte in flash.load("settings")) == 1
    assert (flash.load("cards"), flash.load("none")) == (b"", None)
    assert flash.read(1, 0, 3) == b"\x00\x00\x00"
    flash.save("settings", b"\xff\xff\xff")  # what is written anew finds the same cell
    assert sum(byte.bit_count() for byte in flash.load("settings")) == 23
    flash.decayed = False
    assert flash.load("settings") == b"\xff\xff\xff"
