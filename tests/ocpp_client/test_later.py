"""An answer that is not known yet comes when it is, or when it is overdue, and keeps nothing waiting."""

import pytest

from ocpp_client.later import LONGEST_MS, MOST
from tests.ocpp_client.backend import SILENCE, booted


def replies(world, message_id):
    """Every answer to a request, with its time."""
    return [
        (frame.at_ms, frame.payload["status"])
        for frame in world.backend.frames
        if frame.kind == 3 and frame.message_id == message_id
    ]


def unlock(world, connector_id=1):
    """Ask for the plug, and do not wait; the message id."""
    message_id = world.backend.call("UnlockConnector", {"connectorId": connector_id})
    world.settle()
    return message_id


@pytest.mark.parametrize("status", ["Unlocked", "UnlockFailed"])
def test_behaviour_23_the_answer_comes_when_the_lock_has_moved(status):
    world = booted()
    message_id = unlock(world)
    world.run(7)
    assert replies(world, message_id) == []
    world.charger.unlocking[0](status)
    world.settle()
    assert replies(world, message_id) == [(world.clock.at_ms, status)]
    world.charger.unlocking[0]("UnlockFailed")
    world.run(60)
    assert len(replies(world, message_id)) == 1


def test_behaviour_23_what_has_no_lock_is_answered_at_once():
    world = booted()
    assert world.ask("UnlockConnector", {"connectorId": 7}).payload == {"status": "NotSupported"}
    assert world.ask("UnlockConnector", {"connectorId": 0}).payload == {"status": "NotSupported"}


@pytest.mark.parametrize(("timeout_s", "longest_ms"), [("30", LONGEST_MS), ("600", LONGEST_MS), ("5", 2500)])
def test_behaviour_23_a_lock_that_takes_too_long_has_failed_before_the_server_gives_up(timeout_s, longest_ms):
    world = booted(settings={"MessageTimeout": timeout_s})
    begun_ms = world.clock.at_ms
    message_id = unlock(world)
    world.run(60)
    assert replies(world, message_id) == [(begun_ms + longest_ms, "UnlockFailed")]
    world.charger.unlocking[0]("Unlocked")
    world.run(1)
    assert len(replies(world, message_id)) == 1


def test_behaviour_11_calls_and_answers_go_on_while_an_answer_is_awaited():
    world = booted()
    message_id = unlock(world)
    assert world.ask("GetConfiguration", {}).kind == 3
    world.backend.answers["StatusNotification"] = SILENCE
    world.charger.show(1, "Preparing")
    world.settle()
    begun_ms = world.clock.at_ms
    world.run(20)
    assert replies(world, message_id) == [(begun_ms + LONGEST_MS, "UnlockFailed")]


def test_more_than_a_server_can_wait_for_answers_the_oldest():
    world = booted()
    message_ids = [unlock(world) for _ in range(MOST + 2)]
    answered = [message_id for message_id in message_ids if replies(world, message_id)]
    assert answered == message_ids[:2]
    for answer in world.charger.unlocking:
        answer("Unlocked")
    world.run(1)
    assert {replies(world, message_id)[0][1] for message_id in message_ids[2:]} == {"Unlocked"}


def test_an_answer_to_a_link_that_is_gone_is_none():
    world = booted()
    unlock(world)
    world.cut()
    world.charger.unlocking[0]("Unlocked")
    count = len([frame for frame in world.backend.frames if frame.kind == 3])
    world.run(30)
    assert len([frame for frame in world.backend.frames if frame.kind == 3]) == count
    assert world.client.accepted


def test_behaviour_01_who_is_rejected_meanwhile_answers_no_more():
    world = booted()
    world.cut()
    world.run(10)
    message_id = unlock(world)
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Rejected", 600)
    reply = world.ask("TriggerMessage", {"requestedMessage": "BootNotification"})
    assert reply.payload["status"] == "Accepted"
    world.charger.unlocking[-1]("Unlocked")
    world.run(60)
    assert world.client.boot.status == "Rejected"
    assert replies(world, message_id) == []
