"""Time on a chip: timers, watchdog, restarts, the date, ticks, and the second core."""

# mypy: disable-error-code="attr-defined"
# `time` has more on a chip.

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.pins.rtc import date_of, days_of
from simulator.pins.rules import Restarted
from tests.simulator.pins.pin_bench import NAMES, chip_of


@pytest.fixture(params=NAMES)
def chip(request):
    chip = chip_of(request.param)
    with chip.install():
        yield chip


def timer_id(chip):
    return -1 if chip.rules.family == "rp2" else 0


def test_a_timer_keeps_its_period(chip):
    from machine import Timer

    came: list = []
    timer = Timer(timer_id(chip))
    timer.init(period=20, callback=lambda timer: came.append(chip.now_us))
    chip.advance(1001000)
    least_us, more_us = chip.rules.soft_us
    assert len(came) == 50
    assert all(least_us <= at_us - 20000 * (n + 1) <= least_us + more_us for n, at_us in enumerate(came))
    timer.deinit()
    chip.advance(100000)
    assert len(came) == 50


def test_a_timer_may_ring_once_or_by_frequency(chip):
    from machine import Timer

    came: list = []
    timer = Timer(timer_id(chip))
    timer.init(mode=Timer.ONE_SHOT, period=5, callback=came.append)
    chip.advance(100000)
    assert came == [timer]
    timer.init(freq=100, callback=came.append)
    chip.advance(51000)
    assert len(came) == 6


def test_only_new_rp2_ports_have_hard_timers():
    for name, version, error in (
        ("rp2350", (1, 26), TypeError),
        ("esp32s3", (1, 26), TypeError),
        ("esp32s3", (1, 27), ValueError),
    ):
        chip = chip_of(name, version)
        with chip.install():
            from machine import Timer

            with pytest.raises(error):
                Timer(timer_id(chip), period=20, callback=print, hard=True)
    chip = chip_of("rp2350", (1, 27))
    with chip.install():
        from machine import Timer

        came = []
        Timer(period=20, callback=lambda timer: came.append(chip.now_us), hard=True)
        chip.advance(60000)
        assert came == [20000, 40000, 60000]


def test_timers_that_are_not_there(chip):
    from machine import Timer

    for number in (-2, 4):
        with pytest.raises(ValueError, match="Timer"):
            Timer(number)


def test_a_hard_callback_comes_while_c_waits_and_a_soft_one_afterwards():
    chip = chip_of("rp2350")
    with chip.install():
        from machine import Timer

        hard, soft = [], []
        timers = [
            Timer(period=1, callback=lambda timer: hard.append(chip.now_us), hard=True),
            Timer(period=1, callback=lambda timer: soft.append(chip.now_us)),
        ]
        chip.spend(3500)
        assert (hard, soft) == ([1000, 2000, 3000], [3500] * 3)
        assert len(timers) == 2


def test_the_watchdog_bites_who_does_not_feed_it(chip):
    from machine import WDT, reset_cause

    told: list[str] = []
    chip.on_reset = told.append
    watch = WDT(timeout=8000)
    for _ in range(10):
        chip.advance(7999000)
        watch.feed()
    assert told == []
    chip.advance(8000000)
    assert (told, reset_cause()) == (["watchdog"], 3)
    chip.advance(60000000)
    assert told == ["watchdog"]


def test_the_watchdog_waits_no_longer_than_it_can():
    for name, most_ms in (("rp2040", 8388), ("rp2350", 16777)):
        with chip_of(name).install():
            from machine import WDT

            WDT(timeout=most_ms)
            for timeout, reason in ((most_ms + 1, "exceeds"), (0, "short")):
                with pytest.raises(ValueError, match=reason):
                    WDT(timeout=timeout)
            with pytest.raises(ValueError, match="doesn't exist"):
                WDT(1)


def test_a_reset_does_not_return(chip):
    import machine

    assert machine.reset_cause() == machine.PWRON_RESET
    with pytest.raises(Restarted):
        machine.reset()
    assert machine.reset_cause() == (3 if chip.rules.family == "rp2" else machine.HARD_RESET)


def test_rp2_tells_a_reset_from_a_bite_by_its_register():
    chip = chip_of("rp2040")
    chip.on_reset = lambda cause: None
    with chip.install():
        import machine

        reason, scratch = 0x40058008, 0x4005800C
        assert machine.mem32[reason] == 0
        machine.mem32[scratch] = 7
        machine.reset()
        assert (machine.mem32[reason], machine.mem32[scratch]) == (2, 7)
        machine.WDT(timeout=100)
        chip.advance(100000)
        assert machine.mem32[reason] == 1
        chip.restart("power_on")
        assert (machine.mem32[reason], machine.mem32[scratch]) == (0, 0)


