"""Errors of the charger itself: what raises them, the one restart, and what follows."""

import pytest

from control import faults
from tests.firmware.stage import PLUG_AND_CHARGE, play

WATCHDOG = faults.ROWS[faults.SYS_WATCHDOG].bit
OVERRUN = faults.ROWS[faults.SYS_OVERRUN].bit


async def overrun(stage):
    """Three stalls of the tick under a closed contactor."""
    protection = stage.connector.controller.protection
    for _ in range(3):
        protection._stalls.add()
    await stage.until(lambda: stage.status == "Faulted", 1)


def test_a_system_error_ends_by_one_restart_and_comes_back_to_stay_l23():
    async def story(stage):
        await stage.charge()
        await overrun(stage)
        status = stage.charger.status(1)
        assert (status.error_code, status.vendor_error_code, status.info) == (
            "InternalError",
            "SYS_4",
            "System error",
        )
        assert stage.outlet.line.seen_bp == 0
        assert not stage.connector.snapshot.latched
        restart = await stage.until("restart", 30)
        assert restart["kind"] == "Error"
        await stage.bench.quiet()
        assert [stop["reason"] for stop in stage.stops()] == ["Reboot"]
        await stage.until(lambda: stage.status == "Charging", 60)
        assert stage.connector.snapshot.restarted == OVERRUN
        await overrun(stage)
        assert stage.connector.snapshot.latched == OVERRUN
        await stage.wait(120)
        assert len(stage.events("restart")) == 2  # the charger's own word, and the bench's
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.wait(5)
        assert stage.connector.status.vendor_error_code == "SYS_4"

    play(story, settings=PLUG_AND_CHARGE)


def test_the_restart_waits_for_the_car_next_door():
    async def story(stage):
        stage.world.outlet(2).plug()
        await stage.until(lambda: stage.world.outlet(2).car.current_ma > 6000)
        await overrun(stage)
        await stage.wait(120)
        assert not stage.events("restart")
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped", 10)
        await stage.until("restart", 20)

    play(story, board="simulated_two", settings=PLUG_AND_CHARGE)


def test_no_restart_that_would_not_be_remembered():
    async def story(stage):
        stage.world.fault("store_full")
        await overrun(stage)
        await stage.wait(120)
        assert not stage.events("restart")
        stage.world.clear("store_full")
        await stage.until("restart", 20)

    play(story)


def test_a_starved_watchdog_has_restarted_already_and_the_second_time_stays():
    async def story(stage):
        await stage.bench.restart("watchdog")
        await stage.wait(5)
        assert (stage.status, stage.connector.snapshot.restarted) == ("Available", WATCHDOG)
        await stage.charge()
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.bench.restart("watchdog")
        await stage.wait(5)
        assert (stage.status, stage.connector.status.vendor_error_code) == ("Faulted", "SYS_2")
        await stage.wait(60)
        assert len(stage.events("restart")) == 2
        await stage.bench.restart("software")
        await stage.wait(60)
        assert stage.connector.status.vendor_error_code == "SYS_2"
        # A technician has mended it.
        stage.connector.controller.mailbox.clear(WATCHDOG)
        await stage.wait(1)
        assert stage.status == "Available"
        await stage.bench.restart("watchdog")
        await stage.wait(5)
        assert stage.status == "Available"

    play(story, settings=PLUG_AND_CHARGE)


def test_a_watchdog_that_starves_once_an_hour_is_forgiven():
    async def story(stage):
        for _ in range(2):
            await stage.bench.restart("watchdog")
            await stage.wait(3700)
            assert (stage.status, stage.connector.snapshot.restarted) == ("Available", 0)

    play(story)


@pytest.mark.parametrize("at", [0, 9, 40, -1])
def test_a_decayed_file_of_values_is_a_system_error(at):
    """The settings are in it, and the latches: defaults may be more than the installation bears."""

    async def story(stage):
        stage.firmware.journal._save_values({})
        flash = stage.world.flash
        text = bytearray(flash.load("journal"))
        text[at] ^= 4
        flash.save("journal", bytes(text))
        await stage.bench.restart("software")
        await stage.wait(3)
        assert stage.connector.status.vendor_error_code == "SYS_3"
        assert stage.outlet.line.seen_bp == 0

    play(story)


