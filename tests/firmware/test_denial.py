"""A server that does not accept the tag of a running transaction: its end, or the end of its energy."""

import pytest

from firmware import denial
from firmware.wish import MOST_WH
from simulator.backend.settings import Settings
from tests.firmware.stage import PLUG_AND_CHARGE, play
from tests.firmware.test_admission import card, offline, online, online_again, sent

STRICT = Settings(accept_unknown_cards=False)
KEEP_ON = {"StopTransactionOnInvalidId": "false"}


def energy_wh(stage):
    """What the running transaction has charged, by the register in the world."""
    return stage.outlet.energy.energy_wh - stage.connector.transaction.meter_wh


async def refused_at(stage, wh):
    """A remote start for a tag that the server refuses; its answer comes after so many Wh."""
    await offline(stage)
    stage.outlet.plug(phases=3, max_a=16)
    await stage.wait(1)
    assert stage.charger.remote_start(1, "REFUSED")
    await stage.until(lambda: energy_wh(stage) >= wh, 3600)
    await online_again(stage)
    await stage.until(lambda: sent(stage, "StartTransaction"), 60)


@pytest.mark.parametrize("status", ["Blocked", "Expired", "Invalid", "ConcurrentTx"])
def test_behaviour_17_a_refused_tag_stops_the_transaction(status):
    async def story(stage):
        await online(stage)
        card(stage, "REFUSED", status)
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(1, "REFUSED")
        stopped = await stage.until("transaction_stopped")
        assert stopped["reason"] == "DeAuthorized"
        await stage.wait(1)
        stop = sent(stage, "StopTransaction")[0]
        assert (stop["reason"], "idTag" in stop) == ("DeAuthorized", False)
        assert (stage.status, stage.outlet.contactor.contacts_closed) == ("Finishing", False)

    play(story, settings={"MaxEnergyOnInvalidId": "1000"}, backend=STRICT)


def test_behaviour_17_a_refusal_that_finds_no_memory_stops_the_transaction(monkeypatch):
    def starved(connector, services):
        raise MemoryError

    monkeypatch.setattr(denial, "deny", starved)

    async def story(stage):
        await online(stage)
        card(stage, "REFUSED", "Blocked")
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(1, "REFUSED")
        stopped = await stage.until("transaction_stopped")
        assert stopped["reason"] == "DeAuthorized"

    play(story, settings=KEEP_ON, backend=STRICT)


def test_behaviour_17_a_refused_tag_ends_the_energy_only_where_the_operator_says_so():
    async def story(stage):
        await online(stage)
        stage.outlet.plug()
        await stage.wait(1)
        assert stage.charger.remote_start(1, "REFUSED")
        await stage.wait(15)
        assert (stage.status, stage.connector.status.info) == ("SuspendedEVSE", "not authorised")
        assert not stage.outlet.contactor.contacts_closed
        assert stage.charger.transaction(1) == 1
        # The transaction is its own card's to end, and the next one charges again.
        card(stage, "GOOD")
        assert await stage.charger.present("GOOD") == ("refused", "a transaction is running")
        assert (await stage.charger.present("REFUSED"))[0] == "stopped"
        await stage.until("transaction_stopped")
        assert (await stage.charger.present("GOOD"))[0] == "started"
        await stage.until(lambda: stage.status == "Charging", 30)
        await stage.wait(60)
        assert stage.status == "Charging"

    play(story, settings=KEEP_ON, backend=STRICT)


@pytest.mark.parametrize("before_wh", [0, 300])
def test_behaviour_17_the_allowance_counts_from_the_refusal_on(before_wh):
    async def story(stage):
        await refused_at(stage, before_wh)
        begun_wh = energy_wh(stage)
        await stage.until(lambda: energy_wh(stage) >= begun_wh + 395, 300)
        assert stage.status == "Charging"
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 30)
        assert stage.connector.status.info in ("session energy", "not authorised", "")
        await stage.wait(600)
        assert (stage.status, stage.connector.status.info) == ("SuspendedEVSE", "not authorised")
        assert begun_wh + 400 <= energy_wh(stage) <= begun_wh + 425
        assert not stage.stops()

    play(story, settings={**KEEP_ON, "MaxEnergyOnInvalidId": "400"}, backend=STRICT)


