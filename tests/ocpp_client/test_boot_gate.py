"""Before acceptance nothing but BootNotification leaves; afterwards statuses, heartbeat and time follow."""

import pytest

from ocpp_client.configuration import Configuration
from ocpp_client.keys import OCPP_KEYS
from tests.ocpp_client.backend import SILENCE, Refusal, World, actions, booted

HOUR_S = 3600


def test_behaviour_01_nothing_but_boot_notification_leaves_before_acceptance():
    world = World()
    world.backend.answers["BootNotification"] = SILENCE
    world.charger.begin()
    world.charger.show(1, "Charging")
    world.run(60)
    assert set(actions(world)) == {"BootNotification"}
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    assert answers == [None]


def test_behaviour_01_pending_answers_questions_but_asks_none_and_starts_nothing():
    world = World()
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Pending", 30)
    world.charger.begin()
    world.run(10)
    assert world.ask("GetConfiguration", {"key": ["HeartbeatInterval"]}).payload["configurationKey"]
    assert world.ask("RemoteStartTransaction", {"idTag": "A"}).payload == {"status": "Rejected"}
    assert world.ask("RemoteStopTransaction", {"transactionId": 1}).payload == {"status": "Rejected"}
    assert world.charger.asked == []
    assert actions(world) == ["BootNotification"]
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Accepted")
    world.run(19)
    assert actions(world) == ["BootNotification"]
    world.run(2)
    assert actions(world)[1:5] == [
        "BootNotification",
        "StatusNotification",
        "StatusNotification",
        "StartTransaction",
    ]


def test_behaviour_01_rejected_is_silent_until_the_interval_has_passed():
    world = World()
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Rejected", 600)
    world.run(1)
    world.backend.call("GetConfiguration", {})
    world.run(590)
    assert [frame.kind for frame in world.backend.frames] == [2]
    world.run(10)
    assert actions(world) == ["BootNotification"] * 2


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("ChangeConfiguration", {"key": "MeterValueSampleInterval", "value": "7"}),
        ("RemoteStartTransaction", {"idTag": "A"}),
        ("RemoteStopTransaction", {"transactionId": 101}),
        ("Reset", {"type": "Hard"}),
        ("Reset", {"type": "Gentle"}),
        ("Reset", []),
        ("Dance", {}),
    ],
)
def test_behaviour_01_rejected_does_nothing_that_it_may_not_answer(action, payload):
    world = booted()
    world.charger.begin()
    world.run(1)
    world.charger.firmware_version = "0.2.0"
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Rejected", 600)
    world.cut()
    world.run(10)
    assert world.client.boot.status == "Rejected"
    count, before = len(world.backend.frames), world.configuration.get("MeterValueSampleInterval")
    world.backend.call(action, payload)
    world.run(10)
    assert len(world.backend.frames) == count
    assert world.charger.asked == []
    assert world.configuration.get("MeterValueSampleInterval") == before
    assert world.linked


def test_behaviour_01_a_request_is_no_answer_to_a_boot_whatever_its_id():
    world = World()
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Rejected", 60)
    world.run(1)
    world.backend.answers["BootNotification"] = SILENCE
    world.run(61)
    message_id = world.backend.out("BootNotification")[1].message_id
    world.backend.send([2, message_id, "Reset", world.backend.boot("Accepted")])
    world.settle()
    assert world.client.boot.status == "Rejected"


def test_behaviour_01_interval_0_leaves_the_wait_to_the_charger():
    world = World()
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Rejected", 0)
    world.run(HOUR_S)
    gaps = [b.at_ms - a.at_ms for a, b in zip(world.backend.out(), world.backend.out()[1:], strict=False)]
    assert 10000 <= gaps[0] <= 20000
    assert gaps[-1] >= 300000


def test_behaviour_01_a_boot_that_fails_is_tried_again():
    world = World()
    world.backend.answers["BootNotification"] = Refusal()
    world.run(5)
    world.backend.answers["BootNotification"] = {"status": "Maybe", "currentTime": "now", "interval": 1}
    world.run(30)
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Accepted")
    world.run(120)
    assert world.client.accepted


def test_behaviour_02_after_acceptance_every_status_and_the_heartbeat_follow():
    world = World(connector_count=2)
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Accepted", 120)
    world.run(1)
    told = [frame.payload["connectorId"] for frame in world.backend.out("StatusNotification")]
    assert told == [0, 1, 2]
    assert world.configuration.get("HeartbeatInterval") == 120
    assert world.clock.unix_ms(world.clock.stamp()) is not None
    world.run(HOUR_S)
    beats = world.backend.out("Heartbeat")
    assert len(beats) == 30
    assert beats[1].at_ms - beats[0].at_ms == 120000


