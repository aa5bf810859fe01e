"""A charger whose journal is full of what the server has not taken: nothing begins, people are told why, what
runs comes to its end, and it goes on by itself once the server is back."""

import pytest

from simulator.portable.flash import Flash
from tests.firmware.stage import CARDS, OWN_CARD, PLUG_AND_CHARGE, play

FULL = "no room for a transaction until the server takes some"


async def begin(stage):
    """Power up with a small flash, and lose the network."""
    stage.world.flash = Flash(None, 24, 1024)
    await stage.bench.start()
    await stage.wait(5)
    stage.bench.network.cut(reset=True)


async def fill(stage):
    """Weeks of transactions, in a moment."""
    services = stage.firmware.services
    for number in range(1000):
        wh = stage.connector.snapshot.lifetime_wh
        try:
            begun = services.begin(1, "04A1B2C3", wh)
        except OSError:
            return number
        begun.end("Local", services.clock.stamp())
        services.complete(begun.stop_record(wh))
        while services.journal.prepare():
            pass
        await stage.wait(1)
    raise AssertionError("it does not fill")


def told(stage, word):
    return [entry["reason"] for entry in stage.events("start_refused") if word in entry["reason"]]


@pytest.mark.parametrize("way", ["plug and charge", "card"])
def test_a_full_journal_begins_nothing_and_tells_why(way):
    async def story(stage):
        await begin(stage)
        assert await fill(stage) > 40
        stage.outlet.plug()
        await stage.wait(5)
        if way == "card":
            stage.world.card_reader.swipe(OWN_CARD)
            await stage.wait(5)
        assert told(stage, FULL)
        assert (stage.status, stage.charger.transaction(1)) == ("Preparing", 0)
        assert stage.outlet.contactor.cycles == 0

    settings = PLUG_AND_CHARGE if way == "plug and charge" else {**CARDS, "LocalAuthorizeOffline": "true"}
    play(story, settings=settings, backend=True, begin=False)


def test_what_runs_ends_and_is_told_although_nothing_else_fits():
    async def story(stage):
        await begin(stage)
        await stage.charge()
        await fill_around(stage)
        with pytest.raises(OSError, match="no room for a transaction"):
            stage.firmware.services.begin(2, "04A1B2C3", 0)
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        assert not stage.events("stop_unwritten")
        assert stage.stops()[-1]["tx"] == 1

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)


async def fill_around(stage):
    """The other connectors' transactions take all that is left."""
    journal = stage.firmware.journal
    record = {"kind": "start", "tx": 900, "connector": 2, "id_tag": "04A1B2C3", "meter_wh": 0}
    for _ in range(1000):
        try:
            journal.append({**record, "stamp": stage.firmware.clock.stamp()})
        except OSError:
            return


def test_once_the_server_is_back_it_begins_again():
    async def story(stage):
        await begin(stage)
        count = await fill(stage)
        stage.bench.network.restore()
        await stage.wait(300)
        assert stage.firmware.client.transactions.is_drained()
        rows = stage.central.store.transactions.all()
        assert len(rows) == count
        assert all(row.stopped_at for row in rows)
        await stage.charge()
        assert stage.charger.transaction(1) > count

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)


def test_a_car_that_needs_no_card_waits_for_the_room_and_begins_by_itself():
    async def story(stage):
        await begin(stage)
        count = await fill(stage)
        stage.outlet.plug()
        await stage.wait(600)
        assert len(told(stage, FULL)) == 1, "once"
        stage.bench.network.restore()
        await stage.until(lambda: stage.status == "Charging", 400)
        assert stage.charger.transaction(1) > count
        assert len(told(stage, FULL)) == 1
        # The next car waits for nothing.
        stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(3)
        stage.outlet.plug()
        await stage.until(lambda: stage.charger.transaction(1), 10)

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)


def test_a_car_that_waits_begins_nothing_once_plug_and_charge_is_off():
    async def story(stage):
        await begin(stage)
        await fill(stage)
        stage.outlet.plug()
        await stage.wait(30)
        assert told(stage, FULL)
        stage.bench.network.restore()
        await stage.until(lambda: stage.firmware.journal.room() > 6000, 400)
        assert not stage.charger.transaction(1)
        stage.firmware.settings.assign("PlugAndCharge", "false")
        await stage.wait(120)
        assert (stage.status, stage.charger.transaction(1)) == ("Preparing", 0)
        assert stage.charger.remote_start(1, OWN_CARD), "nothing is in the way of a card"
        await stage.until(lambda: stage.status == "Charging", 30)
        assert stage.connector.transaction.id_tag == OWN_CARD

    settings = {**PLUG_AND_CHARGE, "AuthorizeRemoteTxRequests": "false"}
    play(story, settings=settings, backend=True, begin=False)


def test_a_car_that_waits_takes_no_room_by_waiting_and_others_hear_why():
    async def story(stage):
        await begin(stage)
        await fill(stage)
        stage.outlet.plug()
        await stage.wait(5)
        journal = stage.firmware.journal
        assert FULL in stage.connector.can_start(OWN_CARD)
        number = journal.get("transactions")
        await stage.wait(3600)
        assert journal.get("transactions") == number
        assert len(told(stage, FULL)) == 1
        # What it hears is why it waits now, not why it first did.
        stage.world.flash.full = True
        journal.check_start = lambda: journal.put("any", number)
        await stage.wait(61)
        assert stage.connector.pending_tag
        assert FULL not in stage.connector.can_start(OWN_CARD)
        assert "the journal cannot be written" in stage.connector.can_start(OWN_CARD)

    play(story, settings=PLUG_AND_CHARGE, backend=True, begin=False)


def test_a_remote_start_is_rejected():
    async def story(stage):
        await begin(stage)
        await fill(stage)
        stage.outlet.plug()
        await stage.wait(3)
        assert not stage.charger.remote_start(1, "04A1B2C3")
        assert told(stage, FULL)

    play(story, settings={"AuthorizeRemoteTxRequests": "false"}, backend=True, begin=False)
