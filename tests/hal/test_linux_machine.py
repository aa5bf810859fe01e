"""PWM, converters, serial lines, watchdog and date of Linux as `machine` has them, over files shaped like the
kernel's and a pseudo-terminal."""

import os
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hal.linux import files, machine
from tests.hal.linux_tree import lines, tree

__all__ = ["lines", "tree"]
PWM0 = "/sys/class/pwm/pwmchip0/pwm0/"


def test_a_pwm_is_exported_and_set_up_before_it_is_enabled(tree):
    tree.pwm_chip()
    pwm = machine.PWM(machine.Pin("pwmchip0/0"), freq=1000, duty_u16=65535)
    assert tree.writes == [
        ("export", "0"),
        ("enable", "0"),
        ("duty_cycle", "0"),
        ("period", "1000000"),
        ("duty_cycle", "1000000"),
        ("enable", "1"),
    ]
    assert (pwm.freq(), pwm.duty_u16()) == (1000, 65535)


def test_a_pwm_that_is_exported_already_is_taken_over(tree):
    tree.pwm("pwmchip0", 0, polarity="inversed")
    tree.put(PWM0 + "period", 20000000)
    tree.put(PWM0 + "duty_cycle", 9000000)
    machine.PWM("pwmchip0/0", freq=1000, duty_u16=0)
    assert ("export", "0") not in tree.writes
    assert tree.text(PWM0 + "polarity") == "normal"
    assert tree.text(PWM0 + "duty_cycle") == "0"


def test_a_pwm_can_be_inverted_changed_and_ended(tree):
    tree.pwm("pwmchip0", 0)
    pwm = machine.PWM("pwmchip0/0", freq=1000, duty_u16=32768, invert=True)
    assert tree.text(PWM0 + "polarity") == "inversed"
    assert tree.text(PWM0 + "duty_cycle") == "500008"
    pwm.freq(2000)
    assert (tree.text(PWM0 + "period"), tree.text(PWM0 + "duty_cycle")) == ("500000", "250004")
    pwm.deinit()
    assert (tree.text(PWM0 + "duty_cycle"), tree.text(PWM0 + "enable")) == ("0", "0")


