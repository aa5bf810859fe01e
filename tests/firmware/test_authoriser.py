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
    same_tag,
)
from simulator.backend.settings import Settings
from simulator.clockwork import kernel
from tests.firmware.stage import CARDS, OTHER_CARD, OWN_CARD, play


class Silent:
    """A server's client that answers after `after_s`, or never."""

    tried = True

    def __init__(self, after_s=None):
        self._after_s = after_s

    def authorise(self, id_tag, answer):
        if self._after_s is not None:
            asyncio.get_running_loop().call_later(self._after_s, answer, "Accepted")


def test_a_tag_is_what_ocpp_takes():
    assert is_tag("A")
    assert is_tag("~" * 20)
    assert not any(is_tag(text) for text in ("", "A" * 21, "\n", "\u00e9", "\x7f"))
    assert same_tag("04a1", "04A1")
    assert not same_tag("04a1", "04a2")


def test_nobody_at_all_is_a_refusal():
    assert kernel.run(Authoriser([]).ask("CARD")) == ("Invalid", "nobody")


WAIT_S = WAIT_MS // 1000
FIRST_LINK_S = FIRST_LINK_MS // 1000


class Clock:
    """The loop's own time."""

    async def sleep_ms(self, duration_ms):
        await asyncio.sleep(duration_ms / 1000)


@pytest.mark.parametrize(
    ("after_s", "status"), [(0, "Accepted"), (WAIT_S - 1, "Accepted"), (WAIT_S + 1, None), (None, None)]
)
def test_a_server_is_waited_for_so_long(after_s, status):
    async def ask():
        answer = await Backend(Silent(after_s), Clock()).ask("CARD")
        asked_s = kernel.current().time()
        await asyncio.sleep(2)
        return answer, asked_s

    answer, asked_s = kernel.run(ask())
    assert answer == status
    assert asked_s <= WAIT_S


class Starting:
    """A client that is connecting still, and is asked once it has tried."""

    tried = False
    asked_s = None

    def authorise(self, id_tag, answer):
        self.asked_s = kernel.current().time()
        answer("Accepted" if self.tried else None)


@pytest.mark.parametrize(("tried_s", "status"), [(3, "Accepted"), (FIRST_LINK_S + 1, None)])
def test_the_first_attempt_to_connect_is_waited_for_so_long(tried_s, status):
    client = Starting()

    async def ask():
        asyncio.get_running_loop().call_later(tried_s, setattr, client, "tried", True)
        return await Backend(client, Clock()).ask("CARD")

    assert kernel.run(ask()) == status
    assert client.asked_s == pytest.approx(min(tried_s, FIRST_LINK_S), abs=0.1)


LOCAL, BACKEND, OFFLINE = "local card", "backend", "offline rule"


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
def test_the_order_of_the_sources(online, settings, id_tag, answer):
    async def story(stage):
        if online:
            await stage.until(lambda: stage.firmware.client.accepted)
            stage.central.store.cards.add("KNOWN")
        else:
            stage.bench.network.cut()
            await stage.until(lambda: not stage.firmware.client.accepted, 600)
        assert await stage.charger._authoriser.ask(id_tag) == answer

    play(story, settings={**CARDS, **settings}, backend=Settings(accept_unknown_cards=False))


@pytest.mark.parametrize(
    ("offline", "answer"), [("true", ("Accepted", LOCAL)), ("false", ("Invalid", OFFLINE))]
)
def test_a_backend_that_goes_away_while_it_is_asked_is_away(offline, answer):
    async def story(stage):
        await stage.until(lambda: stage.firmware.client.accepted)
        stage.bench.network.cut()
        assert stage.firmware.client.accepted
        assert await stage.charger._authoriser.ask(OWN_CARD) == answer

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
        assert await stage.charger._authoriser.ask("KNOWN") == answer
        assert stage.firmware.client.tried
        await stage.bench.stop()

    settings = {"LocalAuthorizeOffline": "false"}
    play(story, settings=settings, backend=Settings(accept_unknown_cards=True), begin=False)


@pytest.mark.parametrize("key", ["LocalPreAuthorize", "LocalAuthorizeOffline"])
def test_without_a_backend_the_owner_s_cards_always_count(key):
    async def story(stage):
        assert await stage.charger._authoriser.ask(OWN_CARD) == ("Accepted", LOCAL)

    play(story, settings={**CARDS, key: "false"})


def test_without_a_backend_the_offline_rule_is_the_last_word():
    async def story(stage):
        names = [type(source) for source in stage.charger._authoriser._sources]
        assert names == [LocalCards, UnknownOffline]
        assert await stage.charger.present("STRANGER") == ("waiting", "offline rule")

    play(story, settings={"AllowOfflineTxForUnknownId": "true"})
