"""From one status to the next, and why a transaction ends: what OCPP 1.6 (4.9, 5.14 and 7.36) wants told."""

import pytest

from control import limits
from firmware.restart import GRACE_MS
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

TWO = "simulated_two"
PATIENCE = {**CARDS, "ConnectionTimeOut": "30"}


def sent(stage, action):
    """The payloads of the charger's requests of this kind."""
    frames = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
    return [frame[3] for frame in frames if frame[0] == 2 and frame[2] == action]


# Before a transaction.


def test_behaviour_03_who_is_authorised_and_does_not_plug_in_leaves_it_available():
    async def story(stage):
        await stage.charger.present(OWN_CARD)
        await stage.wait(29)
        assert stage.words() == ["Preparing"]
        await stage.wait(2)
        assert stage.words() == ["Preparing", "Available"]

    play(story, settings=PATIENCE)


@pytest.mark.parametrize(("finishes", "status"), [("false", "Preparing"), ("true", "Finishing")])
def test_behaviour_03_a_car_without_a_card_is_preparing_for_ever_or_finishing_after_a_while(finishes, status):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(29)
        assert stage.status == "Preparing"
        await stage.wait(3)
        assert stage.status == status
        await stage.wait(600)
        assert stage.status == status
        # It is never stuck: a card begins a transaction all the same.
        assert await stage.charger.present(OWN_CARD) == ("started", "local card")
        await stage.until(lambda: stage.status == "Charging", 10)

    play(story, settings={**PATIENCE, "FinishingOnTimeOut": finishes})


@pytest.mark.parametrize(("finishes", "starts_on"), [("false", 1), ("true", 0)])
def test_behaviour_03_a_card_for_another_connector_starts_no_car_that_nobody_came_for(finishes, starts_on):
    """Errata 3.20: two connectors, one reader."""

    async def story(stage):
        stage.outlet.plug()
        await stage.wait(40)
        await stage.charger.present(OWN_CARD)
        assert stage.charger.transaction(1) == starts_on
        stage.world.outlet(2).plug()
        await stage.wait(10)
        assert stage.charger.transaction(2) == 1 - starts_on

    play(story, board=TWO, settings={**PATIENCE, "FinishingOnTimeOut": finishes})


def test_behaviour_03_a_new_car_and_a_card_that_came_in_time_are_not_finishing():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(40)
        stage.outlet.unplug()
        await stage.until(lambda: stage.status == "Available", 5)
        stage.outlet.plug()
        await stage.wait(10)
        assert stage.status == "Preparing"
        await stage.charger.present(OWN_CARD)
        await stage.wait(60)
        assert stage.status == "Charging"

    play(story, settings={**PATIENCE, "FinishingOnTimeOut": "true"})


@pytest.mark.parametrize("begin", ["card", "another card", "remote", "remote anywhere", "owner"])
def test_behaviour_03_from_finishing_with_the_cable_in_anybody_begins_a_new_transaction(begin):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging")
        await stage.charger.present(OWN_CARD)
        await stage.until("transaction_stopped")
        await stage.wait(60)
        assert stage.status == "Finishing"
        if begin == "card":
            await stage.charger.present(OWN_CARD)
        elif begin == "another card":
            await stage.charger.present(OTHER_CARD)
        elif begin == "owner":
            await stage.charger.start(OWN_CARD)
        else:
            assert stage.charger.remote_start(1 if begin == "remote" else None, "REMOTE")
        await stage.until(lambda: stage.status == "Charging", 60)
        assert stage.charger.transaction(1) == 2

    play(story, settings=CARDS)


def test_behaviour_03_a_card_goes_on_with_its_own_car_and_with_no_other_s_that_is_done():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        assert (await stage.charger.present(OWN_CARD))[0] == "started"
        await stage.wait(10)
        assert (await stage.charger.present(OWN_CARD))[0] == "stopped"
        await stage.until("transaction_stopped")
        # Another card is for a car that is still to come.
        assert (await stage.charger.present(OTHER_CARD))[0] == "waiting"
        stage.world.outlet(2).plug()
        await stage.wait(10)
        assert (stage.charger.transaction(1), stage.charger.transaction(2)) == (0, 2)
        assert (await stage.charger.present(OTHER_CARD))[0] == "stopped"
        await stage.until("transaction_stopped")
        # With both cars still there, a card begins again where it has ended.
        assert (await stage.charger.present(OTHER_CARD))[0] == "started"
        assert (await stage.charger.present(OWN_CARD))[0] == "started"
        assert stage.charger.connectors[0].transaction.id_tag == OWN_CARD

    play(story, board=TWO, settings=CARDS)


def test_behaviour_03_connector_0_knows_three_words_only():
    async def story(stage):
        for number in (1, 2):
            stage.world.outlet(number).plug()
        await stage.until(lambda: stage.status == "Charging")
        stage.charger.limit(limits.BACKEND, 0)
        await stage.wait(10)
        stage.charger.stop_all("Local")
        await stage.wait(10)
        stage.world.fault("cp_short", 1)
        await stage.wait(5)
        told = {
            payload["status"] for payload in sent(stage, "StatusNotification") if not payload["connectorId"]
        }
        assert told == {"Available"}

    play(story, board=TWO, settings=PLUG_AND_CHARGE, backend=True)


