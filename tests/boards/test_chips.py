"""The tables of pins agree with the rules that MicroPython's ports check by."""

import pytest

from boards.chips import CHIPS, ESP32S3, LINUX, RP2040, RP2350

PICOS = [RP2040, RP2350]


@pytest.mark.parametrize("chip", PICOS)
def test_the_uarts_of_an_rp2_are_where_its_port_says(chip):
    # ports/rp2/machine_uart.c: IS_VALID_PERIPH, IS_VALID_TX and IS_VALID_RX.
    step = 1 if chip is RP2350 else 3
    for unit in range(2):
        mine = [pin for pin in chip.pins if ((pin + 4) & 8) >> 3 == unit]
        assert chip.uart_tx[unit] == tuple(pin for pin in mine if pin & step == 0)
        assert chip.uart_rx[unit] == tuple(pin for pin in mine if pin & step == 1)


@pytest.mark.parametrize("chip", PICOS)
def test_the_i2cs_of_an_rp2_are_where_its_port_says(chip):
    # ports/rp2/machine_i2c.c: IS_VALID_SDA and IS_VALID_SCL.
    for unit in range(2):
        assert chip.i2c_sda[unit] == tuple(
            pin for pin in chip.pins if pin & 1 == 0 and (pin & 2) >> 1 == unit
        )
        assert chip.i2c_scl[unit] == tuple(
            pin for pin in chip.pins if pin & 1 == 1 and (pin & 2) >> 1 == unit
        )


def test_an_esp32_s3_has_its_45_pins():
    # ESP-IDF, GPIO summary: GPIO0 to GPIO21 and GPIO26 to GPIO48.
    assert len(ESP32S3.pins) == 45
    assert not {22, 23, 24, 25} & set(ESP32S3.pins)
    assert {ESP32S3.analogue[pin] for pin in range(1, 11)} == {"ADC1"}
    assert {ESP32S3.analogue[pin] for pin in range(11, 21)} == {"ADC2"}


@pytest.mark.parametrize("name", CHIPS)
def test_what_a_chip_says_of_a_pin_is_of_a_pin_that_it_has(name):
    chip = CHIPS[name]
    buses = [pins for units in (chip.uart_tx, chip.uart_rx, chip.i2c_sda, chip.i2c_scl) for pins in units]
    told = [*chip.taken, *chip.analogue, *[pin for pins in buses for pin in pins]]
    assert set(told) <= set(chip.pins)
    assert chip.title
    assert (chip is LINUX) == chip.named