def test_behaviour_02_a_reconnect_sends_no_boot_unless_its_data_changed():
    world = booted()
    world.cut()
    world.charger.show(1, "Preparing")
    world.charger.show(1, "Finishing")
    world.run(10)
    assert world.client.accepted
    assert actions(world).count("BootNotification") == 1
    assert [frame.payload["status"] for frame in world.backend.out("StatusNotification")[2:]] == ["Finishing"]
    world.charger.firmware_version = "0.2.0"
    world.cut()
    world.run(10)
    assert actions(world).count("BootNotification") == 2


def test_behaviour_02_a_date_that_is_none_leaves_the_clock_alone():
    world = World()
    world.backend.answers["BootNotification"] = {"status": "Accepted", "currentTime": "now", "interval": 0}
    world.run(1)
    assert world.client.accepted
    assert world.clock.unix_ms(world.clock.stamp()) is None
    assert world.configuration.get("HeartbeatInterval") == 300
    assert "timestamp" not in world.backend.out("StatusNotification")[0].payload
    assert "chargePointSerialNumber" in world.backend.out("BootNotification")[0].payload


def test_a_charger_says_no_more_of_itself_than_it_knows():
    world = World()
    world.charger.serial_number = world.charger.firmware_version = ""
    world.charger.vendor = "V" * 30
    world.run(1)
    told = {"chargePointVendor": "V" * 20, "chargePointModel": "Test bench"}
    assert world.backend.out("BootNotification")[0].payload == told


def test_the_clock_follows_the_heartbeat():
    world = booted()
    world.clock.set_unix_ms(0)
    world.run(300)
    assert world.client.clock.unix_ms(world.clock.stamp()) > 1_700_000_000_000


def forgetful(world, *answered):
    """The server has lost its registrations, and answers nothing before a BootNotification (OCPP-J errata
    3.10)."""
    backend = world.backend
    known = {action: backend.answers[action] for action in answered}

    def register(payload):
        backend.answers.update(known)
        return backend.boot("Accepted")

    backend.answers.update(dict.fromkeys(answered, Refusal("SecurityError")), BootNotification=register)


def test_a_server_that_has_forgotten_the_charger_is_told_of_it_anew():
    world = booted()
    world.cut()
    forgetful(world, "Heartbeat", "StatusNotification")
    world.run(HOUR_S)
    assert actions(world).count("BootNotification") == 2
    assert world.client.accepted
    after = actions(world)[actions(world).index("BootNotification", 1) :]
    assert after[:3] == ["BootNotification", "StatusNotification", "StatusNotification"]


def test_a_server_that_has_accepted_the_charger_over_this_link_has_not_forgotten_it():
    world = booted()
    world.backend.answers["Heartbeat"] = Refusal("SecurityError")
    world.run(HOUR_S)
    assert actions(world).count("BootNotification") == 1
    # Over the next one it may have, but not again and again.
    world.cut()
    world.run(HOUR_S)
    assert actions(world).count("BootNotification") == 2


def test_no_other_error_is_a_lost_registration():
    world = booted()
    world.cut()
    world.backend.answers["Heartbeat"] = Refusal("GenericError")
    world.run(HOUR_S)
    assert actions(world).count("BootNotification") == 1


def test_a_lost_registration_is_no_attempt_of_a_message():
    world = booted(settings={"TransactionMessageAttempts": "1", "MeterValueSampleInterval": "0"})
    world.cut()
    forgetful(world, "StatusNotification", "StartTransaction", "Heartbeat")
    world.charger.begin()
    world.charger.end()
    world.run(10)
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [101]
    assert actions(world).count("StartTransaction") == 2


def test_a_note_outlives_a_lost_registration():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["DataTransfer"] = {"status": "Accepted"}
    tx = world.charger.begin()
    world.run(1)
    world.cut()
    forgetful(world, "DataTransfer")
    world.client.noted(tx, "to the lake")
    world.run(10)
    assert actions(world).count("DataTransfer") == 2


def test_the_interval_of_a_registration_counts_at_once_and_wears_no_flash():
    world = booted()
    for number in range(5):
        world.cut()
        world.run(60)
        written = world.store.written
        world.backend.answers["BootNotification"] = world.backend.boot("Accepted", 100 + number)
        world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
        world.run(1)
        assert world.configuration.text("HeartbeatInterval") == str(100 + number)
        assert world.store.written == written
    beats = actions(world).count("Heartbeat")
    world.run(1050)
    assert actions(world).count("Heartbeat") - beats == 10
    # Until the next start, unless the server sets it as a setting.
    assert world.ask("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "104"}).payload == {
        "status": "Accepted"
    }
    assert Configuration(OCPP_KEYS, world.store).get("HeartbeatInterval") == 104