# While it runs.


def test_behaviour_05_who_pauses_is_told_and_the_charger_before_the_car():
    async def story(stage):
        await stage.charge()
        stage.outlet.car.set(charge=0)
        await stage.until(lambda: stage.status == "SuspendedEV", 5)
        assert stage.connector.snapshot.offered_ma
        stage.charger.limit(limits.BACKEND, 0)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 5)
        stage.outlet.car.set(charge=1)
        await stage.wait(5)
        assert stage.status == "SuspendedEVSE"
        stage.outlet.car.set(charge=0)
        stage.charger.limit(limits.BACKEND, limits.NO_LIMIT_MA)
        await stage.until(lambda: stage.status == "SuspendedEV", 30)
        stage.outlet.car.set(charge=1)
        await stage.until(lambda: stage.status == "Charging", 30)
        assert not stage.stops()

    play(story, settings=PLUG_AND_CHARGE)


# Why it ends. EmergencyStop is missing: no board has such an input.


async def _other(stage):
    stage.world.fault("rcd_trip")


async def _reset(stage):
    stage.charger.reset("Soft")


async def _hard(stage):
    stage.charger.reset("Hard")


async def _power(stage):
    await stage.bench.power(False)
    await stage.bench.power(True)


async def _watchdog(stage):
    await stage.bench.restart("watchdog")


async def _unplug(stage):
    stage.outlet.unplug()


async def _refuse(stage):
    stage.charger.verdict(1, "Invalid")


async def _unlock(stage):
    stage.charger.unlock(1, lambda status: None)


async def _remote(stage):
    await stage.central.remote_stop("CP1", 1)


async def _card(stage):
    stage.world.card_reader.swipe(OWN_CARD)


async def _button(stage):
    stage.world.button.press()


async def _energy(stage):
    stage.charger.amend(1, energy_wh=1)


@pytest.mark.parametrize(
    ("end", "reason", "id_tag"),
    [
        (_card, "Local", OWN_CARD),
        (_button, "Local", None),
        (_remote, "Remote", None),
        (_unplug, "EVDisconnected", None),
        (_refuse, "DeAuthorized", None),
        (_unlock, "UnlockCommand", None),
        (_reset, "SoftReset", None),
        (_hard, "HardReset", None),
        (_watchdog, "Reboot", None),
        (_power, "PowerLoss", None),
        (_other, "Other", None),
        (_energy, "Other", None),
    ],
)
def test_behaviour_06_behaviour_07_each_end_has_its_reason_and_only_a_card_its_tag(end, reason, id_tag):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.outlet.car.current_ma > 6000)
        await stage.wait(2)
        if end == _unplug:
            stage.outlet.lock.holds = False  # by force
        await end(stage)
        await stage.until(lambda: sent(stage, "StopTransaction"), 60)
        (stop,) = sent(stage, "StopTransaction")
        assert (stop["reason"], stop.get("idTag")) == (reason, id_tag)
        await stage.wait(1)
        assert stage.central.store.transactions.all("CP1")[0].stop_reason == reason

    play(story, board=TWO, settings=CARDS, backend=True)


# Resets.


def test_behaviour_21_a_soft_reset_sends_the_end_before_it_restarts():
    async def story(stage):
        await stage.charge()
        assert (await stage.central.reset("CP1", "Soft")).status == "Accepted"
        await stage.until("restart", GRACE_MS / 1000 + 1)
        (stop,) = sent(stage, "StopTransaction")
        assert stop["reason"] == "SoftReset"
        await stage.bench.quiet()
        await stage.wait(5)
        assert len(sent(stage, "BootNotification")) == 2
        # Its answer was here, so it is not sent again.
        assert len(sent(stage, "StopTransaction")) == 1

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_21_a_hard_reset_restarts_and_sends_the_end_after_it():
    async def story(stage):
        await stage.charge()
        assert (await stage.central.reset("CP1", "Hard")).status == "Accepted"
        await stage.until("restart", 3)
        assert sent(stage, "StopTransaction") == []
        await stage.bench.quiet()
        await stage.until(lambda: sent(stage, "StopTransaction"), 10)
        assert sent(stage, "StopTransaction")[0]["reason"] == "HardReset"

    play(story, settings=PLUG_AND_CHARGE, backend=True)


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
def test_behaviour_21_what_was_not_confirmed_stays_queued_over_a_reset(kind):
    async def story(stage):
        await stage.charge()
        stage.bench.network.cut()
        await stage.wait(1)
        assert stage.charger.reset(kind)
        await stage.until("restart", GRACE_MS / 1000 + 1)
        await stage.bench.quiet()
        await stage.wait(20)
        assert stage.central.store.transactions.all("CP1", running=True)
        stage.bench.network.restore()
        stage.outlet.unplug()
        await stage.wait(90)
        first = stage.central.store.transactions.all("CP1")[0]
        assert first.stop_reason == f"{kind}Reset"

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_21_nothing_begins_while_a_reset_is_under_way():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(3)
        assert stage.charger.reset("Soft")
        assert not stage.charger.reset("Soft")
        assert not stage.charger.remote_start(1, "LATE")
        assert await stage.charger.present(OWN_CARD) == ("refused", "the charger is restarting")

    play(story, settings=CARDS)
