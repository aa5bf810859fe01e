"""The authorisation cache (OCPP 1.6, 3.5.1): what is learnt, what of it counts, what goes first, and what a
power cut leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.journal import STATE_BYTES
from firmware.journal import _encode as encoded
from ocpp_client.cache import ENTRIES, Cache
from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from ocpp_client.timestamps import to_text
from tests.ocpp_client.backend import booted
from tests.ocpp_client.ports_in_memory import NOON, MemoryStore, VirtualClock

STATUSES = ("Accepted", "Blocked", "Expired", "Invalid")
HOUR_MS = 3600000


def info(status="Accepted", group=None, expiry=None):
    """An IdTagInfo; `expiry` in Unix ms, or as the server writes it."""
    told = {"status": status}
    if group is not None:
        told["parentIdTag"] = group
    if expiry is not None:
        told["expiryDate"] = expiry if isinstance(expiry, str) else to_text(expiry)
    return told


class CountingStore(MemoryStore):
    """Counts what is written."""

    def __init__(self):
        super().__init__()
        self.writes = 0

    def remember(self, name, value):
        super().remember(name, value)
        self.writes += 1


class Shelf:
    """A cache over a store and a clock."""

    def __init__(self):
        self.store = CountingStore()
        self.clock = VirtualClock()
        self.clock.set_unix_ms(NOON)
        self.restart()

    def restart(self):
        self.configuration = Configuration(OCPP_KEYS, self.store)
        self.cache = Cache(self.store, self.clock, self.configuration)

    def known(self, tags):
        return [tag for tag in tags if self.cache.judge(tag)]

    def fill(self, status="Accepted"):
        tags = [f"CARD{number}" for number in range(ENTRIES)]
        for tag in tags:
            self.cache.learn(tag, info(status))
        return tags


@pytest.fixture
def shelf():
    return Shelf()


# What is learnt.


@pytest.mark.parametrize("status", STATUSES)
def test_behaviour_19_a_status_is_kept_over_a_power_cut(shelf, status):
    shelf.cache.learn("CARD", info(status, "FAMILY"))
    shelf.restart()
    assert shelf.cache.judge("card") == (status, "FAMILY")
    assert shelf.cache.judge("CAR") is None
    assert shelf.cache.judge("CARDS") is None


def test_behaviour_19_a_card_that_charges_elsewhere_is_a_valid_one(shelf):
    """OCPP 1.6, 3.5.2: it is the other transaction that stands in the way, and it ends."""
    shelf.cache.learn("CARD", info("ConcurrentTx", "FAMILY", NOON + HOUR_MS))
    shelf.restart()
    assert shelf.cache.judge("CARD") == ("Accepted", "FAMILY")
    tags = shelf.fill()
    assert "CARD" not in tags
    shelf.cache.learn("BLOCKED", info("Blocked"))
    shelf.cache.learn("NEW", info())
    assert shelf.cache.judge("BLOCKED") is None, "it makes way first"
    shelf.store.full = True
    shelf.cache.learn("OTHER", info("ConcurrentTx"))
    assert shelf.cache.judge("OTHER") is None


@pytest.mark.parametrize("expiry", [0, 1577836800, True, ["2030"], {}, "garbage", "2" * 41])
def test_behaviour_19_an_expiry_date_that_makes_no_sense_has_passed(expiry):
    world = booted()
    world.backend.answers["Authorize"] = {"idTagInfo": {"status": "Accepted", "expiryDate": expiry}}
    answers: list = []
    world.client.authorise("CARD", answers.append)
    world.settle()
    assert answers[0]["status"] == "Accepted", "online the server has the say"
    assert world.client.cache.judge("CARD") == ("Expired", "")


def test_behaviour_19_the_cache_learns_from_authorize_start_and_stop():
    world = booted()
    answers = world.backend.answers
    answers["Authorize"] = {"idTagInfo": info("Accepted", "FAMILY")}
    world.client.authorise("ASKED", lambda told: None)
    world.settle()
    answers["StartTransaction"] = {"transactionId": 5, "idTagInfo": info("Blocked")}
    answers["StopTransaction"] = {"idTagInfo": info("Expired")}
    world.charger.begin("STARTED")
    world.run(1)
    world.charger.end(id_tag="STOPPED")
    world.run(1)
    judge = world.client.cache.judge
    assert [judge(tag) for tag in ("ASKED", "STARTED", "STOPPED")] == [
        ("Accepted", "FAMILY"),
        ("Blocked", ""),
        ("Expired", ""),
    ]
    world.reboot()
    assert world.client.cache.judge("ASKED") == ("Accepted", "FAMILY")


def test_behaviour_19_a_stop_without_a_tag_teaches_nothing():
    world = booted()
    world.backend.answers["StopTransaction"] = {"idTagInfo": info("Blocked")}
    world.charger.begin("CARD")
    world.charger.end(reason="EVDisconnected", id_tag="")
    world.run(1)
    assert len(world.backend.out("StopTransaction")) == 1
    assert world.client.cache.judge("CARD") == ("Accepted", "")
    assert world.client.cache.judge("") is None


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, "Accepted"),
        ({"idTagInfo": None}, "Accepted"),
        ({"idTagInfo": 5}, "Invalid"),
        ({"idTagInfo": {"status": "Perhaps"}}, "Invalid"),
    ],
)
def test_behaviour_19_a_stop_with_a_faulty_word_on_its_tag_is_answered_all_the_same(told, status):
    world = booted()
    world.backend.answers["StopTransaction"] = told
    world.charger.begin("CARD")
    world.charger.end(id_tag="CARD")
    world.run(200)
    assert len(world.backend.out("StopTransaction")) == 1
    assert world.client.cache.judge("CARD") == (status, "")


def test_behaviour_19_what_a_server_adds_to_meter_values_is_not_its_word_on_a_tag():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    world.backend.answers["MeterValues"] = {"idTagInfo": info("Blocked")}
    world.charger.begin("CARD")
    world.run(30)
    assert len(world.backend.out("MeterValues")) >= 3
    assert world.client.cache.judge("CARD") == ("Accepted", "")


def test_behaviour_19_a_group_that_is_no_tag_counts_for_nothing():
    world = booted()
    world.backend.answers["Authorize"] = {"idTagInfo": info("Accepted", "B\u00fcro\t1")}
    world.client.authorise("CARD", lambda told: None)
    world.settle()
    assert world.client.cache.judge("CARD") == ("Accepted", "")


def test_behaviour_19_a_later_word_takes_the_place_of_the_one_before(shelf):
    shelf.cache.learn("CARD", info("Accepted", "FAMILY", NOON + HOUR_MS))
    shelf.cache.learn("card", info("Blocked"))
    shelf.restart()
    assert shelf.cache.judge("CARD") == ("Blocked", "")
    shelf.cache.learn("CARD", info("Accepted"))
    shelf.clock.at_ms += 2 * HOUR_MS
    assert shelf.cache.judge("CARD") == ("Accepted", "")


def test_behaviour_19_an_answer_that_says_the_same_again_writes_nothing(shelf):
    for _ in range(3):
        shelf.cache.learn("CARD", info("Accepted", "FAMILY", NOON + HOUR_MS))
        shelf.cache.judge("CARD")
    assert shelf.store.writes == 1


# What of it counts.


def test_behaviour_18_an_entry_expires_to_the_millisecond(shelf):
    shelf.cache.learn("CARD", info("Accepted", "FAMILY", NOON + HOUR_MS))
    shelf.clock.at_ms = HOUR_MS - 1
    assert shelf.cache.judge("CARD") == ("Accepted", "FAMILY")
    shelf.clock.at_ms = HOUR_MS
    assert shelf.cache.judge("CARD") == ("Expired", "FAMILY")
    assert shelf.store.writes == 1


def test_behaviour_18_a_refused_tag_is_refused_whatever_its_date(shelf):
    shelf.cache.learn("CARD", info("Blocked", None, NOON + HOUR_MS))
    shelf.clock.at_ms = 2 * HOUR_MS
    assert shelf.cache.judge("CARD") == ("Blocked", "")


@pytest.mark.parametrize(
    ("text", "status"), [("", "Accepted"), ("2026-13-01T00:00:00Z", "Expired"), ("soon", "Expired")]
)
def test_behaviour_18_a_date_that_cannot_be_read_promises_nothing(shelf, text, status):
    shelf.cache.learn("CARD", info("Accepted", None, text))
    assert shelf.cache.judge("CARD") == (status, "")


@pytest.mark.parametrize(
    ("earliest_ms", "judgement"),
    [(None, None), (NOON, None), (NOON + HOUR_MS - 1, None), (NOON + HOUR_MS, ("Expired", ""))],
)
def test_behaviour_18_without_a_date_nobody_knows_what_has_expired(shelf, earliest_ms, judgement):
    """After a power cut, offline, without a battery for the clock."""
    shelf.cache.learn("DATED", info("Accepted", None, NOON + HOUR_MS))
    shelf.cache.learn("UNDATED", info("Accepted"))
    shelf.clock = VirtualClock(boot=2)
    shelf.clock.bounds[2] = (earliest_ms, None)
    shelf.restart()
    assert shelf.cache.judge("DATED") == judgement
    assert shelf.cache.judge("UNDATED") == ("Accepted", "")


# How much, and what goes first.


def test_behaviour_19_the_least_recently_used_goes_first(shelf):
    tags = shelf.fill()
    assert shelf.known(tags[:2]) == tags[:2]
    shelf.cache.learn(tags[2], info())
    shelf.cache.learn("NEW1", info())
    shelf.cache.learn("NEW2", info())
    assert shelf.known([*tags, "NEW1", "NEW2"]) == [*tags[:3], *tags[5:], "NEW1", "NEW2"]


def test_behaviour_19_the_order_of_use_outlives_a_restart_with_what_is_written_anyway(shelf):
    tags = shelf.fill()
    shelf.known(tags[:4])
    writes = shelf.store.writes
    shelf.cache.learn(tags[3], info("Accepted", "FAMILY"))
    assert shelf.store.writes == writes + 1
    shelf.restart()
    shelf.cache.learn("NEW", info())
    assert shelf.known([*tags[:6], "NEW"]) == [*tags[:4], tags[5], "NEW"]


@pytest.mark.parametrize("status", STATUSES[1:])
def test_behaviour_19_what_is_not_valid_goes_before_what_is(shelf, status):
    tags = shelf.fill()
    shelf.cache.learn(tags[40], info(status))
    shelf.cache.learn("NEW", info())
    assert shelf.known([*tags, "NEW"]) == [*tags[:40], *tags[41:], "NEW"]


def test_behaviour_19_what_has_expired_goes_before_what_is_valid(shelf):
    tags = shelf.fill()
    shelf.cache.learn(tags[40], info("Accepted", None, NOON + HOUR_MS))
    shelf.clock.at_ms = HOUR_MS
    shelf.cache.learn("NEW", info())
    assert shelf.known([*tags, "NEW"]) == [*tags[:40], *tags[41:], "NEW"]


def test_behaviour_19_strangers_cost_one_regular_at_most(shelf):
    tags = shelf.fill()
    for number in range(3 * ENTRIES):
        shelf.cache.learn(f"STRANGER{number}", info("Invalid"))
    assert shelf.known(tags) == tags[1:]


WORST = ['"\\' * 9 + '"' + chr(letter) for letter in range(ord("A"), ord("A") + 64)]


def test_behaviour_19_the_longest_tags_fit_the_stores_longest_value(shelf):
    for tag in WORST:
        shelf.cache.learn(tag, info("Accepted", '"\\' * 10, "9999-12-31T23:59:59Z"))
    shelf.restart()
    assert all(shelf.cache.judge(tag) for tag in WORST[:32])
    assert max(len(encoded(value)) for value in shelf.store.saved.values()) <= STATE_BYTES


# ClearCache, and the setting.


def test_behaviour_19_clear_cache_empties_it_for_good():
    world = booted()
    world.client.cache.learn("CARD", info())
    assert world.ask("ClearCache", {}).payload == {"status": "Accepted"}
    assert world.client.cache.judge("CARD") is None
    world.reboot()
    assert world.client.cache.judge("CARD") is None
    assert not any(value for name, value in world.store.saved.items() if name.startswith("cards"))


def test_behaviour_19_clear_cache_touches_no_transaction():
    world = booted()
    tx = world.charger.begin("CARD")
    world.run(1)
    records = list(world.store.records)
    assert world.ask("ClearCache", {}).payload == {"status": "Accepted"}
    world.run(10)
    assert world.charger.transaction(1) == tx
    assert world.store.records == records
    world.charger.end()
    world.run(1)
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [101]


def test_behaviour_19_clear_cache_is_rejected_where_there_is_no_cache():
    world = booted(settings={"AuthorizationCacheEnabled": "false"})
    assert world.ask("ClearCache", {}).payload == {"status": "Rejected"}


def test_behaviour_19_a_cache_that_could_not_be_emptied_for_good_says_so():
    world = booted()
    world.client.cache.learn("CARD", info())
    world.store.full = True
    assert world.ask("ClearCache", {}).payload == {"status": "Rejected"}
    assert world.client.cache.judge("CARD") is None
    world.store.full = False
    assert world.ask("ClearCache", {}).payload == {"status": "Accepted"}
    world.reboot()
    assert world.client.cache.judge("CARD") is None


def test_behaviour_19_a_disabled_cache_neither_learns_nor_knows_and_forgets(shelf):
    shelf.cache.learn("CARD", info())
    shelf.configuration.write("MinimumStatusDuration", "5")
    assert shelf.cache.judge("CARD")
    shelf.configuration.write("AuthorizationCacheEnabled", "false")
    assert shelf.cache.judge("CARD") is None
    shelf.cache.learn("CARD", info())
    assert shelf.cache.judge("CARD") is None
    shelf.configuration.write("AuthorizationCacheEnabled", "true")
    assert shelf.cache.judge("CARD") is None
    shelf.cache.learn("CARD", info())
    assert shelf.cache.judge("CARD")


def test_behaviour_19_a_cache_that_was_disabled_before_the_start_is_empty(shelf):
    shelf.cache.learn("CARD", info())
    shelf.store.saved["set-AuthorizationCacheEnabled"] = "false"
    shelf.restart()
    shelf.configuration.write("AuthorizationCacheEnabled", "true")
    assert shelf.cache.judge("CARD") is None


# A store without room.


def test_behaviour_19_a_refusal_that_the_store_does_not_take_counts_and_is_written_later(shelf):
    shelf.cache.learn("CARD", info())
    shelf.store.full = True
    shelf.cache.learn("CARD", info("Blocked"))
    assert shelf.cache.judge("CARD") == ("Blocked", "")
    shelf.store.full = False
    shelf.cache.learn("OTHER", info())
    shelf.restart()
    assert shelf.cache.judge("CARD") == ("Blocked", "")
    assert shelf.cache.judge("OTHER") == ("Accepted", "")


def test_behaviour_19_an_acceptance_that_the_store_does_not_take_is_not_learnt(shelf):
    """It would be forgotten with the next power cut, and count differently from one minute to the next."""
    shelf.cache.learn("BLOCKED", info("Blocked"))
    shelf.store.full = True
    for tag in ("BLOCKED", "NEW"):
        shelf.cache.learn(tag, info(group="FAMILY"))
    assert shelf.cache.judge("BLOCKED") == ("Blocked", "")
    assert shelf.cache.judge("NEW") is None
    shelf.store.full = False
    shelf.cache.learn("NEW", info())
    assert shelf.cache.judge("NEW") == ("Accepted", "")
    assert len([slot for slot in shelf.cache._used if slot]) == 2


def test_behaviour_19_an_acceptance_that_is_not_learnt_takes_nobody_s_place(shelf):
    tags = shelf.fill()
    shelf.store.full = True
    shelf.cache.learn("NEW", info())
    shelf.store.full = False
    shelf.cache.learn("NEWER", info())
    known = [tag for tag in [*tags, "NEW", "NEWER"] if shelf.cache.judge(tag)]
    assert known == [*tags[1:], "NEWER"]


def test_behaviour_19_a_refusal_on_its_way_stays_when_an_acceptance_beside_it_is_not_learnt(shelf):
    shelf.cache.learn("CARD", info())
    shelf.store.full = True
    shelf.cache.learn("CARD", info("Invalid"))
    shelf.cache.learn("OTHER", info())
    shelf.cache.learn("CARD", info())
    assert shelf.cache.judge("CARD") == ("Invalid", "")
    assert shelf.cache.judge("OTHER") is None


def test_behaviour_19_a_page_whose_neighbour_was_never_written_is_read(shelf):
    tags = shelf.fill()[:8]
    shelf.store.saved.pop("cards-0")
    shelf.restart()
    assert shelf.known(tags) == tags[4:]
    shelf.cache.learn("NEW", info())
    assert shelf.known([*tags, "NEW"]) == [*tags[4:], "NEW"]


# Against a plain dict.

_TAGS = st.sampled_from(["A", "a", "B", "C", "D", 'E"', "F\\", "0" * 20])
_WORDS = st.tuples(
    st.sampled_from(STATUSES), st.sampled_from([None, "G", "g|"]), st.sampled_from([None, NOON + HOUR_MS])
)


@given(st.lists(st.tuples(_TAGS, _WORDS, st.booleans(), st.booleans())))
def test_behaviour_19_a_cache_with_room_knows_the_latest_word_on_every_tag(steps):
    shelf = Shelf()
    model: dict = {}
    for tag, word, full, restart in steps:
        shelf.store.full = full
        shelf.cache.learn(tag, info(*word))
        if word[0] != "Accepted" or not full:
            model[tag.lower()] = (word[0], word[1] or "")
        if restart and not full:
            shelf.restart()
        for known, judgement in model.items():
            assert shelf.cache.judge(known) == judgement
