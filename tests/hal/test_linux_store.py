"""The store in a folder keeps the contract as the simulated flash does, and what it has told is on the
medium."""

import os

import pytest

from boards.facts import Board
from firmware.journal import Journal
from hal.linux.store import FolderStore, make
from tests.hal.store_contract import StoreContract

SECTORS = 8


class TestFolder(StoreContract):
    """What every store has to keep."""

    @pytest.fixture
    def store(self, tmp_path):
        return FolderStore(str(tmp_path / "lib"), 4)


def test_it_forgets_nothing(tmp_path):
    store = FolderStore(str(tmp_path), SECTORS)
    store.program(3, 4000, b"written")
    store.save("roots", b"saved")
    again = FolderStore(str(tmp_path), SECTORS)
    assert (again.read(3, 4000, 7), again.read(4, 0, 4096)) == (b"written", b"\xff" * 4096)
    assert again.load("roots") == b"saved"


def test_a_journal_lives_in_it(tmp_path):
    board = Board(journal=(str(tmp_path / "lib"), SECTORS))
    store = make(board, 0, None)
    journal = Journal(store)
    while journal.prepare():
        pass
    journal.put("boot", 7)
    sequence = journal.append({"kind": "start", "tx": 1, "connector": 1})
    again = Journal(make(board, 0, None))
    assert again.get("boot") == 7
    assert again.after(0) == (sequence, {"kind": "start", "tx": 1, "connector": 1})


def test_nothing_is_told_to_be_written_before_it_is_on_the_medium(tmp_path, monkeypatch):
    store = FolderStore(str(tmp_path / "lib"), SECTORS)
    deeds: list = []

    def note(name):
        real = getattr(os, name)

        def noted(*words):
            deeds.append(name)
            return real(*words)

        monkeypatch.setattr(os, name, noted)

    for name in ("pwrite", "fdatasync", "fsync", "rename"):
        note(name)
    store.erase(1)
    store.program(1, 0, b"\x00")
    assert deeds == ["pwrite", "fdatasync"] * 2
    deeds.clear()
    store.save("journal", b"new")
    # The file, then its name, then the folder that has the name.
    assert deeds == ["fsync", "rename", "fsync"]


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path, monkeypatch):
    store = FolderStore(str(tmp_path), SECTORS)
    store.save("journal", b"old")

    def cut(*words):
        raise OSError(5, "power cut")

    monkeypatch.setattr(os, "rename", cut)
    with pytest.raises(OSError, match="power cut"):
        store.save("journal", b"new")
    assert FolderStore(str(tmp_path), SECTORS).load("journal") == b"old"


def test_a_medium_that_is_full_is_an_error(tmp_path, monkeypatch):
    store = FolderStore(str(tmp_path), SECTORS)
    monkeypatch.setattr(os, "pwrite", lambda file, data, place: len(data) - 1)
    with pytest.raises(OSError, match="only a part"):
        store.program(0, 0, b"\x00\x01")


def test_a_journal_of_another_size_is_named_with_the_way_out(tmp_path):
    FolderStore(str(tmp_path), SECTORS)
    with pytest.raises(ValueError, match="holds 32768 bytes and this board's journal 65536; move the folder"):
        FolderStore(str(tmp_path), 16)


def test_a_folder_that_cannot_be_is_named_with_the_way_out(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"file/lib cannot be used: .*; give this user the folder"):
        FolderStore(str(tmp_path / "file" / "lib"), SECTORS)
