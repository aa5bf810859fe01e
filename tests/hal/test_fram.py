"""The store on an I2C FRAM, whose sectors are pretended."""

import pytest

from boards.facts import Board
from hal.gpio import fram
from hal.sectors import SECTOR_BYTES
from simulator.pins.chip import Chip
from tests.hal.store_contract import SECTORS, StoreContract

PINS = {"sda": 4, "scl": 5}
BOARD = Board(chip="rp2040", journal=("", SECTORS), pins=PINS)


class Cells:
    """An MB85RC: two bytes of address, then data; reads go on from there. All 128 KiB are one array, of which
    two addresses of the bus show a half each."""

    def __init__(self, memory, half):
        self._memory = memory
        self._base = half << 16
        self._at = 0
        self.longest = 0

    def write(self, data):
        if len(data) >= 2:
            self._at = self._base + (data[0] << 8 | data[1])
            self.longest = max(self.longest, len(data))
            for byte in data[2:]:
                self._memory[self._at] = byte
                self._at += 1
        return True

    def read(self, count):
        data = self._memory[self._at : self._at + count]
        self._at += count
        return bytes(data)


@pytest.fixture(params=[0xFF, 0x00])
def memory(request):
    """As it may come from the factory."""
    return bytearray([request.param]) * (128 * 1024)


@pytest.fixture(params=["rp2040", "esp32s3"])
def chip(request, memory):
    chip = Chip(Board(chip=request.param, journal=("", SECTORS), pins=PINS))
    for half in range(2):
        chip.bus(4, 5).attach(fram.ADDRESS + half, Cells(memory, half))
    with chip.install():
        yield chip


@pytest.fixture
def store(chip, tmp_path):
    store = make(SECTORS)
    store.folder = str(tmp_path)
    for sector in range(SECTORS):
        store.erase(sector)
    return store


def make(sectors):
    from hal.gpio import fram as driver

    return driver.make(Board(chip="rp2040", journal=("", sectors), pins=PINS), 0, None)


class TestFramStore(StoreContract):
    pass


def test_the_second_half_of_a_large_one_answers_at_the_next_address(chip, memory):
    store = make(32)
    for sector in (15, 16, 31):
        store.erase(sector)
        store.program(sector, SECTOR_BYTES - 5, b"where")
    assert [memory.find(b"where", at * SECTOR_BYTES) for at in (15, 16, 31)] == [
        at * SECTOR_BYTES + SECTOR_BYTES - 5 for at in (15, 16, 31)
    ]


def test_an_fram_that_is_gone_is_an_error_of_the_store(chip, store):
    chip.bus(4, 5).attach(fram.ADDRESS, None)
    for change in (lambda: store.program(0, 0, b"\0"), lambda: store.erase(0), lambda: store.read(0, 0, 1)):
        with pytest.raises(OSError, match=r"5$|19$"):
            change()


def test_a_record_of_a_hundred_bytes_takes_seven_milliseconds_and_an_erase_93(chip, store):
    began_us = chip.now_us
    store.program(0, 0, bytes(100))
    assert chip.now_us - began_us < 7500
    began_us = chip.now_us
    store.erase(1)
    assert 90000 < chip.now_us - began_us < 100000


def test_pins_that_no_bus_has_are_named(memory):
    with Chip(Board(chip="rp2040", pins=PINS)).install():
        from hal.gpio import i2c

        with pytest.raises(ValueError, match=r"no I2C has the pins 4 and 7 \(bad"):
            i2c.bus({"sda": 4, "scl": 7})
