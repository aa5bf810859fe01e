"""WebSocket frames, held against the `websockets` package's sans-I/O server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from ocpp_client.address import Address
from ocpp_client.handshake import Handshake
from ocpp_client.websocket import MAX_MESSAGE_BYTES, MAX_OUTGOING_BYTES, WebSocket, masked
from tests.ocpp_client.backend import OCPP16

ADDRESS = Address("ws://host/ocpp", "CP001")


def chance(count):
    return bytes(range(7, 7 + count))


def opened():
    """A WebSocket and its server, after the handshake."""
    client = WebSocket(Handshake(ADDRESS, chance), chance)
    server = ServerProtocol(subprotocols=[OCPP16])
    server.receive_data(client.data_to_send())
    (request,) = server.events_received()
    assert isinstance(request, Request)
    server.send_response(server.accept(request))
    assert client.received(b"".join(server.data_to_send())) == [("opened", None)]
    return client, server


def to_server(client, server):
    while data := client.data_to_send():
        server.receive_data(data)
    return server.events_received()


def in_pieces(client, data, sizes):
    events = []
    for size in sizes:
        events += client.received(data[:size])
        data = data[size:]
    return events + client.received(data)


@given(st.lists(st.binary(max_size=700), max_size=8), st.integers(0, 70000))
def test_what_the_client_sends_arrives(pieces, padding):
    pieces.append(b"x" * padding)
    whole = b"".join(pieces)
    client, server = opened()
    client.send(pieces)
    client.ping(b"still there?")
    message, ping = to_server(client, server)
    assert message.data == whole
    assert (ping.opcode, ping.data) == (Opcode.PING, b"still there?")


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=300), min_size=1, max_size=5),
    st.lists(st.integers(0, 40), max_size=60),
    st.integers(1, 50),
)
def test_messages_arrive_whatever_the_fragments_and_the_pieces(texts, sizes, fragment):
    client, server = opened()
    for text in texts:
        data = text.encode()
        server.send_text(data[:fragment], fin=len(data) <= fragment)
        for start in range(fragment, len(data), fragment):
            server.send_ping(b"inside")
            server.send_continuation(data[start : start + fragment], fin=start + fragment >= len(data))
    events = in_pieces(client, b"".join(server.data_to_send()), sizes)
    assert events == [("message", text) for text in texts]
    pongs = [frame.data for frame in to_server(client, server) if frame.opcode is Opcode.PONG]
    assert set(pongs) <= {b"inside"}


@given(st.binary(max_size=2000), st.binary(min_size=4, max_size=4))
def test_a_mask_is_undone_by_itself(data, mask):
    assert masked(data, mask) == bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def test_a_pong_is_told_with_its_payload():
    client, server = opened()
    server.send_pong(b"yes")
    assert client.received(b"".join(server.data_to_send())) == [("ponged", b"yes")]


def test_a_close_of_the_server_is_answered_and_told():
    client, server = opened()
    server.send_close(1001, "restart")
    assert client.received(b"".join(server.data_to_send())) == [
        ("ended", "closed by the server: 1001 restart")
    ]
    to_server(client, server)
    assert server.close_rcvd.code == 1001
    assert client.received(b"\x81\x01x") == []


def test_a_farewell_of_our_own_is_a_close_frame_after_which_nothing_is_sent_or_heard():
    client, server = opened()
    client.send([b"last"])
    client.close(1000)
    for _ in range(2):
        client.send([b"too late"])
        client.ping()
        client.close(1000)
    last, farewell = to_server(client, server)
    assert last.data == b"last"
    assert (farewell.opcode, server.close_rcvd.code) == (Opcode.CLOSE, 1000)
    assert client.received(b"".join(server.data_to_send())) == []


def test_before_the_handshake_is_done_nothing_but_it_is_sent():
    client = WebSocket(Handshake(ADDRESS, chance), chance)
    client.send([b"too early"])
    client.ping()
    client.close(1000)
    assert client.data_to_send() == Handshake(ADDRESS, chance).request


@pytest.mark.parametrize("length", [125, 126, 65535, 65536])
def test_a_frame_of_any_length_may_be_cut_in_its_header(length):
    client, server = opened()
    server.send_ping(b"x")
    server.send_text(b"y" * min(length, MAX_MESSAGE_BYTES))
    data = b"".join(server.data_to_send())
    events = [event for byte in data for event in client.received(bytes([byte]))]
    assert events == [("message", "y" * min(length, MAX_MESSAGE_BYTES))]


def test_a_close_without_a_code_is_answered():
    client, server = opened()
    assert client.received(b"\x88\x00") == [("ended", "closed by the server: 1005")]
    assert to_server(client, server)[0].opcode is Opcode.CLOSE


LONG = MAX_MESSAGE_BYTES + 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x81\x81mask\x00", 1002),  # masked
        (b"\xc1\x00", 1002),  # reserved bit
        (b"\x83\x00", 1002),  # reserved opcode
        (b"\x8b\x00", 1002),  # reserved control opcode
        (b"\x80\x00", 1002),  # continues nothing
        (b"\x01\x01a\x81\x01b", 1002),  # a message inside a message
        (b"\x09\x00", 1002),  # ping in fragments
        (b"\x89\x7e\x00\x7e", 1002),  # long ping
        (b"\x88\x01\x03", 1002),  # half a close code
        (b"\x88\x02\x03\xee", 1002),  # 1006 is never sent
        (b"\x88\x03\x03\xe8\xff", 1007),  # reason that is not UTF-8
        (b"\x82\x00", 1003),  # binary
        (b"\x81\x02\xc3\x28", 1007),  # not UTF-8
        (b"\x81\x7e" + LONG.to_bytes(2, "big"), 1009),
        (b"\x81\x7f" + (2**63).to_bytes(8, "big"), 1009),
        (b"\x01\x7e\x40\x00" + bytes(16384) + b"\x80\x01x", 1009),
    ],
)
def test_each_violation_ends_the_link_with_its_code(data, code):
    client, server = opened()
    events = client.received(data + b"\x81\x02hi")
    assert [event for event, _ in events] == ["ended"]
    assert events[0][1].startswith(f"closed by the charger: {code} ")
    to_server(client, server)
    assert server.close_rcvd.code == code
    assert client.received(b"\x81\x02hi") == []
    assert client.data_to_send() == b""


def test_the_longest_message_is_taken():
    client, server = opened()
    server.send_text(b"x" * MAX_MESSAGE_BYTES)
    (event,) = client.received(b"".join(server.data_to_send()))
    assert event == ("message", "x" * MAX_MESSAGE_BYTES)


def test_a_server_that_asks_but_does_not_read_is_left():
    client, _ = opened()
    ping = Frame(Opcode.PING, b"x" * 125).serialize(mask=False)
    ended = []
    for _ in range(MAX_OUTGOING_BYTES // 125 + 1):
        ended += client.received(ping)
    assert [event for event, _ in ended] == ["ended"]
    assert len(client.data_to_send()) < 200


@given(st.binary(max_size=400), st.lists(st.integers(0, 30), max_size=20))
def test_no_bytes_do_harm(data, sizes):
    client, _ = opened()
    in_pieces(client, data, sizes)
    client = WebSocket(Handshake(ADDRESS, chance), chance)
    in_pieces(client, data, sizes)
    assert len(client.data_to_send()) < 4000
