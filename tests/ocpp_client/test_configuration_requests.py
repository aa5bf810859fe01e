"""What a backend reads and changes of the configuration, over the wire."""

import json

import pytest

from ocpp_client.keys import INTEGER, LIST, OCPP_KEYS, OWNED, READ_WRITE, Keys
from tests.ocpp_client.backend import World

MEASURAND_KEYS = (
    "MeterValuesAlignedData",
    "MeterValuesSampledData",
    "StopTxnAlignedData",
    "StopTxnSampledData",
)
MADE_UP = Keys(
    (
        ("Channel", INTEGER, 1, 1, 13, READ_WRITE, None, True),
        ("Aerials", LIST, "1", 0, 4, READ_WRITE, ("1", "2", "3", "4"), True),
        ("Limit", INTEGER, 16, 6, 32, OWNED),
    )
)
SECRET = "correct-horse-battery-staple"


@pytest.fixture
def world():
    """A charger that its backend has accepted."""
    world = World(keys=OCPP_KEYS + MADE_UP)
    world.run(1)
    assert world.client.accepted
    return world


def asked(world, *names):
    """The answer to a GetConfiguration for `names`."""
    return world.ask("GetConfiguration", {"key": list(names)}).payload


def change(world, key, value):
    """The status that answers a ChangeConfiguration."""
    return world.ask("ChangeConfiguration", {"key": key, "value": value}).payload["status"]


def told(world):
    """All that GetConfiguration tells."""
    entries = world.ask("GetConfiguration", {}).payload["configurationKey"]
    return {entry["key"]: entry.get("value") for entry in entries}


# GetConfiguration.


@pytest.mark.parametrize("payload", [{}, {"key": []}, {"key": None}])
def test_behaviour_13_no_list_and_an_empty_list_mean_all_keys(world, payload):
    answer = world.ask("GetConfiguration", payload).payload
    assert [entry["key"] for entry in answer["configurationKey"]] == world.configuration.names()
    assert "unknownKey" not in answer


def test_behaviour_13_names_know_no_case_and_strangers_are_named_as_they_were_asked_for(world):
    answer = asked(world, "heartbeatINTERVAL", "Colour", "NUMBEROFCONNECTORS", "cOLOUR2")
    assert answer["configurationKey"] == [
        {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        {"key": "NumberOfConnectors", "readonly": True, "value": "1"},
    ]
    assert answer["unknownKey"] == ["Colour", "cOLOUR2"]


def test_behaviour_13_strangers_alone(world):
    assert asked(world, "Colour") == {"configurationKey": [], "unknownKey": ["Colour"]}


def test_behaviour_13_what_is_asked_for_twice_is_told_twice(world):
    answer = asked(world, "ResetRetries", "resetretries", "Colour", "Colour")
    assert [entry["key"] for entry in answer["configurationKey"]] == ["ResetRetries", "ResetRetries"]
    assert answer["unknownKey"] == ["Colour", "Colour"]


def test_behaviour_13_as_many_as_getconfigurationmaxkeys_and_no_more(world):
    most = int(told(world)["GetConfigurationMaxKeys"])
    assert len(asked(world, *["CpoName"] * most)["configurationKey"]) == most
    refused = world.ask("GetConfiguration", {"key": ["CpoName"] * (most + 1)}).message
    assert refused[0] == 4
    assert refused[2] == "OccurenceConstraintViolation"
    assert len(told(world)) == len(world.configuration.names())


def test_behaviour_13_the_authorization_key_is_never_told(world):
    assert change(world, "authorizationkey", SECRET) == "Accepted"
    assert world.configuration.get("AuthorizationKey") == SECRET
    assert asked(world, "AUTHORIZATIONKEY") == {
        "configurationKey": [{"key": "AuthorizationKey", "readonly": False}]
    }
    assert told(world)["AuthorizationKey"] is None
    sent = json.dumps([frame.message for frame in world.backend.frames])
    assert SECRET not in sent
    assert SECRET.encode() not in world.client.data_to_send()


def test_behaviour_13_a_value_that_waits_for_a_restart_is_told_already(world):
    assert change(world, "Channel", "7") == "RebootRequired"
    assert told(world)["Channel"] == "7"
    assert world.configuration.get("Channel") == 1


# ChangeConfiguration.


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("Colour", "red", "NotSupported"),
        ("", "", "NotSupported"),
        ("NumberOfConnectors", "2", "Rejected"),
        ("NumberOfConnectors", "1", "Rejected"),
        ("SupportedFeatureProfiles", "Core", "Rejected"),
        ("StopTransactionOnEVSideDisconnect", "false", "Rejected"),
        ("Limit", "10", "Rejected"),
        ("HeartbeatInterval", "0", "Rejected"),
        ("HeartbeatInterval", "86401", "Rejected"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("HeartbeatInterval", "60.0", "Rejected"),
        ("HeartbeatInterval", "", "Rejected"),
        ("MessageTimeout", "4", "Rejected"),
        ("MessageTimeout", "5", "Accepted"),
        ("MessageTimeout", "0", "Rejected"),
        ("TransactionMessageAttempts", "0", "Rejected"),
        ("StopTransactionMaxMeterValues", "100", "Rejected"),
        ("WebSocketPingInterval", "-1", "Rejected"),
        ("LocalPreAuthorize", "1", "Rejected"),
        ("ConnectorPhaseRotation", "1.RST,1.XYZ", "Rejected"),
        ("SecurityProfile", "-1", "Rejected"),
        ("SecurityProfile", "0", "Rejected"),
        ("SecurityProfile", "3", "Rejected"),
        ("AuthorizationKey", "", "Rejected"),
        ("AuthorizationKey", "fifteen-letters", "Rejected"),
        ("AuthorizationKey", "x" * 41, "Rejected"),
        ("Channel", "14", "Rejected"),
        ("websocketpinginterval", "20", "Accepted"),
        ("LocalPreAuthorize", "TRUE", "Accepted"),
        ("MeterValuesSampledData", "Voltage, Current.Import.L2", "Accepted"),
        ("MeterValuesSampledData", "", "Accepted"),
        ("StopTxnSampledData", "Energy.Active.Import.Register", "Accepted"),
        ("ConnectorPhaseRotation", "0.RST, 1.STR", "Accepted"),
        ("AuthorizationKey", "0123456789abcdef", "Accepted"),
        ("AuthorizationKey", "0123456789ABCDEF0123456789abcdef01234567", "Accepted"),
        ("CpoName", "\u00d6rtliche Stadtwerke", "Accepted"),
        ("Channel", "13", "RebootRequired"),
    ],
)
def test_behaviour_14_each_change_has_its_answer(world, key, value, status):
    before = told(world), world.configuration.get("AuthorizationKey")
    assert change(world, key, value) == status
    if status in ("Rejected", "NotSupported"):
        assert (told(world), world.configuration.get("AuthorizationKey")) == before


