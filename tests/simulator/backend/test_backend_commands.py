"""Commands to chargers end with one plain result, whatever the charger makes of them."""

import asyncio
import json

import pytest
from ocpp.v16 import call

from simulator.backend import passwords
from tests.simulator.backend.peers import WAYS, Backend, charger


def test_commands_reach_the_charger_and_bring_its_word_back(run, way):
    async def story():
        backend = Backend()
        async with charger(backend, way) as point:
            central = backend.central
            assert central.connected == ["CP1"]
            assert (await central.remote_start("CP1", "CARD", 1)).ok
            refused = await central.remote_stop("CP1", 7)
            assert (refused.status, refused.ok) == ("Rejected", False)
            assert (await central.change_configuration("CP1", "HeartbeatInterval", "60")).status == (
                "RebootRequired"
            )
            told = await central.get_configuration("CP1")
            assert told.status == "Answered"
            assert told.answer["unknown_key"] == ["Nonsense"]
        assert point.heard == [
            ("RemoteStartTransaction", {"id_tag": "CARD", "connector_id": 1}),
            ("RemoteStopTransaction", {"transaction_id": 7}),
            ("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "60"}),
            ("GetConfiguration", {}),
        ]
        kept = backend.store.commands.all("CP1")
        assert [row.status for row in kept] == ["Accepted", "Rejected", "RebootRequired", "Answered"]
        assert all(row.answered_at == row.sent_at == backend.clock.now() for row in kept)

    run(story())


def test_a_charger_that_cannot_is_a_refusal(run):
    async def story():
        backend = Backend()
        async with charger(backend):
            for asked in (
                backend.central.reset("CP1"),
                backend.central.unlock("CP1", 1),
                backend.central.change_availability("CP1", operative=False),
                backend.central.clear_cache("CP1"),
                backend.central.data_transfer("CP1", "org.example", "Hello", "{}"),
            ):
                result = await asked
                assert result.status == "Refused"
                assert result.detail.startswith("NotImplemented: ")

    run(story())


def test_nobody_there_and_nonsense_asked(run):
    async def story():
        backend = Backend()
        assert (await backend.central.reset("CP1")).status == "NotConnected"
        async with charger(backend) as point:
            result = await backend.central.remote_start("CP1", "T" * 21)
            assert (result.status, point.heard) == ("InvalidRequest", [])

    run(story())


def test_the_authorization_key_is_not_kept_in_clear(run):
    async def story():
        backend = Backend()
        async with charger(backend) as point:
            await backend.central.change_configuration("CP1", "AuthorizationKey", "S3CRET")
        assert point.heard[0][1]["value"] == "S3CRET"
        (kept,) = backend.store.commands.all("CP1")
        assert "S3CRET" not in kept.request + json.dumps(backend.told("command_sent"))

    run(story())


def password_of(backend):
    """What is kept of the charger's password."""
    return backend.store.chargers.get("CP1").password


@pytest.mark.parametrize(
    ("key", "password"),
    [
        ("sixteen-letters!", b"sixteen-letters!"),
        ("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF", bytes(range(8)) + b"\xff" * 12),
        ("g" * 40, b"g" * 40),
    ],
)
def test_a_new_authorization_key_takes_the_place_of_the_password(run, key, password):
    async def story():
        backend = Backend()
        backend.store.chargers.add("CP1")
        async with charger(backend) as point:
            backend.store.chargers.set_password("CP1", b"the one before")
            point.changes = "Accepted"
            result = await backend.central.change_configuration("CP1", "AuthorizationKey", key)
            assert result.status == "Accepted"
        assert passwords.matches(password, password_of(backend))

    run(story())


@pytest.mark.parametrize(
    ("answer", "before"),
    [("Rejected", b"the one before"), ("RebootRequired", b"the one before"), ("Accepted", None)],
)
def test_an_authorization_key_that_counts_for_nothing_yet_changes_nothing(run, answer, before):
    """The charger refuses it, or takes it later; or was asked for none, and would be locked out by it."""

    async def story():
        backend = Backend()
        backend.store.chargers.add("CP1")
        backend.store.chargers.set_password("CP1", None)
        async with charger(backend) as point:
            backend.store.chargers.set_password("CP1", before)
            point.changes = answer
            await backend.central.change_configuration("CP1", "AuthorizationKey", "sixteen-letters!")
        kept = password_of(backend)
        assert passwords.matches(before, kept) if before else kept is None

    run(story())


def test_silence_ends_in_a_time_out_and_a_late_answer_is_dropped(run, way):
    async def story():
        backend = Backend(answer_timeout_s=0.05)
        async with WAYS[way](backend.central, "/ocpp/CP1") as connection:
            await backend.until("charger_connected")
            assert (await backend.central.clear_cache("CP1")).status == "TimedOut"
            late = json.loads(await connection.recv())[1]
            await connection.send(json.dumps([3, late, {"status": "Accepted"}]))
            await backend.until("frame_dropped")
            assert (await backend.central.clear_cache("CP1")).status == "TimedOut"

    run(story())


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ([3, "ID", {"status": "Maybe"}], "InvalidAnswer"),
        ([3, "ID", {}], "InvalidAnswer"),
        ([3, "ID", []], "InvalidAnswer"),
        ([4, "ID", "NotSupported", "no", {}], "Refused"),
        ([4, "ID", "Nonsense", None, None], "Refused"),
        ([4, "ID", {}, [], 0], "Refused"),
        ([3, "ID", {"status": "Accepted"}, "extra"], "Accepted"),
    ],
)
def test_every_answer_makes_a_result(run, answer, status):
    async def story():
        backend = Backend()
        async with WAYS["memory"](backend.central, "/ocpp/CP1") as connection:
            await backend.until("charger_connected")
            asked = asyncio.create_task(backend.central.clear_cache("CP1"))
            message_id = json.loads(await connection.recv())[1]
            await connection.send(json.dumps([3, "another", {}]))
            await connection.send(json.dumps(answer).replace("ID", message_id))
            assert (await asked).status == status

    run(story())


def test_a_lost_connection_ends_the_wait_at_once_for_all_who_wait(run, way):
    async def story():
        backend = Backend(answer_timeout_s=600)
        async with WAYS[way](backend.central, "/ocpp/CP1") as connection:
            await backend.until("charger_connected")
            asked = [asyncio.create_task(backend.central.command("CP1", call.ClearCache())) for _ in range(3)]
            await connection.recv()
            await connection.close()
            for result in await asyncio.gather(*asked):
                assert result.status == "Disconnected"
        assert backend.central.connected == []

    run(story())
