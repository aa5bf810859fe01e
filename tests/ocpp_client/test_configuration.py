"""Configuration keys: what each takes, what is kept, and who is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware import settings
from ocpp_client import meanings
from ocpp_client.configuration import Configuration
from ocpp_client.keys import (
    BOOLEAN,
    INTEGER,
    LIST,
    MAX_VALUE_LENGTH,
    OCPP_KEYS,
    OWNED,
    RAISED,
    READ_ONLY,
    READ_WRITE,
    TEXT,
    WRITE_ONLY,
    Key,
    Keys,
)
from ocpp_client.messages import REQUESTS
from tests.ocpp_client.ports_in_memory import MemoryStore

MADE_UP = Keys(
    (
        ("Name", TEXT, "", 0, 10),
        ("Password", TEXT, "secret", 4, 40, WRITE_ONLY),
        ("Mode", TEXT, "eco", 0, 9, READ_WRITE, ("eco", "fast")),
        ("Channel", INTEGER, 1, 1, 13, READ_WRITE, None, True),
        ("Slots", LIST, "", 0, 2, READ_WRITE, str.isdigit),
        ("Limit", INTEGER, 16, 6, 32, OWNED),
    )
)
ALL_KEYS = settings.keys() + MADE_UP


class FullStore(MemoryStore):
    """Has no room for anything."""

    def keep(self, name, value):
        raise OSError("no room")


def made(store=None):
    return Configuration(OCPP_KEYS + MADE_UP, store or MemoryStore())


def everything(configuration):
    return {name: (configuration.get(name), configuration.text(name)) for name in configuration.names()}


# The table.


def test_every_default_is_a_value_of_its_key():
    for key in ALL_KEYS:
        assert key.write(key.parse(key.default)) == key.default


def test_every_key_has_its_meaning_in_one_sentence_and_there_are_no_others():
    known = [*meanings.CORE, *meanings.SECURITY]
    assert known == OCPP_KEYS.names()
    for meaning in (*meanings.CORE.values(), *meanings.SECURITY.values()):
        assert meaning.endswith(".")
        assert ". " not in meaning


def test_every_list_that_can_be_written_says_how_long_it_may_be():
    """A list without its length may count as one item long (OCPP 1.6, 5.3)."""
    keys = {key.name: key for key in OCPP_KEYS}
    for key in OCPP_KEYS:
        if key.kind == LIST and key.access != READ_ONLY:
            assert keys[key.name + "MaxLength"].default == str(key.high)
            assert keys[key.name + "MaxLength"].access == READ_ONLY


def test_the_largest_request_is_the_one_that_is_told():
    most = made().get("GetConfigurationMaxKeys")
    assert REQUESTS["GetConfiguration"].startswith(f"key?:items:{most}:")


def test_every_key_that_errata_and_core_require_is_there():
    required = (
        "AuthorizeRemoteTxRequests ClockAlignedDataInterval ConnectionTimeOut ConnectorPhaseRotation "
        "GetConfigurationMaxKeys HeartbeatInterval LocalAuthorizeOffline LocalPreAuthorize "
        "MeterValuesAlignedData MeterValuesSampledData MeterValueSampleInterval NumberOfConnectors "
        "ResetRetries StopTransactionOnInvalidId StopTxnAlignedData StopTxnSampledData "
        "SupportedFeatureProfiles TransactionMessageAttempts TransactionMessageRetryInterval "
        "UnlockConnectorOnEVSideDisconnect AuthorizationKey SecurityProfile AdditionalRootCertificateCheck"
    )
    assert set(required.split()) <= set(OCPP_KEYS.names())


# Values.


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


def test_a_value_is_told_as_the_table_writes_it():
    configuration = made()
    for name, text, told in (
        ("LocalPreAuthorize", " TRUE", "true"),
        ("HeartbeatInterval", "+0060", "60"),
        ("MeterValuesSampledData", " Voltage , SoC,Voltage", "Voltage,SoC"),
    ):
        assert configuration.change(name, text) == "Accepted"
        assert configuration.text(name) == told
    assert configuration.get("MeterValuesSampledData") == ("Voltage", "SoC")


def test_a_change_that_needs_a_reboot_is_told_at_once_and_works_afterwards():
    store = MemoryStore()
    configuration = made(store)
    told: list = []
    configuration.subscribe(told.append)
    assert configuration.change("Channel", "7") == "RebootRequired"
    assert configuration.get("Channel") == 1
    assert configuration.describe("Channel")["value"] == "7"
    assert told == []
    assert made(store).get("Channel") == 7


def test_such_a_change_can_be_taken_back():
    store = MemoryStore()
    configuration = made(store)
    configuration.change("Channel", "7")
    assert configuration.change("Channel", "1") == "RebootRequired"
    assert configuration.text("Channel") == "1"
    assert made(store).get("Channel") == 1


def test_a_store_without_room_changes_nothing():
    for name, text in (("CpoName", "ACME"), ("Channel", "7")):
        configuration = made(FullStore())
        before = everything(configuration)
        assert configuration.change(name, text) == "Rejected"
        assert everything(configuration) == before
        with pytest.raises(OSError, match="no room"):
            configuration.assign(name, text)


def test_a_kept_value_that_is_no_value_any_more_gives_way_to_the_default_and_is_named():
    store = MemoryStore()
    store.keep("set-HeartbeatInterval", "never")
    store.keep("set-Gone", "1")
    configuration = made(store)
    assert configuration.get("HeartbeatInterval") == 300
    assert configuration.refused == [
        ("HeartbeatInterval", "HeartbeatInterval is a whole number, not 'never'")
    ]


# Who may.


def test_a_backend_may_less_than_the_owner():
    configuration = made()
    assert configuration.change("Limit", "10") == "Rejected"
    assert configuration.write("Limit", "10") == "Accepted"
    assert configuration.describe("limit") == {"key": "Limit", "readonly": True, "value": "10"}
    assert configuration.write("Colour", "red") == "NotSupported"


def test_what_a_charger_is_nobody_changes():
    store = MemoryStore()
    store.keep("set-SupportedFeatureProfiles", "SmartCharging")
    configuration = made(store)
    assert configuration.get("SupportedFeatureProfiles") == ("Core", "RemoteTrigger")
    assert configuration.write("SupportedFeatureProfiles", "Core") == "Rejected"
    with pytest.raises(ValueError, match="says what this charger is"):
        configuration.assign("NumberOfConnectors", "2")


def test_a_stated_fact_is_not_saved_and_not_changed():
    store = MemoryStore()
    configuration = made(store)
    told: list = []
    configuration.subscribe(told.append)
    for _ in range(2):
        configuration.fix("UnlockConnectorOnEVSideDisconnect", "false")
    assert configuration.change("UnlockConnectorOnEVSideDisconnect", "true") == "Rejected"
    assert configuration.write("UnlockConnectorOnEVSideDisconnect", "true") == "Rejected"
    assert configuration.describe("UnlockConnectorOnEVSideDisconnect") == {
        "key": "UnlockConnectorOnEVSideDisconnect",
        "readonly": True,
        "value": "false",
    }
    assert told == ["UnlockConnectorOnEVSideDisconnect"] * 2
    assert store.saved == {}


def test_a_write_only_value_is_never_told():
    assert made().describe("Password") == {"key": "Password", "readonly": False}


def test_only_the_owner_shortens_or_empties_what_a_backend_is_reached_by():
    configuration = made()
    assert configuration.change("Password", " ") == "Rejected"
    assert configuration.change("Password", "abc") == "Rejected"
    assert configuration.write("Password", "abc") == "Accepted"
    assert configuration.change("Password", "abcd") == "Accepted"
    assert configuration.change("Name", "") == "Accepted"
    assert configuration.write("Password", "") == "Accepted"
    assert configuration.get("Password") == ""


def test_the_owner_may_lower_what_a_backend_may_only_raise():
    configuration = made()
    assert configuration.write("SecurityProfile", "0") == "Accepted"
    assert [configuration.change("SecurityProfile", text) for text in "0121210"] == [
        "Rejected",
        "Accepted",
        "Accepted",
        "Rejected",
        "Rejected",
        "Rejected",
        "Rejected",
    ]
    assert configuration.get("SecurityProfile") == 2


def test_a_guard_may_refuse_a_backend_but_not_the_owner():
    configuration = made()
    asked = []

    def judge(value):
        asked.append(value)
        if value == 2:
            raise ValueError("no certificate to check the server by")

    configuration.guard("securityPROFILE", judge)
    configuration.write("SecurityProfile", "0")
    assert configuration.change("SecurityProfile", "2") == "Rejected"
    assert configuration.get("SecurityProfile") == 0
    assert configuration.change("SecurityProfile", "1") == "Accepted"
    assert asked == [2, 1]
    assert configuration.write("SecurityProfile", "2") == "Accepted"


# Refusals.


def test_a_judge_may_say_why():
    def judge(text):
        raise ValueError(f"'{text}' is too loud")

    with pytest.raises(ValueError, match=r"^'ah' is too loud$"):
        Key("Tone", TEXT, "", high=9, members=judge).parse("ah")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Name", "x" * 11, "Name takes at most 10 characters"),
        ("Name", "x" * 501, "Name takes at most 500 characters"),
        ("Name", "a\x1b[2J", "Name does not take what was given"),
        ("Name", "a\x85b", "Name does not take what was given"),
        ("Name", "\ud800", "Name does not take what was given"),
        ("Mode", "slow", "Mode does not take 'slow'"),
        ("Channel", "", "Channel is a whole number, not ''"),
        ("Channel", "-", "Channel is a whole number, not '-'"),
        ("Channel", "1.0", "Channel is a whole number, not '1.0'"),
        ("Channel", "\u0663", "Channel is a whole number, not '\u0663'"),
        ("Channel", "14", "Channel lies between 1 and 13"),
        ("Channel", "9" * 500, "Channel lies between 1 and 13"),
        ("LocalPreAuthorize", "yes", "LocalPreAuthorize is true or false, not 'yes'"),
        ("Slots", "1,x", "Slots does not know 'x'"),
        ("Slots", "1,2,3", "Slots takes at most 2 items"),
        ("ConnectorPhaseRotation", "1.RTT", "ConnectorPhaseRotation does not know '1.RTT'"),
        ("ConnectorPhaseRotation", "\u00b2.RST", "ConnectorPhaseRotation does not know '\u00b2.RST'"),
        ("MeterValuesSampledData", "Voltage,,SoC", "MeterValuesSampledData does not know ''"),
        ("AuthorizationKey", "x" * 41, "AuthorizationKey takes at most 40 characters"),
        ("AuthorizationKey", "sixteen letters!", "and no blanks"),
        ("AuthorizationKey", "sixteen-l\u00e9tters!", "AuthorizationKey takes ASCII letters"),
    ],
)
def test_a_refusal_says_why(name, text, words):
    configuration = made()
    before = everything(configuration)
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        configuration.assign(name, text)
    assert everything(configuration) == before


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


def test_a_refusal_repeats_nothing_that_moves_a_cursor():
    with pytest.raises(ValueError, match=r"^Channel is a whole number, not what was given$"):
        made().assign("Channel", "\x1b[2J")


# Any text to any key.

TEXTS = st.one_of(
    st.text(max_size=600),
    st.integers().map(str),
    st.sampled_from(["true", "False", " 1", "+2", "-0", "a,b", "1.RST, 0.TSR", "Voltage,SoC", "16\n", ""]),
    st.lists(st.sampled_from(["Voltage", "Voltage.L2", "SoC", "RPM", " ", "1.RST", "CARD"])).map(",".join),
    st.text("abcdef0123456789", min_size=12, max_size=44),
)


@given(st.sampled_from(ALL_KEYS.names()), TEXTS, st.booleans())
def test_no_text_does_harm(name, text, by_owner):
    configuration = Configuration(ALL_KEYS, MemoryStore())
    key = ALL_KEYS.find(name)
    before = everything(configuration)
    answer = (configuration.write if by_owner else configuration.change)(name, text)
    after = everything(configuration)
    others = {other: value for other, value in after.items() if other != name}
    assert others == {other: value for other, value in before.items() if other != name}
    if answer == "Rejected":
        assert after == before
        return
    assert answer == ("RebootRequired" if key.reboot else "Accepted")
    assert key.access != READ_ONLY
    assert by_owner or key.access != OWNED
    if key.access == RAISED and not by_owner:
        assert after[name][0] > before[name][0]
    told = configuration.text(name)
    assert key.write(key.parse(told)) == told
    assert key.parse(told) == key.parse(text)
    assert len(told) <= min(MAX_VALUE_LENGTH, max(len(text), len(key.default)))
    again = Configuration(ALL_KEYS, configuration._store)
    assert again.text(name) == told
    assert again.get(name) == key.parse(told)
