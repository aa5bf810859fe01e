"""Who is let in: groups of cards, what the backend said before it was away, remote starts, and where a car
that nobody chose a connector for is served."""

import datetime

import pytest

from simulator.backend.settings import Settings
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, PLUG_AND_CHARGE, play

TWO = "simulated_two"
STRICT = Settings(accept_unknown_cards=False)
CACHE, OFFLINE = "cache", "offline rule"


def sent(stage, action):
    """Payloads of the charger's requests of this kind, in order."""
    frames = [entry["frame"] for entry in stage.bench.frames if entry["direction"] == "out"]
    return [frame[3] for frame in frames if frame[0] == 2 and frame[2] == action]


def card(stage, id_tag, status="Accepted", parent=None, **life):
    """The backend knows this card, for so long."""
    expires = stage.central.clock.now() + datetime.timedelta(**life) if life else None
    stage.central.store.cards.add(id_tag, status, parent, expires)


async def online(stage):
    await stage.until(lambda: stage.firmware.client.accepted)


async def offline(stage):
    stage.bench.network.cut()
    await stage.until(lambda: not stage.firmware.client.accepted, 600)


async def online_again(stage):
    stage.bench.network.restore()
    await stage.until(lambda: stage.firmware.client.accepted, 600)


# Groups.


@pytest.mark.parametrize("how", ["card", "remote", "pre"])
def test_behaviour_07_a_card_of_the_same_group_stops_and_its_own_tag_is_told(how):
    """However the transaction began: with an Authorize, without one, or by what was known before."""

    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        card(stage, "SON", parent="family")
        stage.outlet.plug()
        await stage.wait(1)
        if how == "remote":
            assert stage.charger.remote_start(1, "MOTHER")
        else:
            assert (await stage.charger.present("MOTHER"))[0] == "started"
        await stage.until(lambda: stage.status == "Charging", 10)
        assert await stage.charger.present("SON") == ("stopped", "a card of its group")
        await stage.until("transaction_stopped")
        await stage.wait(1)
        stop = sent(stage, "StopTransaction")[0]
        assert (stop["idTag"], stop.get("reason", "Local")) == ("SON", "Local")
        # The card that began it is not asked about to end it, any other is (OCPP 1.6, 4.1).
        asked = [frame["idTag"] for frame in sent(stage, "Authorize")]
        assert asked == (["SON"] if how == "remote" else ["MOTHER", "SON"])

    play(story, backend=STRICT)


def test_behaviour_07_the_own_card_stops_without_being_asked_about():
    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present("MOTHER")
        card(stage, "MOTHER", "Blocked")
        assert await stage.charger.present("mother") == ("stopped", "the card that started it")
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert len(sent(stage, "Authorize")) == 1
        assert sent(stage, "StopTransaction")[0]["idTag"] == "mother"

    play(story, backend=STRICT)


@pytest.mark.parametrize(
    ("status", "parent"), [("Accepted", "OTHERS"), ("Accepted", None), ("Blocked", "FAMILY")]
)
def test_behaviour_07_a_card_of_no_group_or_another_or_that_is_not_accepted_stops_nothing(status, parent):
    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        card(stage, "STRANGER", status, parent)
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present("MOTHER")
        assert (await stage.charger.present("STRANGER"))[0] == "refused"
        await stage.wait(10)
        assert (stage.status, stage.stops()) == ("Charging", [])

    play(story, backend=STRICT)


def test_behaviour_07_cards_without_a_group_are_no_group():
    async def story(stage):
        await online(stage)
        stage.outlet.plug()
        await stage.wait(1)
        await stage.charger.present("ONE")
        assert await stage.charger.present("TWO") == ("refused", "a transaction is running")

    play(story, backend=True)


def test_behaviour_07_a_group_is_known_offline_from_the_cache():
    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        card(stage, "SON", parent="FAMILY")
        for tag in ("MOTHER", "SON"):
            await stage.charger._authoriser.ask(tag)
        await offline(stage)
        stage.outlet.plug()
        await stage.wait(1)
        assert await stage.charger.present("MOTHER") == ("started", CACHE)
        await stage.wait(5)
        assert await stage.charger.present("SON") == ("stopped", "a card of its group")

    play(story, backend=STRICT)


