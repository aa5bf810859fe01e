"""A plug that stays in its socket until its card comes: after a refusal, and where unplugging the car frees
no cable."""

import asyncio

import pytest

from firmware.errands import MOST
from firmware.hold import GONE_LOOKS
from simulator.backend.settings import Settings
from simulator.portable.outlet import Locked
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play
from tests.firmware.test_admission import card, online

TWO = "simulated_two"
STRICT = Settings(accept_unknown_cards=False)
HELD = {"UnlockConnectorOnEVSideDisconnect": "false"}
LOCKED_IN = "somebody's cable is locked in until their card comes"


async def refused(stage, tag="REFUSED"):
    """A transaction of this tag begins, and the server refuses it."""
    await online(stage)
    stage.outlet.plug()
    await stage.wait(1)
    assert stage.charger.remote_start(1, tag)
    await stage.until("transaction_stopped")
    await stage.wait(5)
    assert stage.status == "Finishing"


def is_free(stage):
    """Whether the plug comes out."""
    try:
        stage.outlet.unplug()
    except Locked:
        return False
    return True


def leave(stage):
    """The car is unplugged at its own end; the cable stays where it is."""
    stage.outlet.car.unplug()


# After a refusal.


@pytest.mark.parametrize("how", ["card", "group", "remote"])
def test_behaviour_17_after_a_refusal_the_plug_is_locked_until_its_own_card_comes(how):
    async def story(stage):
        card(stage, "REFUSED", "Blocked", "FAMILY")
        card(stage, "SON", parent="FAMILY")
        card(stage, "STRANGER", parent="OTHERS")
        await refused(stage)
        await stage.wait(300)
        assert not is_free(stage)
        if how == "card":
            assert await stage.charger.present("refused") == ("released", "its cable was locked")
        elif how == "group":
            assert (await stage.charger.present("SON", 1))[0] == "released"
        else:
            assert stage.charger.remote_start(1, "REFUSED")
            await stage.until("transaction_stopped")
            assert not is_free(stage), "for it was refused again"
            return
        await stage.wait(1)
        assert is_free(stage)
        await stage.wait(2)
        assert stage.status == "Available"
        assert len(stage.events("plug_released")) == 1

    play(story, board=TWO, backend=STRICT)


def test_behaviour_17_a_stranger_s_card_frees_no_plug():
    async def story(stage):
        card(stage, "STRANGER", parent="OTHERS")
        await refused(stage)
        assert (await stage.charger.present("NOBODY"))[0] == "refused"
        assert not is_free(stage)
        # It may pay for the car that stands there; the plug is not its own for that.
        assert (await stage.charger.present("STRANGER", 1))[0] == "started"
        await stage.until(lambda: stage.status == "Charging", 60)
        assert await stage.charger.present("REFUSED", 1) == ("refused", "backend says Invalid")
        await stage.charger.present("STRANGER", 1)
        await stage.until("transaction_stopped")
        await stage.wait(2)
        assert not is_free(stage)
        assert (await stage.charger.present("REFUSED", 1))[0] == "released"

    play(story, board=TWO, backend=STRICT)


def test_behaviour_17_a_held_plug_is_held_over_a_power_cut():
    async def story(stage):
        await refused(stage)
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.wait(60)
        assert not is_free(stage)
        assert (await stage.charger.present("REFUSED"))[0] == "released"
        await stage.wait(1)
        await stage.bench.power(False)
        await stage.bench.power(True)
        await stage.wait(5)
        assert is_free(stage)

    play(story, board=TWO, backend=STRICT)


def test_behaviour_17_unplugging_the_car_frees_the_cable_where_the_operator_lets_it():
    async def story(stage):
        await refused(stage)
        leave(stage)
        await stage.until("plug_released", 5)
        await stage.wait(1)
        assert not stage.outlet.lock.holds
        assert stage.status == "Available"

    play(story, board=TWO, backend=STRICT)


def test_behaviour_17_nobody_waits_for_a_card_that_there_is_not():
    async def story(stage):
        await online(stage)
        stage.outlet.plug()
        await stage.until("transaction_stopped")
        await stage.wait(2)
        assert is_free(stage)

    play(story, board=TWO, settings=PLUG_AND_CHARGE, backend=STRICT)


def test_behaviour_17_a_cable_of_the_charger_s_own_is_not_held():
    async def story(stage):
        await refused(stage)
        assert stage.connector.hold is None
        assert is_free(stage)

    play(story, backend=STRICT)


# Where unplugging the car frees no cable.


@pytest.mark.parametrize("power_cut", [False, True])
def test_an_unplugged_car_leaves_its_cable_locked_until_its_card_comes(power_cut):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 30)
        leave(stage)
        assert (await stage.until("transaction_stopped"))["reason"] == "EVDisconnected"
        if power_cut:
            await stage.bench.power(False)
            await stage.bench.power(True)
        await stage.wait(100)
        assert stage.outlet.lock.holds
        assert stage.status == "Finishing"
        assert await stage.charger.present(OTHER_CARD, 1) == ("refused", LOCKED_IN)
        assert not stage.charger.remote_start(1, OTHER_CARD)
        assert (await stage.charger.present(OWN_CARD))[0] == "released"
        await stage.wait(1)
        assert not stage.outlet.lock.holds
        assert stage.status == "Available"

    play(story, board=TWO, settings={**CARDS, **HELD})


