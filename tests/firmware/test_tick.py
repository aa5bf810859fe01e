"""Where the tick runs: second core, timer interrupt, or thread; the schedule, and what ends it."""

import _thread
import asyncio
import copy
import os
import sys
import time
import types
from typing import Any

import pytest

import boards
from boards.facts import Board
from control.ticks import add
from firmware import guard as guards
from firmware.compose import Firmware
from hal import contract
from hal.esp32 import tick as esp32
from hal.linux import tick as linux
from hal.rp2 import tick as rp2
from simulator.clockwork import kernel
from simulator.portable import rig
from simulator.portable.flash import Flash
from simulator.portable.world import World

ENOUGH_S = 20


class Time:
    """A chip's microseconds, which pass while the tick works and while it sleeps; they wrap at 2^30."""

    def __init__(self, works_us):
        self.us = (1 << 30) - 30000
        self._works_us = list(works_us)
        self.at_us: list = []
        self.core: Any = None

    def tick(self, now_ms):
        self.at_us.append((self.us - (1 << 30) + 30000) & ((1 << 30) - 1))
        if not self._works_us:
            self.core.stop()
            return
        self.us = add(self.us, self._works_us.pop(0))

    def ticks_us(self):
        return self.us

    def sleep_us(self, duration_us):
        assert duration_us >= 0
        self.us = add(self.us, duration_us)

    @staticmethod
    def ticks_diff(later, earlier):
        return ((later - earlier + (1 << 29)) & ((1 << 30) - 1)) - (1 << 29)

    ticks_add = staticmethod(add)


@pytest.mark.parametrize(
    ("works_us", "at_us"),
    [
        ([300] * 4, [0, 20000, 40000, 60000, 80000]),
        ([300, 23000, 300, 300], [0, 20000, 60000, 80000, 100000]),
        ([20000, 300, 75000, 0], [0, 40000, 60000, 140000, 160000]),
    ],
)
def test_on_the_second_core_a_late_tick_does_not_move_the_schedule(monkeypatch, works_us, at_us):
    passing = Time(works_us)
    started: list = []
    stacks: list = []

    def stack_size(size):
        stacks.append(size)
        return 0

    monkeypatch.setattr(rp2, "time", passing)
    monkeypatch.setattr(_thread, "start_new_thread", lambda work, words: started.append((work, words)))
    monkeypatch.setattr(_thread, "stack_size", stack_size)
    passing.core = rp2.start(passing.tick, lambda: 5, 20, "core")
    ((work, words),) = started
    # Ten calls deep do not fit into the usual 4 KiB; threads after this one have the usual stack.
    assert stacks == [8192, 0]
    work(*words)
    assert passing.at_us == at_us


class Timer:
    """A chip's timer as the test's hand."""

    PERIODIC = 1
    made: list = []

    def __init__(self, number):
        self.number = number
        self.options: Any = None
        self.made.append(self)

    def init(self, **options):
        self.options = options

    def deinit(self):
        self.options = None


@pytest.fixture
def timers(monkeypatch):
    machine: Any = types.ModuleType("machine")
    machine.Timer = Timer
    silicon: Any = types.ModuleType("hal.silicon")
    silicon.machine = machine
    monkeypatch.setitem(sys.modules, "hal.silicon", silicon)
    monkeypatch.setattr(Timer, "made", [])
    return Timer.made


@pytest.mark.parametrize(("chip", "number", "hard"), [(rp2, -1, True), (esp32, 0, None)])
def test_a_timer_ticks_at_once_and_then_each_period(timers, chip, number, hard):
    ticked: list = []
    now = iter(range(100, 200))
    ticking = chip.start(ticked.append, lambda: next(now), 10, "timer")
    assert ticked == [100]
    (timer,) = timers
    callback = timer.options.pop("callback")
    # There is no hard interrupt for Python on ESP32, and the keyword is an error there.
    expected = {"mode": Timer.PERIODIC, "period": 10}
    if hard:
        expected["hard"] = True
    assert (timer.number, timer.options) == (number, expected)
    callback(timer)
    callback(timer)
    assert ticked == [100, 101, 102]
    ticking.stop()
    assert timer.options is None


