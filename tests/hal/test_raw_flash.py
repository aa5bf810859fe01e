"""The store of an RP2: the journal on the last raw sectors of its flash, behind the file system."""

import pytest

from simulator.pins.rules import Restarted, Undefined
from tests.hal.chips import board, powered
from tests.hal.store_contract import SECTORS, StoreContract

FACTS = {"journal": ("", SECTORS)}
RP2 = ["rp2040", "rp2350"]


@pytest.fixture(params=RP2)
def chip(request):
    chip = powered(request.param, **FACTS)
    with chip.install():
        yield chip


@pytest.fixture
def store(chip, tmp_path):
    return make(chip, tmp_path)


def make_file_system(chip, blocks, place=0):
    """The beginning of a littlefs of so many blocks, as `tests/hal/test_littlefs_cuts.py` finds it."""
    chip.flash.erase(0)
    head = b"\x01\0\0\0\xf0\x0f\xff\xf7littlefs\x2f\xe0\0\x10" + bytes((1, 0, 2, 0, 0, 16, 0, 0))
    chip.flash.program(place * 4096, head + blocks.to_bytes(4, "little"))


def make(chip, folder, **facts):
    from hal.rp2 import flash

    store = flash.make(board(chip.board.chip, **{**FACTS, **facts}), 0, None)
    store.folder = str(folder)
    return store


class TestRawFlash(StoreContract):
    pass


def test_the_file_system_is_untouched(chip, store):
    size = chip.rules.flash_bytes - SECTORS * 4096
    before = chip.flash.read(0, size)
    for sector in range(SECTORS):
        store.program(sector, 0, b"\0" * 4096)
        store.erase(sector)
    assert chip.flash.read(0, size) == before
    store.program(SECTORS - 1, 4092, b"last")
    assert chip.flash.read(chip.rules.flash_bytes - 4, 4) == b"last"


def test_a_record_takes_five_milliseconds_at_most(chip, store):
    for offset in (0, 100, 255):
        began_us = chip.now_us
        store.program(0, 1500 + offset, bytes(1))
        store.program(1, 256 + offset, bytes(range(256)) * 4)
        assert chip.now_us - began_us <= 5000
        store.erase(1)


@pytest.mark.parametrize("fuel", [0, 1, 155, 156, 157, 411, 412, 700])
def test_a_power_cut_leaves_a_beginning_of_what_was_written(chip, store, fuel):
    """The first page holds 156 of the bytes, behind 100 of which nothing becomes of ones."""
    record = bytes(range(1, 251)) * 4
    chip.flash.fuel = 100 + fuel
    with pytest.raises(Restarted):
        store.program(1, 100, record)
    chip.flash.fuel = None
    assert store.read(1, 100, 1000) == record[:fuel] + b"\xff" * (1000 - fuel)
    assert store.read(1, 0, 100) == b"\xff" * 100


def test_a_page_that_was_written_in_part_is_written_on(store):
    for i in range(64):
        store.program(0, 4 * i, bytes((i, 255 - i, i, 0)))
    assert store.read(0, 0, 256) == b"".join(bytes((i, 255 - i, i, 0)) for i in range(64))


def test_the_port_itself_takes_whole_pages_only(chip):
    import rp2

    with pytest.raises(Undefined, match="in pages of 256 bytes"):
        rp2.Flash().writeblocks(0, b"abc", 0)


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_system_that_reaches_into_the_journal_is_told_with_the_way_out(tmp_path, place):
    chip = powered("rp2040", **FACTS)
    make_file_system(chip, 212, place)
    with (
        chip.install(),
        pytest.raises(ValueError, match="takes 212 sectors of flash and the journal leaves it 208"),
    ):
        make(chip, tmp_path)


def test_flash_without_a_file_system_is_told_as_well(tmp_path):
    chip = powered("rp2350", **FACTS)
    chip.flash.erase(0)
    with chip.install(), pytest.raises(ValueError, match="takes 0 sectors of flash"):
        make(chip, tmp_path)


def test_a_journal_larger_than_the_flash_leaves_nothing(tmp_path):
    chip = powered("rp2040")
    make_file_system(chip, 212)
    with chip.install(), pytest.raises(ValueError, match="leaves it -44"):
        make(chip, tmp_path, journal=("", 256))
