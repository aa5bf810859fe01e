"""A server that is gone is told from one that has nothing to say."""

from websockets.frames import Opcode
from websockets.server import ServerProtocol

from tests.ocpp_client.backend import booted


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


def test_a_server_that_answers_everything_but_pings_is_there(monkeypatch):
    recv_frame = ServerProtocol.recv_frame
    pings: list = []

    def deaf_to_pings(protocol, frame):
        if frame.opcode is Opcode.PING:
            pings.append(frame)
        else:
            recv_frame(protocol, frame)

    monkeypatch.setattr(ServerProtocol, "recv_frame", deaf_to_pings)
    world = booted()
    world.configuration.write("HeartbeatInterval", "10")
    world.run(600)
    assert len(pings) > 5
    assert len(world.backend.requests) == 1
    # One that says nothing else is not.
    world.configuration.write("HeartbeatInterval", "86400")
    world.run(600)
    assert len(world.backend.requests) > 1