@given(st.integers(0, 10000))
def test_every_duty_is_right_to_a_twentieth_of_a_microsecond(duty_bp):
    """IEC 61851-1 wants 5 us."""
    pwm: Any = object.__new__(machine.PWM)
    pwm._period_ns = 1000000
    written: list = []
    pwm._set = lambda name, value: written.append(value)
    pwm.duty_u16((duty_bp * 65535 + 5000) // 10000)
    assert abs(written[0] - duty_bp * 100) <= 50


def test_a_pwm_that_nobody_may_write_is_named(tree, monkeypatch):
    tree.put("/sys/class/pwm/pwmchip0/pwm0/enable", 0)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with pytest.raises(OSError, match="pwmchip0/pwm0/period cannot be written: let this user do so"):
        machine.PWM("pwmchip0/0")


def test_a_converter_is_read_anew_each_time(tree):
    tree.adc(3, 2048)
    adc = machine.ADC(machine.Pin("iio:device0/3"))
    assert adc.read_uv() == 1649999
    assert adc.read_u16() == 1649999 * 65535 // 3300000
    tree.adc(3, 4095)
    assert adc.read_uv() == 3299194
    tree.adc(3, 0)
    assert (adc.read_uv(), adc.read_u16()) == (0, 0)


def test_a_converter_may_share_its_scale_have_an_offset_and_a_wider_range(tree):
    tree.adc(0, 100, scale="")
    tree.put("/sys/bus/iio/devices/iio:device1/in_voltage_scale", "2.5")
    tree.adc(0, 1700, scale="", device="iio:device1", offset="-100")
    adc = machine.ADC("iio:device1/0")
    assert (adc.read_uv(), adc.read_u16()) == (4000000, 65535)
    tree.adc(0, 60, scale="", device="iio:device1", offset="-100")
    assert (adc.read_uv(), adc.read_u16()) == (-100000, 0)


@given(st.integers(-(10**15), 10**15))
def test_a_decimal_number_is_read_to_the_last_digit(billionths):
    sign, number = "-" if billionths < 0 else "", abs(billionths)
    assert files.decimal(f"{sign}{number // 10**9}.{number % 10**9:09d}") == billionths
    assert files.decimal(f"{sign}{number}") == billionths * 10**9


@pytest.fixture
def line(monkeypatch):
    """The far end of a serial line, and its device's name."""
    far, near = os.openpty()
    monkeypatch.setattr(files, "ROOT", "")
    yield far, os.ttyname(near)
    os.close(far)
    os.close(near)


def arrived(uart, count):
    for _ in range(1000):
        if uart.any() >= count:
            return
        time.sleep(0.005)
    raise AssertionError(f"{uart.any()} of {count} bytes came")


def test_bytes_come_and_go_over_a_serial_line(line):
    far, name = line
    uart = machine.UART(name, baudrate=9600, bits=8, parity=None, stop=1, timeout=0, rxbuf=512)
    assert (uart.any(), uart.read(10), uart.read()) == (0, None, None)
    frame = bytes(range(256))
    assert uart.write(bytearray(frame)) == 256
    uart.flush()
    got = b""
    while len(got) < 256:
        got += os.read(far, 256)
    assert got == frame
    os.write(far, frame)
    arrived(uart, 256)
    assert uart.read(4) == frame[:4]
    assert uart.read() == frame[4:]
    uart.deinit()


@pytest.mark.parametrize(("parity", "letter"), [(None, "N"), (0, "E"), (1, "O")])
def test_a_line_has_its_parity(monkeypatch, parity, letter):
    import serial

    opened: list = []
    monkeypatch.setattr(serial, "Serial", lambda *args, **options: opened.append((args, options)))
    machine.UART("/dev/ttyS0", 19200, parity=parity)
    ((args, options),) = opened
    assert args == ("/dev/ttyS0", 19200)
    assert (options["parity"], options["exclusive"], options["timeout"]) == (letter, True, 0)


def test_a_device_that_is_not_there_is_an_os_error(tree):
    with pytest.raises(OSError, match="ttyS9"):
        machine.UART("/dev/ttyS9")


def test_a_watchdog_is_fed(tree):
    tree.put("/dev/watchdog0", "")
    watchdog = machine.WDT(timeout=8000)
    watchdog.feed()
    watchdog.feed()
    assert tree.text("/dev/watchdog0") == "\0\0"


def test_a_watchdog_that_this_user_may_not_have_is_named(tree):
    with pytest.raises(OSError, match="/dev/watchdog0 cannot be opened: let this user write it"):
        machine.WDT(timeout=8000)


def test_the_date_is_the_system_s_and_corrected_for_this_process_where_it_may_not_be_set(monkeypatch):
    def refuse(clock, seconds):
        raise PermissionError

    monkeypatch.setattr(time, "time", lambda: 1000000000.5)
    monkeypatch.setattr(time, "clock_settime", refuse)
    monkeypatch.setattr(machine.RTC, "_correction_s", 0)
    rtc = machine.RTC()
    assert rtc.datetime() == (2001, 9, 9, 6, 1, 46, 40, 0)
    rtc.datetime((2026, 2, 28, 5, 23, 59, 59, 0))
    assert machine.RTC().datetime() == (2026, 2, 28, 5, 23, 59, 59, 0)
    told: list = []
    monkeypatch.setattr(time, "clock_settime", lambda clock, seconds: told.append((clock, seconds)))
    rtc.datetime((2001, 9, 9, 6, 1, 46, 40, 0))
    assert told == [(time.CLOCK_REALTIME, 1000000000)]
    assert rtc.datetime() == (2001, 9, 9, 6, 1, 46, 40, 0)


@pytest.mark.parametrize(
    ("bootstatus", "cause"),
    [(None, machine.PWRON_RESET), ("0", machine.PWRON_RESET), ("32", machine.WDT_RESET)],
)
def test_why_the_program_runs(tree, bootstatus, cause):
    (tree.root / "run").mkdir()
    if bootstatus:
        tree.put("/sys/class/watchdog/watchdog0/bootstatus", bootstatus)
    assert machine.reset_cause() == cause
    assert machine.reset_cause() == machine.SOFT_RESET


def test_a_restart_is_one_of_the_program(monkeypatch):
    told: list = []
    monkeypatch.setattr(os, "execv", lambda *words: told.append(words))
    machine.reset()
    ((program, words),) = told
    assert os.access(program, os.X_OK)
    assert words


def test_a_machine_has_its_own_name(tree):
    tree.put("/etc/machine-id", "00ff10\n")
    assert machine.unique_id() == b"\x00\xff\x10"