def test_the_date_goes_on(chip):
    from machine import RTC

    RTC().datetime((2028, 2, 28, 0, 23, 59, 58, 0))
    chip.advance(3000000)
    assert RTC().datetime()[:7] == (2028, 2, 29, 1, 0, 0, 1)
    chip.restart("software")
    assert RTC().datetime()[0] == 2028
    chip.restart("power_on")
    assert RTC().datetime()[0] in (2021, 2000)
    for wrong in ((2028, 13, 1, 0, 0, 0, 0, 0), (2028, 1, 1, 0, 24, 0, 0, 0)):
        with pytest.raises(OSError, match="22"):
            RTC().datetime(wrong)


@given(st.integers(-(10**5), 10**5))
def test_days_and_dates_agree(days):
    year, month, day = date_of(days)
    assert days_of(year, month, day) == days
    assert 1 <= month <= 12
    assert 1 <= day <= 31


def test_esp32_keeps_a_few_bytes():
    chip = chip_of("esp32s3")
    with chip.install():
        from machine import RTC

        RTC().memory(b"note")
        chip.restart("watchdog")
        assert RTC().memory() == b"note"
        with pytest.raises(ValueError, match="too long"):
            RTC().memory(bytes(2049))


def test_ticks_wrap_and_whoever_polls_them_gets_on(chip):
    chip.now_us = (1 << 30) - 50
    first = time.ticks_us()
    while time.ticks_diff(time.ticks_us(), first) < 100:
        pass
    assert 0 <= time.ticks_us() < 200
    assert time.ticks_add((1 << 30) - 1, 2) == 1
    time.sleep_ms(5)
    assert chip.now_us >= (1 << 30) + 5000


def test_time_has_nothing_of_this_afterwards():
    with chip_of("rp2040").install():
        assert hasattr(time, "ticks_us")
    assert not hasattr(time, "ticks_us")


class Beat:
    """What runs on the second core: a note of the moment, each `period_us`."""

    def __init__(self, chip, period_us=20000):
        self.came = []
        self._chip = chip
        self._period_us = period_us

    def run(self):
        while True:
            self.came.append(self._chip.now_us)
            time.sleep_us(self._period_us)


@pytest.fixture
def rp2_chip():
    chip = chip_of("rp2350")
    with chip.install():
        yield chip


def test_the_second_core_runs_while_the_first_one_sleeps_or_waits(rp2_chip):
    import _thread

    beat = Beat(rp2_chip)
    _thread.start_new_thread(beat.run, ())
    rp2_chip.advance(50000)
    rp2_chip.spend(50000)
    assert beat.came == [0, 20000, 40000, 60000, 80000, 100000]
    with pytest.raises(OSError, match="core1 in use"):
        _thread.start_new_thread(beat.run, ())


def test_the_second_core_stands_still_while_flash_is_written(rp2_chip):
    import _thread

    import rp2

    beat = Beat(rp2_chip)
    _thread.start_new_thread(beat.run, ())
    rp2_chip.advance(10000)
    rp2.Flash().ioctl(6, 3)
    rp2_chip.advance(30000)
    assert beat.came == [0, 55000, 75000]


def test_a_restart_ends_the_second_core(rp2_chip):
    import _thread

    beat, other = Beat(rp2_chip), Beat(rp2_chip)
    _thread.start_new_thread(beat.run, ())
    rp2_chip.advance(30000)
    rp2_chip.restart("watchdog")
    rp2_chip.advance(100000)
    assert beat.came == [0, 20000]
    _thread.start_new_thread(other.run, ())
    rp2_chip.advance(10000)
    assert other.came == [130000]


def test_the_second_core_may_restart_the_chip(rp2_chip):
    import _thread

    import machine

    told: list[str] = []
    rp2_chip.on_reset = told.append
    _thread.start_new_thread(machine.reset, ())
    rp2_chip.advance(1000)
    assert told == ["software"]


def test_an_error_on_the_second_core_comes_out(rp2_chip):
    import _thread

    def fail():
        raise KeyError("tick")

    _thread.start_new_thread(fail, ())
    with pytest.raises(KeyError, match="tick"):
        rp2_chip.advance(1000)
    rp2_chip.advance(1000)
