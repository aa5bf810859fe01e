"""The store of an ESP32: a raw partition for the journal, as the strict `esp32` of the simulator has it."""

import pytest

from boards.facts import Board
from simulator.pins.chip import Chip
from simulator.pins.rules import Restarted
from tests.hal.store_contract import SECTORS, StoreContract

BOARD = Board(chip="esp32s3", journal=("journal", SECTORS))


@pytest.fixture
def chip():
    chip = Chip(BOARD)
    with chip.install():
        yield chip


@pytest.fixture
def store(chip, tmp_path):
    return make(BOARD, tmp_path)


def make(board, folder):
    from hal.esp32 import partition

    store = partition.make(board, 0, None)
    store.folder = str(folder)
    return store


class TestPartitionStore(StoreContract):
    pass


def test_the_file_system_is_untouched(chip, store):
    before = chip.flash.read(0, 0x700000)
    for sector in range(SECTORS):
        store.program(sector, 0, b"\0" * 4096)
        store.erase(sector)
    assert chip.flash.read(0, 0x700000) == before


@pytest.mark.parametrize("fuel", [0, 1, 255, 256, 257, 999])
def test_a_power_cut_leaves_a_beginning_of_what_was_written(chip, store, fuel):
    record = bytes(range(1, 251)) * 4
    chip.flash.fuel = fuel
    with pytest.raises(Restarted):
        store.program(1, 100, record)
    chip.flash.fuel = None
    assert store.read(1, 100, 1000) == record[:fuel] + b"\xff" * (1000 - fuel)


def test_a_cell_that_stays_as_it_is_is_noticed(chip, store, monkeypatch):
    monkeypatch.setattr(chip.flash, "program", lambda start, data: None)
    with pytest.raises(OSError, match="sector 1 did not take what was written at 5"):
        store.program(1, 5, b"\0")


def test_what_is_written_lasts_over_a_restart(store, tmp_path):
    store.program(3, 200, b"kept")
    store.save("settings", b"{}")
    again = make(BOARD, tmp_path)
    assert (again.read(3, 200, 4), again.load("settings")) == (b"kept", b"{}")


@pytest.mark.parametrize(
    ("journal", "size"),
    [(("nvs", 64), 0x6000), (("journal", 300), 0x100000), (("", 4), 0), (("nothing", 4), 0)],
)
def test_a_partition_that_is_missing_or_too_small_is_told_with_the_way_out(tmp_path, journal, size):
    board = Board(chip="esp32s3", journal=journal)
    fitted = Board(chip="esp32s3", journal=journal if journal[0] == "journal" else ("", 0))
    with (
        Chip(fitted).install(),
        pytest.raises(ValueError, match=f"there is one of {size}; flash this board's own partition table"),
    ):
        make(board, tmp_path)
