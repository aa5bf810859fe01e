"""What charge points get wrong most, one test a behaviour, by its number in the list of facts."""

import pytest

from ocpp_client import ports
from tests.ocpp_client.backend import SILENCE, Refusal, World

HOUR_S = 3600


def actions(world):
    return [frame.action for frame in world.backend.out()]


def booted(**options):
    world = World(**options)
    world.run(1)
    assert world.client.accepted
    return world


def profiled(**changes):
    """A remote start with a charging profile."""
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": {
            "chargingRateUnit": "A",
            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 10.0}],
        },
    }
    return {"idTag": "A", "chargingProfile": {**profile, **changes}}


SCHEDULE_OF_WORDS = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": "ten"}]}


# 1 and 2: the gate


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


# 4: statuses


def test_behaviour_04_states_that_do_not_last_are_not_told():
    world = booted(settings={"MinimumStatusDuration": "5"})
    count = len(world.backend.out("StatusNotification"))
    world.charger.show(1, "Preparing")
    world.run(3)
    world.charger.show(1, "Available")
    world.run(10)
    assert len(world.backend.out("StatusNotification")) == count
    world.charger.show(1, "Faulted")
    world.run(4.9)
    assert len(world.backend.out("StatusNotification")) == count
    world.run(0.2)
    last = world.backend.out("StatusNotification")[-1].payload
    assert (last["status"], last["errorCode"]) == ("Faulted", "GroundFailure")
    world.client.statuses.request(1, world.clock.at_ms)
    world.run(0)
    assert len(world.backend.out("StatusNotification")) == count + 2


def test_a_status_carries_what_the_charger_adds_to_it():
    world = booted()
    status = ports.Status("Faulted", "OtherError", "i" * 60, "v" * 60)
    world.charger.status = lambda connector_id: status
    world.client.status_changed(1)
    world.run(0)
    told = world.backend.out("StatusNotification")[-1].payload
    assert (told["info"], told["vendorErrorCode"], told["vendorId"]) == ("i" * 50, "v" * 50, "Mode3")


def test_a_status_that_was_under_way_when_the_link_broke_is_told_again():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.settle()
    world.charger.show(1, "Finishing")
    world.cut()
    world.backend.be_good()
    world.run(10)
    assert [frame.payload["status"] for frame in world.backend.out("StatusNotification")[2:]] == [
        "Preparing",
        "Finishing",
    ]


def test_a_status_without_an_answer_is_told_again_and_a_refused_one_is_not():
    world = booted()
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.run(31)
    world.backend.answers["StatusNotification"] = Refusal()
    world.run(70)
    world.run(300)
    assert [frame.payload["status"] for frame in world.backend.out("StatusNotification")][2:] == [
        "Preparing"
    ] * 2


# 6 to 10: transactions


def test_behaviour_07_a_stop_names_the_tag_that_was_presented_or_none():
    world = booted()
    world.charger.begin()
    world.charger.end("Local", "CARD2")
    world.charger.begin()
    world.charger.end("EmergencyStop", "")
    world.run(1)
    first, second = [frame.payload for frame in world.backend.out("StopTransaction")]
    assert (first["idTag"], first["reason"]) == ("CARD2", "Local")
    assert "idTag" not in second
    assert second["reason"] == "EmergencyStop"


def test_behaviour_08_what_happened_offline_arrives_in_order_with_its_own_time():
    world = booted()
    world.network = False
    world.cut()
    world.run(600)
    began_ms = world.clock.at_ms
    world.charger.begin()
    world.run(150)
    world.charger.end()
    world.run(600)
    world.network = True
    world.run(600)
    sent = world.backend.out("StartTransaction", "MeterValues", "StopTransaction")
    assert [frame.action for frame in sent] == ["StartTransaction"] + ["MeterValues"] * 3 + [
        "StopTransaction"
    ]
    assert sent[0].payload["timestamp"] == "2026-03-01T12:10:01.000Z"
    assert sent[0].at_ms - began_ms > 600000
    assert [frame.payload["transactionId"] for frame in sent[1:]] == [101] * 4
    assert sent[-1].payload["timestamp"] == "2026-03-01T12:12:31.000Z"


def test_behaviour_08_a_start_before_the_date_is_known_gets_its_date_later():
    world = World()
    world.network = False
    world.run(100)
    world.charger.begin()
    world.run(500)
    world.network = True
    world.run(600)
    assert world.backend.out("StartTransaction")[0].payload["timestamp"] == "2026-03-01T12:01:40.000Z"