@pytest.mark.parametrize("connector", [None, 1])
def test_behaviour_07_a_stop_of_its_own_tells_no_tag(connector):
    async def story(stage):
        await online(stage)
        await stage.charge()
        if connector:
            stage.charger.remote_stop(stage.charger.transaction(connector))
        else:
            stage.outlet.unplug()
        await stage.until("transaction_stopped")
        await stage.wait(1)
        stop = sent(stage, "StopTransaction")[0]
        assert "idTag" not in stop
        assert stop["reason"] == ("Remote" if connector else "EVDisconnected")

    play(story, settings=PLUG_AND_CHARGE, backend=True)


def test_behaviour_07_with_a_second_car_waiting_the_group_s_card_starts_it():
    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        card(stage, "SON", parent="FAMILY")
        first, second = stage.world.outlet(1), stage.world.outlet(2)
        first.plug()
        await stage.wait(1)
        await stage.charger.present("MOTHER")
        second.plug()
        await stage.wait(1)
        assert await stage.charger.present("SON", 1) == ("stopped", "a card of its group")
        await stage.until("transaction_stopped")
        assert (await stage.charger.present("SON"))[0] == "started"
        assert (stage.charger.transaction(1), stage.charger.transaction(2)) == (0, 2)
        assert (await stage.charger.present("MOTHER"))[0] == "stopped"

    play(story, board=TWO, backend=STRICT)


# What the backend said before it was away.


@pytest.mark.parametrize(
    ("settings", "known", "answer"),
    [
        ({}, {}, ("Accepted", CACHE)),
        ({"LocalAuthorizeOffline": "false"}, {}, ("Invalid", OFFLINE)),
        ({"AuthorizationCacheEnabled": "false"}, {}, ("Invalid", OFFLINE)),
        ({}, {"hours": 1}, ("Accepted", CACHE)),
        ({}, {"seconds": 10}, ("Expired", CACHE)),
        ({"AllowOfflineTxForUnknownId": "true"}, {"seconds": 10}, ("Expired", CACHE)),
        ({}, {"status": "Blocked"}, ("Blocked", CACHE)),
        ({"AllowOfflineTxForUnknownId": "true"}, {"status": "Blocked"}, ("Blocked", CACHE)),
        (
            {"AllowOfflineTxForUnknownId": "true", "LocalAuthorizeOffline": "false"},
            {"status": "Blocked"},
            ("Blocked", CACHE),
        ),
        ({"AllowOfflineTxForUnknownId": "true", "LocalAuthorizeOffline": "false"}, {}, ("Accepted", OFFLINE)),
        (
            {"AllowOfflineTxForUnknownId": "true", "AuthorizationCacheEnabled": "false"},
            {"status": "Blocked"},
            ("Accepted", OFFLINE),
        ),
    ],
)
@pytest.mark.parametrize("power_cut", [False, True])
def test_behaviour_18_offline_the_cache_decides(settings, known, answer, power_cut):
    async def story(stage):
        await online(stage)
        card(stage, "CARD", **known)
        await stage.charger._authoriser.ask("CARD")
        await offline(stage)
        if power_cut:
            await stage.bench.power(False)
            await stage.bench.power(True)
        await stage.wait(20)
        status, _, source = await stage.charger._authoriser.ask("CARD")
        if power_cut and "status" not in known and known:
            # Without a battery nobody knows what time it is: such a card is a card that nobody knows.
            allowed = settings.get("AllowOfflineTxForUnknownId") == "true"
            assert (status, source) == ("Accepted" if allowed else "Invalid", OFFLINE)
        else:
            assert (status, source) == answer

    play(story, settings=settings, backend=STRICT)


def test_behaviour_18_the_owner_s_cards_count_before_the_cache():
    async def story(stage):
        await online(stage)
        card(stage, OWN_CARD, "Blocked")
        assert await stage.charger.present(OWN_CARD) == ("refused", "backend says Blocked")
        await offline(stage)
        assert await stage.charger.present(OWN_CARD) == ("waiting", "local card")

    play(story, settings=CARDS, backend=STRICT)


