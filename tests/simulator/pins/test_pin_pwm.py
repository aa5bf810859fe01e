"""PWM: what the wire shows, and what each port refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pins.rules import Undefined
from tests.simulator.pins.pin_bench import NAMES, chip_of, recorded


def high_us(node, from_us, period_us=1000):
    """How long the wire is high in a period from `from_us` on."""
    return sum(node.level_at(from_us + offset) for offset in range(period_us))


@pytest.fixture(params=NAMES)
def chip(request):
    chip = chip_of(request.param)
    with chip.install():
        yield chip


@pytest.mark.parametrize(("duty_u16", "expected_us"), [(0, 0), (65535, 1000), (32768, 500), (6554, 100)])
def test_the_duty_is_on_the_wire(chip, duty_u16, expected_us):
    from machine import PWM, Pin

    PWM(Pin(6), freq=1000, duty_u16=duty_u16)
    chip.advance(5000)
    assert abs(high_us(chip.pin(6), 5000) - expected_us) <= 1


@given(st.integers(0, 65535), st.integers(0, 65535), st.integers(0, 5000))
def test_a_new_duty_begins_with_a_period(first, second, passed_us):
    chip = chip_of("rp2350")
    with chip.install():
        from machine import PWM

        pwm = PWM(6, freq=1000, duty_u16=first)
        chip.advance(passed_us)
        pwm.duty_u16(second)
        node = chip.pin(6)
        begins_us = -(-passed_us // 1000) * 1000
        before = [node.level_at(at_us) for at_us in range(passed_us, begins_us - 1)]
        assert before == sorted(before, reverse=True)
        assert sum(before) <= first / 65.535 + 1
        assert abs(high_us(node, begins_us + 1) - second / 65.535) <= 2


def test_a_steady_level_has_no_gap(chip):
    from machine import PWM

    PWM(6, freq=1000, duty_u16=65535)
    chip.advance(20000)
    assert high_us(chip.pin(6), 20000, 20000) == 20000


def test_whoever_watches_is_told_of_each_duty(chip):
    from machine import PWM

    changes = recorded(chip.pin(6))
    pwm = PWM(6, freq=1000, duty_u16=0)
    told = len(changes)
    chip.advance(500)
    pwm.duty_u16(65535)
    assert len(changes) == told + 1
    assert chip.pin(6).waveform.high_ns == chip.pin(6).waveform.period_ns


def test_somebody_else_may_take_the_pin(chip):
    from machine import PWM, Pin

    pwm = PWM(6, freq=1000, duty_u16=65535)
    changes = recorded(chip.pin(6))
    Pin(6, Pin.OUT, value=0)
    assert changes == [(0, 0)]
    with pytest.raises(Undefined, match="no longer"):
        pwm.duty_u16(0)


def test_a_restart_ends_it(chip):
    from machine import PWM

    PWM(6, freq=1000, duty_u16=65535)
    changes = recorded(chip.pin(6))
    chip.restart("watchdog")
    assert (changes, chip.pin(6).waveform) == ([(0, 0)], None)


@pytest.mark.parametrize("duty_u16", [-2, 65536])
def test_a_duty_out_of_range_is_refused(chip, duty_u16):
    from machine import PWM

    with pytest.raises(ValueError, match="duty"):
        PWM(6, freq=1000, duty_u16=duty_u16)


@pytest.mark.parametrize("freq", [0, -3])
def test_a_frequency_of_nothing_is_refused(chip, freq):
    from machine import PWM

    with pytest.raises(ValueError, match="freq"):
        PWM(6, freq=freq)


def test_channels_of_a_slice_have_one_frequency():
    with chip_of("rp2040").install():
        from machine import PWM

        one, other, apart = PWM(6, freq=1000, duty_u16=9), PWM(7, duty_u16=32768), PWM(8, freq=50, duty_u16=9)
        assert (one.freq(), other.freq(), apart.freq()) == (1000, 1000, 50)
        other.freq(4000)
        assert (one.freq(), other.freq(), apart.freq()) == (4000, 4000, 50)


def test_rp2_reaches_8_hz_and_shows_nothing_before_it_has_both():
    chip = chip_of("rp2040")
    with chip.install():
        from machine import PWM

        pwm = PWM(6)
        pwm.duty_u16(32768)
        chip.advance(5000)
        assert high_us(chip.pin(6), 5000) == 0
        pwm.freq(8)
        for freq, reason in ((7, "too small"), (100000000, "too large")):
            with pytest.raises(ValueError, match=reason):
                pwm.freq(freq)


def test_one_channel_cannot_be_on_two_pins():
    with chip_of("rp2350").install():
        from machine import PWM

        PWM(0, freq=1000, duty_u16=5)
        with pytest.raises(Undefined, match="one PWM channel"):
            PWM(16, freq=1000, duty_u16=5)


def test_esp32_begins_at_5_khz_and_half():
    chip = chip_of("esp32s3")
    with chip.install():
        from machine import PWM

        pwm = PWM(6)
        assert (pwm.freq(), high_us(chip.pin(6), 0, 200)) == (5000, 100)


def test_esp32_has_four_frequencies_and_eight_outputs():
    with chip_of("esp32s3").install():
        from machine import PWM

        for index in range(4):
            PWM(4 + index, freq=1000 + index, duty_u16=1)
        with pytest.raises(ValueError, match="timers"):
            PWM(8, freq=2000, duty_u16=1)
        for index in range(4):
            PWM(9 + index, freq=1000, duty_u16=1)
        with pytest.raises(ValueError, match="channels"):
            PWM(13, freq=1000, duty_u16=1)
