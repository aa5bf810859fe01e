"""Flash of both families: what a program and an erase do, what they cost, and what a power cut leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pins.rules import Restarted, Undefined
from tests.simulator.pins.pin_bench import chip_of


@pytest.fixture
def rp2_chip():
    chip = chip_of("rp2350")
    with chip.install():
        yield chip


@pytest.fixture
def s3():
    chip = chip_of("esp32s3")
    with chip.install():
        yield chip


def read(device, block, offset, length):
    buffer = bytearray(length)
    device.readblocks(block, buffer, offset)
    return bytes(buffer)


def test_rp2_gives_what_the_files_have(rp2_chip):
    import rp2

    whole, part = rp2.Flash(), rp2.Flash(start=8 * 4096, len=4 * 4096)
    assert (whole.ioctl(4, 0), whole.ioctl(5, 0), part.ioctl(4, 0)) == (640, 4096, 4)
    part.writeblocks(1, b"x" * 256, 512)
    assert read(whole, 9, 512, 3) == b"xxx"
    part.ioctl(6, 1)
    assert read(whole, 9, 512, 3) == b"\xff\xff\xff"
    for start, length in ((100, 4096), (0, 100), (0, 9999 * 4096), (640 * 4096, 4096)):
        with pytest.raises(ValueError, match=r"^$"):
            rp2.Flash(start=start, len=length)


def test_rp2_programs_whole_pages(rp2_chip):
    import rp2

    flash = rp2.Flash()
    for data, offset in ((b"x", 0), (b"x" * 256, 1), (b"x" * 257, 0)):
        with pytest.raises(Undefined, match="pages"):
            flash.writeblocks(3, data, offset)
    with pytest.raises(Undefined, match="left"):
        flash.writeblocks(640, b"x" * 256, 0)


def test_a_write_without_an_offset_erases_first(rp2_chip):
    import rp2

    flash = rp2.Flash()
    flash.writeblocks(3, bytes(4096))
    flash.writeblocks(3, b"\x0f" * 4096)
    assert read(flash, 3, 0, 2) == b"\x0f\x0f"
    flash.writeblocks(3, b"\xf1" * 256, 0)
    assert read(flash, 3, 0, 2) == b"\x01\x01"


def test_whoever_writes_flash_is_deaf(rp2_chip):
    import machine
    import rp2

    came = []
    timer = machine.Timer(period=10, callback=lambda timer: came.append(rp2_chip.now_us), hard=True)
    rp2.Flash().ioctl(6, 3)
    assert came == [45000] * 4
    rp2_chip.advance(10000)
    assert came[4:] == [50000]
    timer.deinit()


def test_esp32_has_the_partitions_of_its_table(s3):
    from esp32 import Partition

    (journal,) = Partition.find(Partition.TYPE_DATA, label="journal")
    assert journal.info() == (1, 0x40, 0x700000, 16 * 4096, "journal", False)
    assert [part.info()[4] for part in Partition.find(Partition.TYPE_DATA)] == ["nvs", "vfs", "journal"]
    assert Partition(Partition.RUNNING).info()[4] == "factory"
    assert Partition.find(Partition.TYPE_APP, label="journal") == []
    with pytest.raises(OSError, match="2"):
        Partition("nothing")
    with pytest.raises(ValueError, match=r"^$"):
        Partition(7)


def test_an_esp32_partition_takes_any_bytes_and_ends(s3):
    from esp32 import Partition

    part = Partition("journal")
    part.writeblocks(0, b"abc", 4095)
    assert read(part, 0, 4094, 5) == b"\xffabc\xff"
    with pytest.raises(OSError, match="ESP_ERR_INVALID_SIZE"):
        part.writeblocks(15, b"abc", 4094)
    with pytest.raises(OSError, match="ESP_ERR_INVALID_SIZE"):
        part.ioctl(6, 16)
    assert part.ioctl(4) == 16


@given(st.binary(min_size=1, max_size=600), st.integers(0, 700))
def test_a_power_cut_leaves_a_prefix(data, fuel):
    chip = chip_of("esp32s3")
    with chip.install():
        from esp32 import Partition

        part = Partition("journal")
        chip.flash.fuel = fuel
        if fuel < len(data):
            with pytest.raises(Restarted):
                part.writeblocks(0, data, 100)
        else:
            part.writeblocks(0, data, 100)
        kept = min(fuel, len(data))
        assert read(part, 0, 100, len(data)) == data[:kept] + b"\xff" * (len(data) - kept)


def test_a_power_cut_leaves_an_erase_half_done(s3):
    from esp32 import Partition

    part = Partition("journal")
    part.writeblocks(0, bytes(4096), 0)
    s3.flash.fuel = 0
    with pytest.raises(Restarted):
        part.ioctl(6, 0)
    assert (read(part, 0, 0, 1), read(part, 0, 4095, 1)) == (b"\xff", b"\x00")


def test_flash_survives_what_ram_does_not(s3):
    from esp32 import Partition

    Partition("journal").writeblocks(0, b"kept", 0)
    s3.restart("power_on")
    assert read(Partition("journal"), 0, 0, 4) == b"kept"
