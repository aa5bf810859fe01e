"""A WebSocket client without I/O (RFC 6455): bytes in, events out; messages in, bytes out."""

import struct

from ocpp_client.handshake import HandshakeFailed

MAX_MESSAGE_BYTES = 16384
"""Longest message that is accepted. The longest that OCPP 1.6 needs here is a local list of some hundred
tags; a message costs about three times its length on a heap of 192 KiB while it is taken apart."""

MAX_OUTGOING_BYTES = 32768
"""More unsent bytes than this mean that the server asks but does not read; the link is given up."""

_PIECE_BYTES = 512  # what is short is written together up to here: a heap in pieces has no room for more

_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10

CONNECTING, OPEN, CLOSED = "connecting", "open", "closed"

OPENED = "opened"
"""Event: the handshake is done."""
MESSAGE = "message"
"""Event: a whole text message, as str."""
PONGED = "ponged"
"""Event: the answer to a ping, with its payload."""
ENDED = "ended"
"""Event: the WebSocket is over; the reason as one sentence. The byte stream is to be closed once all is
sent."""


class _Violation(Exception):
    def __init__(self, code, reason):
        self.code = code
        self.reason = reason


class WebSocket:
    """One connection's life. `received` never raises for what a server sends."""

    def __init__(self, handshake, random_bytes):
        self.state = CONNECTING
        self.handshake = handshake
        """The opening handshake; None once it is done."""
        self._random_bytes = random_bytes
        self._buffer = bytearray()
        self._message = None
        self._outgoing = [handshake.request]

    def data_to_send(self):
        """The next bytes to write, or none; each is given once."""
        return self._outgoing.pop(0) if self._outgoing else b""

    def received(self, data):
        """Take bytes of any number; a list of (event, value)."""
        events = []  # type: list
        try:
            if self.state == CONNECTING:
                data = self._shake_hands(data, events)
            if data and self.state != CLOSED:
                self._take_frames(data, events)
            if sum([len(piece) for piece in self._outgoing]) > MAX_OUTGOING_BYTES:
                self._outgoing = []
                raise _Violation(1008, "the server does not read what it asked for")
        except HandshakeFailed as failure:
            self._end(str(failure), events)
        except _Violation as violation:
            self.close(violation.code, violation.reason)
            self._end("closed by the charger: %d %s" % (violation.code, violation.reason), events)
        return events

    def send(self, pieces):
        """Send a text message, given as a list of pieces of its UTF-8, which is used up; nothing happens
        unless the WebSocket is open."""
        if self.state == OPEN:
            self._send_frame(_TEXT, pieces)

    def ping(self, payload=b""):
        """Ask for a pong with the same payload (<= 125 bytes)."""
        if self.state == OPEN:
            self._send_frame(_PING, [payload])

    def _shake_hands(self, data, events):
        rest = self.handshake.received(data)
        if rest is not None:
            self.state = OPEN
            self.handshake = None
            events.append((OPENED, None))
        return rest

    def _take_frames(self, data, events):
        self._buffer += data
        position = 0
        while position is not None and self.state != CLOSED:
            start = position
            position = self._take_frame(start, events)
        self._buffer = self._buffer[start:]

    def _take_frame(self, start, events):
        """Take the frame at `start` of the buffer; where the next one starts, or None when it is not
        whole."""
        header = self._buffer[start : start + 10]
        if len(header) < 2:
            return None
        length = header[1]
        body = 2
        if length & 0x80:
            raise _Violation(1002, "a server must not mask its frames")
        if length >= 126:
            body = 4 if length == 126 else 10
            if len(header) < body:
                return None
            length = int.from_bytes(header[2:body], "big")
        self._check_header(header[0], length)
        end = start + body + length
        if len(self._buffer) < end:
            return None
        self._take_payload(header[0], self._buffer[start + body : end], events)
        return end

    def _check_header(self, first, length):
        """Refuse a frame by its header, before its payload costs memory."""
        opcode = first & 0x0F
        if first & 0x70:
            raise _Violation(1002, "reserved bits are set")
        if opcode in (_CLOSE, _PING, _PONG):
            if length > 125 or not first & 0x80:
                raise _Violation(1002, "a control frame is too long or in fragments")
        elif opcode == _BINARY:
            raise _Violation(1003, "OCPP-J is text, not binary")
        elif opcode not in (_TEXT, _CONTINUATION):
            raise _Violation(1002, "unknown opcode %d" % opcode)
        elif (opcode == _CONTINUATION) == (self._message is None):
            raise _Violation(1002, "fragments out of order")
        elif length + len(self._message or b"") > MAX_MESSAGE_BYTES:
            raise _Violation(1009, "a message has more than %d bytes" % MAX_MESSAGE_BYTES)

    def _take_payload(self, first, payload, events):
        opcode = first & 0x0F
        if opcode == _PING:
            self._send_frame(_PONG, [payload])
        elif opcode == _PONG:
            events.append((PONGED, bytes(payload)))
        elif opcode == _CLOSE:
            self._take_close(payload, events)
        else:
            if opcode == _TEXT:
                self._message = payload
            else:
                self._message += payload
            if first & 0x80:
                message, self._message = self._message, None
                text = _decode(message)
                events.append((MESSAGE, text))

    def _take_close(self, payload, events):
        code = int.from_bytes(payload[:2], "big") if payload else 1005
        if len(payload) == 1 or (payload and not _may_be_sent(code)):
            raise _Violation(1002, "an impossible close code")
        reason = _decode(payload[2:])
        self.close(code if payload else 1000)
        self._end(("closed by the server: %d %s" % (code, _printable(reason))).rstrip(), events)

    def _end(self, reason, events):
        self.state = CLOSED
        self._message = None
        self._buffer = bytearray()
        events.append((ENDED, reason))

    def close(self, code, reason=""):
        """Say farewell (RFC 6455, 7.1.2); nothing that comes after counts."""
        if self.state == OPEN:
            self._send_frame(_CLOSE, [struct.pack(">H", code) + reason.encode()[:123]])
        self.state = CLOSED

    def _send_frame(self, opcode, pieces):
        length = sum([len(piece) for piece in pieces])
        mask = self._random_bytes(4)
        if length < 126:
            head = struct.pack(">BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            head = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            head = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, length)
        self._put(head + mask)
        while pieces:
            piece = pieces.pop(0)
            self._put(masked(piece, mask))
            turn = len(piece) % 4
            mask = mask[turn:] + mask[:turn]

    def _put(self, data):
        """Append to what is to be written."""
        outgoing = self._outgoing
        if outgoing and len(outgoing[-1]) + len(data) <= _PIECE_BYTES:
            data = outgoing.pop() + data
        outgoing.append(data)


def masked(data, mask):
    """`data` XOR the repeated four bytes of `mask`; as one integer, which is far faster than byte by byte."""
    length = len(data)
    key = int.from_bytes((mask * ((length + 3) // 4))[:length], "little")
    return (int.from_bytes(data, "little") ^ key).to_bytes(length, "little")


def _may_be_sent(code):
    """Whether a close code may appear on the wire (RFC 6455, 7.4)."""
    return 1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999


def _decode(data):
    try:
        return str(data, "utf-8")
    except ValueError:
        raise _Violation(1007, "text that is not UTF-8")


def _printable(text):
    return "".join([character if " " <= character <= "~" else "?" for character in text[:123]])
