"""A plug is let go because the operator wants it: with open contacts, and answered with what came of it."""

import pytest

from firmware.unlocking import MOST, WAIT_MS
from ocpp_client.later import LONGEST_MS
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

SOCKET = "simulated_two"


async def unlock(stage, connector=1):
    """What the charger answers to its operator, and the seconds that took."""
    begun_ms = stage.kernel.now_ms()
    result = await stage.central.unlock("CP1", connector)
    return result.status, (stage.kernel.now_ms() - begun_ms) / 1000


@pytest.mark.parametrize("stubborn", [0, 1])
def test_behaviour_23_what_runs_is_stopped_first_and_the_answer_is_what_came_of_it(stubborn):
    """A car lets go at once, or the contactor opens after 6 s whatever it does."""

    async def story(stage):
        await stage.charge(stubborn=stubborn)
        assert stage.outlet.lock.holds
        closed_s = []

        def look(entry):
            if not stage.outlet.lock.holds and stage.outlet.contactor.contacts_closed:
                closed_s.append(entry)

        stage.bench.observe(look)
        status, took_s = await unlock(stage)
        assert (status, stage.outlet.lock.holds, closed_s) == ("Unlocked", False, [])
        assert took_s < LONGEST_MS / 1000
        assert (took_s > 6) == bool(stubborn)
        assert stage.outlet.car.plugged
        (stop,) = stage.stops()
        assert (stop["reason"], stop["id_tag"]) == ("UnlockCommand", "")
        assert stage.events("unlock")[0]["outcome"] == "Unlocked"
        assert stage.status == "Finishing"
        await stage.wait(1)
        assert stage.central.store.transactions.all("CP1")[0].stop_reason == "UnlockCommand"
        # A plug that is left in may be charged again, and is held again.
        assert stage.charger.remote_start(1, "NEXT")
        await stage.until(lambda: stage.outlet.contactor.contacts_closed, 60)
        assert stage.outlet.lock.holds

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


@pytest.mark.parametrize("connector", [0, 3, -1])
def test_behaviour_23_no_such_connector_is_not_supported(connector):
    async def story(stage):
        await stage.charge()
        assert await unlock(stage, connector) == ("NotSupported", 0)
        assert stage.status == "Charging"

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_23_a_tethered_cable_has_no_lock_and_charges_on():
    async def story(stage):
        await stage.charge()
        assert await unlock(stage) == ("NotSupported", 0)
        await stage.wait(5)
        assert (stage.status, stage.stops()) == ("Charging", [])

    play(story, settings=PLUG_AND_CHARGE, backend=True)


@pytest.mark.parametrize("plugged", [True, False])
def test_behaviour_23_a_lock_that_is_open_is_unlocked_at_once(plugged):
    async def story(stage):
        if plugged:
            stage.outlet.plug()
        await stage.wait(3)
        assert await unlock(stage) == ("Unlocked", 0)
        assert not stage.stops()

    play(story, board=SOCKET, backend=True)


def test_behaviour_23_only_a_bolt_that_does_not_move_has_failed():
    async def story(stage):
        await stage.charge()
        stage.world.fault("lock_stuck")
        status, took_s = await unlock(stage)
        assert status == "UnlockFailed"
        assert took_s == pytest.approx(WAIT_MS / 1000, abs=0.2)
        assert [stop["reason"] for stop in stage.stops()] == ["UnlockCommand"]
        assert stage.connector.status.vendor_error_code == "LOCK_STUCK"
        # It is tried on: somebody may help the bolt.
        stage.world.clear("lock_stuck")
        await stage.wait(3)
        assert await unlock(stage) == ("Unlocked", 0)

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_23_a_welded_contactor_keeps_its_plug():
    async def story(stage):
        await stage.charge()
        stage.world.fault("relay_welded")
        status, _ = await unlock(stage)
        assert (status, stage.outlet.lock.holds) == ("UnlockFailed", True)

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_23_a_cable_that_waits_for_its_card_is_let_go_too():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging")
        stage.charger.verdict(1, "Invalid")
        await stage.until("transaction_stopped")
        await stage.wait(5)
        assert stage.outlet.lock.holds, "it waits for the card"
        status, took_s = await unlock(stage)
        assert (status, stage.outlet.lock.holds) == ("Unlocked", False)
        assert took_s < 2
        stage.outlet.unplug()
        await stage.until(lambda: stage.status == "Available", 3)

    play(story, board=SOCKET, settings=CARDS, backend=True)


def test_who_was_let_in_for_this_plug_in_is_who_wants_to_leave():
    async def story(stage):
        stage.world.fault("meter_silent")
        await stage.bench.restart("software")
        stage.outlet.plug()
        await stage.wait(1)
        assert (await stage.charger.present(OWN_CARD))[0] == "waiting"
        answers: list = []
        stage.charger.unlock(1, answers.append)
        assert answers == ["Unlocked"]
        stage.world.clear("meter_silent")
        await stage.wait(20)
        assert not stage.starts()
        assert (await stage.charger.present(OTHER_CARD))[0] == "started"

    play(story, board=SOCKET, settings=CARDS)


def test_unlocking_waits_behind_no_cards():
    async def story(stage):
        await stage.charge()
        stage.bench.network.cut()
        for number in range(5):
            stage.world.card_reader.swipe(f"CARD{number}")
        await stage.wait(1)
        answers: list = []
        stage.charger.unlock(1, answers.append)
        await stage.until(lambda: answers, 12)
        assert answers == ["Unlocked"]

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


def test_a_flood_of_requests_is_one_unlocking_and_each_of_them_is_answered():
    async def story(stage):
        await stage.charge()
        stage.world.fault("lock_stuck")
        answers = []
        for number in range(300):
            stage.charger.unlock(1, lambda outcome, number=number: answers.append((number, outcome)))
        assert len(stage.charger._errands._tasks) == 1
        assert answers == [(number, "UnlockFailed") for number in range(300 - MOST)]
        stage.world.clear("lock_stuck")
        await stage.until("unlock")
        assert answers[300 - MOST :] == [(number, "Unlocked") for number in range(300 - MOST, 300)]
        await stage.wait(1)
        assert len(stage.events("unlock")) == 1
        # The next one is another one.
        stage.charger.unlock(1, lambda outcome: answers.append(("later", outcome)))
        assert answers[-1] == ("later", "Unlocked")

    play(story, board=SOCKET, settings=PLUG_AND_CHARGE, backend=True)


def test_errands_that_are_done_are_forgotten():
    async def story(stage):
        for _ in range(10):
            stage.charger._errands.run(stage.wait, 0.1)
            await stage.wait(0.2)
        assert len(stage.charger._errands._tasks) == 1

    play(story)
