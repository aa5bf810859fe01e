"""The opening handshake: what is asked, and one sentence for each way in which it fails."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpp_client.address import Address
from ocpp_client.handshake import Handshake, HandshakeFailed

ADDRESS = Address("ws://127.0.0.1:9000/ocpp", "CP001")
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = base64.b64encode(bytes(16))
ACCEPT = base64.b64encode(hashlib.sha1(KEY + GUID).digest()).decode()


def handshake(password=None):
    return Handshake(ADDRESS, bytes, password)


def response(status="101 Switching Protocols", **changes):
    headers = {
        "Upgrade": "WebSocket",
        "Connection": "keep-alive, Upgrade",
        "Sec-WebSocket-Accept": ACCEPT,
        "Sec-WebSocket-Protocol": "ocpp1.6",
    }
    headers.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [f"HTTP/1.1 {status}"] + [
        f"{name}: {value}" for name, value in headers.items() if value is not None
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_the_request_is_a_websocket_upgrade_with_the_subprotocol():
    lines = handshake().request.decode().split("\r\n")
    assert lines[0] == "GET /ocpp/CP001 HTTP/1.1"
    assert "Host: 127.0.0.1:9000" in lines
    assert "Sec-WebSocket-Protocol: ocpp1.6" in lines
    assert f"Sec-WebSocket-Key: {KEY.decode()}" in lines
    assert not any(line.startswith("Authorization") for line in lines)


def test_the_password_may_be_text_or_the_raw_key_of_the_specification():
    # The example of OCPP-J 1.6, 6.2.2.
    key = bytes.fromhex("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    request = Handshake(Address("ws://host", "AL1000"), bytes, key).request
    assert b"Authorization: Basic QUwxMDAwOgABAgMEBQYH////////////////\r\n" in request
    assert b"Authorization: Basic " + base64.b64encode(b"CP001:secret") in handshake("secret").request


@given(st.lists(st.integers(1, 200), max_size=20))
def test_the_answer_may_come_in_any_pieces_and_what_follows_is_kept(cuts):
    opening = handshake()
    data = response() + b"\x81\x00"
    rest = None
    while rest is None:
        cut = cuts.pop() if cuts else len(data)
        rest = opening.received(data[:cut])
        data = data[cut:]
    assert rest + data == b"\x81\x00"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (response("404 Not Found"), "HTTP 404 Not Found from .*: the server knows no such path or charger"),
        (response("401 Unauthorized"), "HTTP 401 .*password was refused"),
        (response("302 Found", Location="https://login.example/"), "moved to 'https://login.example/'"),
        (response("200 OK") + b"<html>", "a web page or a proxy answered"),
        (response("503 Service Unavailable"), "HTTP 503 .*not ready"),
        (response("418 I'm a teapot"), "HTTP 418 I'm a teapot .*did not open"),
        (response("abc"), "no HTTP status"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP answer .*something else"),
        (b"HTTP/1.1 101 X\r\n" + b"a: b\r\n" * 1000, "more than 4096 bytes"),
        (response(Upgrade="h2c"), "does not upgrade"),
        (response(Connection="close"), "does not upgrade"),
        (response(Sec_WebSocket_Accept="x"), "somebody else's handshake"),
        (response(Sec_WebSocket_Extensions="permessage-deflate"), "extension"),
        (response(Sec_WebSocket_Protocol="ocpp2.0.1"), "does not speak ocpp1.6"),
        (response(Sec_WebSocket_Protocol=None), "does not speak ocpp1.6"),
    ],
)
def test_each_failure_is_one_sentence(answer, sentence):
    with pytest.raises(HandshakeFailed, match=sentence) as caught:
        handshake().received(answer)
    assert len(str(caught.value)) < 250


@given(st.binary(max_size=300))
def test_what_a_stranger_sends_reaches_no_terminal_raw(junk):
    with pytest.raises(HandshakeFailed) as caught:
        handshake().received(b"HTTP/1.1 500 " + junk + b"\r\n\r\n")
    assert str(caught.value).isprintable()
    assert str(caught.value).isascii()
