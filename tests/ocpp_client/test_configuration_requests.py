"""What a backend reads and changes of the configuration."""

import pytest

from tests.ocpp_client.backend import booted


def test_behaviour_13_no_list_and_an_empty_list_mean_all_keys():
    world = booted()
    names = [key.name for key in world.configuration.rows()]
    payloads: list[dict] = [{}, {"key": []}]
    for payload in payloads:
        answer = world.ask("GetConfiguration", payload).payload
        assert [entry["key"] for entry in answer["configurationKey"]] == names
        assert "unknownKey" not in answer


def test_behaviour_13_names_know_no_case_and_strangers_are_named():
    world = booted()
    answer = world.ask("GetConfiguration", {"key": ["heartbeatINTERVAL", "Colour"]}).payload
    assert answer["configurationKey"] == [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]
    assert answer["unknownKey"] == ["Colour"]


@pytest.mark.parametrize(
    ("key", "value", "status"),
    [
        ("Colour", "red", "NotSupported"),
        ("NumberOfConnectors", "2", "Rejected"),
        ("HeartbeatInterval", "0", "Rejected"),
        ("HeartbeatInterval", "soon", "Rejected"),
        ("WebSocketPingInterval", "-1", "Rejected"),
        ("websocketpinginterval", "20", "Accepted"),
        ("LocalPreAuthorize", "TRUE", "Accepted"),
        ("MeterValuesSampledData", "Voltage, Current.Import.L2", "Accepted"),
        ("StopTxnSampledData", "Voltage", "Rejected"),
    ],
)
def test_behaviour_14_each_change_has_its_answer(key, value, status):
    world = booted()
    assert world.ask("ChangeConfiguration", {"key": key, "value": value}).payload == {"status": status}


def test_behaviour_14_one_unsupported_measurand_changes_nothing():
    world = booted()
    before = world.configuration.get("MeterValuesSampledData")
    change = {"key": "MeterValuesSampledData", "value": "Voltage,RPM"}
    assert world.ask("ChangeConfiguration", change).payload == {"status": "Rejected"}
    assert world.configuration.get("MeterValuesSampledData") == before