@pytest.mark.parametrize("server_tx", [0, -7, -1, 2**62])
def test_behaviour_08_every_id_of_the_server_is_an_id(server_tx):
    world = booted()
    answer = {"idTagInfo": {"status": "Accepted"}, "transactionId": server_tx}
    world.backend.answers["StartTransaction"] = answer
    tx = world.charger.begin()
    world.run(1)
    assert world.ask("RemoteStopTransaction", {"transactionId": server_tx}).payload["status"] == "Accepted"
    assert world.charger.asked == [["stop", tx]]
    world.charger.end()
    world.run(1)
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == server_tx


def test_behaviour_08_minus_one_only_once_the_start_was_given_up():
    world = booted(settings={"TransactionMessageAttempts": "2", "TransactionMessageRetryInterval": "10"})
    world.backend.answers["StartTransaction"] = Refusal()
    world.charger.begin()
    world.charger.end()
    world.run(5)
    assert world.backend.out("StopTransaction", "MeterValues") == []
    world.run(10)
    assert len(world.backend.out("StartTransaction")) == 2
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == -1
    world.run(60)
    assert len(world.backend.out("StopTransaction")) == 1


def test_behaviour_09_what_was_answered_is_not_sent_again_after_a_power_cut():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    tx = world.charger.begin()
    world.run(35)
    before = len(world.backend.out("StartTransaction", "MeterValues"))
    world.reboot()
    world.charger.running[1] = tx
    world.charger.end("PowerLoss", "")
    world.run(5)
    assert before == 5
    assert world.backend.out("StartTransaction", "MeterValues") == []
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == 101


def test_behaviour_09_a_resend_is_the_same_message():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    world.backend.answers["StartTransaction"] = SILENCE
    world.charger.begin()
    world.run(1)
    world.cut()
    world.run(31)
    world.reboot()
    world.run(5)
    sent = world.backend.out("StartTransaction")
    assert len(sent) == 1
    world.backend.answers["StartTransaction"] = Refusal()
    first = sent[0].payload
    world.charger.begin()
    world.run(200)
    resent = world.backend.out("StartTransaction")[1:]
    assert len(resent) == 3
    assert first["timestamp"] == "2026-03-01T12:00:01.000Z"
    assert resent[0].payload == resent[1].payload == resent[2].payload
    assert len({frame.message_id for frame in resent}) == 3


def test_behaviour_09_other_messages_overtake_a_transaction_message_that_waits():
    world = booted()
    world.backend.answers["StartTransaction"] = Refusal()
    world.charger.begin()
    world.run(1)
    world.charger.show(1, "Charging")
    world.charger.end()
    answers: list = []
    world.client.authorise("CARD9", answers.append)
    world.run(10)
    assert actions(world)[-3:] == ["StartTransaction", "Authorize", "StatusNotification"]
    assert answers == ["Accepted"]


def test_behaviour_10_waits_grow_with_the_tries_until_the_message_is_dropped():
    world = booted()
    world.backend.answers["StopTransaction"] = Refusal("GenericError")
    world.charger.begin()
    world.charger.end()
    world.charger.begin()
    world.run(400)
    tries = world.backend.out("StopTransaction")
    assert [frame.at_ms - tries[0].at_ms for frame in tries] == [0, 60000, 180000]
    assert world.backend.out("StartTransaction")[1].at_ms == tries[2].at_ms


def test_behaviour_10_a_message_without_an_answer_is_tried_again_too():
    world = booted()
    world.backend.answers["StopTransaction"] = SILENCE
    world.charger.begin()
    world.charger.end()
    world.run(600)
    tries = world.backend.out("StopTransaction")
    assert [frame.at_ms - tries[0].at_ms for frame in tries] == [0, 90000, 240000]


def test_behaviour_10_a_lost_link_costs_no_try():
    world = booted()
    world.backend.answers["StopTransaction"] = SILENCE
    world.charger.begin()
    world.charger.end()
    for _ in range(10):
        world.run(5)
        world.cut()
        world.run((world.client.reconnect_at_ms - world.clock.at_ms) / 1000)
    world.backend.answers["StopTransaction"] = {}
    world.run(300)
    tries = world.backend.out("StopTransaction")
    assert len(tries) >= 10
    assert tries[-1].payload == tries[0].payload
    assert world.client.transactions.next_call(world.clock.at_ms) is None