def test_behaviour_19_online_what_is_not_valid_is_asked_again():
    async def story(stage):
        await online(stage)
        card(stage, "CARD", "Blocked")
        assert await stage.charger.present("CARD") == ("refused", "backend says Blocked")
        card(stage, "CARD", seconds=10)
        assert await stage.charger.present("CARD") == ("waiting", "backend")
        await stage.wait(70)
        assert await stage.charger.present("CARD") == ("refused", "backend says Expired")
        card(stage, "CARD")
        assert await stage.charger.present("CARD") == ("waiting", "backend")
        assert len(sent(stage, "Authorize")) == 4

    play(story, settings={"LocalPreAuthorize": "true"}, backend=STRICT)


@pytest.mark.parametrize(("pre", "by"), [("true", CACHE), ("false", "backend")])
def test_behaviour_18_local_pre_authorize_uses_the_cache_online(pre, by):
    async def story(stage):
        await online(stage)
        card(stage, "CARD")
        await stage.charger._authoriser.ask("CARD")
        stage.outlet.plug()
        await stage.wait(1)
        assert await stage.charger.present("CARD") == ("started", by)
        assert len(sent(stage, "Authorize")) == (1 if by == CACHE else 2)
        await stage.until(lambda: sent(stage, "StartTransaction"))
        assert sent(stage, "StartTransaction")[0]["idTag"] == "CARD"

    play(story, settings={"LocalPreAuthorize": pre}, backend=STRICT)


@pytest.mark.parametrize(("status", "reason"), [("Accepted", None), ("Blocked", "DeAuthorized")])
def test_behaviour_18_an_offline_start_is_judged_by_the_answer_after_the_reconnection(status, reason):
    async def story(stage):
        await online(stage)
        card(stage, "CARD")
        await stage.charger._authoriser.ask("CARD")
        await offline(stage)
        stage.outlet.plug()
        await stage.wait(1)
        assert await stage.charger.present("CARD") == ("started", CACHE)
        await stage.wait(60)
        card(stage, "CARD", status)
        await online_again(stage)
        await stage.wait(20)
        assert [stop["reason"] for stop in stage.stops()] == ([reason] if reason else [])
        assert stage.status == ("Finishing" if reason else "Charging")
        # Its own end tells no tag, and the cache knows better now.
        await offline(stage)
        assert (await stage.charger._authoriser.ask("CARD"))[0] == status

    play(story, backend=STRICT)


# Remote starts.


def test_behaviour_03_from_finishing_a_new_start_begins_with_the_cable_still_in():
    async def story(stage):
        await online(stage)
        stage.outlet.plug()
        await stage.wait(1)

        async def once(start, tag):
            await start()
            # The contactor rests after three closings in ten minutes.
            await stage.until(lambda: stage.status == "Charging", 700)
            assert stage.connector.transaction.id_tag == tag
            stage.charger.stop_all("Local")
            await stage.until("transaction_stopped")
            await stage.wait(1)
            assert stage.status == "Finishing"

        async def remote():
            assert stage.charger.remote_start(None, "REMOTE")

        async def present():
            assert (await stage.charger.present(OWN_CARD))[0] == "started"

        async def page():
            assert (await stage.charger.start("PAGE", 1))[0] == "started"

        await once(present, OWN_CARD)
        await once(remote, "REMOTE")
        await once(page, "PAGE")
        await once(present, OWN_CARD)
        await stage.wait(10)
        assert [stop["reason"] for stop in stage.stops()] == ["Local"] * 4

    play(story, backend=True)


@pytest.mark.parametrize("board", ["simulated", TWO])
def test_behaviour_15_without_a_connector_it_waits_for_a_car_as_long_as_connection_time_out_says(board):
    async def story(stage):
        await online(stage)
        assert (await stage.central.remote_start("CP1", "REMOTE")).status == "Accepted"
        await stage.wait(28)
        assert stage.status == "Preparing"
        await stage.wait(3)
        assert (stage.status, len(stage.events("authorisation_expired"))) == ("Available", 1)
        stage.outlet.plug()
        await stage.wait(5)
        assert not stage.starts()

    play(story, board=board, settings={"ConnectionTimeOut": "30"}, backend=True)


