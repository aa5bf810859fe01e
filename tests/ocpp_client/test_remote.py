"""What a backend asks the charger to do."""

import pytest

from tests.ocpp_client.backend import booted
from tests.ocpp_client.profiles import profiled


def test_behaviour_15_remote_start_on_a_connector_or_on_any():
    world = booted()
    assert (
        world.ask("RemoteStartTransaction", {"idTag": "A", "connectorId": 0}).payload["status"] == "Rejected"
    )
    assert (
        world.ask("RemoteStartTransaction", {"idTag": "B", "connectorId": 1}).payload["status"] == "Accepted"
    )
    assert world.ask("RemoteStartTransaction", {"idTag": "C"}).payload["status"] == "Accepted"
    assert (
        world.ask("RemoteStartTransaction", {"idTag": "D", "connectorId": None}).payload["status"]
        == "Accepted"
    )
    assert world.charger.asked == [["start", 1, "B"], ["start", None, "C"], ["start", None, "D"]]
    world.charger.will = False
    assert world.ask("RemoteStartTransaction", {"idTag": "E"}).payload["status"] == "Rejected"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "Accepted"),
        ({"chargingProfilePurpose": "TxDefaultProfile"}, "Rejected"),
        ({"transactionId": 1}, "Rejected"),
    ],
)
def test_behaviour_16_a_remote_start_takes_only_a_profile_for_its_own_transaction(changes, status):
    world = booted()
    answer = world.ask("RemoteStartTransaction", profiled(**changes))
    assert answer.payload == {"status": status}


def test_behaviour_16_a_transaction_that_does_not_run_is_not_stopped():
    world = booted()
    assert world.ask("RemoteStopTransaction", {"transactionId": 101}).payload["status"] == "Rejected"
    tx = world.charger.begin()
    world.run(1)
    assert world.ask("RemoteStopTransaction", {"transactionId": 102}).payload["status"] == "Rejected"
    assert world.ask("RemoteStopTransaction", {"transactionId": 101}).payload["status"] == "Accepted"
    assert world.charger.asked == [["stop", tx]]
    world.charger.running[1] = 0
    assert world.ask("RemoteStopTransaction", {"transactionId": 101}).payload["status"] == "Rejected"


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
def test_behaviour_21_a_reset_is_the_chargers_to_do(kind):
    world = booted()
    assert world.ask("Reset", {"type": kind}).payload == {"status": "Accepted"}
    assert world.charger.asked == [["reset", kind]]


@pytest.mark.parametrize(("kind", "operative"), [("Operative", True), ("Inoperative", False)])
def test_behaviour_22_availability_is_the_chargers_to_change(kind, operative):
    world = booted()
    assert world.ask("ChangeAvailability", {"connectorId": 0, "type": kind}).payload == {"status": "Accepted"}
    world.charger.will = False
    assert world.ask("ChangeAvailability", {"connectorId": 1, "type": kind}).payload == {
        "status": "Scheduled"
    }
    assert world.charger.asked == [["availability", 0, operative], ["availability", 1, operative]]
