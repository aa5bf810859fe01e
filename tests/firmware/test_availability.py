"""Out of service and back, as the operator orders: at once or when what runs has ended, over any restart."""

import pytest

from control import faults
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

TWO = "simulated_two"
OUT, IN = False, True


def told(stage):
    """(connector, status) of every StatusNotification that was sent."""
    frames = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
    told = [frame[3] for frame in frames if frame[2] == "StatusNotification"]
    return [(payload["connectorId"], payload["status"]) for payload in told]


def standing(stage):
    """The statuses of the charger and of its connectors."""
    return [stage.charger.status(number).status for number in range(stage.charger.connector_count + 1)]


async def order(stage, operative, connector=0):
    """What the charger answers to its operator."""
    return (await stage.central.change_availability("CP1", operative, connector)).status


def test_behaviour_22_one_connector_goes_out_of_service_and_comes_back_p2():
    async def story(stage):
        assert await order(stage, OUT, 1) == "Accepted"
        await stage.until(lambda: standing(stage) == ["Available", "Unavailable", "Available"], 1)
        assert stage.charger.status(1).info == "out of service"
        assert not stage.charger.connectors[0].controller.mailbox.enabled
        assert not stage.charger.remote_start(1, "ANYBODY")
        assert stage.connector.can_start() == "the connector is out of service"
        assert await order(stage, OUT, 1) == "Accepted", "the same again"
        assert await order(stage, IN, 1) == "Accepted"
        await stage.until(lambda: standing(stage) == ["Available"] * 3, 1)
        assert await order(stage, IN, 1) == "Accepted"
        await stage.wait(1)
        assert told(stage)[3:] == [(1, "Unavailable"), (1, "Available")]
        assert stage.charger.remote_start(1, "ANYBODY")

    play(story, board=TWO, backend=True)


def test_behaviour_22_connector_0_is_the_charger_and_all_of_it():
    async def story(stage):
        assert await order(stage, OUT) == "Accepted"
        await stage.until(lambda: standing(stage) == ["Unavailable"] * 3, 1)
        await stage.wait(1)
        assert sorted(told(stage)[3:]) == [(number, "Unavailable") for number in range(3)]
        # What allows a charge somewhere is in service.
        assert await order(stage, IN, 2) == "Accepted"
        await stage.until(lambda: standing(stage) == ["Available", "Unavailable", "Available"], 1)
        assert await order(stage, IN) == "Accepted"
        await stage.until(lambda: standing(stage) == ["Available"] * 3, 1)

    play(story, board=TWO, backend=True)


@pytest.mark.parametrize("connector", [3, -1, 99])
def test_behaviour_22_an_unknown_connector_is_rejected(connector):
    async def story(stage):
        assert stage.charger.change_availability(connector, OUT) == "Rejected"
        await stage.wait(1)
        assert standing(stage) == ["Available"] * 3

    play(story, board=TWO)


