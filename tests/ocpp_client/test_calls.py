"""One call is open at a time, and what cannot be served has its code."""

import pytest

from tests.ocpp_client.backend import SILENCE, World, actions, booted
from tests.ocpp_client.profiles import profiled

SCHEDULE_OF_WORDS = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": "ten"}]}


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
    assert answers == [{"status": "Accepted"}]
    assert world.linked


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([2, "i", "Dance", {}], "NotImplemented"),
        ([2, "i", "GetLocalListVersion", {}], "NotSupported"),
        ([2, "i", "ReserveNow", {"connectorId": 0}], "NotSupported"),
        ([2, "i", "ChangeAvailability", {"connectorId": 0, "type": "Off"}], "PropertyConstraintViolation"),
        (
            [2, "i", "ChangeAvailability", {"connectorId": "0", "type": "Operative"}],
            "TypeConstraintViolation",
        ),
        ([2, "i", "ChangeAvailability", {"type": "Operative"}], "FormationViolation"),
        ([2, "i", "DataTransfer", {"messageId": "m"}], "FormationViolation"),
        ([2, "i", "DataTransfer", {"vendorId": "v" * 256}], "TypeConstraintViolation"),
        ([2, "i", "TriggerMessage", {"requestedMessage": 1}], "TypeConstraintViolation"),
        ([2, "i", "TriggerMessage", {"connectorId": 1}], "FormationViolation"),
        ([2, "i", "UnlockConnector", {"connectorId": True}], "TypeConstraintViolation"),
        ([2, "i", "UnlockConnector", {}], "FormationViolation"),
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


@pytest.mark.parametrize("error", [ValueError("password 1234"), MemoryError(), RuntimeError(), OSError(28)])
def test_behaviour_12_a_fault_of_the_charger_costs_the_answer_and_not_the_link(error):
    world = booted()
    reset = world.charger.reset
    world.charger.reset = raiser(error)
    reply = world.ask("Reset", {"type": "Soft"})
    assert reply.message[2:4] == ["InternalError", f"Reset failed: {type(error).__name__}"]
    assert world.linked
    world.charger.reset = reset
    assert world.ask("Reset", {"type": "Soft"}).payload == {"status": "Accepted"}
    world.charger.show(1, "Preparing")
    world.settle()
    assert actions(world)[-1] == "StatusNotification"


def test_behaviour_12_an_answer_that_is_no_json_is_a_fault_of_the_charger():
    world = booted()
    world.client.handlers["Reset"] = lambda payload: {"status": b"Accepted"}
    assert world.ask("Reset", {"type": "Soft"}).message[2] == "InternalError"
    assert world.linked


def raiser(error):
    """A function that raises `error`, whatever it is asked."""

    def fail(*args):
        raise error

    return fail
