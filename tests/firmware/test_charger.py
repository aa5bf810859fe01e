"""The one facade: cards, buttons, remote starts and stops, resets; with one connector and with two."""

import asyncio

import pytest

from firmware.errands import MOST
from firmware.panel import LAMP, SAME_CARD_MS
from firmware.restart import GRACE_MS, RETRY_MS, WAIT_MS
from simulator.backend.settings import Settings
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

TWO = "simulated_two"
WAITS = "another card was authorised and waits for its car"


# Cards and the button.


def test_a_card_stops_its_own_transaction_and_another_card_does_not_k9():
    async def story(stage):
        stage.outlet.plug()
        stage.world.card_reader.swipe(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging")
        stage.world.card_reader.swipe(OTHER_CARD)
        await stage.until("start_refused")
        await stage.wait(5)
        assert (stage.status, stage.charger.transaction(1)) == ("Charging", 1)
        # Capitals do not matter.
        stage.world.card_reader.swipe(OWN_CARD.lower())
        await stage.until("transaction_stopped")
        assert [(stop["reason"], stop["id_tag"]) for stop in stage.stops()] == [("Local", OWN_CARD.lower())]

    play(story, settings=CARDS)


def test_a_card_that_lies_on_the_reader_is_read_once():
    async def story(stage):
        stage.outlet.plug()
        for _ in range(20):
            stage.world.card_reader.swipe(OWN_CARD)
            await stage.wait(0.5)
        assert (stage.status, stage.charger.transaction(1)) == ("Charging", 1)
        await stage.wait(SAME_CARD_MS / 1000 + 0.1)
        stage.world.card_reader.swipe(OWN_CARD)
        await stage.wait(0.3)
        assert await stage.charger.present(OWN_CARD) == ("refused", "its transaction is just ending")
        await stage.until("transaction_stopped")

    play(story, settings=CARDS)


def test_a_card_that_the_owner_wrote_in_small_letters_is_known():
    async def story(stage):
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")

    play(story, settings={"LocalCards": OWN_CARD.lower()})


def test_a_card_that_nobody_knows_is_refused():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert await stage.charger.present("STRANGER") == ("refused", "offline rule says Invalid")
        assert not stage.starts()

    play(story, settings=CARDS)


@pytest.mark.parametrize("id_tag", ["", "X" * 21, "\U0001f600" * 20, "A\nB"])
def test_what_cannot_be_a_card_is_refused(id_tag):
    """Such a tag would be too long for the journal, or be refused by the server."""

    async def story(stage):
        assert (await stage.charger.present(id_tag))[0] == "refused"

    play(story, settings=PLUG_AND_CHARGE)


def test_the_button_stops_what_runs():
    async def story(stage):
        await stage.charge()
        stage.world.button.press()
        await stage.until("transaction_stopped")
        assert [(stop["reason"], stop["id_tag"]) for stop in stage.stops()] == [("Local", "")]

    play(story, settings=PLUG_AND_CHARGE)


def test_an_impatient_person_s_card_is_asked_about_once():
    """With two free connectors and a slow server the second swipe must not take the second connector."""

    async def story(stage):
        await stage.wait(1)
        firsts = [asyncio.ensure_future(stage.charger.present(OWN_CARD)) for _ in range(2)]
        assert [await first for first in firsts] == [
            ("waiting", "backend"),
            ("refused", "this card is being asked about already"),
        ]
        assert [connector.pending_tag for connector in stage.charger.connectors] == [OWN_CARD, ""]

    play(story, board=TWO, backend=True)


def test_cards_that_cannot_be_asked_about_are_told():
    """The server is slow, and a queue of people forms."""

    async def story(stage):
        await stage.until(lambda: stage.firmware.client.accepted)
        stage.bench.network.cut()
        for number in range(MOST + 1):
            stage.world.card_reader.swipe(f"CARD{number}")
        await stage.wait(1)
        assert [(entry["id_tag"], entry["reason"]) for entry in stage.events("start_refused")] == [
            (f"CARD{MOST}", "too many cards are being asked about")
        ]
        assert not stage.charger.remote_start(1, "REMOTE")
        await stage.wait(90)
        assert len(stage.events("authorised")) == MOST
        assert stage.charger.remote_start(1, "REMOTE")

    play(story, backend=True)


def test_a_broken_card_reader_stops_no_charge():
    async def story(stage):
        def broken():
            raise OSError(5, "the reader does not answer")

        stage.world.card_reader.read = broken
        await stage.until("task_failed")
        await stage.charge()
        stage.outlet.unplug()
        await stage.until("transaction_stopped", 3)
        await stage.wait(1)
        assert stage.status == "Available"
        assert {entry["task"] for entry in stage.events("task_failed")} == {"people"}

    play(story, settings=PLUG_AND_CHARGE)


def test_a_source_that_fails_is_told_and_the_next_card_works():
    async def story(stage):
        authoriser = stage.charger._authoriser
        sources, authoriser._sources = authoriser._sources, [None]
        stage.world.card_reader.swipe(OWN_CARD)
        failed = await stage.until("task_failed")
        assert failed["task"] == "background"
        authoriser._sources = sources
        await stage.wait(SAME_CARD_MS / 1000)
        stage.world.card_reader.swipe(OWN_CARD)
        await stage.until("authorised")
        assert stage.connector.pending_tag == OWN_CARD

    play(story, settings=CARDS)


# The first word to the backend.


def test_a_charger_that_starts_with_a_car_plugged_in_never_says_available():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.bench.power(False)
        stage.bench.frames.clear()
        await stage.bench.power(True)
        await stage.wait(5)
        sent = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
        told = [frame[3]["status"] for frame in sent if frame[2] == "StatusNotification"]
        assert told == ["Available", "Preparing"], "of connector 0, and of connector 1"

    play(story, settings=CARDS, backend=Settings())


# Remote.


@pytest.mark.parametrize("connector", [None, 1])
def test_a_remote_start_is_answered_at_once_and_charges_k7_p3(connector):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(connector, "ANYBODY")
        assert stage.charger.transaction(1) == 1
        await stage.until(lambda: stage.status == "Charging", 10)
        assert stage.connector.transaction.id_tag == "ANYBODY"

    play(story)


def test_a_remote_start_without_a_car_waits_for_it_p3():
    async def story(stage):
        assert stage.charger.remote_start(1, "ANYBODY")
        await stage.charge()
        assert stage.connector.transaction.id_tag == "ANYBODY"

    play(story)


@pytest.mark.parametrize("connector", [None, 1, 0, 2, -1])
@pytest.mark.parametrize("trouble", ["busy", "rcd_trip", "unknown"])
def test_a_remote_start_that_cannot_be_is_rejected_and_the_status_says_why_p9(connector, trouble):
    async def story(stage):
        await stage.charge()
        if trouble == "rcd_trip":
            stage.world.fault(trouble)
            await stage.until("transaction_stopped")
        if trouble == "unknown" and connector in (None, 1):
            stage.charger.stop_all("Local")
            await stage.until("transaction_stopped")
            assert stage.charger.remote_start(connector, "NEXT")
            return
        numbers = len(stage.starts())
        assert not stage.charger.remote_start(connector, "NEXT")
        await stage.wait(10)
        assert len(stage.starts()) == numbers
        assert stage.status == ("Faulted" if trouble == "rcd_trip" else "Charging")

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize(("tag", "will"), [(OWN_CARD, True), ("STRANGER", False)])
def test_a_remote_start_is_authorised_first_where_the_operator_asks_for_it(tag, will):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(1, tag)
        await stage.until("authorised")
        await stage.wait(0.1)
        assert bool(stage.charger.transaction(1)) == will

    play(story, settings={**CARDS, "AuthorizeRemoteTxRequests": "true"})


@pytest.mark.parametrize("authorise", ["true", "false"])
@pytest.mark.parametrize("id_tag", ["", "X" * 21, "\U0001f600", "A\nB"])
def test_a_remote_start_for_what_cannot_be_a_card_is_rejected(id_tag, authorise):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert not stage.charger.remote_start(1, id_tag)
        await stage.wait(5)
        assert not stage.starts()

    play(story, settings={"AuthorizeRemoteTxRequests": authorise, "AllowOfflineTxForUnknownId": "true"})


@pytest.mark.parametrize("authorise", ["true", "false"])
def test_nobody_takes_the_place_of_a_card_holder_who_is_about_to_plug_in(authorise):
    async def story(stage):
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")
        await stage.wait(20)
        assert not stage.charger.remote_start(None, "REMOTE")
        assert not stage.charger.remote_start(1, OTHER_CARD)
        assert await stage.charger.present(OTHER_CARD) == ("refused", WAITS)
        assert stage.connector.pending_tag == OWN_CARD
        # Their own card again, or the server for them, begins the wait anew.
        assert stage.charger.remote_start(1, OWN_CARD.lower())
        await stage.wait(20)
        assert await stage.charger.present(OTHER_CARD) == ("refused", WAITS)
        await stage.wait(11)
        assert await stage.charger.present(OTHER_CARD) == ("waiting", "local card")
        await stage.charge()
        assert stage.connector.transaction.id_tag == OTHER_CARD

    settings = {**CARDS, "ConnectionTimeOut": "30", "AuthorizeRemoteTxRequests": authorise}
    play(story, settings=settings)


def test_a_remote_start_never_stops_what_its_card_began_meanwhile():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(1, OWN_CARD)
        assert stage.connector.grant(OWN_CARD) == ""
        await stage.wait(10)
        assert (stage.status, stage.stops()) == ("Charging", [])

    play(story, settings={**CARDS, "AuthorizeRemoteTxRequests": "true"})


def test_a_remote_stop_needs_the_number_of_a_running_transaction_k9():
    async def story(stage):
        assert not stage.charger.remote_stop(1)
        await stage.charge()
        assert not stage.charger.remote_stop(0)
        assert not stage.charger.remote_stop(2)
        assert stage.charger.remote_stop(1)
        assert stage.charger.remote_stop(1)
        await stage.until("transaction_stopped")
        assert not stage.charger.remote_stop(1)
        assert [stop["reason"] for stop in stage.stops()] == ["Remote"]

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize("stop", ["true", "false"])
def test_a_verdict_on_what_is_over_changes_nothing(stop):
    async def story(stage):
        await stage.charge()
        stage.charger.verdict(1, "Accepted")
        stage.charger.verdict(7, "Invalid")
        await stage.wait(10)
        assert stage.status == "Charging"

    play(story, settings={**PLUG_AND_CHARGE, "StopTransactionOnInvalidId": stop})


def test_the_backend_decides_about_cards_and_the_owner_s_cards_count_while_it_is_away():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        assert await stage.charger.present(OWN_CARD) == ("refused", "backend says Invalid")
        stage.bench.network.cut()
        assert await stage.charger.present(OWN_CARD) == ("started", "local card")

    play(story, settings=CARDS, backend=Settings(accept_unknown_cards=False))


# Two connectors.


def test_the_car_that_waits_is_chosen():
    async def story(stage):
        second = stage.world.outlet(2)
        second.plug()
        await stage.wait(1)
        assert await stage.charger.present(OWN_CARD) == ("started", "local card")
        assert (stage.charger.transaction(1), stage.charger.transaction(2)) == (0, 1)
        assert await stage.charger.present(OTHER_CARD) == ("waiting", "local card")
        assert stage.charger.connectors[0].pending_tag == OTHER_CARD

    play(story, board=TWO, settings=CARDS)


def test_two_people_without_cars_get_a_connector_each():
    async def story(stage):
        await stage.charger.present(OWN_CARD)
        await stage.charger.present(OTHER_CARD)
        assert [connector.pending_tag for connector in stage.charger.connectors] == [OWN_CARD, OTHER_CARD]
        assert await stage.charger.present(OTHER_CARD, 1) == ("refused", WAITS)
        assert stage.charger.connectors[0].pending_tag == OWN_CARD

    play(story, board=TWO, settings=CARDS)


def test_transactions_of_two_connectors_are_independent():
    async def story(stage):
        second = stage.world.outlet(2)
        await stage.charge()
        second.plug(max_a=10)
        await stage.until(lambda: second.car.current_ma == 10000)
        assert [stage.charger.transaction(number) for number in (1, 2)] == [1, 2]
        assert stage.charger.connector(2).reading().current_ma[0] >= 6000
        stage.world.fault("rcd_trip", 1)
        await stage.until("transaction_stopped")
        assert stage.charger.status(1).status == "Faulted"
        assert stage.charger.status(2).status == "Charging"
        assert stage.world.lamp.colour == LAMP["Faulted"][0]
        assert await stage.charger.present(OWN_CARD) == (
            "refused",
            "1: Residual current detected, 2: a transaction is running",
        )
        assert await stage.charger.present(OWN_CARD, 3) == ("refused", "there is no connector 3")
        await stage.wait(10)
        assert second.contactor.contacts_closed
        assert stage.charger.remote_stop(2)
        await stage.until("transaction_stopped")
        assert [(stop["connector"], stop["reason"]) for stop in stage.stops()] == [
            (1, "Other"),
            (2, "Remote"),
        ]

    play(story, board=TWO, settings={**CARDS, **PLUG_AND_CHARGE})


def test_a_card_stops_on_the_connector_asked_for_only():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present(OWN_CARD)
        assert (await stage.charger.present(OWN_CARD, 2))[0] == "waiting"
        assert stage.charger.transaction(1) == 1
        assert (await stage.charger.present(OWN_CARD, 1))[0] == "stopped"

    play(story, board=TWO, settings=CARDS)


# Limits that people set.


def test_the_owner_s_limit_is_kept_and_followed_at_once_l2():
    async def story(stage):
        await stage.charge(max_a=32)
        assert stage.charger.settings.write("AllowedCurrent", "10") == "Accepted"
        await stage.until(lambda: stage.outlet.line.seen_bp in (1666, 1667), 0.1)
        assert stage.charger.settings.change("InstallationCurrent", "8") == "Rejected"
        assert stage.charger.settings.write("InstallationCurrent", "8") == "Accepted"
        await stage.wait(0.1)
        assert (stage.connector.snapshot.offered_ma, stage.connector.snapshot.reason) == (8000, 1)
        assert stage.charger.settings.write("MeterValueSampleInterval", "10") == "Accepted"
        await stage.bench.restart("watchdog")
        await stage.wait(1)
        assert stage.connector.snapshot.limit_ma == 8000

    play(story, settings=PLUG_AND_CHARGE)


# Restarts.


def test_a_soft_reset_ends_what_runs_and_then_restarts_k10():
    async def story(stage):
        await stage.charge()
        before = stage.firmware
        assert stage.charger.reset("Soft")
        assert not stage.charger.reset("Hard")
        assert not stage.charger.remote_start(None, "LATE")
        await stage.until("restart", GRACE_MS / 1000 + 1)
        assert [stop["reason"] for stop in stage.stops()] == ["SoftReset"]
        assert not stage.outlet.contactor.contacts_closed
        await stage.bench.quiet()
        assert stage.firmware is not before
        await stage.wait(1)
        assert stage.status in ("Preparing", "Charging")
        assert len(stage.stops()) == 1

    play(story, settings=PLUG_AND_CHARGE)


def test_a_soft_reset_waits_for_a_stop_only_so_long():
    async def story(stage):
        await stage.charge()
        stage.world.fault("store_full")
        begun_ms = stage.kernel.now_ms()
        stage.charger.reset("Soft")
        await stage.until(lambda: stage.events("restart"), 20)
        assert stage.kernel.now_ms() - begun_ms == pytest.approx(GRACE_MS, abs=100)
        stage.world.clear("store_full")
        await stage.until("transaction_stopped")
        assert [stop["reason"] for stop in stage.stops()] == ["Reboot"]

    play(story, settings=PLUG_AND_CHARGE)


def test_a_hard_reset_restarts_once_the_contactor_is_open_and_the_transaction_ends_after_it_k10():
    async def story(stage):
        await stage.charge(reaction_ms=1500)
        begun_ms = stage.kernel.now_ms()
        assert stage.charger.reset("Hard")
        await stage.until(lambda: stage.events("restart"), 3)
        assert WAIT_MS < stage.kernel.now_ms() - begun_ms <= 3000
        assert not stage.stops()
        assert not stage.outlet.contactor.driven
        await stage.bench.quiet()
        await stage.until("transaction_stopped")
        assert [stop["reason"] for stop in stage.stops()] == ["HardReset"]
        assert stage.stops()[0]["stamp"][0] == 1

    play(story, settings=PLUG_AND_CHARGE)


@pytest.mark.parametrize("retries", [0, 2])
def test_a_restart_that_does_not_come_is_tried_again_and_then_left_to_the_watchdog(retries):
    async def story(stage):
        await stage.charge()
        tried_ms = []
        stage.world.watchdog.restart = lambda: tried_ms.append(stage.kernel.now_ms())
        assert stage.charger.reset("Hard")
        assert (await stage.until("restart"))["source"] == "charger"
        await stage.wait(retries * RETRY_MS / 1000 + 1)
        assert [at_ms - tried_ms[0] for at_ms in tried_ms] == [RETRY_MS * n for n in range(retries + 1)]
        assert not stage.outlet.contactor.contacts_closed
        restart = await stage.until("restart", 25)
        assert restart["cause"] == "watchdog"
        del stage.world.watchdog.restart
        await stage.wait(3)
        assert [stop["reason"] for stop in stage.stops()] == ["HardReset"]

    play(story, settings={**PLUG_AND_CHARGE, "ResetRetries": str(retries)})


@pytest.mark.parametrize(
    ("cause", "reason"), [("watchdog", "Reboot"), ("software", "Reboot"), ("power", "PowerLoss")]
)
def test_what_a_restart_cut_off_ends_with_its_cause(cause, reason):
    async def story(stage):
        await stage.charge()
        await stage.wait(130)
        if cause == "power":
            await stage.bench.power(False)
            await stage.wait(60)
            await stage.bench.power(True)
        else:
            await stage.bench.restart(cause)
        stopped = await stage.until("transaction_stopped")
        stop = stage.stops()[0]
        assert (stopped["tx"], stop["reason"], stop["id_tag"]) == (1, reason, "")
        assert stop["meter_wh"] == stage.outlet.energy.energy_wh > 300
        # Known to the minute.
        boot, at_ms, _ = stop["stamp"]
        assert boot == 1
        assert at_ms > 120000
        # The car is still there: it charges on, as a new transaction.
        await stage.until(lambda: stage.status == "Charging", 60)
        assert stage.charger.transaction(1) == 2

    play(story, settings=PLUG_AND_CHARGE)


def test_a_stop_that_a_power_cut_interrupts_keeps_its_reason_and_its_time():
    async def story(stage):
        await stage.charge(reaction_ms=5000)
        stage.charger.remote_stop(1)
        stamp = stage.connector.transaction.stop_stamp
        await stage.wait(2)
        assert not stage.stops()
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.until("transaction_stopped")
        assert [(stop["reason"], stop["stamp"]) for stop in stage.stops()] == [("Remote", stamp)]

    play(story, settings=PLUG_AND_CHARGE)


def test_power_can_go_while_cards_are_being_asked_about():
    async def story(stage):
        await stage.until(lambda: stage.firmware.client.accepted)
        stage.bench.network.cut()
        stage.world.card_reader.swipe("CARD")
        await stage.wait(1)
        await stage.bench.power(False)
        await stage.wait(100)
        await stage.bench.power(True)
        await stage.wait(5)
        assert not stage.events("authorised")
        assert not stage.events("task_failed")

    play(story, backend=True)