def test_a_setting_of_the_installation_that_cannot_be_read_is_a_system_error():
    async def story(stage):
        stage.firmware.journal.keep("set-InstallationCurrent", "sixteen")
        await stage.bench.restart("software")
        await stage.wait(3)
        assert stage.connector.status.vendor_error_code == "SYS_3"

    play(story)


# Connector 0: the charger itself.


def told_of_0(stage):
    """What the backend was told of the charger itself, in order."""
    sent = [frame["frame"] for frame in stage.bench.frames if frame["direction"] == "out"]
    payloads = [frame[3] for frame in sent if frame[2] == "StatusNotification"]
    return [
        (payload["status"], payload["errorCode"], payload.get("vendorErrorCode", ""))
        for payload in payloads
        if payload["connectorId"] == 0
    ]


def test_an_error_of_the_charger_itself_is_told_of_connector_0_and_ends_there_l23():
    async def story(stage):
        await stage.charge()
        assert told_of_0(stage) == [("Available", "NoError", "")]
        await overrun(stage)
        begun_ms = stage.firmware.clock.now_ms()
        await stage.wait(2)
        status = stage.charger.status(0)
        assert (status.status, status.error_code, status.vendor_error_code, status.info) == (
            "Faulted",
            "InternalError",
            "SYS_4",
            "System error",
        )
        assert abs(status.stamp[1] - begun_ms) <= 200
        assert told_of_0(stage)[1:] == [("Faulted", "InternalError", "SYS_4")]
        await stage.until("restart", 30)
        await stage.bench.quiet()
        await stage.wait(5)
        assert stage.charger.status(0).status == "Available"
        assert told_of_0(stage)[2:] == [("Available", "NoError", "")]

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_an_error_of_one_connector_s_pilot_is_one_of_the_charger():
    async def story(stage):
        stage.world.fault("pilot_dead", 2)
        await stage.bench.restart("software")
        await stage.wait(4)
        assert stage.charger.status(2).vendor_error_code == "SYS_1"
        assert stage.charger.status(1).status == "Available"
        assert stage.charger.status(0).vendor_error_code == "SYS_1"

    play(story, board="simulated_two")


def test_connector_0_is_sound_again_when_a_technician_has_cleared_the_error():
    async def story(stage):
        await stage.bench.restart("watchdog")
        await stage.wait(5)
        await stage.bench.restart("watchdog")
        await stage.wait(5)
        assert told_of_0(stage)[-1] == ("Faulted", "InternalError", "SYS_2")
        stage.connector.controller.mailbox.clear(WATCHDOG)
        await stage.wait(1)
        assert told_of_0(stage)[-1] == ("Available", "NoError", "")

    play(story, backend=True)


@pytest.mark.parametrize("fault", ["rcd_trip", "hot"])
def test_what_is_wrong_with_a_connector_is_nothing_of_connector_0(fault):
    async def story(stage):
        await stage.charge()
        stage.world.fault(fault)
        stage.charger.stop_all("Local")
        await stage.until(lambda: stage.connector.status.vendor_error_code, 10)
        await stage.wait(1)
        assert stage.charger.status(0).status == "Available"
        assert len(told_of_0(stage)) == 1

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_a_weld_is_one_of_the_charger_for_no_connector_may_close_any_more():
    async def story(stage):
        stage.world.outlet(2).plug()
        await stage.until(lambda: stage.world.outlet(2).car.current_ma > 6000)
        stage.world.fault("relay_welded", 2)
        stage.charger.stop_all("Local")
        await stage.until(lambda: stage.charger.status(2).vendor_error_code == "RELAY_WELDED", 10)
        await stage.wait(1)
        assert told_of_0(stage)[1:] == [("Faulted", "PowerSwitchFailure", "RELAY_WELDED")]

    play(story, board="simulated_two", settings=PLUG_AND_CHARGE, backend=True)


def test_a_charger_out_of_service_says_so_of_connector_0():
    async def story(stage):
        await stage.wait(2)
        assert stage.charger.change_availability(0, False) == "Accepted"
        await stage.wait(1)
        assert told_of_0(stage) == [("Available", "NoError", ""), ("Unavailable", "NoError", "")]

    play(story, backend=True)
