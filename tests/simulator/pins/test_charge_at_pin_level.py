"""A whole charge through the board's own drivers, on its chip and in its circuit: nobody can tell from what
the charger says that it is not the simulated board; and what resets and power cuts do to it."""

import asyncio
import sys
import time

import pytest

from simulator.clockwork import kernel
from simulator.pins.bench import PinBench
from simulator.station import Station

CARD = "04A1B2C3"
RESTED_S = 65
"""After a boot the phase switch has moved, and a car is given a minute."""
TWINS = {"pico_2_w": "simulated_two", "esp32_s3": "simulated"}
"""Boards with the same outlet, of simulated parts."""
VARYING = ("t_ms", "at_tick_ms", "readings", "meter_wh", "meter_stop_wh", "duration_s", "energy_wh")
EACH = pytest.mark.parametrize("board", TWINS)


def played(board, story, **options):
    """What `story(station, bench)` returns, played on a station of this board."""

    async def main():
        async with Station(kernel.current(), board=board, cards=[CARD], seed=5, **options) as station:
            return await story(station, station.bench)

    return kernel.run(main())


async def begin_to_charge(bench):
    """From a charger that has rested to a car that charges."""
    await asyncio.sleep(RESTED_S)
    bench.world.connectors[0].plug()
    await asyncio.sleep(2)
    bench.world.card_reader.swipe(CARD)
    await asyncio.sleep(12)


async def charges_again(bench, within_s):
    """Seconds until the car draws its current."""
    for passed_s in range(within_s):
        if bench.world.connectors[0].car.current_ma == 16000:
            return passed_s
        await asyncio.sleep(1)
    raise AssertionError("it does not charge after %d s: %r" % (within_s, bench.events[-1]))


async def whole_charge(station, bench):
    outlet = bench.world.connectors[0]
    await begin_to_charge(bench)
    charging = outlet.snapshot()
    bench.world.card_reader.swipe(CARD)
    await asyncio.sleep(8)
    outlet.unplug()
    await asyncio.sleep(2)
    told = [without_time(event) for event in bench.events if event.get("connector") == 1]
    first = next(index for index, event in enumerate(told) if event.get("to") == "B")
    return told[first:], charging


def without_time(event):
    """An event without what no two runs share: while a cable is still being looked at, which limit is the
    least is a matter of a few ms."""
    varies = {*VARYING, "reason"} if event.get("status") == "Preparing" else VARYING
    return {name: value for name, value in event.items() if name not in varies}


def words(bench, name):
    return [event for event in bench.events if event["event"] == name]


@EACH
def test_a_charge_is_told_as_on_the_simulated_board(board):
    told, charging = played(board, whole_charge)
    expected, _ = played(TWINS[board], whole_charge)

    assert told == expected
    assert charging["contacts"]
    assert charging["current_ma"] == [16000] * 3
    assert charging["duty_bp"] == 5333  # 32 A
    assert charging["phases"] == 3


@EACH
def test_a_charge_repeats_to_the_byte(board):
    async def story(station, bench):
        await asyncio.sleep(3)
        bench.world.connectors[0].plug()
        await asyncio.sleep(3)
        return bench.events, bench.frames

    assert played(board, story) == played(board, story)


@EACH
def test_the_self_test_at_the_start_proves_every_way(board):
    async def story(station, bench):
        await asyncio.sleep(5)
        return words(bench, "self_test")

    (told,) = played(board, story)

    verdicts = {row["check"]: row["verdict"] for row in told["checks"]}
    assert told["verdict"] == "pass"
    assert set(verdicts.values()) == {"pass"}
    assert {"pilot +12 V", "pilot -12 V", "RCD test", "contactor open", "meter", "store"} <= set(verdicts)


