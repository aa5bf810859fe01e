"""Configuration keys: what each takes, what is kept, and who is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client import meanings
from ocpp_client.configuration import Configuration
from ocpp_client.keys import BOOLEAN, CORE_KEYS, INTEGER, LIST, READ_WRITE, TEXT, WRITE_ONLY, Key, Keys
from tests.ocpp_client.ports_in_memory import MemoryStore

OWN = Keys(
    (
        ("CpoName", TEXT, "", 0, 10),
        ("AuthorizationKey", TEXT, "secret", 0, 40, WRITE_ONLY),
        ("Mode", TEXT, "eco", 0, 9, READ_WRITE, ("eco", "fast")),
        ("Channel", INTEGER, 1, 1, 13, READ_WRITE, None, True),
        ("Slots", LIST, "", 0, 2, READ_WRITE, str.isdigit),
    )
)


def made(store=None):
    return Configuration(CORE_KEYS + OWN, store or MemoryStore())


def test_every_default_is_a_value_of_its_key():
    for key in CORE_KEYS + OWN:
        key.parse(key.default)


def test_every_key_has_its_meaning():
    assert list(meanings.CORE) == CORE_KEYS.names()
    assert all(meaning.endswith(".") for meaning in meanings.CORE.values())


def test_values_have_the_type_of_their_key():
    configuration = made()
    assert configuration.get("LocalAuthorizeOffline") is True
    assert configuration.get("heartbeatinterval") == 300
    assert configuration.get("MeterValuesAlignedData") == ("Energy.Active.Import.Register",)
    assert configuration.get("StopTxnSampledData") == ()
    assert configuration.get("CpoName") == ""
    with pytest.raises(KeyError):
        configuration.get("Colour")


def test_a_change_is_saved_told_and_there_after_a_restart():
    store = MemoryStore()
    configuration = made(store)
    told: list = []
    configuration.subscribe(told.append)
    assert configuration.change("CPONAME", " ACME ") == "Accepted"
    assert configuration.change("CpoName", "ACME") == "Accepted"
    assert told == ["CpoName"]
    assert store.saved == {"set-CpoName": "ACME"}
    assert made(store).get("CpoName") == "ACME"


def test_a_change_that_needs_a_reboot_is_told_at_once_and_works_afterwards():
    store = MemoryStore()
    configuration = made(store)
    assert configuration.change("Channel", "7") == "RebootRequired"
    assert configuration.get("Channel") == 1
    assert configuration.describe("Channel")["value"] == "7"
    assert made(store).get("Channel") == 7


def test_a_backend_may_less_than_the_owner():
    configuration = made()
    assert configuration.change("NumberOfConnectors", "2") == "Rejected"
    assert configuration.write("NumberOfConnectors", "2") == "Accepted"
    assert configuration.write("Colour", "red") == "NotSupported"


def test_a_stated_fact_is_not_saved():
    store = MemoryStore()
    made(store).fix("NumberOfConnectors", "2")
    assert store.saved == {}


def test_a_write_only_value_is_never_told():
    assert made().describe("AuthorizationKey") == {"key": "AuthorizationKey", "readonly": False}


def test_a_store_without_room_changes_nothing():
    class FullStore(MemoryStore):
        def keep(self, name, value):
            raise OSError("no room")

    configuration = made(FullStore())
    assert configuration.change("CpoName", "ACME") == "Rejected"
    assert configuration.get("CpoName") == ""


def test_a_kept_value_that_is_no_value_any_more_gives_way_to_the_default_and_is_named():
    store = MemoryStore()
    store.keep("set-HeartbeatInterval", "never")
    store.keep("set-Gone", "1")
    configuration = made(store)
    assert configuration.get("HeartbeatInterval") == 300
    assert configuration.refused == [
        ("HeartbeatInterval", "HeartbeatInterval is a whole number, not 'never'")
    ]


def test_a_judge_may_say_why():
    def judge(text):
        raise ValueError(f"'{text}' is too loud")

    with pytest.raises(ValueError, match=r"^'ah' is too loud$"):
        Key("Tone", TEXT, "", high=9, members=judge).parse("ah")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("CpoName", "x" * 11, "CpoName"),
        ("CpoName", "x" * 501, "500"),
        ("Mode", "slow", "'slow'"),
        ("Channel", "", "whole number"),
        ("Channel", "-", "whole number"),
        ("Channel", "1.0", "whole number"),
        ("Channel", "14", "between 1 and 13"),
        ("LocalPreAuthorize", "yes", "true or false"),
        ("Slots", "1,x", "'x'"),
        ("Slots", "1,2,3", "at most 2"),
        ("ConnectorPhaseRotation", "1.RTT", "RTT"),
        ("MeterValuesSampledData", "Voltage,,SoC", "''"),
    ],
)
def test_a_refusal_says_why(name, text, words):
    configuration = made()
    before = configuration.get(name)
    with pytest.raises(ValueError, match=words):
        configuration.assign(name, text)
    assert configuration.get(name) == before


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        (TEXT, "hunter2", "Secret does not take what was given"),
        (TEXT, "hunter2" * 7, "Secret takes at most 40 characters"),
        (LIST, "1,hunter2", "Secret does not know what was given"),
        (INTEGER, "hunter2", "Secret is a whole number, not what was given"),
        (BOOLEAN, "hunter2", "Secret is true or false, not what was given"),
    ],
)
def test_a_refusal_never_repeats_what_is_write_only(kind, text, words):
    secret = Key("Secret", kind, "", high=40, members=str.isdigit, access=WRITE_ONLY)
    with pytest.raises(ValueError, match=f"^{words}$"):
        secret.parse(text)


def test_a_list_loses_doubles_and_spaces():
    configuration = made()
    configuration.assign("MeterValuesSampledData", " Voltage , SoC,Voltage")
    assert configuration.get("MeterValuesSampledData") == ("Voltage", "SoC")


@given(st.sampled_from([key.name for key in CORE_KEYS + OWN]), st.text(max_size=600))
def test_no_text_does_harm(name, text):
    configuration = made()
    answer = configuration.change(name, text)
    assert answer in ("Accepted", "Rejected", "RebootRequired")
    assert len(configuration.text(name)) <= 500
