"""Who is let in, and what happens to connections that end."""

import asyncio
import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocpp.v16 import call
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from simulator.backend.handshake import IDENTITY_LENGTH, identity_in
from simulator.backend.serve import ServeError, serve
from tests.simulator.backend.peers import OCPP, WAYS, Backend, charger, over_tcp


@pytest.mark.parametrize("path", ["/CP1", "/ocpp/CP1", "/ocpp/CP1?x=1", "/ocpp/CP%31"])
def test_paths_with_an_identity_are_let_in(run, way, path):
    async def story():
        backend = Backend()
        async with WAYS[way](backend.central, path):
            assert (await backend.until("charger_connected"))["charger"] == "CP1"

    run(story())


@pytest.mark.parametrize(
    "path", ["/", "/ocpp", "/ocpp/", "/ocpp/a/b", "/other/CP1", "/ocpp/a%2Fb", "/ocpp/%ff", "/ocpp/a%20b"]
)
def test_other_paths_are_not_found(run, way, path):
    async def story():
        backend = Backend()
        with pytest.raises(InvalidStatus) as refused:
            async with WAYS[way](backend.central, path):
                pass
        assert refused.value.response.status_code == 404
        assert backend.told("charger_refused")[0]["status"] == 404
        assert refused.value.response.headers["Date"] == "Sun, 01 Mar 2026 12:00:00 GMT"

    run(story())


@given(st.text())
def test_an_identity_is_plain_or_none(path):
    identity = identity_in(path)
    assert identity is None or (identity.isprintable() and 0 < len(identity) <= IDENTITY_LENGTH)
    assert identity is None or not set(identity) & set("/ :")


def test_unknown_chargers_are_a_setting(run, way):
    async def story():
        backend = Backend(accept_unknown_chargers=False)
        backend.store.chargers.add("CP1")
        async with charger(backend, way) as point:
            assert (await point.boot()).status == "Accepted"
        with pytest.raises(InvalidStatus):
            async with charger(backend, way, "CP2"):
                pass
        assert backend.store.chargers.get("CP2") is None

    run(story())


@pytest.mark.parametrize(
    ("credentials", "let_in"),
    [
        (b"CP1:\xff\x00key", True),
        (b"CP1:\xff\x00kez", False),
        (b"CP2:\xff\x00key", False),
        (b"CP1", False),
        (None, False),
        ("Basic CP1:key", False),
        ("Bearer Q1AxOv8Aa2V5", False),
    ],
)
def test_a_charger_with_a_password_needs_it(run, credentials, let_in):
    async def story():
        backend = Backend()
        backend.store.chargers.add("CP1")
        backend.store.chargers.set_password("CP1", b"\xff\x00key")
        header = credentials
        if isinstance(credentials, bytes):
            header = f"Basic {base64.b64encode(credentials).decode()}"
        given_ = {} if header is None else {"Authorization": header}
        path = "/ocpp/CP1"
        if let_in:
            async with over_tcp(backend.central, path, additional_headers=given_):
                await backend.until("charger_connected")
            return
        with pytest.raises(InvalidStatus) as refused:
            async with over_tcp(backend.central, path, additional_headers=given_):
                pass
        assert refused.value.response.status_code == 401
        assert refused.value.response.headers["WWW-Authenticate"].startswith("Basic ")

    run(story())


def test_without_the_subprotocol_nobody_is_let_in(run):
    async def story():
        server = await serve(Backend().central)
        for offered in (None, [Subprotocol("ocpp2.0.1")]):
            with pytest.raises(InvalidStatus) as refused:
                async with connect(f"{server.url}CP1", subprotocols=offered, proxy=None):
                    pass
            assert refused.value.response.status_code == 400
        await server.close()

    run(story())


def test_a_port_that_is_taken_is_named_with_the_way_out(run):
    async def story():
        backend = Backend()
        server = await serve(backend.central)
        with pytest.raises(ServeError, match=rf"^Port {server.port} on 127.0.0.1 is in use; choose another"):
            await serve(backend.central, port=server.port)
        await server.close()
        again = await serve(backend.central, port=server.port)
        await again.close()

    run(story())


@pytest.mark.parametrize(
    ("host", "port", "told"), [("127.0.0.1", 70000, "does not exist"), ("192.0.2.1", 0, "choose the host")]
)
def test_an_address_that_cannot_be_had_is_named(run, host, port, told):
    async def story():
        with pytest.raises(ServeError, match=told):
            await serve(Backend().central, host, port)

    run(story())


def test_a_second_connection_takes_the_place_of_the_first(run, way):
    async def story():
        backend = Backend()
        async with WAYS[way](backend.central, "/ocpp/CP1") as first:
            await backend.until("charger_connected")
            async with charger(backend) as second:
                with pytest.raises(ConnectionClosed):
                    await first.recv()
                assert await second.call(call.Heartbeat(), suppress=False)
                assert (await backend.central.remote_start("CP1", "CARD")).ok
                assert backend.told("charger_disconnected") == []
        assert len(backend.told("charger_disconnected")) == 1

    run(story())


def test_closing_the_server_tells_chargers_and_ends(run):
    async def story():
        backend = Backend()
        server = await serve(backend.central)
        async with connect(f"{server.url}CP1", subprotocols=OCPP, proxy=None) as connection:
            await backend.until("charger_connected")
            await server.close()
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1001
        with pytest.raises(OSError, match="Connect"):
            await connect(f"{server.url}CP1", proxy=None)

    run(story())


def test_a_stream_that_falls_silent_is_pinged_and_then_given_up(run):
    async def story():
        backend = Backend(ping_interval_s=0.02)
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            # The client reads nothing, so it answers no ping either.
            gone = await backend.until("charger_disconnected")
            assert "no sign of life" in gone["reason"]
            assert b"\x89\x00" in connection.incoming.written

    run(story())


def test_a_stream_that_answers_pings_is_kept(run):
    async def story():
        backend = Backend(ping_interval_s=0.02)
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(connection.recv(), 0.3)
            assert backend.told("charger_disconnected") == []
            assert connection.incoming.written.count(b"\x89\x00") > 2

    run(story())


def test_a_peer_that_takes_no_data_is_left_after_a_while(run, monkeypatch):
    async def story():
        monkeypatch.setattr("simulator.backend.stream.DRAIN_TIMEOUT_S", 0.02)
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            await backend.until("charger_connected")
            connection.incoming.drain = asyncio.Event().wait
            await connection.send('[2,"1","Heartbeat",{}]')
            assert (await backend.until("charger_disconnected"))["reason"] == "the charger takes no data"

    run(story())


def test_a_peer_that_never_answers_the_close_is_left_after_a_while(run, monkeypatch):
    async def story():
        monkeypatch.setattr("simulator.backend.stream.CLOSE_TIMEOUT_S", 0.02)
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1"):
            await backend.until("charger_connected")
            await backend.central.close()
            await backend.until("charger_disconnected")

    run(story())
