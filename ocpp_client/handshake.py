"""The opening handshake of a WebSocket (RFC 6455, 4), with OCPP's subprotocol and HTTP basic
authentication."""

import binascii
import hashlib

SUBPROTOCOL = "ocpp1.6"

MAX_RESPONSE_BYTES = 4096
"""Longest answer that is read. A server with a chain of proxies needs about 1 KiB; more is no handshake, and
the heap of a board is not its place."""

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class HandshakeFailed(Exception):
    """The server did not open a WebSocket; the text says why, in one sentence."""


class Handshake:
    """One opening handshake: the request to send, then bytes in until the answer is whole."""

    def __init__(self, address, random_bytes, password=None):
        self._url = address.url
        self._key = _base64(random_bytes(16))
        self._response = b""
        self.status = ""
        """HTTP status of the answer, where it was one."""
        self.request = _request(address, self._key, password)
        """The bytes that ask for the WebSocket."""

    def received(self, data):
        """Take `data`. None while the answer is not whole, then the bytes that follow it. HandshakeFailed."""
        self._response += data
        if self._response[:5] != b"HTTP/"[: len(self._response)]:
            raise HandshakeFailed("no HTTP answer from %s: something else listens on this port" % self._url)
        end = self._response.find(b"\r\n\r\n")
        if end < 0 and len(self._response) <= MAX_RESPONSE_BYTES:
            return None
        if end < 0 or end > MAX_RESPONSE_BYTES:
            raise HandshakeFailed("the answer of %s has more than %d bytes" % (self._url, MAX_RESPONSE_BYTES))
        self._check([_printable(line) for line in self._response[:end].split(b"\r\n")])
        return self._response[end + 4 :]

    def _check(self, lines):
        headers = _headers(lines)
        self.status = "".join(lines[0].split(" ")[1:2])
        if self.status != "101":
            # Only now: on most days nobody needs the words for it.
            from ocpp_client.refusal import refusal

            raise HandshakeFailed(refusal(lines[0], headers, self._url))
        if headers.get("upgrade", "").lower() != "websocket" or "upgrade" not in _tokens(
            headers, "connection"
        ):
            raise HandshakeFailed("the answer of %s does not upgrade to a WebSocket" % self._url)
        digest = hashlib.sha1(self._key + _GUID).digest()
        if headers.get("sec-websocket-accept") != _base64(digest).decode():
            raise HandshakeFailed(
                "%s answered somebody else's handshake (wrong Sec-WebSocket-Accept)" % self._url
            )
        if "sec-websocket-extensions" in headers:
            raise HandshakeFailed("%s insists on a WebSocket extension that was not asked for" % self._url)
        if headers.get("sec-websocket-protocol") != SUBPROTOCOL:
            raise HandshakeFailed("the server at %s does not speak %s" % (self._url, SUBPROTOCOL))


def _request(address, key, password):
    lines = [
        "GET %s HTTP/1.1" % address.path,
        "Host: %s" % address.authority,
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: %s" % key.decode(),
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: %s" % SUBPROTOCOL,
    ]
    if password is not None:
        secret = password.encode() if isinstance(password, str) else password
        lines.append("Authorization: Basic " + _base64(address.identity.encode() + b":" + secret).decode())
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _headers(lines):
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


def _tokens(headers, name):
    return [token.strip().lower() for token in headers.get(name, "").split(",")]


def _printable(line):
    # HTTP headers are bytes; anything unprintable becomes '?' before a person or a terminal sees it.
    return "".join([chr(byte) if 32 <= byte < 127 else "?" for byte in line])


def _base64(data):
    return binascii.b2a_base64(data).strip()
