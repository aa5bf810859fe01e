"""The charger goes away: it says so with a close frame, and says nothing more."""

from websockets.frames import CloseCode, Opcode

from tests.ocpp_client.backend import World, booted
from tests.ocpp_client.test_websocket import opened, to_server


def written(client):
    """The first byte of each short masked frame that is to be written."""
    data = b"".join(iter(client.data_to_send, b""))
    found = []
    while data:
        found.append(data[0])
        data = data[6 + (data[1] & 0x7F) :]
    return found


def test_a_websocket_that_is_closed_says_so_and_hears_nothing_more():
    client, server = opened()
    client.close(CloseCode.GOING_AWAY)
    (frame,) = to_server(client, server)
    assert frame.opcode is Opcode.CLOSE
    assert frame.data == CloseCode.GOING_AWAY.to_bytes(2, "big")
    assert client.received(b"".join(server.data_to_send())) == []


def test_before_the_handshake_nothing_is_said():
    world = World()
    world.client.connected(0)
    assert world.client.data_to_send().startswith(b"GET ")
    world.client.leave()
    assert world.client.wants_close
    assert written(world.client) == []


def test_without_a_link_there_is_nothing_to_leave():
    world = World()
    world.client.leave()
    assert not world.client.wants_close
    assert written(world.client) == []


def test_a_client_that_leaves_lets_go_of_the_byte_stream_and_may_come_back():
    world = booted()
    woken = []
    world.client.wake = lambda: woken.append(True)
    world.client.leave()
    assert woken
    assert world.client.wants_close
    world.charger.show(1, "Faulted")
    world.client.poll(world.clock.now_ms())
    assert written(world.client) == [0x88], "a close frame, and nothing after it"
    world.client.closed(world.clock.now_ms(), "the byte stream is closed")
    assert "the charger went away" in world.client.state
    assert world.client.outage.until_ms > world.clock.now_ms()
