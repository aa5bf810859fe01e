"""What every store has to keep of `hal.contract.Store`: the stories of `tests/simulator/test_nor_flash.py`,
and a property against that flash in memory."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hal.sectors import SECTOR_BYTES
from simulator.portable.flash import Flash

SECTORS = 4
PLACES = st.tuples(st.integers(0, SECTORS - 1), st.integers(0, SECTOR_BYTES - 1))
CHANGE = st.one_of(
    st.tuples(st.just("program"), PLACES, st.binary(min_size=1, max_size=600)),
    st.tuples(st.just("again"), PLACES, st.integers(0, 255)),
    st.tuples(st.just("erase"), st.integers(0, SECTORS - 1)),
)


def image(store):
    return [store.read(sector, 0, SECTOR_BYTES) for sector in range(SECTORS)]


def outcome(change, *args):
    try:
        change(*args)
    except OSError as error:
        return error.errno
    return None


class StoreContract:
    """Inherited with a fixture `store` of `SECTORS` erased sectors, whose `folder` is there and empty."""

    def test_it_comes_erased(self, store):
        assert (store.sectors, store.sector_bytes) == (SECTORS, SECTOR_BYTES)
        assert image(store) == [b"\xff" * SECTOR_BYTES] * SECTORS
        assert store.load("settings") is None

    def test_programming_only_turns_ones_into_zeros(self, store):
        store.program(1, 10, b"\xf0")
        store.program(1, 10, b"\xc0")
        with pytest.raises(OSError, match="sector 1 is not erased at 9; erase it first"):
            store.program(1, 9, b"\x00\xc1")
        assert store.read(1, 9, 3) == b"\xff\xc0\xff"
        store.erase(1)
        assert store.read(1, 9, 3) == b"\xff\xff\xff"

    def test_a_record_may_begin_and_end_anywhere(self, store):
        record = bytes(range(256)) * 4
        store.program(2, 1000, record)
        store.program(2, 1000 + len(record), b"next")
        assert store.read(2, 999, 1030) == b"\xff" + record + b"next\xff"

    def test_sectors_do_not_touch_each_other(self, store):
        for sector in range(SECTORS):
            store.program(sector, 0, bytes([sector]) * SECTOR_BYTES)
        store.erase(2)
        assert [data[:2] + data[-1:] for data in image(store)] == [
            b"\0\0\0",
            b"\1\1\1",
            b"\xff\xff\xff",
            b"\3\3\3",
        ]

    @pytest.mark.parametrize("place", [(SECTORS, 0, 1), (-1, 0, 1), (0, -1, 1), (0, SECTOR_BYTES - 6, 7)])
    def test_nothing_is_outside_of_the_sectors(self, store, place):
        sector, offset, length = place
        words = "the store has no %d bytes at %d of sector %d" % (length, offset, sector)
        with pytest.raises(OSError, match=words):
            store.read(*place)
        with pytest.raises(OSError, match="the store has no"):
            store.program(sector, offset, b"\0" * length)
        if not 0 <= sector < SECTORS:
            with pytest.raises(OSError, match="the store has no"):
                store.erase(sector)

    def test_named_files_are_replaced_whole(self, store):
        store.save("settings", b"old")
        store.save("settings", b"new")
        store.save("cards", b"")
        assert (store.load("settings"), store.load("cards"), store.load("none")) == (b"new", b"", None)
        assert sorted(os.listdir(store.folder)) == ["cards.saved", "settings.saved"]

    def test_a_save_that_was_cut_leaves_the_old_file(self, store):
        store.save("settings", b"old")
        with open(store.folder + "/settings.saved.new", "wb") as file:
            file.write(b"ne")
        assert store.load("settings") == b"old"
        store.save("settings", b"newer")
        assert store.load("settings") == b"newer"

    def test_a_file_system_without_room_leaves_the_old_file(self, store, monkeypatch):
        store.save("settings", b"old")
        monkeypatch.setattr("builtins.open", refusing(open))
        with pytest.raises(OSError, match="No space left"):
            store.save("settings", b"new")
        monkeypatch.undo()
        assert store.load("settings") == b"old"
        assert os.listdir(store.folder) == ["settings.saved"]

    def test_a_file_that_cannot_be_read_is_not_taken_for_none(self, store):
        os.mkdir(store.folder + "/settings.saved")
        assert store.load("settings") == b""

    @pytest.mark.parametrize("name", ["", "../escape", "a/b"])
    def test_a_file_name_stays_in_the_folder(self, store, name):
        with pytest.raises(ValueError, match="cannot name a file of the store"):
            store.save(name, b"")
        assert os.listdir(store.folder) == []

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
    @given(st.lists(CHANGE, max_size=12))
    def test_it_does_the_same_as_the_flash_in_memory(self, store, changes):
        model = Flash(None, SECTORS, SECTOR_BYTES)
        for sector in range(SECTORS):
            store.erase(sector)
        for kind, *rest in changes:
            if kind == "erase":
                assert outcome(store.erase, *rest) == outcome(model.erase, *rest)
                continue
            (sector, offset), data = rest
            if kind == "again":  # clear bits of what is there
                data = bytes(byte & data for byte in model.read(sector, offset, 1))
            assert outcome(store.program, sector, offset, data) == outcome(
                model.program, sector, offset, data
            )
        assert image(store) == image(model)


def refusing(real):
    """An `open` whose files have no room."""

    def open_full(path, mode="r"):
        file = real(path, mode)
        if "w" in mode:
            file.close()
            file = real("/dev/full", mode)
            real(path, mode).close()
        return file

    return open_full
