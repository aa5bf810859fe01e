"""Whole charges over TLS, on every runtime: with a backend that is trusted, and beside one that is not."""

import asyncio
import sys

import pytest

from tests import authority, runtimes
from tests.micropython.process import CHARGER, QUICK_CAR, SECURE, Backend, running, trust
from tests.micropython.test_micropython_charge import charge, check_energy
from tests.servers import Servers, closing


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


@pytest.fixture(scope="module")
def root():
    return authority.root()


def test_a_charge_over_tls_with_a_new_password_on_the_way(command, root, tmp_path):
    trust(tmp_path / "state", root.pem)

    async def story():
        backend = Backend(root.issue().context(tmp_path / "server"))
        await backend.open()
        async with running(command, tmp_path / "state", backend.url, **SECURE) as charger:
            await charge(backend, charger)
            changed = await backend.central.change_configuration(
                "CP1", "AuthorizationKey", "another-password!"
            )
            assert changed.status == "Accepted"
            await backend.told.until("charger_connected")
            await charger.told.until("access", changed=True)
            await charger.do("unplug")
            await backend.told.until("transaction_stopped")
        await backend.close()
        assert charger.told.named("task_failed") == []
        assert len(backend.told.named("charger_connected")) == 2
        return backend

    check_energy(asyncio.run(story()))


def test_a_charge_goes_on_while_nobody_is_to_be_trusted(command, root, tmp_path):
    """The backend goes, and another stands in its place: it is named in one line, and no current stops."""
    trust(tmp_path / "state", root.der)

    async def story():
        backend = Backend(root.issue().context(tmp_path / "server"))
        await backend.open()
        settings = {**SECURE, "MeterValueSampleInterval": "0"}
        async with running(command, tmp_path / "state", backend.url, **settings) as charger:
            await backend.told.until("status", connector=1, status="Available")
            await charger.do("plug", **QUICK_CAR)
            await backend.told.until("status", status="Preparing")
            await backend.central.remote_start("CP1", "04A1B2C3")
            await backend.told.until("status", status="Charging")
            await backend.close()
            port = int(backend.url.split(":")[2].split("/")[0])
            await charger.told.until("link")
            async with Servers() as servers:
                await servers.open(
                    closing, root.issue(begins=-9, ends=-1).context(tmp_path / "expired"), port
                )
                reason = (await charger.told.until("link"))["state"]
            await backend.open()
            await backend.told.until("charger_connected")
            closes = [event["close"] for event in charger.told.named("contactor")]
            await charger.do("unplug")
            await backend.told.until("transaction_stopped")
        await backend.close()
        assert charger.told.named("task_failed") == []
        return reason, closes

    reason, closes = asyncio.run(story())
    assert closes == [True]
    assert "its certificate has expired" in reason
