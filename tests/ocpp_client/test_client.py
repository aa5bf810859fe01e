"""The client as its owner sees it: links that fail, waits, words for people, and frames for an observer."""

import json

import pytest

from ocpp_client.client import Client
from ocpp_client.websocket import MAX_MESSAGE_BYTES
from tests.ocpp_client.backend import SILENCE, URL, World, booted


def raw(world):
    """A client whose byte stream is open and whose server is this test."""
    world.client.connected(0)
    world.client.data_to_send()
    return world.client


def client_of(world, url=URL, identity="CP001"):
    return Client(world.charger, world.store, world.clock, world.configuration, url, identity)


def test_a_url_that_cannot_be_used_is_refused_at_once():
    with pytest.raises(ValueError, match="wss://HOST:PORT/PATH"):
        client_of(World(), "http://host/CP001")


def test_the_identity_goes_into_the_handshake():
    client = client_of(World(), identity="CP2")
    client.connected(0)
    request = client.data_to_send()
    assert request.startswith(b"GET /ocpp/CP2 HTTP/1.1\r\n")
    assert b"Authorization" not in request


def test_a_refused_handshake_is_a_state_with_its_reason_and_a_wait():
    world = World()
    client = raw(world)
    assert client.awaiting
    assert client.state == "connecting to ws://127.0.0.1:9000/ocpp/CP001"
    client.received(b"HTTP/1.1 404 Not Found\r\n\r\n<html>", 0)
    assert client.wants_close
    client.closed(0, "end of stream")
    assert not client.awaiting
    assert 2000 <= client.outage.until_ms <= 4000
    assert client.state.startswith("waiting ")
    assert "HTTP 404 Not Found from ws://127.0.0.1:9000/ocpp/CP001: the server knows no such" in client.state
    client.closed(client.outage.until_ms, "connection refused")
    assert "connection refused" in client.state


def test_a_server_that_never_answers_the_handshake_is_left():
    client = raw(World())
    assert client.next_poll_ms(0) == 10000
    assert client.next_poll_ms(29000) == 1000
    client.poll(30000)
    assert client.wants_close
    client.closed(30000, "closed")
    assert "did not answer the handshake within 30 s" in client.state


@pytest.mark.parametrize("registration", ["Accepted", "Pending", "Rejected"])
def test_the_first_attempt_ends_with_any_word_of_the_backend(registration):
    world = World()
    world.backend.answers["BootNotification"] = SILENCE
    world.run(1)
    assert not world.client.tried
    world = World()
    world.backend.answers["BootNotification"] = {
        "status": registration, "currentTime": "2026-03-01T12:00:00Z", "interval": 300
    }  # fmt: skip
    world.run(1)
    assert world.client.tried


def test_the_first_attempt_ends_with_a_link_that_is_not_to_be_had_or_breaks():
    world = World()
    world.network = False
    world.run(1)
    assert world.client.tried
    world = World()
    world.backend.answers["BootNotification"] = SILENCE
    world.run(1)
    world.cut()
    assert world.client.tried


def test_waits_grow_until_a_call_was_settled_in_an_accepted_state():
    world = World()
    waits = []
    world.backend.answers["BootNotification"] = SILENCE
    for _ in range(4):
        world.run(1)
        world.cut()
        waits.append(world.client.outage.until_ms - world.clock.at_ms)
        world.clock.at_ms = world.client.outage.until_ms
    assert [wait // 1000 in range(low, 2 * low + 1) for wait, low in zip(waits, (2, 4, 8, 16), strict=True)]
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Accepted")
    world.run(1)
    world.cut()
    assert 2000 <= world.client.outage.until_ms - world.clock.at_ms <= 4000


def test_the_registration_is_part_of_the_state():
    world = World()
    world.backend.answers["BootNotification"] = lambda payload: world.backend.boot("Pending")
    world.run(1)
    assert world.client.state == "connected, registration pending"
    world = booted()
    assert world.client.state == "connected"


def test_an_answer_that_comes_with_a_farewell_counts_and_a_request_does_not():
    world = booted()
    world.backend.answers["Authorize"] = SILENCE
    answers: list = []
    world.client.authorise("CARD1", answers.append)
    world.settle()
    message_id = world.backend.out("Authorize")[0].message_id
    world.backend.send([3, message_id, {"idTagInfo": {"status": "Accepted"}}])
    world.backend.call("Reset", {"type": "Soft"})
    world.backend.send([2, "x", "Reset"])
    world.backend.protocol.send_close(1012)
    world.settle()
    assert answers == [{"status": "Accepted"}]
    assert world.charger.asked == []
    assert "closed by the server: 1012" in world.client.state


def test_an_observer_sees_every_frame():
    world = World()
    seen = []
    world.client.observer = lambda direction, text: seen.append((direction, json.loads(text)[0]))
    world.run(1)
    world.ask("GetConfiguration", {})
    assert seen[:2] == [("out", 2), ("in", 3)]
    assert seen[-2:] == [("in", 2), ("out", 3)]


def test_the_owner_is_woken_when_there_is_something_to_send():
    world = booted()
    woken = []
    world.client.wake = lambda: woken.append(1)
    world.client.status_changed(1)
    world.client.log({"kind": "start", "tx": 1, "connector": 1, "meter_wh": 0, "stamp": [1, 0, None]})
    world.client.authorise("CARD1", woken.append)
    world.configuration.write("HeartbeatInterval", "60")
    assert woken == [1] * 4


def test_time_stands_still_for_whoever_waits_for_an_answer():
    world = booted()
    assert not world.client.awaiting
    world.backend.answers["Heartbeat"] = SILENCE
    world.run(299)
    assert world.client.awaiting


def test_bytes_after_the_end_are_nobodys():
    world = booted()
    world.cut()
    world.client.received(b"\x81\x02hi", world.clock.at_ms)
    assert world.client.data_to_send() == b""


def test_an_oversized_message_ends_the_link_but_no_session():
    world = booted()
    tx = world.charger.begin()
    world.run(1)
    world.backend.send_text("x" * (MAX_MESSAGE_BYTES + 1))
    world.settle()
    assert "1009" in world.client.state
    world.run(10)
    assert world.client.accepted
    assert world.charger.running[1] == tx


def test_escaped_halves_of_characters_never_come_back():
    world = booted()
    world.backend.send_text('[2,"\\ud83d\\uDE00","Nonsense\\u0021\\ud800",{}]')
    world.settle()
    assert world.backend.frames[-1].message == [4, "\ufffd\ufffd", "NotImplemented", "Nonsense!\ufffd", {}]


def test_polls_are_wanted_at_most_10_s_apart_and_never_at_once():
    world = booted()
    for _ in range(500):
        wait_ms = world.client.next_poll_ms(world.clock.at_ms)
        assert 1 <= wait_ms <= 10000
        world.run(wait_ms / 1000)