def test_a_thread_ticks_until_it_is_stopped():
    moments: list = []
    ticking = linux.start(moments.append, time.monotonic_ns, 5, "thread")
    while len(moments) < 5:
        time.sleep(0.002)
    ticking.stop()
    # The schedule is that of the first: none came early, however late one before it was.
    for turn, moment in enumerate(moments[1:], 1):
        assert moment >= moments[0] + turn * 4_000_000


def test_a_thread_without_the_right_to_real_time_ticks_all_the_same(monkeypatch):
    def refuse(*words):
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    moments: list = []
    ticking = linux.start(moments.append, time.monotonic_ns, 5, "thread")
    while not moments:
        time.sleep(0.002)
    ticking.stop()
    assert not ticking.hastened


@pytest.mark.parametrize(
    ("chip", "place", "sentence"),
    [
        ("rp2350", "thread", "this chip has no 'thread' to tick on; choose 'core', 'timer' or 'task'"),
        ("esp32s3", "core", "this chip has no 'core' to tick on; choose 'timer' or 'task'"),
        ("linux", "core", "Linux has no 'core' to tick on; choose 'thread' or 'task'"),
        ("z80", "timer", "nothing is known of a 'timer' to tick on in the chip 'z80'; choose 'task'"),
    ],
)
def test_a_place_that_a_chip_does_not_have_is_named_with_the_way_out(chip, place, sentence):
    with pytest.raises(ValueError, match=sentence):
        guards.Guard([], None).begin(Board(chip=chip, tick_on=place), lambda: 0)


def test_every_board_ticks_where_its_chip_can(monkeypatch):
    for name in boards.names():
        board = boards.load(name)
        if board.tick_on != "task":
            asked: list = []
            module = {"rp2": rp2, "esp32": esp32, "linux": linux}[guards.FAMILIES[board.chip]]
            for kind in ("Core", "Interrupt", "Ring", "Thread"):
                if hasattr(module, kind):
                    monkeypatch.setattr(module, kind, lambda *words, told=asked: told.append(words))
            guard = guards.Guard([], None)
            guard.begin(board, len)
            ((_, now_ms, period_ms),) = asked
            assert (now_ms, period_ms) == (len, board.tick_ms)


async def live(place, source_ms):
    """The whole firmware with its tick where `place` is: a car charges, and the end leaves no tick."""
    board = copy.copy(boards.load("simulated"))
    board.chip, board.tick_on = "linux", place
    clock = rig.Clock(source_ms, lambda ms: asyncio.sleep(ms / 1000), os.urandom)
    world = World(board, 1, clock.now_ms())
    world.flash = Flash()
    firmware: Any = Firmware(board, rig.drivers(world, clock, contract.Network()), {"PlugAndCharge": "true"})
    snapshot = firmware.guard.lanes[0].controller.snapshot
    ticking = firmware.guard.tick

    def tick(now_ms):
        world.step(now_ms)
        ticking(now_ms)

    firmware.guard.tick = tick
    life = asyncio.create_task(firmware.run())
    outlet = world.outlet(1)
    outlet.plug()
    for _ in range(ENOUGH_S * 20):
        if outlet.contactor.contacts_closed:
            break
        await asyncio.sleep(0.05)
    closed = outlet.contactor.contacts_closed
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life
    count = snapshot.ticks
    await asyncio.sleep(0.1)
    assert snapshot.ticks == count
    await firmware.kill()
    assert closed


def test_a_board_lives_with_its_tick_in_a_thread():
    asyncio.run(live("thread", lambda: time.monotonic_ns() // 1000000))


def test_a_board_lives_with_its_tick_among_the_tasks():
    kernel.run(live("task", lambda: kernel.current().now_ms()))
