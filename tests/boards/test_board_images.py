"""What an image for a board is made of: the files that its manifest freezes, and how its flash is divided."""

import runpy
import sys
from types import ModuleType

import pytest

import boards
import flash
from tests.runtimes import ROOT

SECTOR_BYTES = 4096
PICOS = {"pico_2_w": 2560 * 1024, "pico_w": 848 * 1024}
"""What MicroPython leaves on the module for files and journal (bytes; MICROPY_HW_FLASH_STORAGE_BYTES)."""
WITH_IMAGE = ["esp32_s3", *PICOS]


def manifest(name):
    """What the manifest of a board asks for, in order."""
    asked: list[tuple] = []

    def command(word):
        return lambda *words, **more: asked.append((word, *words, *more.items()))

    commands = {
        word: command(word) for word in ("metadata", "include", "require", "freeze", "module", "package")
    }
    runpy.run_path(str(ROOT / f"boards/{name}/manifest.py"), commands)
    return asked


@pytest.mark.parametrize("name", WITH_IMAGE)
def test_a_manifest_freezes_what_was_compiled_for_the_board(name):
    asked = manifest(name)
    (frozen,) = [words for words in asked if words[0] == "freeze"]
    assert (ROOT / f"boards/{name}" / frozen[1]).resolve() == (ROOT / "build/mpy").resolve()
    assert not [words for words in asked if words[0] == "require"]


@pytest.mark.parametrize("name", PICOS)
def test_the_image_of_a_pico_has_a_boot_script_of_its_own_in_place_of_the_ports(name):
    asked = manifest(name)
    assert ("module", "_boot.py") in asked
    assert ("module", "rp2.py", ("base_path", "$(PORT_DIR)/modules")) in asked
    assert ("include", "$(PORT_DIR)/boards/manifest.py") not in asked
    assert (ROOT / f"boards/{name}/_boot.py").is_file()


def test_linux_runs_the_checkout_and_has_no_image():
    assert not (ROOT / "boards/linux/manifest.py").exists()


class Flash:
    """As much of `rp2.Flash` as a boot script uses."""

    whole_bytes = 0

    def __init__(self, start=0, len=None):
        self.start = start
        self.bytes = Flash.whole_bytes - start if len is None else len

    def ioctl(self, op, arg):
        return {4: self.bytes // SECTOR_BYTES, 5: SECTOR_BYTES}[op]


class Files:
    """As much of `vfs.VfsLfs2`: it mounts what was made, and only that."""

    made: set[tuple[int, int]] = set()

    def __init__(self, device, progsize):
        if (device.start, device.bytes) not in Files.made:
            raise OSError(19, "ENODEV")
        self.device = device

    @staticmethod
    def mkfs(device, progsize):
        Files.made = {(device.start, device.bytes)}


@pytest.fixture
def board_of_flash(monkeypatch):
    """The modules that a boot script imports; what it mounts is in the list."""
    mounted: list[tuple] = []
    rp2, vfs = ModuleType("rp2"), ModuleType("vfs")
    vars(rp2).update(Flash=Flash)
    vars(vfs).update(VfsLfs2=Files, mount=lambda *what: mounted.append(what))
    monkeypatch.setitem(sys.modules, "rp2", rp2)
    monkeypatch.setitem(sys.modules, "vfs", vfs)
    Files.made = set()
    return mounted


@pytest.mark.parametrize("name", PICOS)
def test_a_boot_script_leaves_the_last_sectors_to_the_journal(name, board_of_flash, monkeypatch):
    monkeypatch.setattr(Flash, "whole_bytes", PICOS[name])
    for _ in range(2):
        runpy.run_path(str(ROOT / f"boards/{name}/_boot.py"))
    (first, place), (again, _) = board_of_flash
    journal_bytes = boards.load(name).journal[1] * SECTOR_BYTES
    assert place == "/"
    assert first.device.start == again.device.start == 0
    assert first.device.bytes + journal_bytes == PICOS[name]
    assert first.device.bytes >= 256 * 1024


def test_the_partition_table_has_room_for_the_journal_and_nothing_overlaps():
    lines = (ROOT / "boards/esp32_s3/partitions.csv").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split(",")] for line in lines if not line.startswith("#")]
    end = 0
    for row in rows:
        start, size = int(row[3], 16), int(row[4], 16)
        assert start >= end, row
        end = start + size
    assert end <= 8 * 1024 * 1024
    name, sectors = boards.load("esp32_s3").journal
    (journal,) = [row for row in rows if row[0] == name]
    assert journal[1] == "data"
    assert int(journal[4], 16) >= sectors * SECTOR_BYTES


def test_what_makes_an_image_does_not_go_onto_the_device():
    carried = {path.as_posix() for path in flash.device_files() if path.parts[0] == "boards"}
    assert "boards/pico_2_w/definition.py" in carried
    assert not [path for path in carried if path.endswith(("manifest.py", "_boot.py", "chips.py"))]


def test_the_pico_w_takes_its_wiring_with_it():
    carried = {path.as_posix() for path in flash.device_files("pico_w")}
    assert {"boards/pico_w/definition.py", "boards/pico_2_w/definition.py"} <= carried
    assert "boards/esp32_s3/definition.py" not in carried
