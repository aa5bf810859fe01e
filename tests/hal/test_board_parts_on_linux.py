"""The drivers that tasks use run on Linux's `machine` as they are: over files shaped like the kernel's, a
pseudo-terminal, and a stand-in for libgpiod."""

import asyncio
import os
import time

import pytest

from boards.facts import Board, Connector
from hal.gpio import button, clock, lamp, uart, watchdog
from hal.linux import machine
from tests.hal.linux_tree import lines, tree

__all__ = ["lines", "tree"]


class Parts:
    clock = clock.make(Board(chip="linux"), 0, None)


def test_the_date_and_monotonic_time_are_the_systems(monkeypatch):
    monkeypatch.setattr(machine.RTC, "_correction_s", 0)
    assert abs(Parts.clock.unix_s() - time.time()) < 5
    assert 0 <= Parts.clock.now_ms() < 1 << 30


def test_a_meters_line(tree, monkeypatch):
    from hal.linux import files

    monkeypatch.setattr(files, "ROOT", "")
    far, near = os.openpty()
    name = os.ttyname(near)
    outlet = Connector(pins={"meter_tx": name, "meter_rx": name}, drivers={"meter": "we517"})
    port = uart.make(outlet, 1, None)
    assert port.read() == b""
    port.write(bytearray(b"request"))
    assert os.read(far, 100) == b"request"
    os.write(far, b"answer")
    got = b""
    for _ in range(1000):
        got += port.read()
        if len(got) == 6:
            break
        time.sleep(0.005)
    assert got == b"answer"
    os.close(far)
    os.close(near)


def test_a_watchdog_begins_at_boot_where_its_absence_can_be_told(tree):
    (tree.root / "run").mkdir()
    with pytest.raises(OSError, match="/dev/watchdog0 cannot be opened"):
        watchdog.make(Board(chip="linux"), 0, None)
    tree.put("/dev/watchdog0", "")
    dog = watchdog.make(Board(chip="linux"), 0, None)
    dog.feed()
    assert (dog.cause, tree.text("/dev/watchdog0")) == ("software", "\0")


def test_a_lamp_on_pwm_channels(tree):
    tree.pwm_chip("pwmchip1")
    pins = {"red": "pwmchip1/0", "green": "pwmchip1/1", "blue": "pwmchip1/2"}

    async def story():
        light = lamp.make(Board(chip="linux", pins=pins), 0, Parts)
        light.show(0xFF8000, False)

    asyncio.run(story())
    duties = [int(tree.text(f"/sys/class/pwm/pwmchip1/pwm{i}/duty_cycle")) for i in range(3)]
    assert duties[0] > 1.9 * duties[1] > 0 == duties[2]


def test_a_button_on_a_line(lines):
    press = button.make(Board(chip="linux", pins={"button": "gpiochip0:6"}), 0, Parts)
    line = lines["gpiochip0", 6]
    assert line.settings.options["bias"] == "pull up"
    line.pull(1)
    assert not press.pressed()
    line.pull(0)
    assert shortly(press.pressed), "while it is held"
    line.pull(1)
    assert not press.pressed()


def shortly(happens):
    """Whether it does, within a time in which a thread gets its turn on the busiest machine."""
    for _ in range(1000):
        if happens():
            return True
        time.sleep(0.005)
    return False
