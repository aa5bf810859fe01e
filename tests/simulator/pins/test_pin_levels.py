"""Pins: who drives the wire, what is read back, and how interrupts come."""

import pytest

from simulator.pins.rules import Undefined
from tests.simulator.pins.pin_bench import NAMES, chip_of, recorded


@pytest.fixture(params=NAMES)
def chip(request):
    chip = chip_of(request.param)
    with chip.install():
        yield chip


def test_an_output_drives_its_wire(chip):
    from machine import Pin

    changes = recorded(chip.pin(5))
    pin = Pin(5, Pin.OUT, value=1)
    chip.advance(10)
    pin.off()
    chip.advance(10)
    pin.toggle()
    assert changes == [(0, 1), (10, 0), (20, 1)]
    assert (pin.value(), pin(), chip.pin(5).drive) == (1, 1, "pin")


def test_an_input_reads_the_circuit_or_its_pull(chip):
    from machine import Pin

    pin = Pin(5, Pin.IN, Pin.PULL_UP)
    assert pin.value() == 1
    chip.pin(5).feed_level(0)
    assert pin.value() == 0
    chip.pin(5).feed_level(None)
    assert Pin(5, Pin.IN, Pin.PULL_DOWN).value() == 0


def test_a_level_may_be_a_function_of_time(chip):
    from machine import Pin

    pin = Pin(5, Pin.IN)
    chip.pin(5).feed_level(lambda now_us: 1 if now_us >= 700 else 0)
    chip.advance(699)
    assert pin.value() == 0
    chip.advance(1)
    assert pin.value() == 1


def test_an_output_wins_over_the_circuit_and_an_open_drain_lets_go(chip):
    from machine import Pin

    chip.pin(5).feed_level(1)
    pin = Pin(5, Pin.OUT, value=0)
    assert pin.value() == 0
    pin = Pin(5, Pin.OPEN_DRAIN, value=1)
    assert pin.value() == 1
    pin(0)
    assert pin.value() == 0


def test_a_value_for_an_input_waits_until_it_is_an_output(chip):
    from machine import Pin

    pin = Pin(5, Pin.IN)
    pin.on()
    assert chip.pin(5).level == 0
    pin.init(Pin.OUT)
    assert chip.pin(5).level == 1


def test_two_objects_of_a_pin_are_one_pin(chip):
    from machine import Pin

    Pin(5, Pin.OUT)
    Pin(5).value(1)
    assert chip.pin(5).level == 1


@pytest.mark.parametrize("number", [-1, 49, "GP5", True, None, 1.0])
def test_a_pin_that_is_not_there_is_refused(chip, number):
    from machine import Pin

    with pytest.raises(ValueError, match="invalid pin"):
        Pin(number)


def test_numbers_that_only_one_family_has():
    for name, number in (("rp2350", 30), ("esp32s3", 22), ("esp32s3", 30), ("esp32s3", 35), ("esp32s3", 19)):
        with chip_of(name).install():
            from machine import Pin

            with pytest.raises(ValueError, match="invalid pin"):
                Pin(number)


@pytest.mark.parametrize("number", [23, 24, 25, 29])
def test_a_pin_of_the_wireless_chip_is_told(number):
    with chip_of("rp2350").install():
        from machine import Pin

        with pytest.raises(Undefined, match="wireless"):
            Pin(number, Pin.OUT)


def test_edges_interrupt(chip):
    from machine import Pin

    seen = []
    pin = Pin(5, Pin.IN)
    irq = pin.irq(handler=lambda pin: seen.append(pin.value()), trigger=Pin.IRQ_RISING)
    for level in (1, 0, 1):
        chip.pin(5).feed_level(level)
        chip.advance(1000)
    assert seen == [1, 1]
    assert irq.flags() == irq.trigger() == Pin.IRQ_RISING
    pin.irq(handler=None)
    chip.pin(5).feed_level(0)
    chip.pin(5).feed_level(1)
    chip.advance(1000)
    assert seen == [1, 1]


def test_a_hard_interrupt_comes_at_once_and_a_soft_one_later():
    for name, most_us in (("rp2350", 25), ("esp32s3", 430)):
        chip = chip_of(name)
        with chip.install():
            from machine import Pin

            came: list = []
            Pin(5, Pin.IN).irq(lambda pin, came=came, chip=chip: came.append(chip.now_us), Pin.IRQ_RISING)
            chip.pin(5).feed_level(1)
            assert came == []
            chip.advance(1000)
            assert 0 < came[0] <= most_us
    chip = chip_of("rp2350")
    with chip.install():
        from machine import Pin

        Pin(5, Pin.IN).irq(lambda pin: came.append(chip.now_us), Pin.IRQ_RISING, hard=True)
        chip.pin(5).feed_level(1)
        assert came[-1] == 0


def test_a_port_without_hard_interrupts_does_not_know_the_word():
    with chip_of("esp32s3").install():
        from machine import Pin

        with pytest.raises(TypeError):
            Pin(5, Pin.IN).irq(lambda pin: None, Pin.IRQ_RISING, hard=True)


def test_no_more_callbacks_wait_than_the_scheduler_holds():
    chip = chip_of("esp32s3")
    with chip.install():
        from machine import Pin

        came: list = []
        Pin(5, Pin.IN).irq(came.append)
        for _ in range(6):
            chip.pin(5).feed_level(1)
            chip.pin(5).feed_level(0)
        chip.advance(10000)
    assert (len(came), chip.lost) == (8, 4)


def test_masked_interrupts_come_afterwards():
    chip = chip_of("rp2350")
    with chip.install():
        import machine

        came: list = []
        machine.Pin(5, machine.Pin.IN).irq(lambda pin: came.append(chip.now_us), 8, hard=True)
        state = machine.disable_irq()
        chip.pin(5).feed_level(1)
        chip.advance(100)
        assert came == []
        machine.enable_irq(state)
        assert came == [100]


def test_a_restart_lets_go_of_every_pin(chip):
    from machine import Pin

    changes = recorded(chip.pin(5))
    came: list = []
    Pin(5, Pin.OUT, value=1)
    Pin(6, Pin.IN).irq(came.append)
    chip.advance(10)
    chip.restart("software")
    chip.pin(6).feed_level(1)
    chip.advance(1000)
    assert changes[-1] == (10, 0)
    assert (chip.pin(5).drive, came) == ("", [])
