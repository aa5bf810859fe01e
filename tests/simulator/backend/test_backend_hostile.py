"""A hostile or broken charger stops neither the backend nor its own connection where that can go on."""

import asyncio
import json
from contextlib import suppress

import pytest
from ocpp.v16 import call

from simulator.backend.serve import MAX_MESSAGE, accept, serve
from tests.simulator.backend.peers import WAYS, Backend, charger, pipes

HEARTBEAT = '[2,"after","Heartbeat",{}]'

DROPPED = [
    "",
    "[",
    "{}",
    "[]",
    "null",
    '[9,"id",{}]',
    '[2,"id","Heartbeat"]',
    '[2,{},"Heartbeat",{}]',
    '[2,"id",["Heartbeat"],{}]',
    '[3,"nobody asked",{}]',
    "[" * 100_000,
    "9" * 10_000,
]

ODD = '{"connectorId":1,"errorCode":"NoError","status":"Odd"}'

REFUSED = {
    '[2,"id","Nonsense",{}]': "NotSupported",
    '[2,"id","GetLog",{}]': "NotImplemented",
    '[2,"id","Heartbeat",[]]': "TypeConstraintViolation",
    '[2,"id","Heartbeat",{"extra":1}]': "FormationViolation",
    '[2,"id","Authorize",{}]': "ProtocolError",
    '[2,"id","Authorize",{"idTag":7}]': "TypeConstraintViolation",
    '[2,"id","Authorize",{"idTag":"\\ud800"}]': "InternalError",
    f'[2,"id","StatusNotification",{ODD}]': "FormationViolation",
}


@pytest.mark.parametrize("frame", DROPPED)
def test_a_frame_that_is_no_message_is_dropped(run, way, frame):
    async def story():
        backend = Backend()
        async with WAYS[way](backend.central, "/ocpp/CP1") as connection:
            await connection.send(frame)
            await connection.send(HEARTBEAT)
            assert json.loads(await connection.recv())[:2] == [3, "after"]
        assert len(backend.told("frame_dropped")) == 1

    run(story())


@pytest.mark.parametrize(("frame", "code"), REFUSED.items())
def test_a_call_that_cannot_be_answered_gets_the_code_of_16(run, frame, code):
    async def story():
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            await connection.send(frame)
            answer = json.loads(await connection.recv())
            assert answer[:3] == [4, "id", code]
            assert len(json.dumps(answer[4])) < 300
            await connection.send(HEARTBEAT)
            assert json.loads(await connection.recv())[:2] == [3, "after"]

    run(story())


def test_a_failing_store_or_observer_is_no_end_of_the_connection(run, monkeypatch):
    async def story():
        backend = Backend()

        def fail(*_):
            raise RuntimeError("disk full")

        backend.central.observe(fail)
        async with charger(backend) as point:
            monkeypatch.setattr(backend.store.cards, "get", fail)
            with pytest.raises(Exception, match="InternalError"):
                await point.call(call.Authorize("CARD"), suppress=False)
            assert await point.call(call.Heartbeat(), suppress=False)
        assert [event["event"] for event in backend.events][-1] == "charger_disconnected"

    run(story())


@pytest.mark.parametrize("size", [MAX_MESSAGE - 100, MAX_MESSAGE + 1])
def test_an_oversized_message_ends_its_connection_alone(run, way, size):
    async def story():
        backend = Backend()
        async with charger(backend) as innocent:
            async with WAYS[way](backend.central, "/ocpp/CP2") as connection:
                await connection.send(f'"{"x" * size}"')
                await backend.until("charger_disconnected" if size > MAX_MESSAGE else "frame_dropped")
            await innocent.call(call.Heartbeat(), suppress=False)
        assert len(backend.told("frame_dropped")) == (size < MAX_MESSAGE)

    run(story())


RAW = [
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00",
    b"POST /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ocpp/CP1 HTTP/1.1\r\n" + b"X: y\r\n" * 1000,
    b"G" * 100_000,
]


@pytest.mark.parametrize("garbage", RAW)
def test_garbage_on_the_wire_is_turned_away(run, garbage):
    async def story():
        backend = Backend()
        outgoing, incoming = pipes()
        outgoing.write(garbage)
        outgoing.close()
        await accept(backend.central, outgoing.reader, incoming)
        assert b" 101 " not in incoming.written
        server = await serve(backend.central)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(garbage)
        writer.write_eof()
        with suppress(ConnectionResetError):  # it did not read to the end, which is an answer as well
            assert b" 101 " not in await reader.read()
        writer.close()
        await server.close()
        assert backend.told("charger_connected") == []

    run(story())


def frame(opcode, payload=b"", fin=True):
    """A client's frame, masked with zeros."""
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return bytes([0x80 * fin | opcode]) + length + b"\0\0\0\0" + payload


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(1, b"\xff\xfe"), 1007),
        (frame(3, b"?"), 1002),
        (frame(0, b"?"), 1002),
        (frame(9, b"?", fin=False), 1002),
        (b"\x81\x01?", 1002),
        (frame(8, (1001).to_bytes(2, "big")), 1001),
    ],
)
def test_a_breach_of_the_protocol_is_closed_with_its_code(run, sent, code):
    async def story():
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            connection.outgoing.write(sent)
            await backend.until("charger_disconnected")
        close = connection.incoming.written.rpartition(b"\x88")[2]
        assert int.from_bytes(close[1:3], "big") == code

    run(story())


def test_fragments_and_binary_frames(run):
    async def story():
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            text = HEARTBEAT.encode()
            for part in (
                frame(2, text),
                frame(1, text[:5], fin=False),
                frame(9, b"alive?"),
                frame(0, text[5:]),
            ):
                connection.outgoing.write(part)
            assert json.loads(await connection.recv())[:2] == [3, "after"]
        assert b"\x8a\x06alive?" in connection.incoming.written
        (dropped,) = backend.told("frame_dropped")
        assert "binary" in dropped["reason"]

    run(story())
