"""Who may charge: the first source that knows decides, and a server that is away is not waited for."""

import asyncio

import pytest

from firmware.authoriser import (
    FIRST_LINK_MS,
    WAIT_MS,
    Authoriser,
    Backend,
    LocalCards,
    UnknownOffline,
    is_tag,
    may_end,
    same_tag,
)
from firmware.transaction import restore
from simulator.backend.settings import Settings
from simulator.clockwork import kernel
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, play

ACCEPTED = {"status": "Accepted", "parentIdTag": "FAMILY"}


class Silent:
    """A server's client that answers after `after_s`, or never."""

    tried = True

    def __init__(self, after_s=None):
        self._after_s = after_s

    def authorise(self, id_tag, answer):
        if self._after_s is not None:
            asyncio.get_running_loop().call_later(self._after_s, answer, ACCEPTED)


def test_a_tag_is_what_ocpp_takes():
    assert is_tag("A")
    assert is_tag("~" * 20)
    assert not any(is_tag(text) for text in ("", "A" * 21, "\n", "\u00e9", "\x7f"))
    assert same_tag("04a1", "04A1")
    assert not same_tag("04a1", "04a2")


def test_nobody_at_all_is_a_refusal():
    assert kernel.run(Authoriser([]).ask("CARD")) == ("Invalid", "", "nobody")


WAIT_S = WAIT_MS // 1000
FIRST_LINK_S = FIRST_LINK_MS // 1000


class Clock:
    """The loop's own time."""

    async def sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)


@pytest.mark.parametrize(
    ("after_s", "known"), [(0, True), (WAIT_S - 1, True), (WAIT_S + 1, False), (None, False)]
)
def test_a_server_is_waited_for_so_long(after_s, known):
    async def ask():
        answer = await Backend(Silent(after_s), Clock()).ask("CARD")
        asked_s = kernel.current().time()
        await asyncio.sleep(2)
        return answer, asked_s

    answer, asked_s = kernel.run(ask())
    assert answer == (("Accepted", "FAMILY") if known else None)
    assert asked_s <= WAIT_S


class Starting:
    """A client that is connecting still, and is asked once it has tried."""

    tried = False
    asked_s = None

    def authorise(self, id_tag, answer):
        self.asked_s = kernel.current().time()
        answer({"status": "Accepted"} if self.tried else None)


@pytest.mark.parametrize(("tried_s", "answer"), [(3, ("Accepted", "")), (FIRST_LINK_S + 1, None)])
def test_the_first_attempt_to_connect_is_waited_for_so_long(tried_s, answer):
    client = Starting()

    async def ask():
        asyncio.get_running_loop().call_later(tried_s, setattr, client, "tried", True)
        return await Backend(client, Clock()).ask("CARD")

    assert kernel.run(ask()) == answer
    assert client.asked_s == pytest.approx(min(tried_s, FIRST_LINK_S), abs=0.1)


LOCAL, BACKEND, OFFLINE, CACHE = "local card", "backend", "offline rule", "cache"


@pytest.mark.parametrize(
    ("begun_group", "id_tag", "group", "may"),
    [
        ("", "card", "", True),
        ("FAMILY", "CARD", "OTHERS", True),
        ("FAMILY", "OTHER", "family", True),
        ("FAMILY", "OTHER", "OTHERS", False),
        ("FAMILY", "OTHER", "", False),
        ("", "OTHER", "", False),
        # A group's name is no card's (OCPP 1.6, 3.10).
        ("FAMILY", "FAMILY", "", False),
    ],
)
def test_behaviour_07_the_same_card_or_one_of_its_group_may_end_what_began(begun_group, id_tag, group, may):
    begun = restore({"tx": 1, "connector": 1, "id_tag": "CARD", "meter_wh": 0, "stamp": None})
    begun.group = begun_group
    assert may_end(begun, id_tag, group) == may


