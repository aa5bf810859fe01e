"""Installing a chip: what `import` finds, for how long, and that drivers begin anew."""

import importlib
import sys

import pytest

from boards.facts import Board
from simulator.pins.chip import Chip
from tests.simulator.pins.pin_bench import NAMES, chip_of

MODULES = ("machine", "rp2", "esp32", "network", "uctypes")


def test_the_modules_are_there_as_long_as_the_chip_is():
    before = {name: sys.modules.get(name) for name in MODULES}
    for name in NAMES:
        with chip_of(name).install():
            import machine

            assert machine.reset_cause() == 1
            present = "rp2" if name.startswith("rp2") else "esp32"
            assert importlib.import_module(present)
    assert {name: sys.modules.get(name) for name in MODULES} == before


def test_drivers_take_the_chip_that_is_installed():
    import hal

    outside = [name for name in sys.modules if name.startswith("hal.gpio")]
    for name in NAMES:
        chip = chip_of(name)
        with chip.install():
            from hal.silicon import machine

            assert machine.Pin(5)._chip is chip
            assert hal.silicon.machine is machine
    assert [name for name in sys.modules if name.startswith("hal.gpio")] == outside


def test_a_chip_in_a_chip_gives_back_what_was_there():
    outer, inner = chip_of("rp2350"), chip_of("esp32s3")
    with outer.install():
        from hal.silicon import machine

        with inner.install():
            from hal import silicon

            assert silicon.machine.Pin(5)._chip is inner
        assert importlib.import_module("hal.silicon").machine is machine
        assert machine.Pin(5)._chip is outer


def test_a_restart_forgets_what_was_imported():
    chip = chip_of("rp2350")
    with chip.install():
        from hal import silicon

        chip.restart("watchdog")
        assert "hal.silicon" not in sys.modules
        assert importlib.import_module("hal.silicon") is not silicon


def test_an_error_takes_the_modules_away_too():
    before = sys.modules.get("machine")

    def fail():
        with chip_of("rp2040").install():
            raise KeyError("driver")

    with pytest.raises(KeyError):
        fail()
    assert sys.modules.get("machine") is before


def test_a_board_without_such_a_chip_is_told():
    with pytest.raises(ValueError, match="choose a board with one of: esp32s3, rp2040, rp2350"):
        Chip(Board(chip="linux"))


def test_the_interpreter_schedules():
    chip = chip_of("esp32s3")
    with chip.install():
        import micropython

        came: list = []
        for number in range(8):
            micropython.schedule(came.append, number)
        with pytest.raises(RuntimeError, match="full"):
            micropython.schedule(came.append, 8)
        chip.advance(1000)
        assert came == list(range(8))