def test_a_half_open_link_is_noticed_and_costs_no_try():
    world = booted()
    world.charger.begin()
    world.run(1)
    world.backend.deaf = True
    world.charger.end()
    world.run(31)
    assert not world.linked
    assert "silent" in world.client.state
    world.backend.deaf = False
    world.run(60)
    assert len(world.backend.out("StopTransaction")) == 1


def test_a_link_without_traffic_is_proved_by_pings():
    world = booted()
    world.run(61)
    assert world.linked
    world.backend.deaf = True
    while world.linked:
        world.run(1)
    assert "did not answer a ping" in world.client.state
    assert 120000 < world.clock.at_ms < 160000


def test_the_room_of_what_was_answered_is_given_back_and_no_id_is_lost():
    world = booted(connector_count=2, settings={"MeterValueSampleInterval": "1"})
    world.charger.begin(connector_id=2)
    world.run(5)
    world.configuration.write("MeterValueSampleInterval", "0")
    for _ in range(100):
        world.charger.begin()
        world.charger.end()
        world.run(2)
    assert len(world.store.records) - world.store.released < 150
    tx = world.charger.running[2]
    world.reboot()
    world.charger.running[2] = tx
    world.charger.end(connector_id=2)
    world.run(2)
    assert [frame.payload["transactionId"] for frame in world.backend.out("StopTransaction")] == [101]


def test_a_full_store_loses_no_answer():
    world = booted(settings={"MeterValueSampleInterval": "10"})
    world.charger.begin()
    world.store.full = True
    world.run(60)
    world.store.full = False
    world.charger.end()
    world.run(5)
    assert len(world.backend.out("StartTransaction")) == 1
    assert world.backend.out("StopTransaction")[0].payload["transactionId"] == 101


def test_a_start_whose_date_nobody_will_ever_know_gets_the_present_one():
    world = World()
    world.network = False
    world.charger.begin()
    world.charger.end("PowerLoss", "")
    world.reboot()
    world.network = True
    world.run(5)
    assert world.backend.out("StartTransaction")[0].payload["timestamp"] == "2026-03-01T12:00:00.000Z"
    assert len(world.backend.out("StopTransaction")) == 1


def test_transactions_that_lost_their_end_do_not_fill_the_memory():
    world = booted(settings={"MeterValueSampleInterval": "0"})
    for _ in range(50):
        world.charger.begin()
        world.run(1)
    assert len(world.client.transactions._ids) == 2
    assert world.client.transactions.server_id(50) == 150


def test_a_stop_without_a_reason_or_a_tag_is_still_a_stop():
    world = booted()
    world.charger.begin()
    world.charger.end("", "")
    world.run(1)
    assert set(world.backend.out("StopTransaction")[0].payload) == {"transactionId", "meterStop", "timestamp"}


def test_behaviour_17_the_charger_hears_the_verdict_on_a_start():
    world = booted()
    world.backend.answers["StartTransaction"] = lambda payload: world.backend.start("Blocked")
    tx = world.charger.begin()
    world.run(1)
    assert world.charger.verdicts == [[tx, "Blocked"]]


# 11 and 12: calls


def test_behaviour_11_one_call_is_open_at_a_time_and_questions_are_answered_meanwhile():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.charger.show(1, "Preparing")
    world.run(29)
    assert actions(world)[-1] == "Authorize"
    assert world.ask("GetConfiguration", {}).kind == 3
    world.run(2)
    assert answers == [None]
    assert actions(world)[-1] == "StatusNotification"


def test_behaviour_11_ids_are_short_and_never_used_twice():
    world = World()
    for _ in range(5):
        world.run(700)
        world.cut()
    first = world.backend.out()
    world.reboot()
    world.run(700)
    ids = [frame.message_id for frame in first + world.backend.out()]
    assert len(ids) == len(set(ids))
    assert max(len(message_id) for message_id in ids) <= 36