@pytest.mark.parametrize(
    "key",
    [
        "ClockAlignedDataInterval",
        "ConnectionTimeOut",
        "MaxEnergyOnInvalidId",
        "MeterValueSampleInterval",
        "MinimumStatusDuration",
        "ResetRetries",
        "TransactionMessageRetryInterval",
        "WebSocketPingInterval",
    ],
)
def test_behaviour_14_zero_switches_off_what_may_be_off(world, key):
    assert change(world, key, "0") == "Accepted"
    assert change(world, key, "-1") == "Rejected"
    assert told(world)[key] == "0"


@pytest.mark.parametrize("key", MEASURAND_KEYS)
@pytest.mark.parametrize("value", ["Voltage,RPM", "RPM", "Voltage,Voltage.N", "Voltage;SoC", "voltage"])
def test_behaviour_14_one_unsupported_measurand_refuses_the_whole_list_and_never_restarts(world, key, value):
    assert change(world, key, "SoC,Voltage") == "Accepted"
    assert change(world, key, value) == "Rejected"
    assert told(world)[key] == "SoC,Voltage"
    assert world.configuration.get(key) == ("SoC", "Voltage")
    world.run(60)
    assert world.charger.asked == []
    assert len(world.backend.out("BootNotification")) == 1


@pytest.mark.parametrize("key", MEASURAND_KEYS)
def test_behaviour_14_a_list_takes_as_many_items_as_its_length_says(world, key):
    most = int(told(world)[key + "MaxLength"])
    phased = ("Voltage", "Current.Import", "Power.Active.Import")
    phases = [f"{name}.L{phase}" for name in phased for phase in (1, 2, 3)]
    items = [*phases, "SoC", "Temperature", "Current.Offered", "Voltage"]
    assert change(world, key, ",".join(items[:most])) == "Accepted"
    assert change(world, key, ",".join(items[: most + 1])) == "Rejected"
    assert told(world)[key] == ",".join(items[:most])
    # What stands there twice counts once.
    assert change(world, key, ",".join(items[:most] + items[:most])) == "Accepted"


def test_behaviour_14_a_faulty_list_that_needs_a_restart_asks_for_none(world):
    assert change(world, "Aerials", "2,5") == "Rejected"
    assert told(world)["Aerials"] == "1"
    assert change(world, "Aerials", "2,3") == "RebootRequired"


def test_behaviour_14_a_value_has_at_most_500_characters(world):
    before = told(world)
    assert change(world, "CpoName", "x" * 500) == "Rejected"
    refused = world.ask("ChangeConfiguration", {"key": "CpoName", "value": "x" * 501}).message
    assert (refused[0], refused[2]) == (4, "TypeConstraintViolation")
    # Blanks around it are not part of a value.
    assert change(world, "LocalPreAuthorize", " " * 496 + "true") == "Accepted"
    assert told(world) == {**before, "LocalPreAuthorize": "true"}


def test_behaviour_14_a_change_that_cannot_be_kept_is_refused(world):
    def keep(name, value):
        raise OSError("no room")

    world.store.keep = keep
    assert change(world, "CpoName", "ACME") == "Rejected"
    assert told(world)["CpoName"] == ""


def test_behaviour_14_a_backend_raises_the_security_profile_and_never_lowers_it():
    world = World(settings={"AuthorizationKey": SECRET})
    world.run(1)
    assert change(world, "SecurityProfile", "1") == "Accepted"
    world.run(60)  # it connects anew
    assert change(world, "SecurityProfile", "0") == "Rejected"
    assert change(world, "SecurityProfile", "1") == "Rejected"
    assert told(world)["SecurityProfile"] == "1"