def test_behaviour_17_the_tick_alone_keeps_the_allowance():
    """Whoever looks every 100 ms hangs: control ends the energy all the same."""

    async def story(stage):
        await refused_at(stage, 0)
        begun_wh = energy_wh(stage)
        stage.connector.denial.look = lambda: None
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 300)
        assert begun_wh + 400 <= energy_wh(stage) <= begun_wh + 425

    play(story, settings={**KEEP_ON, "MaxEnergyOnInvalidId": "400"}, backend=STRICT)


@pytest.mark.parametrize(("wish_wh", "reason"), [(200, "Other"), (0, None)])
def test_behaviour_17_a_wish_for_less_ends_the_transaction_before(wish_wh, reason):
    async def story(stage):
        from firmware.wish import Wish

        await online(stage)
        stage.outlet.plug(phases=3, max_a=16)
        await stage.wait(1)
        assert stage.charger.remote_start(1, "REFUSED", Wish(energy_wh=wish_wh))
        await stage.wait(600)
        assert [stop["reason"] for stop in stage.stops()] == ([reason] if reason else [])
        assert stage.status == ("Finishing" if reason else "SuspendedEVSE")

    play(story, settings={**KEEP_ON, "MaxEnergyOnInvalidId": "400"}, backend=STRICT)


def test_behaviour_17_what_no_meter_sees_is_no_part_of_an_allowance():
    async def story(stage):
        await refused_at(stage, 0)
        assert stage.status == "Charging"
        stage.world.fault("meter_silent")
        await stage.until(lambda: not stage.outlet.contactor.contacts_closed, 20)
        await stage.wait(30)
        assert stage.status == "SuspendedEVSE"
        stage.world.clear("meter_silent")
        await stage.until(lambda: stage.status == "Charging", 60)
        assert not stage.stops()

    play(story, settings={**KEEP_ON, "MaxEnergyOnInvalidId": str(MOST_WH)}, backend=STRICT)


@pytest.mark.parametrize("stop", ["true", "false"])
def test_behaviour_17_a_refusal_that_comes_at_the_end_changes_nothing(stop):
    async def story(stage):
        await stage.charge()
        stage.charger.stop_all("Local", "PLUGANDCHARGE")
        assert stage.connector.transaction.ending()
        stage.charger.verdict(1, "Invalid")
        await stage.until("transaction_stopped")
        stage.charger.verdict(1, "Invalid")
        assert [stop["reason"] for stop in stage.stops()] == ["Local"]
        # What was refused belongs to that transaction alone.
        assert stage.connector.denial is None
        assert await stage.charger.start("NEXT") == ("started", "offline rule")
        await stage.until(lambda: stage.status == "Charging", 30)

    settings = {**PLUG_AND_CHARGE, "AllowOfflineTxForUnknownId": "true", "StopTransactionOnInvalidId": stop}
    play(story, settings=settings)


def test_behaviour_17_a_transaction_after_one_that_was_refused_is_not():
    async def story(stage):
        await refused_at(stage, 0)
        await stage.until(lambda: stage.status == "SuspendedEVSE", 300)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(2)
        card(stage, "GOOD")
        stage.outlet.plug(phases=3, max_a=16)
        await stage.wait(1)
        assert stage.charger.remote_start(1, "GOOD")
        await stage.until(lambda: energy_wh(stage) >= 800, 1200)
        assert stage.status == "Charging"

    play(story, settings={**KEEP_ON, "MaxEnergyOnInvalidId": "400"}, backend=STRICT)