@EACH
@pytest.mark.parametrize("cause", ["rcd_dead", "pilot_dead", "meter_silent", "temperature_sensor"])
def test_the_self_test_finds_what_is_broken(board, cause):
    async def story(station, bench):
        bench.world.fault(cause)
        await asyncio.sleep(20)
        return words(bench, "self_test")

    failed = played(board, story)[0]["failed"]

    wanted = {
        "rcd_dead": "RCD test",
        "pilot_dead": "pilot -12 V",
        "meter_silent": "meter",
        "temperature_sensor": "temperature",
    }[cause]
    assert any(wanted in str(check) for check in failed)


@EACH
def test_a_power_cut_ends_at_the_car_and_the_transaction_goes_on_to_its_end(board):
    async def story(station, bench):
        outlet = bench.world.connectors[0]
        await begin_to_charge(bench)
        assert outlet.contactor.contacts_closed
        await bench.power(False)
        await asyncio.sleep(1)
        assert not outlet.contactor.coil_on
        assert not outlet.contactor.contacts_closed
        await bench.power(True)
        await asyncio.sleep(10)
        return words(bench, "transaction_stopped"), bench.firmware.parts.watchdog.cause

    stopped, cause = played(board, story)

    assert cause == "power_on"
    assert {event["reason"] for event in stopped} == {"PowerLoss"}


@EACH
@pytest.mark.parametrize("cause", ["software", "watchdog"])
def test_a_reset_lets_go_of_every_pin_at_once(board, cause):
    async def story(station, bench):
        outlet = bench.world.connectors[0]
        await begin_to_charge(bench)
        bench._reset(cause)
        bench.chip.advance(1000)
        driven, duty_bp = outlet.contactor.driven, outlet.line.duty_bp
        await bench.restart(cause)
        await asyncio.sleep(3)
        return driven, duty_bp, bench.firmware.parts.watchdog.cause

    driven, duty_bp, told = played(board, story)

    assert not driven
    assert duty_bp == 0
    assert told == cause


@EACH
def test_whatever_stalls_the_processor_opens_the_contactor_within_the_lease(board):
    async def story(station, bench):
        outlet = bench.world.connectors[0]
        edges = []
        await begin_to_charge(bench)
        began_ms = bench.chip.now_us // 1000
        bench.chip.pin(bench.board.connectors[0].pins["contactor"]).watch(
            lambda level, now_us: edges.append((now_us // 1000 - began_ms, level))
        )
        bench.stall(400)
        opened_ms = outlet.contactor.driven_at_ms - bench.world.now_ms
        return outlet.contactor.driven, outlet.contactor.contacts_closed, opened_ms

    driven, contacts, since_ms = played(board, story)

    assert not driven
    assert not contacts
    assert -400 <= since_ms <= -280  # 100 ms into the stall, with what had passed of the lease


@EACH
def test_a_stalled_processor_is_restarted_by_its_watchdog(board):
    async def story(station, bench):
        await asyncio.sleep(5)
        bench.stall(9000)
        await asyncio.sleep(15)
        restarts = words(bench, "restart")
        return [event["cause"] for event in restarts], bench.firmware.parts.watchdog.cause

    causes, told = played(board, story)

    assert causes == ["watchdog"]
    assert told == "watchdog"


@EACH
def test_the_firmware_restarts_its_own_processor(board):
    async def story(station, bench):
        await asyncio.sleep(5)
        bench.firmware.parts.watchdog.restart()
        await asyncio.sleep(5)
        return words(bench, "restart"), bench.firmware.parts.watchdog.cause

    restarts, told = played(board, story)

    assert [event["cause"] for event in restarts] == ["software"]
    assert told == "software"


def test_afterwards_the_host_has_its_own_modules_again():
    before = {name: sys.modules.get(name) for name in ("machine", "rp2", "network", "_thread")}

    async def story(station, bench):
        await asyncio.sleep(1)
        return "machine" in sys.modules

    assert played("pico_2_w", story)
    assert {name: sys.modules.get(name) for name in before} == before
    assert not hasattr(time, "ticks_us")


def test_no_flash_is_kept_in_a_folder():
    async def main():
        with pytest.raises(ValueError, match="leave --state out"):
            PinBench(kernel.current(), None, board="pico_2_w", state="somewhere")

    kernel.run(main())