@pytest.mark.parametrize("connector", [0, 1])
def test_behaviour_22_what_runs_ends_first(connector):
    async def story(stage):
        await stage.charge()
        assert await order(stage, OUT, connector) == "Scheduled"
        assert await order(stage, OUT, connector) == "Scheduled"
        await stage.wait(10)
        others = "Available" if connector else "Unavailable"
        assert standing(stage) == ["Available", "Charging", others]
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped")
        charger = "Available" if connector else "Unavailable"
        await stage.until(lambda: standing(stage) == [charger, "Unavailable", others], 1)
        # The car is still there, and nothing starts for it.
        assert not stage.charger.remote_start(1, "ANYBODY")
        stage.outlet.unplug()
        await stage.wait(5)
        assert standing(stage)[1] == "Unavailable"

    play(story, board=TWO, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_22_a_scheduled_change_can_be_called_off():
    async def story(stage):
        await stage.charge()
        assert await order(stage, OUT, 1) == "Scheduled"
        assert await order(stage, IN, 1) == "Accepted"
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert standing(stage) == ["Available", "Finishing"]

    play(story, settings=PLUG_AND_CHARGE, backend=True)


async def _power_cut(stage):
    await stage.bench.power(False)
    await stage.bench.power(True)
    await stage.wait(5)


async def _soft_reset(stage):
    assert stage.charger.reset("Soft")
    await stage.until("restart", 15)
    await stage.bench.quiet()
    await stage.wait(5)


@pytest.mark.parametrize("restart", [_power_cut, _soft_reset])
@pytest.mark.parametrize("running", [True, False])
def test_behaviour_22_it_survives_a_restart_scheduled_or_done(restart, running):
    async def story(stage):
        if running:
            await stage.charge()
        assert await order(stage, OUT) == ("Scheduled" if running else "Accepted")
        await restart(stage)
        await stage.until(lambda: not stage.connector.transaction, 15)
        await stage.wait(1)
        assert standing(stage) == ["Unavailable"] * 2
        if not running:
            stage.outlet.plug()
        await stage.wait(20)
        assert stage.charger.transaction(1) == 0
        assert not stage.outlet.contactor.contacts_closed
        assert told(stage)[-1] == (1, "Unavailable")
        assert stage.charger.change_availability(0, IN) == "Accepted"
        await restart(stage)
        # Plug and charge needs nobody.
        await stage.until(lambda: stage.status == "Charging", 60)

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_22_it_is_written_before_it_is_done():
    async def story(stage):
        journal = stage.firmware.journal
        kept = journal.keep

        def refuse(name, value):
            raise OSError(28, "no room")

        journal.keep = refuse
        assert stage.charger.change_availability(1, OUT) == "Rejected"
        await stage.wait(1)
        assert standing(stage) == ["Available"] * 2
        journal.keep = kept
        assert stage.charger.change_availability(1, OUT) == "Accepted"
        assert journal.get("inoperative") == [1]

    play(story)


def test_a_car_that_waits_is_charged_when_the_connector_comes_back():
    async def story(stage):
        assert stage.charger.change_availability(1, OUT) == "Accepted"
        stage.outlet.plug()
        await stage.wait(20)
        assert standing(stage) == ["Available", "Unavailable"]
        assert not stage.outlet.contactor.contacts_closed
        assert stage.charger.change_availability(1, IN) == "Accepted"
        await stage.until(lambda: stage.status == "Charging", 10)

    play(story, settings=PLUG_AND_CHARGE)


def test_whoever_was_let_in_and_has_not_plugged_in_is_told_that_nothing_comes_of_it():
    async def story(stage):
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        assert stage.charger.change_availability(1, OUT) == "Accepted"
        refused = stage.events("start_refused")[0]
        assert (refused["id_tag"], refused["reason"]) == (OWN_CARD, "the connector is out of service")
        assert stage.charger.change_availability(1, IN) == "Accepted"
        stage.outlet.plug()
        await stage.wait(10)
        assert stage.charger.transaction(1) == 0
        assert [event["operative"] for event in stage.events("availability")] == [False, True]

    play(story, settings=CARDS)


def test_a_fault_shows_before_the_order_and_the_order_after_it():
    async def story(stage):
        stage.charger.change_availability(1, OUT)
        stage.world.fault("cp_short")
        await stage.until(lambda: stage.status == "Faulted", 5)
        stage.world.clear("cp_short")
        await stage.until(lambda: stage.status == "Unavailable", 60)

    play(story)


@pytest.mark.parametrize(
    ("cause", "bit"), [("relay_welded", faults.RELAY_WELDED), ("pilot_dead", faults.SYS_POST)]
)
def test_behaviour_03_connector_0_is_faulted_with_the_whole_charger(cause, bit):
    async def story(stage):
        if cause == "relay_welded":
            await stage.charge()
        stage.world.fault(cause)
        stage.outlet.unplug() if cause == "relay_welded" else await _power_cut(stage)
        await stage.until(lambda: stage.connector.snapshot.faults & (1 << bit), 20)
        await stage.wait(1)
        assert standing(stage)[:2] == ["Faulted", "Faulted"]
        assert stage.charger.status(0).error_code == stage.charger.status(1).error_code
        assert (0, "Faulted") in told(stage)

    play(story, settings=PLUG_AND_CHARGE, backend=True)