@pytest.mark.parametrize("authorise", ["true", "false"])
def test_behaviour_15_without_a_connector_the_car_is_served_wherever_it_comes(authorise):
    async def story(stage):
        await online(stage)
        assert (await stage.central.remote_start("CP1", "REMOTE")).status == "Accepted"
        await stage.wait(10)
        assert [connector.pending_tag for connector in stage.charger.connectors] == ["REMOTE", ""]
        stage.world.outlet(2).plug()
        await stage.until("transaction_started")
        assert [stage.charger.transaction(number) for number in (1, 2)] == [0, 1]
        assert [connector.pending_tag for connector in stage.charger.connectors] == ["", ""]
        assert stage.charger.connector(2).transaction.id_tag == "REMOTE"

    play(story, board=TWO, settings={"AuthorizeRemoteTxRequests": authorise}, backend=True)


def test_behaviour_15_what_was_asked_for_one_connector_stays_there():
    async def story(stage):
        await online(stage)
        assert (await stage.central.remote_start("CP1", "REMOTE", 1)).status == "Accepted"
        stage.world.outlet(2).plug()
        await stage.wait(10)
        assert [connector.pending_tag for connector in stage.charger.connectors] == ["REMOTE", ""]
        assert not stage.starts()

    play(story, board=TWO, backend=True)


def test_behaviour_15_nobody_is_moved_to_where_another_one_s_car_stands():
    """The first one's car comes to the second one's connector: whoever was let in there may have it."""

    async def story(stage):
        await stage.charger.present(OWN_CARD)
        await stage.charger.present(OTHER_CARD)
        stage.world.outlet(2).plug()
        await stage.until("transaction_started")
        assert stage.charger.connector(2).transaction.id_tag == OTHER_CARD
        assert stage.charger.connector(1).pending_tag == OWN_CARD
        # Nor to where one has just charged.
        stage.charger.stop_all("Local")
        await stage.until("transaction_stopped")
        await stage.wait(5)
        assert stage.charger.connector(1).pending_tag == OWN_CARD

    play(story, board=TWO, settings=CARDS)


def test_behaviour_15_a_group_s_start_that_roams_keeps_its_group_and_its_limits():
    async def story(stage):
        await online(stage)
        card(stage, "MOTHER", parent="FAMILY")
        card(stage, "SON", parent="FAMILY")
        assert (await stage.charger.start("MOTHER", power_w=4000))[0] == "waiting"
        stage.world.outlet(2).plug()
        await stage.until("transaction_started")
        assert stage.charger.connector(2).transaction.group == "FAMILY"
        assert stage.charger.connector(2).wish.power_w == 4000
        assert (await stage.charger.present("SON"))[0] == "stopped"

    play(story, board=TWO, backend=STRICT)


@pytest.mark.parametrize(("connector", "status"), [(0, "Rejected"), (1, "Accepted"), (None, "Accepted")])
def test_behaviour_15_connector_0_is_rejected_and_none_is_the_charger_s_choice(connector, status):
    async def story(stage):
        await online(stage)
        answer = await stage.central.remote_start("CP1", "REMOTE", connector)
        assert answer.status == status
        assert not sent(stage, "Authorize")

    play(story, backend=True)


@pytest.mark.parametrize(("tag", "started"), [("KNOWN", 1), ("STRANGER", 0)])
def test_behaviour_15_it_is_authorised_first_only_where_that_is_asked_for(tag, started):
    async def story(stage):
        await online(stage)
        card(stage, "KNOWN")
        stage.outlet.plug()
        await stage.wait(1)
        assert (await stage.central.remote_start("CP1", tag)).status == "Accepted"
        await stage.wait(2)
        assert [frame["idTag"] for frame in sent(stage, "Authorize")] == [tag]
        assert len(stage.starts()) == started

    play(story, settings={"AuthorizeRemoteTxRequests": "true"}, backend=STRICT)


def test_behaviour_16_a_remote_stop_needs_a_running_transaction():
    async def story(stage):
        await online(stage)
        assert (await stage.central.command("CP1", stop(7))).status == "Rejected"
        await stage.charge()
        await stage.wait(1)
        assert (await stage.central.command("CP1", stop(1))).status == "Accepted"
        await stage.until("transaction_stopped")
        await stage.wait(1)
        assert (await stage.central.command("CP1", stop(1))).status == "Rejected"

    def stop(transaction):
        from ocpp.v16 import call

        return call.RemoteStopTransaction(transaction)

    play(story, settings=PLUG_AND_CHARGE, backend=True)
