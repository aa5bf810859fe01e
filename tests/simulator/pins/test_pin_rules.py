"""The chips of the simulator and those of the boards' checker are told apart from each other, and agree."""

import pytest

from boards import chips
from simulator.pins import rules

NAMES = sorted(rules.CHIPS)


@pytest.mark.parametrize("name", NAMES)
def test_pins_and_analogue_inputs(name):
    ours, theirs = rules.CHIPS[name], chips.CHIPS[name]
    assert set(ours.pins) <= set(theirs.pins)
    usable = {pin for pin in theirs.analogue if pin in ours.pins}
    assert set(ours.adc_pins) == usable
    assert ours.family == theirs.family


@pytest.mark.parametrize("name", ["rp2040", "rp2350"])
def test_pins_that_the_module_takes(name):
    assert set(rules.CHIPS[name].reserved) == set(chips.CHIPS[name].taken)


def test_pins_that_the_s3_module_takes():
    missing = set(chips.ESP32S3.pins) - set(rules.CHIPS["esp32s3"].pins)
    assert missing <= set(chips.ESP32S3.taken)
    assert missing >= set(range(26, 38)) | {19, 20}


def test_converters_that_wifi_silences():
    silenced = {
        pin for pin, converter in chips.ESP32S3.analogue.items() if converter in chips.ESP32S3.silenced
    }
    assert set(rules.Esp32S3.adc2_pins) == silenced & set(rules.Esp32S3.pins)
    assert rules.Esp32S3.adc_ranges_mv[3] == chips.ESP32S3.full_scale_mv


@pytest.mark.parametrize("name", ["rp2040", "rp2350"])
def test_serial_pins(name):
    ours, theirs = rules.CHIPS[name](), chips.CHIPS[name]
    for check, role, table in (
        (ours.uart_pin, "tx", theirs.uart_tx),
        (ours.uart_pin, "rx", theirs.uart_rx),
        (ours.i2c_pin, "sda", theirs.i2c_sda),
        (ours.i2c_pin, "scl", theirs.i2c_scl),
    ):
        for number, pins in enumerate(table):
            assert [pin for pin in ours.pins if check(number, role, pin)] == sorted(pins)


@pytest.mark.parametrize("name", NAMES)
def test_timers_and_outputs(name):
    ours, theirs = rules.CHIPS[name], chips.CHIPS[name]
    assert (ours.hard_timers_from or ()) == theirs.hard_timer
    assert theirs.outputs in (0, getattr(ours, "pwm_channels", 0))
    if theirs.slices:
        assert {ours().pwm_slice(pin) for pin in ours.pins} == set(range(theirs.slices))
