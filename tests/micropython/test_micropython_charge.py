"""One source, every runtime: whole charges in real time, against the real backend over real sockets."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests import runtimes
from tests.micropython.process import CARD, CHARGER, IDENTITY, QUICK_CAR, Backend, running

ENOUGH_WH = 3
SLACK = timedelta(seconds=1.5)
"""The charger corrects its clock by the server's only where they differ by a second."""


@pytest.fixture(
    params=[
        "cpython",
        pytest.param("micropython", marks=pytest.mark.micropython),
        pytest.param("micropython-i386", marks=pytest.mark.micropython),
    ]
)
def command(request):
    """The charger on a runtime that has sockets."""
    return [sys.executable if request.param == "cpython" else runtimes.find(request.param), CHARGER]


async def charge(backend, charger):
    """From boot to a car that has taken energy, started by the backend. Returns when the start was asked."""
    await backend.told.until("booted", registration="Accepted")
    await backend.told.until("status", connector=1, status="Available")
    await charger.do("plug", **QUICK_CAR)
    await backend.told.until("status", status="Preparing")
    asked_at = datetime.now(UTC)
    assert (await backend.central.remote_start(IDENTITY, CARD)).status == "Accepted"
    await backend.told.until("status", status="Charging")
    while max(registers(backend)) < ENOUGH_WH:
        await backend.told.until("meter_values")
    return asked_at


def registers(backend):
    """The energy register in each of the transaction's meter values (Wh)."""
    samples = backend.store.transactions.samples(IDENTITY, transaction_id=backend.transaction.id)
    return [int(sample.value) for sample in samples if sample.measurand.startswith("Energy")]


def check_energy(backend):
    transaction = backend.transaction
    told = registers(backend)
    assert told == sorted(told)
    assert transaction.meter_start_wh <= told[0]
    assert told[-1] - transaction.meter_start_wh >= ENOUGH_WH
    assert told[-1] <= transaction.meter_stop_wh


def test_a_remote_start_and_a_remote_stop(command, tmp_path):
    async def story():
        backend = Backend()
        await backend.open()
        async with running(command, tmp_path / "state", backend.url) as charger:
            start_asked_at = await charge(backend, charger)
            stop_asked_at = datetime.now(UTC)
            stopping = await backend.central.remote_stop(IDENTITY, backend.transaction.id)
            assert stopping.status == "Accepted"
            await backend.told.until("transaction_stopped")
            await charger.do("unplug")
            await backend.told.until("status", status="Available")
        await backend.close()
        assert charger.told.named("task_failed") == []
        return backend, start_asked_at, stop_asked_at

    backend, start_asked_at, stop_asked_at = asyncio.run(story())
    transaction = backend.transaction
    assert (transaction.id_tag, transaction.authorisation) == (CARD, "Accepted")
    assert transaction.stop_reason == "Remote"
    assert abs(transaction.started_at - start_asked_at) < SLACK
    assert abs(transaction.stopped_at - stop_asked_at) < SLACK
    check_energy(backend)
    statuses = [row.status for row in backend.store.chargers.status_history(IDENTITY, 1)]
    assert statuses == ["Available", "Preparing", "Charging", "Finishing", "Available"]


def test_a_charge_that_ends_while_the_backend_is_away(command, tmp_path):
    async def story():
        backend = Backend()
        await backend.open()
        async with running(command, tmp_path / "state", backend.url) as charger:
            await charge(backend, charger)
            await backend.close()
            unplugged_at = datetime.now(UTC)
            await charger.do("unplug")
            await charger.told.until("transaction_stopped")
            await asyncio.sleep(2 * SLACK.total_seconds())
            assert backend.transaction.stopped_at is None
            back_at = datetime.now(UTC)
            await backend.open()
            await backend.told.until("transaction_stopped")
        await backend.close()
        assert charger.told.named("task_failed") == []
        return backend, unplugged_at, back_at

    backend, unplugged_at, back_at = asyncio.run(story())
    transaction = backend.transaction
    assert transaction.stop_reason == "EVDisconnected"
    assert abs(transaction.stopped_at - unplugged_at) < SLACK
    assert transaction.stop_received_at >= back_at
    check_energy(backend)