async def asked(stage, id_tag):
    """(status, source) of a card that is asked about."""
    status, _, source = await stage.charger._authoriser.ask(id_tag)
    return status, source


@pytest.mark.parametrize(
    ("online", "settings", "id_tag", "answer"),
    [
        (True, {}, OWN_CARD, ("Invalid", BACKEND)),
        (True, {"LocalPreAuthorize": "true"}, OWN_CARD, ("Accepted", LOCAL)),
        (
            True,
            {"LocalPreAuthorize": "true", "LocalAuthorizeOffline": "false"},
            OWN_CARD,
            ("Accepted", LOCAL),
        ),
        (True, {"LocalPreAuthorize": "true"}, "STRANGER", ("Invalid", BACKEND)),
        (True, {}, "KNOWN", ("Accepted", BACKEND)),
        (True, {"AllowOfflineTxForUnknownId": "true"}, "STRANGER", ("Invalid", BACKEND)),
        (False, {}, OTHER_CARD, ("Accepted", LOCAL)),
        (False, {"LocalAuthorizeOffline": "false"}, OWN_CARD, ("Invalid", OFFLINE)),
        (
            False,
            {"LocalPreAuthorize": "true", "LocalAuthorizeOffline": "false"},
            OWN_CARD,
            ("Invalid", OFFLINE),
        ),
        (False, {}, "KNOWN", ("Invalid", OFFLINE)),
        (False, {"AllowOfflineTxForUnknownId": "true"}, "KNOWN", ("Accepted", OFFLINE)),
    ],
)
def test_behaviour_18_the_order_of_the_sources(online, settings, id_tag, answer):
    async def story(stage):
        if online:
            await stage.until(lambda: stage.firmware.client.accepted)
            stage.central.store.cards.add("KNOWN")
        else:
            stage.bench.network.cut()
            await stage.until(lambda: not stage.firmware.client.accepted, 600)
        assert await asked(stage, id_tag) == answer

    play(story, settings={**CARDS, **settings}, backend=Settings(accept_unknown_cards=False))


@pytest.mark.parametrize(
    ("offline", "answer"), [("true", ("Accepted", LOCAL)), ("false", ("Invalid", OFFLINE))]
)
def test_a_backend_that_goes_away_while_it_is_asked_is_away(offline, answer):
    async def story(stage):
        await stage.until(lambda: stage.firmware.client.accepted)
        stage.bench.network.cut()
        assert stage.firmware.client.accepted
        assert await asked(stage, OWN_CARD) == answer

    play(story, settings={**CARDS, "LocalAuthorizeOffline": offline}, backend=True)


@pytest.mark.parametrize(
    ("reachable", "answer"), [(True, ("Accepted", BACKEND)), (False, ("Invalid", OFFLINE))]
)
def test_a_card_at_power_up_is_judged_once_it_is_known_whether_the_backend_is_there(reachable, answer):
    async def story(stage):
        if not reachable:
            stage.bench.network.cut()
        await stage.bench.start()
        assert not stage.firmware.client.tried
        assert await asked(stage, "KNOWN") == answer
        assert stage.firmware.client.tried
        await stage.bench.stop()

    settings = {"LocalAuthorizeOffline": "false"}
    play(story, settings=settings, backend=Settings(accept_unknown_cards=True), begin=False)


@pytest.mark.parametrize("key", ["LocalPreAuthorize", "LocalAuthorizeOffline"])
def test_without_a_backend_the_owner_s_cards_always_count(key):
    async def story(stage):
        assert await asked(stage, OWN_CARD) == ("Accepted", LOCAL)

    play(story, settings={**CARDS, key: "false"})


def test_without_a_backend_the_offline_rule_is_the_last_word():
    async def story(stage):
        names = [type(source) for source in stage.charger._authoriser._sources]
        assert names == [LocalCards, UnknownOffline]
        assert await stage.charger.present("STRANGER") == ("waiting", "offline rule")

    play(story, settings={"AllowOfflineTxForUnknownId": "true"})
