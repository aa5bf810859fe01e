"""What operator or owner asks for a transaction that runs, or for the next one; and the note on it."""

import json

import pytest

from control import limits
from firmware import views
from firmware.wish import MOST_NOTE
from ocpp_client import transfer
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

FAST = {"max_a": 32, "ramp_a_s": 80}
MOST_POWER = "a charge takes a power of 1 to 100000 W, or 0 for any, not "
MOST_ENERGY = "a charge takes an energy of 1 to 1000000 Wh, or 0 for any, not "


async def order(stage, message, **data):
    """A DataTransfer of the backend; the charger's status and data."""
    result = await stage.central.data_transfer("CP1", "org.mode3", message, json.dumps(data))
    return result.status, result.answer.get("data")


def test_a_running_transaction_is_limited_by_a_data_transfer_k5_k6():
    async def story(stage):
        await stage.charge(**FAST)
        assert await order(stage, "SessionPowerLimit", connectorId=1, powerW=7000) == ("Accepted", None)
        await stage.until(lambda: 9500 < stage.outlet.car.current_ma < 10500, 10)
        assert stage.connector.snapshot.reason == limits.SESSION_POWER
        assert await order(stage, "SessionPowerLimit", powerW=0) == ("Accepted", None)
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 20)
        assert await order(stage, "SessionEnergyLimit", energyWh=1500) == ("Accepted", None)
        stopped = await stage.until("transaction_stopped", 400)
        assert (stopped["reason"], stage.events("stopping")[0]["cause"]) == ("Other", "session energy")
        assert 1500 <= stopped["energy_wh"] <= 1500 + 22

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_an_energy_that_has_flowed_already_ends_the_transaction_and_none_lets_it_go_on_k6():
    async def story(stage):
        await stage.charge(**FAST)
        assert await order(stage, "SessionEnergyLimit", energyWh=100000) == ("Accepted", None)
        assert await order(stage, "SessionEnergyLimit", energyWh=0) == ("Accepted", None)
        await stage.wait(60)
        assert stage.status == "Charging"
        assert await order(stage, "SessionEnergyLimit", energyWh=1) == ("Accepted", None)
        await stage.until("transaction_stopped", 10)

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_too_little_power_pauses_and_names_the_reason_k5():
    async def story(stage):
        await stage.charge(**FAST)
        assert await order(stage, "SessionPowerLimit", powerW=500) == ("Accepted", None)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 10)
        assert stage.connector.status.info == "session power"
        await stage.wait(60)
        assert stage.charger.transaction(1) == 1

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_what_was_asked_before_counts_for_the_next_transaction_and_no_other_k5_k6():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.wait(3)
        assert await order(stage, "SessionPowerLimit", powerW=6000) == ("Accepted", None)
        assert await order(stage, "SessionEnergyLimit", energyWh=50000) == ("Accepted", None)
        assert (await stage.central.remote_start("CP1", "ANYBODY", 1)).status == "Accepted"
        await stage.until(lambda: stage.status == "Charging")
        told = views.session(stage.connector)
        assert (told["power_w"], told["energy_wh"]) == (6000, 50000)
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped")
        assert stage.charger.remote_start(1, "NEXT")
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 60)
        assert views.session(stage.connector)["power_w"] == 0

    play(story, backend=True)


def test_who_wishes_for_something_of_their_own_gets_that_first():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.wait(3)
        stage.charger.amend(1, power_w=6000, energy_wh=9000)
        await stage.charger.start(OWN_CARD, power_w=11000)
        told = views.session(stage.connector)
        assert (told["power_w"], told["energy_wh"]) == (11000, 9000)

    play(story, settings=CARDS)


@pytest.mark.parametrize("ends", ["time", "another car"])
def test_what_nobody_came_for_is_forgotten(ends):
    async def story(stage):
        if ends == "another car":
            stage.outlet.plug()
            await stage.wait(3)
        stage.charger.amend(1, power_w=6000, note="for somebody else")
        if ends == "another car":
            stage.outlet.unplug()
        await stage.wait(31)
        stage.outlet.plug(**FAST)
        await stage.wait(3)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.outlet.car.current_ma > 30000, 30)
        told = views.session(stage.connector)
        assert (told["power_w"], told["note"]) == (0, "")

    play(story, settings={**CARDS, "ConnectionTimeOut": "30"})