def test_behaviour_11_late_doubled_and_invented_answers_are_ignored():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.settle()
    message_id = world.backend.out("Authorize")[0].message_id
    accepted = {"idTagInfo": {"status": "Accepted"}}
    world.backend.send([3, "nobody", accepted])
    world.backend.send([3, message_id, accepted])
    world.backend.send([3, message_id, {"idTagInfo": {"status": "Blocked"}}])
    world.backend.send([4, message_id, "InternalError", "", {}])
    world.settle()
    assert answers == ["Accepted"]
    assert world.linked


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([2, "i", "Dance", {}], "NotImplemented"),
        ([2, "i", "ClearCache", {}], "NotSupported"),
        ([2, "i", "UnlockConnector", {"connectorId": 1}], "NotSupported"),
        ([2, "i", "Reset", []], "FormationViolation"),
        ([2, "i", "Reset"], "FormationViolation"),
        ([2, "i", 7, {}], "FormationViolation"),
        ([2, "i" * 37, "Reset", {"type": "Soft"}], "FormationViolation"),
        ([2, "i", "Reset", {}], "FormationViolation"),
        ([2, "i", "Reset", {"type": "Soft", "when": "now"}], "FormationViolation"),
        ([2, "i", "Reset", {"type": 1}], "TypeConstraintViolation"),
        ([2, "i", "Reset", {"type": "Gentle"}], "PropertyConstraintViolation"),
        ([2, "i", "RemoteStopTransaction", {"transactionId": True}], "TypeConstraintViolation"),
        ([2, "i", "RemoteStopTransaction", {"transactionId": 2**80}], "PropertyConstraintViolation"),
        ([2, "i", "RemoteStartTransaction", {"idTag": "x" * 21}], "TypeConstraintViolation"),
        ([2, "i", "RemoteStartTransaction", {"idTag": "a\nb"}], "PropertyConstraintViolation"),
        ([2, "i", "RemoteStartTransaction", {"idTag": "x", "connectorId": 2}], "PropertyConstraintViolation"),
        (
            [2, "i", "RemoteStartTransaction", {"idTag": "x", "connectorId": -1}],
            "PropertyConstraintViolation",
        ),
        ([2, "i", "RemoteStartTransaction", {"idTag": "x", "chargingProfile": 1}], "TypeConstraintViolation"),
        ([2, "i", "RemoteStartTransaction", profiled(stackLevel="0")], "TypeConstraintViolation"),
        ([2, "i", "RemoteStartTransaction", profiled(chargingProfileKind=1)], "TypeConstraintViolation"),
        (
            [2, "i", "RemoteStartTransaction", profiled(chargingSchedule=SCHEDULE_OF_WORDS)],
            "TypeConstraintViolation",
        ),
        ([2, "i", "GetConfiguration", {"key": "all"}], "TypeConstraintViolation"),
        ([2, "i", "GetConfiguration", {"key": ["k"] * 51}], "OccurenceConstraintViolation"),
    ],
)
def test_behaviour_12_each_fault_has_its_code(message, code):
    world = booted()
    world.backend.send(message)
    world.settle()
    reply = world.backend.reply(message[1])
    assert (reply.kind, reply.message[2]) == (4, code)
    assert world.charger.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "[2]",
        '[7,"i","Reset",{}]',
        '{"a":1}',
        '[2,5,"Reset",{}]',
        "[2,",
        '["2","i","Reset",{}]',
        "[" * 5000 + "]" * 5000,
        '[2,"i","Reset",' + "[" * 30 + "]" * 30 + "]",
        "[" + "1," * 3000 + "1]",
        '[2,"' + "i" * 300 + '","Reset",{}]',
    ],
)
def test_behaviour_12_what_cannot_be_answered_is_ignored(text):
    world = booted()
    count = len(world.backend.frames)
    world.backend.send_text(text)
    world.settle()
    assert len(world.backend.frames) == count
    assert world.client.accepted


# 13 and 14: configuration


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


# 15, 16 and 21: what a backend asks for


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


# Authorisation


@pytest.mark.parametrize("answer", [Refusal(), {"idTagInfo": {"status": "Perhaps"}}, {}])
def test_an_authorisation_that_fails_is_nobodys_word(answer):
    world = booted()
    world.backend.answers["Authorize"] = answer
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.settle()
    assert answers == [None]


def test_questions_are_settled_when_the_link_goes():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    for card in range(6):
        world.client.authorise(f"CARD{card}", answers.append)
    assert answers == [None, None]
    world.settle()
    world.client.authorise("CARD7", answers.append)
    world.cut()
    assert answers == [None] * 7


def test_a_question_that_finds_no_turn_is_settled_in_time():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.run(20)
    world.client.authorise("CARD2", answers.append)
    world.run(10)
    assert answers == [None]
    world.client.authorise("CARD3", answers.append)
    world.run(30)
    assert answers == [None, None, None]