@pytest.mark.parametrize("how", ["card", "remote", "button"])
def test_a_transaction_that_ends_in_the_right_way_frees_its_plug(how):
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 30)
        # All the while, pauses too.
        stage.connector.controller.mailbox.set_limit(1, 0)
        await stage.wait(60)
        assert stage.status == "SuspendedEVSE"
        assert not is_free(stage)
        if how == "card":
            await stage.charger.present(OWN_CARD)
        elif how == "remote":
            assert stage.charger.remote_stop(1)
        else:
            stage.world.button.press()
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert is_free(stage)

    play(story, board=TWO, settings={**CARDS, **HELD})


def test_a_cable_whose_car_came_back_may_be_started_again_or_fetched():
    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 30)
        leave(stage)
        await stage.until("transaction_stopped")
        await stage.wait(30)
        stage.outlet.plug()
        await stage.wait(2)
        assert stage.charger.remote_start(1, OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 60)
        await stage.charger.present(OWN_CARD)
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert is_free(stage)

    play(story, board=TWO, settings={**CARDS, **HELD})


async def locked_in(stage):
    """The own card's cable is locked in, and its car has gone."""
    stage.outlet.plug()
    await stage.wait(1)
    await stage.charger.present(OWN_CARD)
    await stage.until(lambda: stage.status == "Charging", 30)
    leave(stage)
    await stage.until("transaction_stopped")
    await stage.wait(1)
    assert stage.connector.hold


@pytest.mark.parametrize("connector", [1, None])
@pytest.mark.parametrize("authorise", ["true", "false"])
def test_a_remote_start_that_is_accepted_frees_the_plug(connector, authorise):
    async def story(stage):
        await locked_in(stage)
        assert stage.charger.remote_start(connector, OWN_CARD.lower())
        await stage.wait(1)
        assert stage.connector.hold is None
        assert is_free(stage)
        assert stage.connector.pending_tag == OWN_CARD.lower()

    play(
        story,
        board=TWO,
        settings={**CARDS, **HELD, "AuthorizeRemoteTxRequests": authorise},
    )


@pytest.mark.parametrize("plugged", [False, True])
def test_a_remote_start_that_the_journal_refuses_leaves_the_plug_locked(plugged):
    async def story(stage):
        await locked_in(stage)
        if plugged:
            stage.outlet.car.plug()
            await stage.wait(3)
        begin = stage.firmware.services.begin
        refuse(stage.firmware.services)
        assert stage.charger.remote_start(1, OWN_CARD) is not plugged
        await stage.wait(1)
        assert bool(stage.connector.hold) is plugged
        if plugged:
            assert stage.outlet.lock.holds
            assert not stage.events("plug_released")
            # With room it is let go, and held for the transaction that begins.
            stage.firmware.services.begin = begin
            assert stage.charger.remote_start(1, OWN_CARD.lower())
            assert len(stage.events("plug_released")) == 1
            assert stage.connector.hold.id_tag == OWN_CARD.lower()
            await stage.until(lambda: stage.status == "Charging", 30)

    def refuse(services):
        def begin(*args):
            raise OSError(28, "no room")

        services.begin = begin

    play(story, board=TWO, settings={**CARDS, **HELD, "AuthorizeRemoteTxRequests": "false"})


@pytest.mark.parametrize("connector", [1, None])
@pytest.mark.parametrize("why", ["out of service", "restarting", "no hands"])
def test_a_remote_start_that_is_rejected_leaves_the_plug_locked(connector, why):
    async def story(stage):
        await locked_in(stage)
        if why == "out of service":
            assert stage.charger.change_availability(0, False) == "Accepted"
        elif why == "no hands":
            for _ in range(MOST):
                stage.charger._errands.run(asyncio.sleep, 30)
        else:
            assert stage.charger.reset("Soft")
        assert not stage.charger.remote_start(connector, OWN_CARD)
        assert not stage.charger.remote_start(connector, "")
        await stage.wait(0.5)
        assert stage.connector.hold
        assert stage.outlet.lock.holds
        assert not stage.events("plug_released")

    play(story, board=TWO, settings={**CARDS, **HELD})


def test_a_plug_that_is_gone_is_held_no_longer():
    """Somebody took it by force, or opened the lock by hand: the next driver's plug is not the last one's."""

    async def story(stage):
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present(OWN_CARD)
        await stage.until(lambda: stage.status == "Charging", 30)
        leave(stage)
        await stage.until("transaction_stopped")
        await stage.wait(30)
        stage.outlet.cable.fit(0)
        await stage.wait(GONE_LOOKS / 10 - 0.3)
        assert stage.connector.hold
        stage.outlet.cable.fit(32)
        await stage.wait(0.3)
        stage.outlet.cable.fit(0)
        await stage.until("plug_released", GONE_LOOKS / 10 + 0.3)
        assert await stage.charger.present(OTHER_CARD, 1) == ("waiting", "local card")

    play(story, board=TWO, settings={**CARDS, **HELD})


def test_a_lock_that_fails_is_told_and_holds_nothing():
    async def story(stage):
        await refused(stage)
        stage.outlet.lock.holds = stage.outlet.lock._wanted = False
        stage.world.fault("lock_stuck")
        await stage.until(lambda: stage.status == "Faulted", 30)
        assert stage.connector.status.error_code == "ConnectorLockFailure"
        assert (await stage.charger.present("REFUSED"))[0] == "released"

    play(story, board=TWO, backend=STRICT)