def test_a_card_that_waits_for_its_car_may_still_change_its_mind():
    async def story(stage):
        assert (await stage.charger.start(OWN_CARD, power_w=11000))[0] == "waiting"
        stage.charger.amend(1, power_w=6000)
        stage.charger.amend(1, energy_wh=20000)
        stage.outlet.plug(**FAST)
        await stage.until(lambda: stage.status == "Charging")
        told = views.session(stage.connector)
        assert (told["power_w"], told["energy_wh"]) == (6000, 20000)

    play(story, settings=CARDS)


def test_time_that_was_asked_for_does_not_begin_anew():
    async def story(stage):
        stage.outlet.plug(**FAST)
        await stage.wait(3)
        await stage.charger.start(OWN_CARD, duration_s=60)
        started_ms = stage.events("transaction_started")[0]["t_ms"]
        await stage.wait(40)
        stage.charger.amend(1, power_w=6000)
        await stage.until("stopping", 30)
        assert 60000 <= stage.events("stopping")[0]["t_ms"] - started_ms <= 60200

    play(story, settings=CARDS)


@pytest.mark.parametrize(
    ("message", "data", "reason"),
    [
        ("SessionPowerLimit", {"powerW": 100001}, MOST_POWER + "100001"),
        ("SessionEnergyLimit", {"energyWh": -1}, MOST_ENERGY + "-1"),
        ("SessionNote", {"note": "two\nlines"}, "a note is one line of at most 50 characters"),
        ("SessionPowerLimit", {"connectorId": 2, "powerW": 1}, "there is no connector 2"),
        ("SessionPowerLimit", {"connectorId": 0, "powerW": 1}, "there is no connector 0"),
    ],
)
def test_what_no_charge_takes_is_rejected_with_the_reason(message, data, reason):
    async def story(stage):
        await stage.charge()
        assert await order(stage, message, **data) == ("Rejected", reason)

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_a_refused_card_gets_no_more_than_it_was_left():
    async def story(stage):
        await stage.charge()
        stage.charger.settings.write("StopTransactionOnInvalidId", "false")
        stage.charger.verdict(1, "Blocked")
        refused = "Rejected", "the server has refused the card of this transaction"
        assert await order(stage, "SessionEnergyLimit", energyWh=0) == refused
        assert await order(stage, "SessionNote", note="blocked") == ("Accepted", None)

    play(story, settings=PLUG_AND_CHARGE, backend=True)


# The note.


def test_the_limit_of_a_note_is_one():
    assert MOST_NOTE == transfer.MOST_NOTE


@pytest.mark.parametrize("restart", [True, False])
def test_a_note_stays_with_its_transaction_k4(restart):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.start(OWN_CARD, note="to the lake")
        assert stage.connector.transaction.note == "to the lake"
        assert views.session(stage.connector)["note"] == "to the lake"
        if restart:
            await stage.bench.power(False)
            await stage.bench.power(True)
        else:
            await stage.wait(5)
            stage.charger.stop_all("Local")
        stopped = await stage.until("transaction_stopped", 20)
        assert stopped["note"] == "to the lake"
        assert [stop["note"] for stop in stage.stops()] == ["to the lake"]
        await stage.wait(1)
        # The next one has none.
        await stage.charger.present(OTHER_CARD)
        await stage.wait(5)
        assert views.session(stage.connector)["note"] == ""
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped", 20)
        assert "note" not in stage.stops()[1]

    play(story, settings=CARDS)


def test_a_note_that_was_written_at_the_charger_is_told_and_one_of_the_server_is_not_k4():
    async def story(stage):
        await stage.charge()
        assert await order(stage, "SessionNote", note="from the server") == ("Accepted", None)
        assert stage.connector.transaction.note == "from the server"
        await stage.wait(2)
        frames = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
        assert not [frame for frame in frames if frame[2] == "DataTransfer"]
        stage.charger.amend(1, note="from the owner")
        await stage.wait(2)
        sent = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
        (note,) = [frame[3] for frame in sent if frame[2] == "DataTransfer"]
        assert json.loads(note["data"]) == {"transactionId": 1, "note": "from the owner"}

    play(story, settings=PLUG_AND_CHARGE, backend=True)
